"""``spliceai-cli table`` and the table of ``score``, from outside; scores are those of the file."""

from __future__ import annotations

import json
import sys

import pytest
from support import builders
from support.terminal import run_on_terminal

from spliceai_cli.scores.sites import SITES
from spliceai_cli.scores.tissues import TISSUES

COLUMNS = "#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO"
RECORDS = (
    "2\t500\t.\tG\tA,C\t.\t.\tSpliceAI=A|PLUS|0.00|0.31|0.00|0.00|1|-7|3|4;SpliceAI_SKIP=.,alt-letters",
    "1\t300\t.\tC\tT\t.\t.\tSpliceAI=T|PLUS|0.00|0.00|0.91|0.08|-28|-46|-2|-31;Pangolin=PLUS|-2:0.55|7:-0.86|Warnings:",
    "1\t100\t.\tA\tG\t.\t.\tSpliceAI=G|MINUS|0.80|0.50|0.20|0.19|5|6|7|8",
    "1\t400\t.\tA\tG\t.\t.\tSpliceAI_SKIP=outside",
)


@pytest.fixture
def vcf(tmp_path):
    lines = ("##fileformat=VCFv4.2", "##contig=<ID=1>", SITES.header("SpliceAI"), TISSUES.header("Pangolin"), COLUMNS)
    path = tmp_path / "in.vcf"
    path.write_text("\n".join((*lines, *RECORDS)) + "\n")
    return path


@pytest.fixture
def genes(tmp_path):
    both = [builders.gene("PLUS", chrom, "+", 0, 900) for chrom in "12"]
    return builders.write_table(tmp_path / "t.txt", [*both, builders.gene("MINUS", "1", "-", 0, 900)])


@pytest.fixture
def tsv(cli, vcf, genes):
    """Rows of ``--tsv`` as dictionaries."""

    def call(*options):
        result = cli("table", vcf, "-A", genes, "--tsv", *options)
        assert result.code == 0, result.stderr
        heading, *lines = [line.split("\t") for line in result.stdout.decode().splitlines()]
        return [dict(zip(heading, line, strict=True)) for line in lines]

    return call


def places(rows):
    return [f"{row['CHROM']}:{row['POS']}{row['ALT']}" for row in rows]


def test_table__of_a_pipe_is_aligned_by_position_and_has_no_colour(cli, vcf, genes):
    result = cli("table", vcf, "-A", genes)
    assert result.stdout.decode() == (
        "SpliceAI:\n"
        "VARIANT    GENE   AG         AL         DG         DL          READING\n"
        "1:100 A>G  MINUS  0.80 (+5)  0.50 (+6)  0.20 (+7)  0.19 (+8)   acceptor gain 0.80, 5 bp upstream; "
        "acceptor loss 0.50, 6 bp upstream; donor gain 0.20, 7 bp upstream\n"
        "1:300 C>T  PLUS   0.00       0.00       0.91 (-2)  0.08 (-31)  donor gain 0.91, 2 bp upstream\n"
        "2:500 G>A  PLUS   0.00       0.31 (-7)  0.00       0.00        acceptor loss 0.31, 7 bp upstream\n"
        "\n"
        "Pangolin:\n"
        "VARIANT    GENE  GAIN       LOSS       READING\n"
        "1:300 C>T  PLUS  0.55 (-2)  0.86 (+7)  loss 0.86, 7 bp downstream; gain 0.55, 2 bp upstream\n"
    )
    assert result.stderr == "2 alleles without a score left out; --unscored shows them\n"
    assert cli("table", vcf, "-A", genes, "-q").stderr == ""


SELECTED = {
    "all": ([], ["1:100G", "1:300T", "1:300T", "2:500A"]),
    "min-score": (["--min-score", "0.8"], ["1:100G", "1:300T", "1:300T"]),
    "sort": (["--sort", "score"], ["1:300T", "1:300T", "1:100G", "2:500A"]),
    "region": (["--region", "1:250-350"], ["1:300T", "1:300T"]),
    "regions": (["-r", "1:1-100,chr2"], ["1:100G", "2:500A"]),
    "unscored": (["--unscored", "--min-score", "0.9"], ["1:300T", "1:400G", "2:500C"]),
}


@pytest.mark.parametrize(("options", "expected"), SELECTED.values(), ids=SELECTED)
def test_table__rows_are_those_asked_for(tsv, options, expected):
    assert places(tsv(*options)) == expected


def test_table__bed_and_genes_select_as_elsewhere(tsv, tmp_path):
    (tmp_path / "b.bed").write_text("1\t99\t100\n2\t0\t600\n")
    (tmp_path / "g.txt").write_text("MINUS\n")
    for option in ("-T", "--bed"):
        assert places(tsv(option, tmp_path / "b.bed")) == ["1:100G", "2:500A"]
    assert places(tsv("--genes", tmp_path / "g.txt")) == ["1:100G"]


def test_tsv__holds_models_of_both_kinds_and_the_reasons(tsv):
    rows = tsv("--unscored")
    of_sites, of_tissues = (row for row in rows if row["POS"] == "300")
    assert (of_sites["MODEL_KEY"], of_sites["DS_DG"], of_sites["GAIN"], of_sites["MAX_SCORE"]) == (
        "SpliceAI", "0.91", ".", "0.91",
    )  # fmt: skip
    assert (of_tissues["MODEL_KEY"], of_tissues["DS_DG"], of_tissues["GAIN"], of_tissues["LOSS"]) == (
        "Pangolin", ".", "0.55", "-0.86",
    )  # fmt: skip
    assert [(row["POS"], row["REASON"], row["READING"]) for row in rows if row["REASON"] != "."] == [
        ("400", "outside", "not scored: outside genes"),
        ("500", "alt-letters", "not scored: with letters other than A C G T N in ALT"),
    ]


def test_json__has_an_object_per_allele(cli, vcf, genes):
    found = json.loads(cli("table", vcf, "-A", genes, "--json", "--unscored").stdout)
    assert [(one["chrom"], one["pos"], one["alt"], one["reason"], len(one["scores"])) for one in found] == [
        ("1", 100, "G", None, 1),
        ("1", 300, "T", None, 2),
        ("1", 400, "G", "outside", 0),
        ("2", 500, "A", None, 1),
        ("2", 500, "C", "alt-letters", 0),
    ]
    score = found[1]["scores"][0]
    assert (score["symbol"], score["strand"], score["max_score"]) == ("PLUS", "+", 0.91)
    assert score["effects"]["donor_gain"] == {"score": 0.91, "offset": -2, "pos": 298, "ref": None, "alt": None}


def test_records_of_the_same_allele__stay_apart(cli, tmp_path):
    """Their scores came in one object; two <DEL> at one place may end at two."""
    path = tmp_path / "twice.vcf"
    ends = [f"1\t300\t.\tC\t<DEL>\t.\t.\tEND={end};SpliceAI={text}" for end, text in
            ((310, "<DEL>|P|0.00|0.00|0.91|0.08|0|0|0|0"), (320, "<DEL>|P|0.30|0.00|0.00|0.00|0|0|0|0"))]  # fmt: skip
    unscored = ["1\t400\t.\tC\t<DEL>\t.\t.\t."] * 2
    path.write_text("\n".join(("##fileformat=VCFv4.2", SITES.header("SpliceAI"), COLUMNS, *ends, *unscored)) + "\n")
    result = cli("table", path, "--json", "--sort", "score")
    assert [[one["max_score"] for one in of_one["scores"]] for of_one in json.loads(result.stdout)] == [[0.91], [0.3]]
    assert result.stderr == "2 alleles without a score left out; --unscored shows them\n"


@pytest.mark.parametrize("name", ["out.tsv", "out.json", "out.txt"])
def test_output__kind_follows_the_name(cli, vcf, genes, tmp_path, name):
    option = {"out.tsv": ["--tsv"], "out.json": ["--json"], "out.txt": []}[name]
    printed = cli("table", vcf, "-A", genes, *option).stdout
    result = cli("table", vcf, "-A", genes, "-O", tmp_path / name)
    assert (result.code, result.stdout) == (0, b"")
    assert (tmp_path / name).read_bytes() == printed
    assert cli("table", vcf, "-o", vcf).code == 2


def test_values_of_two_kinds_under_one_key__are_tables_of_their_own(cli, tmp_path):
    # It was a traceback: KeyError.
    path = tmp_path / "mixed.vcf"
    records = (RECORDS[2], "1\t300\t.\tC\tT\t.\t.\tSpliceAI=PLUS|-2:0.55|7:-0.86|Warnings:")
    path.write_text("\n".join(("##fileformat=VCFv4.2", SITES.header("SpliceAI"), COLUMNS, *records)) + "\n")
    result = cli("table", path)
    assert result.code == 0
    assert [line for line in result.stdout.decode().splitlines() if line.endswith(":")] == ["SpliceAI:", "SpliceAI:"]


def on_terminal(arguments, *, columns: int, **environ: str) -> str:
    """What a command prints on a terminal of this width."""
    command = [sys.executable, "-m", "spliceai_cli", *map(str, arguments)]
    return run_on_terminal(command, columns=columns, stream="stdout", environ=environ)[0]


@pytest.mark.parametrize("columns", [80, 120, 200])
def test_terminal__lines_fit_and_are_coloured_unless_told_otherwise(vcf, genes, columns):
    arguments = ("table", vcf, "-A", genes, "-q")
    coloured = on_terminal(arguments, columns=columns)
    plain = on_terminal(arguments, columns=columns, NO_COLOR="1")
    assert plain == on_terminal((*arguments, "--color", "never"), columns=columns)
    assert "\x1b[1;31m0.91" in coloured
    assert "\x1b" not in plain
    assert max(map(len, plain.splitlines())) <= columns


@pytest.mark.parametrize(("option", "has_colour"), [("auto", False), ("always", True), ("never", False)])
def test_color__of_a_pipe_is_that_of_the_option(cli, vcf, genes, monkeypatch, option, has_colour):
    monkeypatch.setenv("NO_COLOR", "1")
    found = cli("table", vcf, "-A", genes, "--color", option).stdout
    assert (b"\x1b[1;31m0.91 (-2)\x1b[0m" in found) == has_colour


@pytest.mark.parametrize("score", ["nan", "-0.1", "1.01", "x"])
def test_min_score__is_from_0_to_1(cli, vcf, score):
    assert cli("table", vcf, "--min-score", score).code == 2


def test_score__shows_the_transcripts(cli, tmp_path, home, arithmetic_weights):
    # Under --transcripts all, the lines of one gene were equal.
    fasta = builders.write_fasta(tmp_path / "a.fa", {"1": "AACAACAAGAACAACAA"})
    gtf = tmp_path / "g.gtf"
    exon = '1\tx\texon\t1\t17\t.\t+\t.\tgene_id "G1"; gene_name "P"; transcript_id "T{}";\n'
    gtf.write_text(exon.format("1.1") + exon.format("2.4"))
    fixed = ("-R", fasta, "-A", gtf, "--transcripts", "all", "--weights", arithmetic_weights, "-D", "2", "-q")
    result = cli("score", "1:9:G:T", *fixed, "--transcript-id", "--tsv")
    heading, *lines = [line.split("\t") for line in result.stdout.decode().splitlines()]
    column = heading.index("TRANSCRIPT_ID")
    assert [line[column] for line in lines] == ["T1.1", "T2.4"]
    table = cli("score", "1:9:G:T", *fixed, "--transcript-id").stdout.decode().splitlines()
    assert [line.split()[3] for line in table[1:]] == ["T1.1", "T2.4"]
    assert b"TRANSCRIPT" not in cli("score", "1:9:G:T", *fixed).stdout
