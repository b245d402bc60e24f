"""Every JSON that the program writes is what ``docs/schema`` says."""

from __future__ import annotations

import json
import re
from dataclasses import fields

import pytest
from jsonschema import Draft202012Validator, ValidationError
from support.records import vcf_text
from support.schemas import SCHEMAS, read_schema, validate

from spliceai_cli.scores.consequence import Consequence, ExonInclusion
from spliceai_cli.scores.sites import SITES
from spliceai_cli.scores.tissues import TISSUES
from spliceai_cli.variants.rows import ALLELE, CONSEQUENCE, END, GENE, Row
from spliceai_cli.variants.variant import SkipReason, Variant

NAMES = sorted(path.stem for path in SCHEMAS.glob("*.json"))
SNAKE = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")


def keys_of(schema):
    """Names of all properties, those of objects by code left out."""
    if isinstance(schema, list):
        return [name for one in schema for name in keys_of(one)]
    if not isinstance(schema, dict):
        return []
    own = list(schema["properties"]) if isinstance(schema.get("properties"), dict) else []
    return own + [name for key, one in schema.items() if key != "reasons" for name in keys_of(one)]


@pytest.mark.parametrize("name", NAMES)
def test_schema__is_one_and_has_names_in_snake_case(name):
    Draft202012Validator.check_schema(read_schema(name))
    assert [key for key in keys_of(read_schema(name)) if not SNAKE.fullmatch(key)] == []


def test_schemas__know_every_reason():
    codes = [reason.code for reason in SkipReason]
    assert list(read_schema("stats")["properties"]["reasons"]["properties"]) == codes
    assert [read_schema(name)["$defs"]["reason"]["enum"] for name in ("score", "table")] == [codes] * 2


def test_schemas__have_the_columns_of_rows():
    allele = read_schema("table")["items"]["properties"]
    score = read_schema("table")["$defs"]["score"]["properties"]
    assert set(ALLELE) < set(allele)
    assert set(GENE) < set(score)
    assert set(END) < {*allele, *score}
    assert list(Row(Variant("1", 5, "A", "C")).values()) == [*ALLELE, *GENE, *END]


def test_schemas__have_the_fields_of_consequences_and_inclusions():
    defs = read_schema("table")["$defs"]
    not_written = {"allele", "bases", "amino_acids"}
    assert (
        set(defs["consequence"]["properties"]) - {"event_text"} == {f.name for f in fields(Consequence)} - not_written
    )
    assert set(defs["inclusion"]["properties"]) == {f.name for f in fields(ExonInclusion)} - {"allele"}
    known = {*CONSEQUENCE} - {"exon", "dlogit"}
    assert known <= set(defs["consequence"]["properties"])


def test_schemas__of_score_and_table_describe_the_same_alleles():
    score, table = read_schema("score"), read_schema("table")
    assert score["$defs"] == table["$defs"]
    assert score["items"]["properties"].pop("input")
    assert score["items"]["properties"] == table["items"]["properties"]


@pytest.fixture
def score(cli, tmp_path, genome, home, toy_weights, tissue_weights):
    (tmp_path / "g.gtf").write_text(
        '1\ttoy\texon\t1\t400\t.\t+\t.\tgene_id "G1.4"; gene_name "P"; transcript_id "T1.2";\n'
    )

    def call(*arguments, annotation=genome.table):
        models = ("--model", f"Sites={toy_weights}", "--model", f"Tissues={tissue_weights}")
        return cli(
            "score", *arguments, "-R", genome.fasta, "-A", annotation, *models, "--device", "cpu", "--json", "-q"
        )

    return call


def texts_of(genome):
    """A scored allele, one that a mask leaves without a position, and one for each reason that text can have."""
    base, other = genome.base("chr1", 200), genome.other("chr1", 200)
    wrong, longest = genome.other("chr1", 200), base + "ACGT" * 9
    return [f"chr1:200:{base}:{other}", f"1:g.200{base}>{other}", f"chr1:200:{wrong}:{base}", f"chr1:200:{base}:<DEL>",
            f"chr1:200:{base}:R", f"chr1:200:{base}:{longest}", f"chr1:200:{base}:.", "chr1:990:A:C"]  # fmt: skip


@pytest.mark.parametrize("options", [(), ("-M", "2", "-D", "0"), ("--max-allele-length", "9")], ids=" ".join)
def test_score__fits_its_schema(score, genome, tmp_path, options):
    for annotation in (genome.table, tmp_path / "g.gtf"):
        result = score(*texts_of(genome), *options, annotation=annotation)
        assert result.code == 0, result.stderr
        answers = validate("score", result.stdout)
        assert {score["model_key"] for answer in answers for score in answer["scores"]} == {"Sites", "Tissues"}
        assert [bool(answer["scores"]) for answer in answers] == [answer["reason"] is None for answer in answers]
    assert validate("score", score("chr1:990:A:.").stdout)


def test_score__of_1_3_1_fits_its_schema(cli, genome, toy_weights):
    bases = genome.base("chr1", 200, 2)
    fixed = ("-R", genome.fasta, "-A", genome.table, "--weights", toy_weights, "--device", "cpu", "--json")
    for text in (f"chr1:200:{bases}:GGG", f"chr1:200:{bases[0]}:{genome.other('chr1', 200)}"):
        assert validate("score", cli("score", text, *fixed, "--compat", "1.3.1").stdout)


@pytest.fixture
def annotated(tmp_path):
    """SpliceAI and Pangolin, transcripts, dots, and reasons: known, of a later version, and none."""
    declared = (SITES.header("SpliceAI"), TISSUES.header("Pangolin"))
    sites, tissues = "SpliceAI=T|G|0.00|0.00|0.91|0.08|-28|-46|-2|-31", "Pangolin=G|-2:0.55|7:-0.86|Warnings:"
    infos = (f"{sites};SpliceAI_TX=T1.2;{tissues}", "SpliceAI=T|G|.|.|.|.|.|.|.|.;SpliceAI_SKIP=compat",
             "SpliceAI_SKIP=outside", "SpliceAI_SKIP=later", ".")  # fmt: skip
    records = [f"19\t{100 + i}\t.\tC\tT\t.\t.\t{text}" for i, text in enumerate(infos)]
    path = tmp_path / "in.vcf"
    path.write_text("\n".join((*declared, "#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO", *records)) + "\n")
    return path


def test_table__fits_its_schema(cli, annotated, tmp_path):
    (tmp_path / "g.gtf").write_text(
        '19\ttoy\texon\t51\t200\t.\t-\t.\tgene_id "G1.4"; gene_name "G"; transcript_id "T9.9";\n'
    )
    for more, known in ((), (None, None)), (("-A", tmp_path / "g.gtf"), ("G1.4", "-")):
        result = cli("table", annotated, "--json", "--unscored", *more)
        assert result.code == 0, result.stderr
        first, *others = validate("table", result.stdout)
        sites, tissues = first["scores"]
        assert (sites["gene_id"], sites["strand"], sites["transcript_id"]) == (*known, "T1.2")
        assert sites["effects"]["donor_gain"] == {"score": 0.91, "offset": -2, "pos": 98, "ref": None, "alt": None}
        assert list(tissues["effects"]) == list(TISSUES.effects)
        assert [(one["reason"], one["reason_text"], one["scores"]) for one in others] == [
            ("compat", "left out by 1.3.1", []),
            ("outside", "outside genes", []),
            (None, "later", []),
            (None, None, []),
        ]


def test_tsv__of_annotate_score_and_table_have_the_same_columns_and_cells(
    cli, annotate_toy, genome, toy_weights, tmp_path, home
):
    exon = 'chr1\ttoy\texon\t1\t400\t.\t+\t.\tgene_id "G1 4"; gene_name "P"; transcript_id "T1.2";\n'
    (tmp_path / "g.gtf").write_text(exon)
    ref, alt = genome.base("chr1", 200), genome.other("chr1", 200)
    records = vcf_text(("chr1", 200, ref, alt), ("chr1", 990, genome.base("chr1", 990), "."))
    options = ("-A", tmp_path / "g.gtf", "--transcript-id", "--explain", "-q")
    (tmp_path / "out.vcf").write_bytes(annotate_toy(*options, stdin=records).stdout)
    fixed = ("-R", genome.fasta, "--weights", toy_weights, "--device", "cpu", "-D", "20", "-q", "--tsv")
    results = (
        annotate_toy(*options, "--tsv", stdin=records),
        cli("score", f"chr1:200:{ref}:{alt}", "chr1:990:{}:.".format(genome.base("chr1", 990)),
            "-A", tmp_path / "g.gtf", *fixed),
        cli("table", tmp_path / "out.vcf", "-A", tmp_path / "g.gtf", "--tsv", "--unscored"),
    )  # fmt: skip
    tables = [
        [line.split("\t") for line in result.stdout.decode().splitlines()] for result in results if not result.code
    ]
    of_annotate, of_score, of_table = tables
    assert of_annotate[1][5:9] == ["P", "G1%204", "T1.2", "+"]
    without_id = [row[:2] + row[3:] for row in of_annotate]
    assert [row[:-1] for row in of_score] == [row[:-1] for row in of_table] == without_id
    assert (of_score[0][-1], of_table[0][-1]) == ("READING", "READING")


@pytest.mark.parametrize(
    "options",
    [(), ("-D", "0", "-M", "2", "--normalize"), ("--compat", "1.3.1"), ("--max-sv-length", "0", "--tsv")],
    ids=" ".join,
)
def test_stats__fit_their_schema(annotate_toy, genome, tmp_path, options):
    records = vcf_text(("chr1", 200, genome.base("chr1", 200), genome.other("chr1", 200)), ("chr1", 990, "A", "."))
    result = annotate_toy(*options, "--stats", tmp_path / "stats.json", stdin=records)
    assert result.code == 0, result.stderr
    [origin] = validate("stats", (tmp_path / "stats.json").read_text())["origins"]
    assert origin["normalize"] is ("--normalize" in options)
    assert origin["compat"] == ("1.3.1" if "--compat" in options else None)


PREDICTED = {
    "contigs": "",
    "regions": "-r chr1:1-9,chr2 --strand - --context N",
    "bed": "--bed {bed}",
    "targets": "-T {bed}",
    "genes": "-A {table} -g PLUS -r chr1 --min-probability 0.125",
    "all genes": "-A {table} --transcripts all --strand +",
    "alleles": "--alt {vcf} -D 7",
    "alleles on genes": "--alt {vcf} -A {table} --bed {bed}",
}


@pytest.mark.parametrize("options", PREDICTED.values(), ids=PREDICTED)
def test_predict__file_beside_fits_its_schema(predict_toy, genome, tmp_path, options):
    ref, alt = genome.base("chr1", 200), genome.other("chr1", 200)
    (tmp_path / "in.vcf").write_bytes(vcf_text(("chr1", 200, ref, alt)))
    (tmp_path / "some.bed").write_text("chr1\t100\t300\n")
    names = {"table": genome.table, "vcf": tmp_path / "in.vcf", "bed": tmp_path / "some.bed"}
    result = predict_toy(*options.format(**names).split(), "-O", tmp_path / "out.tsv")
    assert result.code == 0, result.stderr
    found = validate("predict", (tmp_path / "out.tsv.json").read_text())
    words = options.split()
    given = [words[words.index("-r") + 1]] if "-r" in words else None
    assert found["regions"] == ("some.bed" if "{bed}" in words else given)
    heading = (tmp_path / "out.tsv").read_text().splitlines()[0].split("\t")
    assert heading[-len(found["columns"]) :] == found["columns"]


def test_validate__finds_undocumented_and_mistyped_values():
    good = {"chrom": "1", "pos": 1, "ref": "A", "alt": ".", "reason": "no-alt", "reason_text": "x", "scores": []}
    assert validate("table", json.dumps([good])) == [good]
    for change in ({"pos": "1"}, {"reason": "nothing"}, {"skip": None}, {"scores": [{}]}, {"chrom": None}):
        with pytest.raises(ValidationError):
            validate("table", json.dumps([good | change]))
    with pytest.raises(ValueError, match="NaN is not JSON"):
        validate("table", "[NaN]")
