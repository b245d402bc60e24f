"""Whole strands of contigs, which replace genes when none are requested."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from spliceai_cli.genes.gene import Gene
from spliceai_cli.genome.coords import ContigNames

#: Symbol of a whole strand, which is not a gene.
NO_GENE = "."


class WholeStrand(Gene):
    """A whole strand of a contig, used instead of a gene; it has no name of its own and no exons."""

    def __init__(self, chrom: str, strand: str, length: int) -> None:
        super().__init__(NO_GENE, chrom, strand, 0, length, exons=())


class WholeStrands:
    """Drop-in replacement for ``GeneIndex`` that returns whole strands, so that alleles see the genome around them.

    Args:
        lengths: lengths of the FASTA's contigs.
        strands: strands to return.
    """

    def __init__(self, lengths: Mapping[str, int], strands: Sequence[str]) -> None:
        self._names = ContigNames(lengths)
        self._by_chrom = {
            chrom: tuple(WholeStrand(chrom, strand, length) for strand in strands) for chrom, length in lengths.items()
        }

    def has_contig(self, chrom: str) -> bool:
        """Whether the FASTA has ``chrom``, under any usual spelling."""
        return self._names.find(chrom) is not None

    def overlapping(self, chrom: str, start: int, end: int) -> tuple[Gene, ...]:
        """The strands of ``chrom`` if any base of ``start`` to ``end`` (0-based half-open) lies on it."""
        name = self._names.find(chrom)
        if name is None:
            return ()
        return tuple(strand for strand in self._by_chrom[name] if strand.covers(start, end))
