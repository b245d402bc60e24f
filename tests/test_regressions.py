"""What used to go wrong, each with the input that showed it."""

from __future__ import annotations

import io
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from support import builders

from spliceai_cli import Compute, Scorer, Variant
from spliceai_cli.errors import ReferenceGenomeError, UsageError
from spliceai_cli.files.atomic import Part
from spliceai_cli.files.output import Output
from spliceai_cli.genome.coords import Region
from spliceai_cli.genome.fasta import Reference
from spliceai_cli.vcf.lines import open_lines

HEADER = builders.VCF_HEADER


def test_fasta__index_that_is_stale_in_the_middle_is_refused(tmp_path):
    """Only the first contigs and the last were compared; line ends of the moved one were scored as N."""
    contigs = {f"c{i}": builders.random_bases(200, seed=i) for i in range(20)}
    path = builders.write_fasta(tmp_path / "x.fa", contigs)
    Reference(path)
    contigs["c11"] += "ACGT"
    contigs["c12"] = contigs["c12"][4:]
    builders.write_fasta(path, contigs)
    with pytest.raises(ReferenceGenomeError, match="contig c12 does not begin where it says"):
        Reference(path)


def test_fasta__two_contigs_of_one_name_are_told(tmp_path):
    path = tmp_path / "x.fa"
    path.write_text(">a\nACGT\n>b\nACGT\n>a\nGGGG\n")
    with pytest.raises(ReferenceGenomeError, match="is there a name twice"):
        Reference(path)


def test_vcf__line_of_tabs_is_malformed(annotate_toy, genome, tmp_path):
    """It was taken for a blank line and split its record in two."""
    vcf = builders.write_vcf(tmp_path / "in.vcf", [("chr1", 150, genome.base("chr1", 150), "N")])
    vcf.write_text(vcf.read_text() + "\t\t\n")
    result = annotate_toy("-I", vcf)
    assert result.code == 1
    assert "line 4" in result.stderr


@pytest.mark.parametrize("which", ["fasta", "table", "fai"])
def test_output__never_replaces_an_input(annotate_toy, genome, tmp_path, which):
    vcf = builders.write_vcf(tmp_path / "in.vcf", [("chr1", 150, genome.base("chr1", 150), "N")])
    Reference(genome.fasta)
    target = {"fasta": genome.fasta, "table": genome.table, "fai": Path(f"{genome.fasta}.fai")}[which]
    before = target.read_bytes()
    result = annotate_toy("-I", vcf, "-O", target)
    assert result.code == 2
    assert "are the same file" in result.stderr
    assert target.read_bytes() == before


def test_output__dev_stdout_appends_to_what_stdout_is(genome, toy_weights, tmp_path):
    """It was replaced by rename where it leads to a regular file."""
    vcf = builders.write_vcf(tmp_path / "in.vcf", [("chr1", 150, genome.base("chr1", 150), "N")])
    target = tmp_path / "out.txt"
    target.write_text("precious\n")
    command = [sys.executable, "-m", "spliceai_cli", "annotate", "-I", vcf, "-O", "/dev/stdout", "-q", "--threads", "1"]
    with target.open("ab") as handle:
        subprocess.run(
            [*command, "-R", genome.fasta, "-A", genome.table, "--weights", toy_weights], stdout=handle, check=True
        )
    lines = target.read_text().splitlines()
    assert lines[:2] == ["precious", "##fileformat=VCFv4.2"]
    assert lines[-1].startswith("chr1\t150\t")


def test_output__temporary_names_do_not_depend_on_the_process(tmp_path):
    """Containers that share a folder have equal process numbers."""
    target = tmp_path / "out.vcf"
    assert Part(target).path != Part(target).path
    with Output(str(target), "v") as one:
        one.write(b"one\n")
        with Output(str(target), "v") as two:
            two.write(b"two\n")
        assert target.read_bytes() == b"two\n"
    assert target.read_bytes() == b"one\n"
    assert sorted(tmp_path.iterdir()) == [target]


def test_input__packed_vcf_that_arrives_in_pieces(tmp_path, monkeypatch):
    """Its format was judged by the first piece, however small."""
    packed = tmp_path / "in.vcf.gz"
    with Output(str(packed), "z") as output:
        output.write(HEADER.encode())
    reading, writing = os.pipe()
    raw = packed.read_bytes()
    if os.fork() == 0:
        os.close(reading)
        for piece in (raw[:1], raw[1:10], raw[10:]):
            os.write(writing, piece)
            time.sleep(0.05)
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading, "rb") as stream:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(stream))
        with open_lines("-") as lines:
            assert b"".join(lines) == HEADER.encode()
    os.wait()


@pytest.mark.parametrize(
    "text", ["chr1:abc", "1:,", "chr1:", ":", "{1:200", "1:200}", "HLA-A*01:01:5", "1:" + "9" * 5000]
)
def test_region__malformed_is_an_error(text):
    """It was taken for the name of a contig that nothing is on, and gave an empty VCF."""
    with pytest.raises(UsageError):
        Region.parse(text)


def test_region__on_an_unknown_contig_is_a_warning(annotate_toy, genome, tmp_path):
    vcf = builders.write_vcf(tmp_path / "in.vcf", [("chr1", 150, genome.base("chr1", 150), "N")])
    result = annotate_toy("-I", vcf, "-r", "chr9")
    assert result.code == 0
    assert "has a contig chr9" in result.stderr


def test_region__keeps_the_telomere(annotate_toy, tmp_path, genome):
    """POS 0 is the place before the first base."""
    rows = [("chr1", 0, "N", "A"), ("chr1", 150, genome.base("chr1", 150), "N")]
    vcf = builders.write_vcf(tmp_path / "in.vcf", rows)
    assert [row[1] for row in annotate_toy("-I", vcf, "-r", "chr1").records] == ["0", "150"]


def test_table__symbol_that_would_break_info_is_refused(annotate_toy, genome, tmp_path):
    vcf = builders.write_vcf(tmp_path / "in.vcf", [("chr1", 150, genome.base("chr1", 150), "N")])
    builders.write_table(genome.table, [builders.gene("A;B|C", "1", "+", 100, 500)])
    result = annotate_toy("-I", vcf)
    assert result.code == 1
    assert "line 2: the name 'A;B|C' cannot stand in INFO" in result.stderr


def test_alt__of_no_ascii_is_left_out_in_compat(annotate_toy, genome, tmp_path):
    vcf = builders.write_vcf(tmp_path / "in.vcf", [("chr1", 150, genome.base("chr1", 150), "é")])
    assert annotate_toy("-I", vcf, "--compat", "1.3.1").code == 0
    assert annotate_toy("-I", vcf).code == 0


@pytest.mark.parametrize("name", ["cpu:", "cuda:²", "cuda:", "gpu"])
def test_device__odd_names_are_wrong_usage(annotate_toy, tmp_path, name):
    vcf = builders.write_vcf(tmp_path / "in.vcf", [])
    result = annotate_toy("-I", vcf, "--device", name)
    assert result.code == 2
    assert f"unknown device '{name}'" in result.stderr


def test_distance__that_cannot_fit_in_memory_is_told_before_work_starts(annotate_toy, tmp_path):
    vcf = builders.write_vcf(tmp_path / "in.vcf", [])
    result = annotate_toy("-I", vcf, "-D", str(10**12))
    assert result.code == 2
    assert "is too little for -D 1000000000000" in result.stderr


@pytest.mark.parametrize("values", [{"engine": "zzz"}, {"batch_size": 0}, {"batch_size": -1}, {"memory": 0}], ids=str)
def test_compute__out_of_range_is_an_error(values):
    with pytest.raises(UsageError):
        Compute(**values)


def test_scorer__empty_ref_is_a_mismatch(genome, toy_weights):
    """It agreed with any FASTA and was scored."""
    scorer = Scorer(reference=genome.fasta, annotation=genome.table, compute=Compute(weights=str(toy_weights)))
    [outcome] = scorer.score([Variant._make(("chr1", 200, "", "A", None))])
    assert outcome.reason is not None
    assert outcome.reason.code == "ref-mismatch"


def test_tables__missing_value_is_no_score(cli, home, tmp_path):
    vcf = tmp_path / "x.vcf"
    vcf.write_text(
        HEADER.replace("#CHROM", "##INFO=<ID=SpliceAI,Number=.,Type=String>\n#CHROM")
        + "1\t5\t.\tA\tC\t.\t.\tSpliceAI=.\n"
    )
    result = cli("table", vcf)
    assert result.code == 0, result.stderr
    assert result.stdout.decode().split() == ["VARIANT", "GENE", "AG", "AL", "DG", "DL", "READING"]


def test_tables__refuses_what_was_never_annotated(cli, home, tmp_path):
    result = cli("table", builders.write_vcf(tmp_path / "x.vcf", []))
    assert result.code == 1
    assert "has no INFO/SpliceAI" in result.stderr
