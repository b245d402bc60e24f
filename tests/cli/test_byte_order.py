"""Byte order marks in front of text files: the same results as without, and a word where bytes are dropped."""

from __future__ import annotations

import gzip
from pathlib import Path

import pysam
import pytest
from support.records import vcf_text

MARK = b"\xef\xbb\xbf"
GFF3 = "##gff-version 3\n1\ttoy\tgene\t101\t500\t.\t+\t.\tID=G1\n1\ttoy\texon\t101\t500\t.\t+\t.\tParent=G1\n"
GTF = '1\ttoy\texon\t101\t500\t.\t+\t.\tgene_id "G1"; transcript_id "T1";\n'


@pytest.fixture
def plain(genome):
    return vcf_text(*((c, p, genome.base(c, p), genome.other(c, p)) for c, p in (("chr1", 200), ("chr1", 450))))


def bgzf(path: Path, content: bytes) -> Path:
    path.with_suffix(".raw").write_bytes(content)
    pysam.tabix_compress(str(path.with_suffix(".raw")), str(path), force=True)
    return path


def written(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


PACKED = {
    "plain": lambda folder, content: written(folder / "in.vcf", content),
    "gzip": lambda folder, content: written(folder / "in.vcf.gz", gzip.compress(content)),
    "bgzf": lambda folder, content: bgzf(folder / "in.vcf.gz", content),
}


@pytest.mark.parametrize("pack", PACKED.values(), ids=PACKED)
def test_vcf__mark_is_dropped_with_a_warning(annotate_toy, plain, tmp_path, pack):
    path = pack(tmp_path, MARK + plain)
    result = annotate_toy("-I", path)
    assert result.code == 0, result.stderr
    assert result.stdout == annotate_toy(stdin=plain).stdout
    assert f"Warning: {path} begins with a byte order mark (BOM), which was dropped.\n" in result.stderr
    assert annotate_toy("-I", path, "-q").stderr == ""


def test_vcf__mark_on_stdin_is_dropped_with_a_warning(annotate_toy, plain):
    result = annotate_toy(stdin=MARK + plain)
    assert result.stdout == annotate_toy(stdin=plain).stdout
    assert "Warning: standard input begins with a byte order mark (BOM), which was dropped.\n" in result.stderr


def test_vcf__mark_is_dropped_where_an_index_is_used(annotate_toy, plain, tmp_path):
    # htslib makes an index of a marked file only if told which lines are no records.
    path = bgzf(tmp_path / "in.vcf.gz", MARK + plain)
    n_header = sum(line.startswith(b"#") for line in plain.splitlines())
    pysam.tabix_index(str(path), seq_col=0, start_col=1, end_col=1, line_skip=n_header)
    result = annotate_toy("-I", path, "-r", "chr1:440-460")
    assert result.code == 0, result.stderr
    assert result.stdout == annotate_toy("-r", "chr1:440-460", stdin=plain).stdout


def test_table__reads_a_marked_file_with_a_warning(cli, annotate_toy, plain, genome, tmp_path):
    scored = annotate_toy(stdin=plain).stdout
    expected = cli("table", "-A", genome.table, stdin=scored)
    result = cli("table", "-A", genome.table, stdin=MARK + scored)
    assert (result.code, result.stdout) == (0, expected.stdout)
    assert result.stderr == "Warning: standard input begins with a byte order mark (BOM), which was dropped.\n"


def test_predict__reads_marked_alleles_and_regions(cli, genome, toy_weights, plain, tmp_path):
    alleles = written(tmp_path / "in.vcf", plain)
    bed = written(tmp_path / "r.bed", b"chr1\t190\t210\n")
    fixed = ("-R", genome.fasta, "-A", genome.table, "--weights", toy_weights, "--device", "cpu", "-D", "5", "-O", "-")
    options = ("--output-format", "tsv", "--alt", alleles, "--bed", bed)
    expected = cli("predict", *fixed, *options)
    assert expected.stdout.count(b"\n") > 5
    alleles.write_bytes(MARK + plain)
    bed.write_bytes(MARK + bed.read_bytes())
    result = cli("predict", *fixed, *options)
    assert result.stdout == expected.stdout
    assert f"Warning: {alleles} begins with a byte order mark (BOM), which was dropped.\n" in result.stderr


@pytest.mark.parametrize("name", ["t.bed", "t.txt"])
def test_targets__mark_is_dropped(annotate_toy, plain, tmp_path, name):
    """The first line's contig was \\ufeffchr1, which no record is on."""
    path = written(tmp_path / name, MARK + b"chr1\t199\t200\n")
    result = annotate_toy("-T", path, stdin=plain)
    assert [record[1] for record in result.records] == ["200"]
    packed = written(tmp_path / "packed.bed.gz", gzip.compress(MARK + b"chr1\t199\t200\n"))
    assert annotate_toy("-T", packed, stdin=plain).records == result.records


@pytest.mark.parametrize("text", [GTF, GFF3], ids=["gtf", "gff3"])
def test_annotation__mark_is_dropped(annotate_toy, plain, tmp_path, text):
    path = written(tmp_path / "genes.txt", MARK + text.encode())
    result = annotate_toy("-A", path, "--no-annotation-cache", stdin=plain)
    assert result.code == 0, result.stderr
    assert b"|G1|" in result.stdout


def test_table_of_genes_and_lists__mark_is_dropped(annotate_toy, genome, plain, tmp_path):
    table = written(tmp_path / "t.txt", MARK + genome.table.read_bytes())
    genes = written(tmp_path / "names.txt", MARK + b"PLUS\n")
    result = annotate_toy("-A", table, "--genes", genes, stdin=plain)
    assert result.code == 0, result.stderr
    assert result.stdout.count(b"|PLUS|") == 2
    gff = written(tmp_path / "g.gff3", GFF3.encode())
    ids = written(tmp_path / "ids.txt", MARK + b"G1\n")
    listed = annotate_toy("-A", gff, "--no-annotation-cache", "--transcripts", ids, stdin=plain)
    assert listed.stdout.count(b"|G1|") == 2


def test_score__reads_marked_lines_and_refuses_utf_16(cli, genome, toy_weights):
    fixed = ("-R", genome.fasta, "-A", genome.table, "--weights", toy_weights, "--device", "cpu")
    text = f"chr1:200:{genome.base('chr1', 200)}:{genome.other('chr1', 200)}\n"
    expected = cli("score", *fixed, stdin=text.encode())
    assert cli("score", *fixed, stdin=MARK + text.encode()).stdout == expected.stdout
    result = cli("score", *fixed, stdin=text.encode("utf-16"))
    assert result.code == 1
    assert result.stderr.startswith("Error: standard input is UTF-16 or UTF-32 text; UTF-8 expected.\n")
