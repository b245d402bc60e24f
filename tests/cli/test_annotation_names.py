"""Names of genes and of annotations from the command line: aliases, and build names that could be files."""

from __future__ import annotations

import shutil

import pytest
from support.records import vcf_text

REFSEQ = (
    "##gff-version 3\n"
    "1\tt\tgene\t101\t500\t.\t+\t.\tID=gene-NEW;Name=NEW;Dbxref=GeneID:2,HGNC:HGNC:2;gene_synonym=OLD,OLDER\n"
    "1\tt\texon\t101\t500\t.\t+\t.\tParent=gene-NEW\n"
    "1\tt\tgene\t401\t900\t.\t-\t.\tID=gene-OTHER;Name=OTHER\n"
    "1\tt\texon\t401\t900\t.\t-\t.\tParent=gene-OTHER\n"
)


@pytest.fixture
def gff(tmp_path):
    path = tmp_path / "refseq.gff3"
    path.write_text(REFSEQ)
    return path


@pytest.fixture
def snv(genome):
    """An SNV in both genes."""
    return ("chr1", 450, genome.base("chr1", 450), genome.other("chr1", 450))


def test_genes__an_outdated_symbol_meets_its_gene_and_is_noted(annotate_toy, gff, snv, tmp_path):
    names = tmp_path / "names.txt"
    names.write_text("OLD\n")
    options = ("-A", gff, "--no-annotation-cache", "--genes", names)
    result = annotate_toy(*options, stdin=vcf_text(snv))
    assert result.code == 0, result.stderr
    assert [value.split("|")[1] for value in result.records[0][7].split(",")] == ["NEW"]
    assert f"Warning: {names}: OLD is an alias of NEW in {gff}.\n" in result.stderr
    assert annotate_toy(*options, "-q", stdin=vcf_text(snv)).stderr == ""
    names.write_text("NEW\n")
    assert "alias" not in annotate_toy(*options, stdin=vcf_text(snv)).stderr


@pytest.mark.parametrize("name", ["OLD", "OLDER", "HGNC:2"])
def test_other_commands__meet_a_gene_by_alias(cli, gff, genome, toy_weights, snv, tmp_path, name):
    chosen = ("-A", gff, "--no-annotation-cache")
    computing = ("-R", genome.fasta, "--weights", toy_weights, "--device", "cpu")
    assert cli("genes", "show", name, *chosen).stdout.startswith(b"NEW\t")
    predicted = cli("predict", *computing, *chosen, "-g", name, "-O", "-", "--output-format", "tsv")
    assert (predicted.code, predicted.stdout.count(b"\tNEW\t"), predicted.stdout.count(b"OTHER")) == (0, 400, 0)
    picture = tmp_path / "x.html"
    assert cli("plot", ":".join(map(str, snv)), *computing, *chosen, "-g", name, "-o", picture).code == 0
    assert "NEW" in picture.read_text()
    assert "OTHER" not in picture.read_text()


@pytest.mark.parametrize("command", ["annotate", "genes show", "genes check", "table", "predict"])
def test_file_named_as_a_build__is_said_by_every_command(
    cli, annotate_toy, gff, genome, toy_weights, snv, tmp_path, monkeypatch, command
):
    monkeypatch.chdir(tmp_path)
    shutil.copy(gff, "hg38")
    scored = annotate_toy("-A", gff, "--no-annotation-cache", "-q", stdin=vcf_text(snv)).stdout
    computing = ("-R", genome.fasta, "--weights", toy_weights, "--device", "cpu")
    arguments = {
        "annotate": (*computing, "--no-annotation-cache"),
        "genes show": ("NEW", "--no-annotation-cache"),
        "genes check": ("-R", genome.fasta, "--no-annotation-cache"),
        "table": (),
        "predict": (*computing, "-r", "chr1:1-200", "-O", "-", "--output-format", "tsv", "--no-annotation-cache"),
    }[command]
    result = cli(*command.split(), "-A", "hg38", *arguments, stdin=scored)
    assert result.code == 0, result.stderr
    assert "Warning: -A hg38: the file hg38 is read; -A grch38 is the built-in table.\n" in result.stderr
