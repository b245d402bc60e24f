"""Gene lookups."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support import builders

from spliceai_cli.genes.index import GeneIndex


@st.composite
def genes(draw):
    spans = st.tuples(st.sampled_from(["1", "2"]), st.integers(0, 40), st.integers(1, 15))
    drawn = draw(st.lists(spans, max_size=10))
    return [builders.gene(f"G{i}", chrom, "+", start, start + n) for i, (chrom, start, n) in enumerate(drawn)]


@settings(deadline=None)
@given(genes(), st.sampled_from(["1", "chr1", "2", "3"]), st.integers(-3, 60), st.integers(1, 20))
def test_overlapping__equals_a_scan_in_table_order(genes, chrom, start, n):
    name = chrom.removeprefix("chr")
    scan = tuple(gene for gene in genes if gene.chrom == name and gene.start < start + n and start < gene.end)
    assert GeneIndex(genes).overlapping(chrom, start, start + n) == scan


@settings(deadline=None)
@given(genes())
def test_index__knows_its_genes_and_contigs(genes):
    index = GeneIndex(genes)
    assert (len(index), set(index.chroms)) == (len(genes), {gene.chrom for gene in genes})
    assert index.has_contig("chr1") == ("1" in index.chroms)


@pytest.mark.parametrize("names", [("1", "chr1"), ("MT", "chrM"), ("NC_000001.11", "chr1"), ("1", "NC_000001.10")])
def test_overlapping__finds_genes_of_one_contig_under_two_spellings(names):
    """Genes of the second spelling used to be lost."""
    index = GeneIndex([builders.gene("A", names[0], "+", 10, 20), builders.gene("B", names[1], "+", 15, 25)])
    for chrom in names:
        assert [gene.symbol for gene in index.overlapping(chrom, 16, 17)] == ["A", "B"]


def test_overlapping__tells_contigs_apart_that_the_fasta_has_under_both_spellings():
    """A genome put together from two may have chr1 of one and Chr1 of the other."""
    genes = [builders.gene("A", "chr1", "+", 10, 20), builders.gene("B", "Chr1", "+", 10, 20)]
    for contigs in (["chr1", "Chr1"], ["Chr1", "chr1"]):
        index = GeneIndex(genes, contigs)
        for chrom, symbol in (("chr1", "A"), ("Chr1", "B")):
            assert [gene.symbol for gene in index.overlapping(chrom, 11, 12)] == [symbol]
    # Where the FASTA has one, both mean it.
    for chrom in ("chr1", "Chr1", "1"):
        assert len(GeneIndex(genes, ["1"]).overlapping(chrom, 11, 12)) == 2


def test_gene__covers_tx_start_plus_1_to_tx_end():
    index = GeneIndex([builders.gene("G", "1", "+", 100, 200)])
    found = [pos for pos in (100, 101, 200, 201) if index.overlapping("1", pos - 1, pos)]
    assert found == [101, 200]
