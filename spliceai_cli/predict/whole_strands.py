"""Whole strands of contigs, where no genes are asked for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from spliceai_cli.genes.gene import Gene
from spliceai_cli.genome.coords import ContigNames

#: Symbol where no gene is looked for.
NO_GENE = "."


class WholeStrand(Gene):
    """A strand of a contig from end to end, in the place of a gene: without a name of its own, and without exons."""

    def __init__(self, chrom: str, strand: str, length: int) -> None:
        super().__init__(NO_GENE, chrom, strand, 0, length, exons=())


class WholeStrands:
    """Answers as a ``GeneIndex`` does, with the strands of the contig: alleles see the genome around them.

    Args:
        lengths: of the FASTA's contigs.
        strands: wanted.
    """

    def __init__(self, lengths: Mapping[str, int], strands: Sequence[str]) -> None:
        self._names = ContigNames(lengths)
        self._by_chrom = {
            chrom: tuple(WholeStrand(chrom, strand, length) for strand in strands) for chrom, length in lengths.items()
        }

    def has_contig(self, chrom: str) -> bool:
        """Whether the FASTA has ``chrom``, under any spelling."""
        return self._names.find(chrom) is not None

    def overlapping(self, chrom: str, start: int, end: int) -> tuple[Gene, ...]:
        """The strands of ``chrom`` if ``start`` to ``end`` (0-based half-open) has a base on it."""
        name = self._names.find(chrom)
        if name is None:
            return ()
        return tuple(strand for strand in self._by_chrom[name] if strand.covers(start, end))
