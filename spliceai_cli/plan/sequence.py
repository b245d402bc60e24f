"""A transcript's own sequence: its strand, N outside its span.

Positions are in **transcript order**: on ``+`` the 0-based genomic position, on ``-`` its negative minus one, so that
they ascend along the transcript on both strands and no origin must be stored.
"""

from __future__ import annotations

from dataclasses import dataclass

from spliceai_cli.genome.bases import BASES, Codes, encode, reverse_complement
from spliceai_cli.genome.coords import Interval
from spliceai_cli.genome.fasta import Reference


def transcript_order(interval: Interval, strand: str) -> Interval:
    """Convert a genomic interval to transcript order, or back: the function is its own inverse.

    >>> transcript_order(Interval(10, 13), "-")
    Interval(start=-13, end=-10)
    """
    return interval if strand == "+" else Interval(-interval.end, -interval.start)


@dataclass(frozen=True)
class GeneSequence:
    """The bases of one transcript as codes; N outside its span and beyond the contig.

    Equal sequences have the same bases, so that edits on them can share a REF pass.

    Attributes:
        reference: the FASTA.
        chrom: the FASTA's own name of the contig.
        strand: strand of the transcript.
        span: interval of the transcript, in genomic order.
        table: byte -> code, see ``encode``.
    """

    reference: Reference
    chrom: str
    strand: str
    span: Interval
    table: bytes = BASES

    @property
    def transcript_span(self) -> Interval:
        """The span in transcript order."""
        return transcript_order(self.span, self.strand)

    def reference_bases(self, interval: Interval) -> str:
        """Letters of the + strand in a genomic interval, even outside the span."""
        return self.reference.fetch(self.chrom, *interval).decode("ascii")

    def codes(self, interval: Interval) -> Codes:
        """(L,) codes of an interval in transcript order."""
        start, end = transcript_order(interval, self.strand)
        first = min(max(start, self.span.start), end)
        last = max(min(end, self.span.end), first)
        bases = b"N" * (first - start) + self.reference.fetch(self.chrom, first, last) + b"N" * (end - last)
        codes = encode(bases, self.table)
        return codes if self.strand == "+" else reverse_complement(codes)
