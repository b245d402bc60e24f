"""The worked example of docs/training.md, with its own words, on a small genome and with small networks."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
from support import builders

PAGE = Path(__file__).parents[2] / "docs" / "training.md"
SMALL = ("context=80", "channels=4", "networks=1", "window=100", "batch=4", "margin=5", "epochs=1")
EXONS = ((0, 80), (160, 240), (320, 400))


@pytest.fixture
def example():
    """The blocks of the section: language and content."""
    section = re.search(r"^## Another species.*?(?=^## )", PAGE.read_text("utf-8"), re.MULTILINE | re.DOTALL)[0]
    return re.findall(r"^```(\w+)\n(.*?)^```$", section, re.MULTILINE | re.DOTALL)


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """Ten genes on each of two contigs, of which one is for the test; and a variant in one of them."""
    monkeypatch.chdir(tmp_path)
    genes = [
        builders.gene(f"G{chrom}.{i}", chrom, "+-"[i % 2], 500 * i, 500 * i + 400,
                      *((500 * i + start, 500 * i + end) for start, end in EXONS))
        for chrom in ("1", "23") for i in range(10)
    ]  # fmt: skip
    bases = {f"chr{chrom}": builders.random_bases(5000, int(chrom)) for chrom in ("1", "23")}
    contigs = builders.spliced(bases, genes)
    builders.write_fasta(tmp_path / "zebrafish.fa", contigs)
    lines = []
    for gene in genes:
        ids = f'gene_id "{gene.symbol}"; transcript_id "T{gene.symbol}"; gene_biotype "protein_coding"; '
        ids += 'transcript_biotype "protein_coding";'
        spans = [("gene", gene.start, gene.end), ("transcript", gene.start, gene.end)]
        for kind, start, end in (*spans, *(("exon", *exon) for exon in gene.exons)):
            lines.append("\t".join((gene.chrom, "x", kind, str(start + 1), str(end), ".", gene.strand, ".", ids)))
    (tmp_path / "zebrafish.gtf.gz").write_text("\n".join(lines) + "\n")
    ref = contigs["chr1"][169]
    builders.write_vcf(tmp_path / "in.vcf", [("1", 170, ref, "A" if ref != "A" else "C")])
    return tmp_path


def test_example__runs_as_it_stands(cli, one_thread, example, folder):
    (_, check), (_, recipe), (_, use) = example
    (folder / "zebrafish.toml").write_text(recipe)
    shown = []
    for line in (*check.splitlines(), *use.splitlines()):
        program, *arguments = shlex.split(line)
        if arguments[0] == "train":
            arguments += [text for change in SMALL for text in ("--with", change)]
        command = ["annotate", *arguments] if program == "spliceai-annotate" else arguments
        done = cli(*command)
        assert done.code == 0, f"{line}\n{done.stderr}"
        shown.append(done.stdout.decode())
    assert "GT-AG\t" in shown[0]
    assert "| Zebrafish | 10 | acceptor | 20 |" in shown[2]
    assert "Zebrafish_cal=" in (folder / "out.vcf").read_text()
