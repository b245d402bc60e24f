"""A gene's own sequence: its strand, N outside its span.

Positions are in **transcript order**: on ``+`` the 0-based genomic position, on ``-`` its negative less one, so that
they ascend along the transcript on both strands and no origin has to be carried around.
"""

from __future__ import annotations

from spliceai_cli.coords import Interval
from spliceai_cli.encode import BASES, Codes, encode, reverse_complement
from spliceai_cli.fasta import Reference
from spliceai_cli.gene import Gene


def transcript_order(interval: Interval, strand: str) -> Interval:
    """A genomic interval in transcript order; on either strand its own inverse.

    >>> transcript_order(Interval(10, 13), "-")
    Interval(start=-13, end=-10)
    """
    return interval if strand == "+" else Interval(-interval.end, -interval.start)


class GeneSequence:
    """The bases of one gene as codes; N outside the transcript and beyond the contig.

    Args:
        gene: the gene.
        reference: the FASTA.
        chrom: the FASTA's own name of the gene's contig.
        table: byte -> code, see ``encode``.
    """

    def __init__(self, gene: Gene, reference: Reference, chrom: str, table: bytes = BASES) -> None:
        self.gene = gene
        self._reference = reference
        self._chrom = chrom
        self._table = table

    def codes(self, interval: Interval) -> Codes:
        """(L,) codes of an interval in transcript order."""
        start, end = transcript_order(interval, self.gene.strand)
        first = min(max(start, self.gene.start), end)
        last = max(min(end, self.gene.end), first)
        bases = b"N" * (first - start) + self._reference.fetch(self._chrom, first, last) + b"N" * (end - last)
        codes = encode(bases, self._table)
        return codes if self.gene.strand == "+" else reverse_complement(codes)
