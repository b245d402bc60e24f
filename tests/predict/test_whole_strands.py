"""Whole strands answer as genes from end to end would."""

from __future__ import annotations

from spliceai_cli.genes.gene import Gene
from spliceai_cli.genes.index import GeneIndex
from spliceai_cli.predict.whole_strands import WholeStrands

LENGTHS = {"chr1": 10, "2": 3}


def test_whole_strands__answer_as_an_index_of_genes_from_end_to_end():
    genes = [Gene(".", chrom, strand, 0, n, ()) for chrom, n in LENGTHS.items() for strand in "+-"]
    index, strands = GeneIndex(genes, LENGTHS), WholeStrands(LENGTHS, "+-")

    def spans(found):
        return [(gene.symbol, gene.chrom, gene.strand, gene.start, gene.end, gene.exons) for gene in found]

    for chrom in ("chr1", "1", "2", "chr2", "3"):
        assert strands.has_contig(chrom) == index.has_contig(chrom)
        for start in range(-2, 13):
            for end in range(start, 14):
                assert spans(strands.overlapping(chrom, start, end)) == spans(index.overlapping(chrom, start, end))


def test_whole_strands__are_those_asked_for():
    [strand] = WholeStrands(LENGTHS, "-").overlapping("1", 4, 5)
    assert (strand.symbol, strand.strand, strand.start, strand.end, strand.exons) == (".", "-", 0, 10, ())
