"""``spliceai-cli plot``: a variant as a picture."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
from support import builders

DOCS = Path(__file__).parents[2] / "docs"

# By hand: G is an acceptor with 1/2, T a donor with 1/2; A and C on +, which read T and G on -, are nothing.
BASES = "AACAACAAGAACAACAA"


@pytest.fixture
def plot(cli, tmp_path, arithmetic_weights, monkeypatch):
    """Run it on a contig that a gene of each strand covers."""
    monkeypatch.chdir(tmp_path)
    builders.write_fasta(tmp_path / "a.fa", {"1": BASES, "2": "AC"})
    genes = [builders.gene("P", "1", "+", 0, 17, (0, 4), (8, 17)), builders.gene("M", "1", "-", 0, 17)]
    builders.write_table(tmp_path / "t.txt", genes)
    fixed = ("-R", "a.fa", "-A", "t.txt", "--weights", arithmetic_weights, "--device", "cpu")

    return lambda *arguments: cli("plot", *arguments, *fixed)


def texts(path):
    return ["".join(one.itertext()).strip() for one in ET.parse(path).iter("{http://www.w3.org/2000/svg}text")]


def test_plot__writes_each_format_by_its_name(plot, tmp_path):
    result = plot("chr1:9:G:T", "-D", "4", "-o", "a.svg", "-o", "a.PNG", "-o", "a.html", "-o", "a.pdf")
    assert (result.code, result.stdout, result.stderr) == (0, b"", "")
    found = texts(tmp_path / "a.svg")
    # The acceptor of exon 2 is lost, for a donor at the same place; on the minus strand neither letter is a site.
    assert {"chr1:9 G>T in P", "chr1:9 G>T in M", "first base of exon 2 of 2"} <= set(found)
    assert {"acceptor loss 0.50, at the variant", "donor gain 0.50, at the variant"} <= set(found)
    assert {"annotated acceptor of exon 2", "no effect predicted (largest score 0.00)"} <= set(found)
    assert (tmp_path / "a.PNG").read_bytes().startswith(b"\x89PNG")
    assert (tmp_path / "a.pdf").read_bytes().startswith(b"%PDF")
    html = (tmp_path / "a.html").read_text("utf-8")
    assert html.startswith("<!DOCTYPE html>")
    assert html.count("<svg ") == 2
    assert "<dt>Distance</dt><dd>4</dd>" in html
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        *("a.PNG", "a.fa", "a.fa.fai", "a.html", "a.pdf", "a.svg", "t.txt")
    ]


def test_plot__of_one_gene_with_its_settings(plot, tmp_path):
    assert plot("NC_000001.11:g.9G>T", "-o", "a.svg", "--gene", "M", "-M", "2").code == 0
    found = texts(tmp_path / "a.svg")
    assert "1:9 G>T in M" in found
    assert "1:9 G>T in P" not in found
    assert {"M on the − strand", "SpliceAI, ±500 bp", "masked scores (-M 2)"} <= set(found)


def test_plot__the_mask_hides_labels(plot, tmp_path):
    # Exon 2 starts there: the loss of its acceptor stays, and the gain of a donor is none of its sites.
    assert plot("1:9:G:T", "-o", "a.svg", "--gene", "P", "-D", "4", "-M", "1").code == 0
    found = texts(tmp_path / "a.svg")
    assert "acceptor loss 0.50, at the variant" in found
    assert not any("donor gain" in text for text in found)


def test_plot__all_that_was_scored(plot, tmp_path):
    assert plot("1:9:G:T", "-o", "a.svg", "--gene", "P", "--no-zoom", "-D", "200").code == 0
    # From the contig's first base on.
    assert "Scored: 1–209." in texts(tmp_path / "a.svg")


ERRORS = {
    "no-format": (
        ["1:9:G:T", "-o", "a"],
        2,
        "Invalid value for -o: 'a' does not say what to draw: its name has",
    ),
    "stdout": (["1:9:G:T", "-o", "-"], 2, "Invalid value for -o: '-' does not say what to draw: its name has to end"),
    "format": (["1:9:G:T", "-o", "a.gif"], 2, "its name has to end with .png, .svg, .pdf, .html."),
    "no-output": (["1:9:G:T"], 2, "Missing option '-O' / '-o' / '--output'"),
    "twice": (["1:9:G:T", "-o", "a.svg", "-o", "a.svg"], 2, "-o names a.svg twice."),
    "variant": (["1:9:G", "-o", "a.svg"], 1, "'1:9:G' is not a variant that can be read."),
    "contig": (["chr3:1:A:C", "-o", "a.svg"], 1, "'chr3:1:A:C': a.fa has no contig chr3.\nHint: It has 1, 2."),
    "SPDI": (["NC_000001.11:9:G:T", "-o", "a.svg"], 1, "'NC_000001.11:9:G:T' states G, but a.fa has A at 1:10."),
    "outside": (["2:1:A:C", "-o", "a.svg"], 1, "2:1 A>C has no score: the annotation has no genes on contig 2."),
    "mismatch": (["1:9:A:C", "-o", "a.svg"], 1, "1:9 A>C has no score: REF is A but the FASTA has G."),
    "no-alt": (["1:9:G:.", "-o", "a.svg"], 1, "1:9 G>. has no score: without ALT."),
    "gene": (["1:9:G:T", "-o", "a.svg", "--gene", "Q"], 1, "1:9 G>T does not lie in Q, but in P, M."),
    "folder": (["1:9:G:T", "-o", "none/a.svg"], 1, "picture none/a.svg cannot be written: No such file or directory."),
    "over-input": (["1:9:G:T", "-o", "link.svg"], 2, "-R and -o are the same file: a.fa."),
}


@pytest.mark.parametrize("name", ERRORS)
def test_errors__say_what_is_wrong_and_leave_nothing(plot, tmp_path, name):
    arguments, code, message = ERRORS[name]
    if name == "over-input":
        (tmp_path / "link.svg").symlink_to("a.fa")
    result = plot(*arguments)
    assert result.code == code
    assert message in result.stderr
    assert {path.name for path in tmp_path.iterdir()} <= {"a.fa", "a.fa.fai", "t.txt", "link.svg"}
    assert (tmp_path / "a.fa").read_text().startswith(">1 test\n")


def test_errors__an_older_picture_stays(plot, tmp_path):
    (tmp_path / "a.svg").write_text("older")
    assert plot("2:1:A:C", "-o", "a.svg").code == 1
    assert (tmp_path / "a.svg").read_text() == "older"


HEADER = "##fileformat=VCFv4.2\n##contig=<ID=chr1>\n#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\n"


@pytest.fixture
def vcf(tmp_path):
    """Records of which one has two ALTs, one comes twice, one has no score and one is outside of the genes."""
    records = [(9, "G", "T"), (9, "G", "T,C"), (9, "G", "T"), (7, "A", "C"), (11, "A", "<CNV>"), (2, "A", "G" * 30)]
    rows = [f"chr1\t{pos}\t.\t{ref}\t{alt}\t.\t.\t.\n" for pos, ref, alt in records]
    path = tmp_path / "in.vcf"
    path.write_text(HEADER + "".join(rows) + "chr2\t1\t.\tA\tC\t.\t.\t.\n")
    return path


def pictures(folder):
    return sorted(path.name for path in folder.iterdir() if path.suffix in (".svg", ".html"))


def test_plot__of_a_vcf_draws_each_record_and_names_the_files(plot, tmp_path, vcf):
    result = plot("-I", vcf, "-o", "a.svg", "-o", "b.html", "-D", "4")
    names = ["chr1-9-G-T", "chr1-9-G-T+C", "chr1-9-G-T.2", "chr1-7-A-C", "chr1-2-A-30bp"]
    said = [f"{stem}.{name}.{kind}" for name in names for stem, kind in (("a", "svg"), ("b", "html"))]
    assert (result.code, result.stdout.decode().splitlines()) == (0, said)
    assert result.stderr == (
        "7 records, 8 alleles\n"
        "  6  scored (12 allele×gene scores)\n"
        "  1  with a symbolic, * or breakend ALT, or without an exact sequence (first: chr1:11 A><CNV>)\n"
        "  1  with a contig missing from the FASTA or annotation (first: chr2:1 A>C)\n"
    )
    assert pictures(tmp_path) == sorted(said)
    one, two = (texts(tmp_path / f"a.{name}.svg") for name in names[:2])
    assert {"chr1:9 G>T in P", "chr1:9 G>T in M"} <= set(one)
    assert set(one) < set(two)
    assert "chr1:9 G>C in P" in two


def test_plot__of_a_vcf_draws_the_same_as_of_its_variant(plot, tmp_path, vcf):
    assert plot("-I", vcf, "-r", "1:7", "-o", "a.svg").code == plot("chr1:7:A:C", "-o", "b.svg").code == 0
    assert (tmp_path / "a.chr1-7-A-C.svg").read_bytes() == (tmp_path / "b.svg").read_bytes()
    assert pictures(tmp_path) == ["a.chr1-7-A-C.svg", "b.svg"]


@pytest.mark.parametrize("option", ["-T", "--bed"])
def test_plot__of_a_vcf_and_a_file_of_regions(plot, tmp_path, vcf, option):
    (tmp_path / "some.bed").write_text("chr1\t6\t7\n")
    assert plot("-I", vcf, option, "some.bed", "-o", "a.svg").stdout.decode() == "a.chr1-7-A-C.svg\n"


def test_plot__of_what_1_3_1_leaves_out_within_50_bp_compares_nothing(plot, tmp_path):
    """With ``--compat 1.3.1`` a REF that is longer than twice the distance has no score."""
    bases = "A" * 6000 + BASES + "ACA" * 50 + "A" * 6000
    builders.write_fasta(tmp_path / "a.fa", {"1": bases})
    builders.write_table(tmp_path / "t.txt", [builders.gene("P", "1", "+", 6000, 6170)])
    for n, has_near in ((20, True), (110, False)):
        ref = bases[6008 : 6008 + n]
        result = plot(f"1:6009:{ref}:{ref[0]}", "--compat", "1.3.1", "-o", "a.svg")
        assert result.code == 0, result.stderr
        assert any("the default of annotate" in text for text in texts(tmp_path / "a.svg")) is has_near


def test_plot__of_a_vcf_and_one_gene(plot, tmp_path, vcf):
    assert plot("-I", vcf, "-r", "1:7", "-g", "M", "-o", "a.svg", "-q").stderr == ""
    assert "chr1:7 A>C in M" in texts(tmp_path / "a.chr1-7-A-C.svg")
    assert "chr1:7 A>C in P" not in texts(tmp_path / "a.chr1-7-A-C.svg")


def test_plot__of_a_vcf_says_so_if_nothing_is_drawn(plot, tmp_path, vcf):
    """It printed a summary of 0 records, after seconds of loading."""
    result = plot("-I", vcf, "-r", "1:100-200", "-o", "a.svg")
    assert (result.code, result.stdout) == (0, b"")
    assert result.stderr == f"no record of {vcf} to draw with -r\n"
    result = plot("-I", vcf, "-r", "2", "-o", "a.svg")
    assert (result.code, result.stderr.splitlines()[-1]) == (0, "no picture: no allele has a score")
    result = plot("-I", vcf, "-r", "1:7", "-g", "NONE", "-o", "a.svg")
    assert (result.code, result.stderr.splitlines()[-1]) == (0, "no picture: no allele has a score in NONE")
    assert pictures(tmp_path) == []


OF_VCF = {
    "both": (["1:9:G:T", "-I", "in.vcf"], 2, "give either a VARIANT, or -I and a VCF."),
    "neither": ([], 2, "give either a VARIANT, or -I and a VCF."),
    "regions": (["1:9:G:T", "-r", "1"], 2, "--regions chooses records of a VCF: give one with -I."),
    "bed": (["1:9:G:T", "--bed", "a.bed"], 2, "--bed chooses records of a VCF: give one with -I."),
    "limit": (
        ["-I", "in.vcf", "--limit", "6"],
        2,
        "in.vcf has more than 6 records to draw, and each is a picture.\nHint: Choose records with --regions, or raise",
    ),
    "limit-in-regions": (["-I", "in.vcf", "--limit", "1", "-r", "1:9"], 2, "more than 1 record to draw, and"),
    "missing": (["-I", "none.vcf"], 1, "input none.vcf cannot be read: No such file or directory."),
}


@pytest.mark.parametrize("name", OF_VCF)
def test_errors__of_a_vcf_come_before_any_picture(plot, tmp_path, vcf, name):
    arguments, code, message = OF_VCF[name]
    result = plot(*arguments, "-o", "a.svg")
    assert result.code == code
    assert message in result.stderr
    assert pictures(tmp_path) == []


@pytest.mark.weights
def test_plot__the_picture_in_the_documentation_is_of_today(cli, store, chr19, tmp_path, monkeypatch):
    monkeypatch.setenv("SPLICEAI_CLI_HOME", str(store.home))
    path = tmp_path / "ryr1.svg"
    result = cli("plot", "chr19:38467722:C:T", "-R", chr19, "-A", "grch38", "-o", path)
    genes = "GENCODE V24 (2015), one transcript per gene (grch38)"
    assert (result.code, result.stderr) == (0, f"{genes}: 19,305 transcripts\n")
    assert {"GRCh38", genes} <= set(texts(path))
    # As in tests/golden/chr19: 1.3.1 with its default distance, T|RYR1|0.00|0.00|0.91|0.08|-28|-46|-2|-31.
    there = "within ±50 bp, the default of annotate and score: donor gain 0.91, 2 bp upstream"
    assert there in texts(path)
    # As in tests/golden/chr19/D500.masked.expected.vcf, by 1.3.1: T|RYR1|0.22|0.00|0.91|0.70|-107|-46|-2|90.
    assert {"donor gain 0.91, 2 bp upstream", "donor loss 0.70, 90 bp downstream", "exon 25"} <= set(texts(path))
    assert texts(path) == texts(DOCS / "images" / "ryr1.svg")
