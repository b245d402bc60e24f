"""Consequences from networks, from records with scores, and in every output."""

from __future__ import annotations

import json
import shutil
import subprocess
from dataclasses import fields, replace
from pathlib import Path

import numpy as np
import pytest
from support.consequences import WITH
from support.records import info, vcf_text
from support.schemas import validate

from spliceai_cli import Compute, ConsequenceSettings, Scorer, Settings
from spliceai_cli.consequence.translate import translate_to_stop
from spliceai_cli.errors import UsageError
from spliceai_cli.report.consequence_table import format_consequences
from spliceai_cli.report.row_formats import format_json
from spliceai_cli.scores.consequence import CSQ_FORMAT, EXON_FORMAT, Consequence, ExonInclusion
from spliceai_cli.scores.sites import DeltaScore
from spliceai_cli.variants.rows import Row
from spliceai_cli.variants.variant import Variant
from spliceai_cli.vcf.fields import fields_of
from spliceai_cli.vcf.reader import Record

pytestmark = pytest.mark.usefixtures("one_thread")

SETTINGS = ConsequenceSettings(min_largest=0.0, min_weight=0.0, min_pair=0.0, max_pair=0.0, min_gain=0.01, reach=400)


def scorer(genome, coding_table, toy_weights, **more):
    return Scorer(
        reference=genome.fasta,
        annotation=coding_table,
        settings=Settings(distance=20),
        compute=Compute(device="cpu", weights=toy_weights),
        **more,
    )


def test_scores__are_the_same_with_consequences(genome, coding_table, toy_weights, records_in_genes):
    alleles = [Variant(c, p, r, a) for c, p, r, alts in records_in_genes for a in alts.split(",")]
    plain = list(scorer(genome, coding_table, toy_weights).score(alleles))
    more = list(scorer(genome, coding_table, toy_weights, consequence=SETTINGS).score(alleles))
    for one, two in zip(plain, more, strict=True):
        assert (one.variant, one.reason, len(one.scores)) == (two.variant, two.reason, len(two.scores))
        for a, b in zip(one.scores, two.scores, strict=True):
            assert str(a) == str(b)
            np.testing.assert_allclose([e.score for e in a.effects], [e.score for e in b.effects], atol=2e-6)
        assert not one.consequences
        assert {c.symbol for c in two.consequences} == {score.symbol for score in two.scores}
        assert {i.symbol for i in two.inclusions} == {score.symbol for score in two.scores}


def test_profiles__are_the_same_with_consequences(genome, coding_table, toy_weights):
    variant = Variant("chr1", 262, genome.base("chr1", 262), genome.base("chr1", 262) + "GTGAG")
    (plain,) = scorer(genome, coding_table, toy_weights).profiles(variant)
    (more,) = scorer(genome, coding_table, toy_weights, consequence=SETTINGS).profiles(variant)
    assert plain.positions.tolist() == more.positions.tolist()
    np.testing.assert_allclose(plain.alt, more.alt, atol=2e-6)
    assert more.consequences


def test_inclusion__sees_the_whole_exon_whatever_the_reach(genome, coding_table, toy_weights):
    """EDGE's second exon has 100 bases; a reach of 1 used to hide both ends."""
    near = scorer(genome, coding_table, toy_weights, consequence=replace(SETTINGS, reach=1))
    far = scorer(genome, coding_table, toy_weights, consequence=SETTINGS)
    variant = Variant("chr2", 250, genome.base("chr2", 250), genome.other("chr2", 250))
    own = [next(i for i in next(s.score([variant])).inclusions if i.exon == 2) for s in (near, far)]
    assert own[0].dlogit == pytest.approx(own[1].dlogit, abs=1e-5)
    assert own[0].donor is None  # the last exon


def test_mane__comes_first(genome, coding_table, toy_weights):
    made = scorer(genome, coding_table, toy_weights, consequence=SETTINGS)
    plan = made.plan(Variant("chr1", 450, genome.base("chr1", 450), genome.other("chr1", 450)))
    assert [job.gene.symbol for job in plan.jobs] == ["PLUS", "MINUS"]
    plus, minus = plan.jobs
    jobs = (plus, minus._replace(gene=replace(minus.gene, mane="MANE_Select")))
    ((_, (outcome,)),) = made.stream([(None, (plan._replace(jobs=jobs),))])
    symbols = [c.symbol for c in outcome.consequences]
    assert symbols == sorted(symbols)  # MINUS before PLUS
    assert outcome.consequences[0].mane == "MANE_Select"


def test_tissue_models__have_no_consequences(genome, tissue_weights):
    with pytest.raises(UsageError, match="consequences need a model of acceptors and donors"):
        scorer(genome, genome.table, tissue_weights, consequence=SETTINGS)


def test_annotate__adds_fields_that_parse_back(annotate_toy, records_in_genes, coding_table, tmp_path):
    plain = annotate_toy("-A", coding_table, stdin=vcf_text(*records_in_genes))
    result = annotate_toy(
        "-A",
        coding_table,
        "--consequence",
        *WITH,
        "--consequence-fasta",
        tmp_path / "out.fa",
        stdin=vcf_text(*records_in_genes),
    )
    assert (plain.code, result.code) == (0, 0), result.stderr
    header = [line for line in result.stdout.decode().splitlines() if line.startswith("##INFO=<ID=SpliceAI_")]
    assert [CSQ_FORMAT in header[0], EXON_FORMAT in header[1]] == [True, True]
    assert 'Consequence="profile"' in result.stdout.decode()
    assert 'ConsequenceReach="400"' in result.stdout.decode()
    n_events = 0
    for before, after in zip(plain.records, result.records, strict=True):
        written = info(after)
        texts = [text for text in written.pop("SpliceAI_CSQ", "").split(",") if text]
        changes = [text for text in written.pop("SpliceAI_EXON", "").split(",") if text]
        assert written == info(before)
        assert [str(Consequence.parse(text, "SpliceAI")) for text in texts] == texts
        assert [str(ExonInclusion.parse(text, "SpliceAI")) for text in changes] == changes
        scored = {tuple(text.split("|")[:2]) for text in written.get("SpliceAI", "").split(",") if text}
        assert {tuple(text.split("|")[:2]) for text in texts} == scored
        n_events += sum("no_effect" not in text for text in texts)
    assert n_events > 3
    check_fasta(tmp_path / "out.fa")


def check_fasta(path: Path):
    """Each protein is what its transcript reads from some start codon on."""
    entries = [entry.partition("\n") for entry in path.read_text().split(">")[1:]]
    texts = {name.split()[0]: letters.replace("\n", "") for name, _, letters in entries}
    proteins = {name: acids for name, acids in texts.items() if name.endswith("|protein")}
    for name, acids in proteins.items():
        bases = texts[name.replace("|protein", "|rna")]
        assert any(translate_to_stop(bases[i:]) == acids for i in range(len(bases)))
    assert len(texts) > len(proteins)


@pytest.mark.skipif(shutil.which("bcftools") is None, reason="no bcftools")
def test_split_vep__reads_the_field(annotate_toy, records_in_genes, coding_table, tmp_path):
    out = tmp_path / "out.vcf"
    assert (
        annotate_toy("-A", coding_table, "--consequence", *WITH, "-O", out, stdin=vcf_text(*records_in_genes)).code == 0
    )
    query = "%POS\t%ALLELE\t%SYMBOL\t%Consequence\t%PROTEIN\n"
    command = ["bcftools", "+split-vep", str(out), "-a", "SpliceAI_CSQ", "-d", "-f", query]
    found = subprocess.run(command, capture_output=True, text=True, check=False)
    assert found.returncode == 0, found.stderr
    rows = [line.split("\t") for line in found.stdout.splitlines()]
    texts = [
        (record.pos, *text.split("|"))
        for record in (Record(line + b"\n", 1) for line in out.read_bytes().splitlines() if not line.startswith(b"#"))
        for text in record.values("SpliceAI_CSQ")
    ]
    assert [tuple(row) for row in rows] == [(str(t[0]), t[1], t[2], t[5], t[16]) for t in texts]


def test_old_values__are_replaced_or_removed(annotate_toy, records_in_genes, coding_table):
    first = annotate_toy("-A", coding_table, "--consequence", *WITH, stdin=vcf_text(*records_in_genes))
    again = annotate_toy("-A", coding_table, "--consequence", *WITH, stdin=first.stdout)
    assert again.stdout == first.stdout
    plain = annotate_toy("-A", coding_table, stdin=vcf_text(*records_in_genes))
    assert annotate_toy("-A", coding_table, stdin=first.stdout).stdout == plain.stdout


def test_tsv__has_a_line_for_each_consequence(annotate_toy, records_in_genes, coding_table):
    result = annotate_toy("-A", coding_table, "--tsv", "--consequence", *WITH, stdin=vcf_text(*records_in_genes))
    heading, *rows = [line.split("\t") for line in result.stdout.decode().splitlines()]
    assert heading[-4:] == ["RNA", "PROTEIN", "EVIDENCE", "DLOGIT"]
    assert {len(row) for row in rows} == {len(heading)}
    vcf = annotate_toy("-A", coding_table, "--consequence", *WITH, stdin=vcf_text(*records_in_genes))
    n_events = sum(len(info(record).get("SpliceAI_CSQ", "").split(",")) for record in vcf.records if "CSQ" in record[7])
    assert sum(row[heading.index("EVENT")] != "." for row in rows) == n_events
    assert {row[heading.index("TRANSCRIPT_ID")] for row in rows if row[heading.index("EVENT")] != "."} == {
        "NM_0.1",
        "NM_1.1",
        "NM_2.1",
    }


def test_tsv__is_the_same_from_annotate_score_and_table(
    annotate_toy, cli, genome, records_in_genes, coding_table, toy_weights, tmp_path
):
    """``table`` reads what INFO has: the transcripts of scores only with ``--transcript-id``."""
    options = ("-A", coding_table, "--consequence", *WITH, "-q")
    records = vcf_text(*records_in_genes)
    made = annotate_toy(*options, "--transcript-id", "--explain", stdin=records)
    (tmp_path / "out.vcf").write_bytes(made.stdout)
    alleles = [f"{c}:{p}:{r}:{alt}" for c, p, r, alts in records_in_genes for alt in alts.split(",")]
    fixed = ("-R", genome.fasta, "--weights", toy_weights, "--device", "cpu", "-D", "20", "--tsv")
    results = (
        annotate_toy(*options, "--tsv", stdin=records),
        cli("score", *alleles, *options, *fixed),
        cli("table", tmp_path / "out.vcf", "-A", coding_table, "--tsv", "--unscored", "-q"),
    )
    assert [result.code for result in results] == [0, 0, 0], [result.stderr for result in results]
    of_annotate, of_score, of_table = (
        [line.split("\t") for line in result.stdout.decode().splitlines()] for result in results
    )
    assert [row[:-1] for row in of_score] == [row[:2] + row[3:] for row in of_annotate]
    # The alleles of a record that have no score come last in a table.
    assert sorted(row[:-1] for row in of_table) == sorted(row[:-1] for row in of_score)


def test_score__says_it_in_words_and_in_json(cli, genome, coding_table, toy_weights):
    fixed = (
        "-R",
        genome.fasta,
        "-A",
        coding_table,
        "--weights",
        toy_weights,
        "--device",
        "cpu",
        "--consequence",
        *WITH,
    )
    text = f"chr1:262:{genome.base('chr1', 262)}:{genome.other('chr1', 262)}"
    lines = cli("score", text, *fixed).stdout.decode().splitlines()
    heading, *said = lines[lines.index("") + 1 :]
    assert heading.split() == ["VARIANT", "GENE", "TRANSCRIPT", "CONSEQUENCE"]
    assert said[0].split()[2:4] == ["PLUS", "NM_0.1"]
    assert "log-odds" in said[0]
    (answer,) = validate("score", cli("score", text, "--json", *fixed).stdout)
    assert answer["consequences"][0]["event_text"] in said[0]
    assert answer["inclusions"][0]["donor"].keys() == {"ref", "alt"}


def test_table__shows_what_the_vcf_says(cli, annotate_toy, records_in_genes, coding_table, tmp_path):
    out = tmp_path / "out.vcf"
    annotate_toy("-A", coding_table, "--consequence", *WITH, "-O", out, stdin=vcf_text(*records_in_genes))
    lines = cli("table", out, "-A", coding_table).stdout.decode().splitlines()
    heading, *said = [line.split() for line in lines[lines.index("") + 1 :]]
    assert heading[-1] == "CONSEQUENCE"
    assert ["EDGE", "NM_2.1"] in [words[2:4] for words in said if words[0] == "chr2:61"]
    some = cli("table", out, "-A", coding_table, "-r", "chr2").stdout.decode().splitlines()
    assert {line.split()[0] for line in some[some.index("") + 2 :]} == {"chr2:61"}


def test_json__of_table_is_that_of_score(cli, annotate_toy, genome, coding_table, toy_weights, tmp_path):
    """INFO has fewer digits, and neither exons nor unrounded probabilities."""
    ref, alt = genome.base("chr1", 262), genome.other("chr1", 262)
    options = ("-A", coding_table, "--consequence", *WITH, "-q")
    out = tmp_path / "out.vcf"
    annotate_toy(*options, "--transcript-id", "-O", out, stdin=vcf_text(("chr1", 262, ref, alt)))
    fixed = ("-R", genome.fasta, "--weights", toy_weights, "--device", "cpu", "-D", "20", "--json")
    (scored,) = validate("score", cli("score", f"chr1:262:{ref}:{alt}", *options, *fixed).stdout)
    (read,) = validate("table", cli("table", out, "-A", coding_table, "--json", "-q").stdout)
    assert len(scored["consequences"]) == len(read["consequences"]) > 0
    for one, two in zip(scored["consequences"], read["consequences"], strict=True):
        assert one["weight"] == pytest.approx(two["weight"], abs=0.0051)
        for key in ("weight", "exons", *(["n_exons"] if two["first_exon"] is None else [])):
            del one[key], two[key]
        assert one == two
    for one, two in zip(scored["inclusions"], read["inclusions"], strict=True):
        assert one["dlogit"] == pytest.approx(two["dlogit"], abs=0.00051)
        names = ("symbol", "transcript_id", "exon", "model_key")
        assert [one[name] for name in names] == [two[name] for name in names]


def test_mane__comes_first_in_table_and_json():
    def row(transcript, mane):
        score = DeltaScore.parse("T|G|0.10|0.00|0.00|0.00|0|0|0|0")
        one = Consequence("T", "G", "SpliceAI", transcript, mane, "exon_skipping", 1.0, 2, 2, 3, 9, (), "in_frame")
        return Row(Variant("1", 5, "A", "T"), None, replace(score, transcript_id=transcript), consequences=(one,))

    rows = [row("T1", ""), row("T2", "MANE_Plus_Clinical"), row("T3", "MANE_Select"), row("T4", "")]
    _, _, *lines = format_consequences(rows)
    assert [line.split()[3] for line in lines] == ["T3", "T2", "T1", "T4"]
    (allele,) = json.loads(format_json(rows))
    assert [one["transcript_id"] for one in allele["consequences"]] == ["T3", "T2", "T1", "T4"]


def test_table__leaves_out_log_odds_that_could_be_of_either_transcript(cli, tmp_path):
    events = [f"T|G|{transcript}|.|exon_skipping|1.00|2/3|9|.|in_frame|3|0|.|.|.|.|." for transcript in ("T1", "T2")]
    infos = {"SpliceAI": "T|G|0.90|0.00|0.00|0.00|0|0|0|0", "SpliceAI_CSQ": ",".join(events),
              "SpliceAI_EXON": "T|G|2|-1.500|0.9000|0.8000|0.9000|0.8000"}  # fmt: skip
    declared = [field.header_line for field in fields_of("SpliceAI") if field.key in infos]
    heading = "#" + "\t".join(("CHROM", "POS", "ID", "REF", "ALT", "QUAL", "FILTER", "INFO"))
    info_text = ";".join(f"{key}={value}" for key, value in infos.items())
    (tmp_path / "in.vcf").write_text("\n".join((*declared, heading, f"1\t5\t.\tA\tT\t.\t.\t{info_text}")) + "\n")
    lines = cli("table", tmp_path / "in.vcf").stdout.decode().splitlines()
    assert [line.split()[3] for line in lines[lines.index("") + 2 :]] == ["T1", "T2"]
    assert not any("log-odds" in line for line in lines)
    rows = [line.split("\t") for line in cli("table", tmp_path / "in.vcf", "--tsv").stdout.decode().splitlines()]
    assert [(row[rows[0].index("TRANSCRIPT_ID")], row[rows[0].index("DLOGIT")]) for row in rows[1:]] == [
        ("T1", "."),
        ("T2", "."),
    ]
    (allele,) = validate("table", cli("table", tmp_path / "in.vcf", "--json").stdout)
    assert [one["transcript_id"] for one in allele["inclusions"]] == [None]


def test_stats__state_the_thresholds(annotate_toy, records_in_genes, coding_table, tmp_path):
    options = ("-A", coding_table, "--consequence", *WITH, "--stats", tmp_path / "stats.json")
    assert annotate_toy(*options, stdin=vcf_text(*records_in_genes)).code == 0
    [origin] = validate("stats", (tmp_path / "stats.json").read_text())["origins"]
    stated = {name.removeprefix("consequence_"): value for name, value in origin.items() if "consequence_" in name}
    assert stated == {f.name: getattr(SETTINGS, f.name) for f in fields(SETTINGS)[1:]}


def test_at_distance__keeps_consequences_unless_told(genome, coding_table, toy_weights):
    variant = Variant("chr1", 262, genome.base("chr1", 262), genome.other("chr1", 262))
    far = scorer(genome, coding_table, toy_weights, consequence=SETTINGS)
    near = far.at_distance(5)
    [one], [two] = far.score([variant]), near.score([variant])
    assert [c.event for c in one.consequences] == [c.event for c in two.consequences] != []
    assert [str(i) for i in one.inclusions] == [str(i) for i in two.inclusions]
    [bare] = far.at_distance(5, has_consequences=False).score([variant])
    assert bare.scores == two.scores or [str(s) for s in bare.scores] == [str(s) for s in two.scores]
    assert (bare.consequences, bare.inclusions) == ((), ())
    assert [job.edit.ref_scored.length for job in far.at_distance(5, has_consequences=False).plan(variant).jobs] == [11]


def test_plot__draws_predicted_exons(cli, genome, coding_table, toy_weights, tmp_path):
    fixed = ("-R", genome.fasta, "-A", coding_table, "--weights", toy_weights, "--device", "cpu")
    text = f"chr1:262:{genome.base('chr1', 262)}:{genome.other('chr1', 262)}"
    plain, more = tmp_path / "plain.svg", tmp_path / "more.svg"
    assert cli("plot", text, "-o", plain, *fixed).code == 0
    assert cli("plot", text, "-o", more, *fixed, "--consequence", *WITH).code == 0
    assert plain.read_bytes() != more.read_bytes()
