"""One gene in many dialects is one gene, with the numbers of its first publisher."""

from __future__ import annotations

from dataclasses import replace

import pytest
from support import builders
from support.dialects import DIALECTS

from spliceai_cli.genes.annotation import read_annotation
from spliceai_cli.genes.selection import Selection
from spliceai_cli.genome.coords import Interval

RYR1_SCORE = "T|RYR1|0.00|0.00|0.91|0.08|-28|-46|-2|-31"


@pytest.fixture(scope="session")
def ryr1(shared):
    """RYR1's three isoforms that reach over 19:38467722, of Ensembl 91: the gene is on the plus strand."""
    found = read_annotation(shared / "annotation" / "GRCh38.chr19.ensembl91.gff3.gz", Selection("all")).genes
    isoforms = [gene for gene in found if gene.symbol == "RYR1" and gene.coding]
    assert [gene.transcript_id for gene in isoforms][:2] == ["ENST00000355481.8", "ENST00000359596.7"]
    return isoforms


def toy(strand):
    """Two isoforms whose coding parts begin and end within exons."""
    one = builders.gene("RYR1", "19", strand, 100, 900, (100, 180), (260, 330), (850, 900))
    two = builders.gene("RYR1", "19", strand, 100, 900, (100, 180), (400, 470), (850, 900))
    return [
        replace(one, coding=(Interval(120, 180), Interval(260, 300))),
        replace(two, coding=(Interval(120, 180), Interval(400, 410))),
    ]


@pytest.mark.parametrize("strand", ["+", "-"])
@pytest.mark.parametrize("dialect", DIALECTS)
def test_dialect__has_the_gene_once_with_all_its_isoforms(tmp_path, dialect, strand):
    path = tmp_path / "a.txt"
    path.write_text(DIALECTS[dialect](toy(strand)))
    found = read_annotation(path, Selection("all", strict=True))
    n_isoforms = 1 if dialect in ("jgi", "one-id-for-gene-and-transcript") else 2
    for gene, one in zip(found.genes, toy(strand)[:n_isoforms], strict=True):
        assert (gene.symbol, gene.strand, gene.start, gene.end) == ("RYR1", strand, one.start, one.end)
        assert (gene.exons, gene.coding, gene.phase) == (one.exons, one.coding, 0)
    assert len(read_annotation(path, Selection()).genes) == 1


@pytest.mark.weights
@pytest.mark.golden
@pytest.mark.parametrize("dialect", DIALECTS)
def test_dialect__gives_the_numbers_of_ensembl(cli, store, chr19, ryr1, tmp_path, dialect):
    path = tmp_path / "a.txt"
    path.write_text(DIALECTS[dialect](ryr1))
    vcf = builders.write_vcf(tmp_path / "in.vcf", [("19", 38467722, "C", "T")])
    result = cli("annotate", "-I", vcf, "-R", chr19, "-A", path, "--no-annotation-cache")
    assert [fields[7] for fields in result.records] == [f"SpliceAI={RYR1_SCORE}"]
