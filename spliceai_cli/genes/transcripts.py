"""The transcripts of an annotation, stored in columns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from spliceai_cli.arrays import BoolArray, IntArray
from spliceai_cli.genes.gene import Gene
from spliceai_cli.genes.left_out import LeftOut
from spliceai_cli.genome.coords import Interval

#: Tags that decide which transcript represents a gene, as bits of ``Transcripts.tags``.
MANE_SELECT, MANE_PLUS_CLINICAL, ENSEMBL_CANONICAL = 1, 2, 4

#: ``Transcripts.appris`` of a transcript that is not principal.
NOT_PRINCIPAL = 9

_STRANDS = "+-"
_MANE = {MANE_SELECT: "MANE_Select", MANE_PLUS_CLINICAL: "MANE_Plus_Clinical"}


@dataclass(frozen=True, eq=False)
class Ranges:
    """Lists of intervals of different lengths.

    Attributes:
        first: (n + 1,) index of the first interval of each list.
        bounds: (intervals, 2) starts and ends, 0-based half-open.
    """

    first: IntArray
    bounds: IntArray

    @classmethod
    def of(cls, lists: Sequence[Sequence[tuple[int, int]]]) -> Ranges:
        """Build ranges from lists of intervals."""
        first = np.zeros(len(lists) + 1, dtype=np.int64)
        np.cumsum([len(intervals) for intervals in lists], out=first[1:])
        flat = [bound for intervals in lists for interval in intervals for bound in interval]
        return cls(first, np.array(flat, dtype=np.int64).reshape(-1, 2))

    def __getitem__(self, row: int) -> tuple[Interval, ...]:
        """The intervals of one list."""
        return tuple(Interval(*pair) for pair in self.bounds[self.first[row] : self.first[row + 1]].tolist())

    def lengths(self) -> IntArray:
        """(n,) total number of bases in each list."""
        covered = np.zeros(len(self.bounds) + 1, dtype=np.int64)
        np.cumsum(self.bounds[:, 1] - self.bounds[:, 0], out=covered[1:])
        return covered[self.first[1:]] - covered[self.first[:-1]]


@dataclass(frozen=True, eq=False)
class Transcripts:
    """All transcripts of a file, in its order. GENCODE has 385,000: one object each would be slow.

    Attributes:
        gene_ids, symbols, biotypes, aliases: one entry per gene.
        ids: transcript IDs, with versions.
        gene: (n,) row of each transcript's gene.
        chroms: names of contigs.
        chrom: (n,) row of each transcript's contig.
        is_minus: (n,) strand.
        spans: (n, 2) start and end, 0-based half-open.
        tags: (n,) bits, see ``MANE_SELECT``.
        appris: (n,) 1 to 5 for principal transcripts, best first; else ``NOT_PRINCIPAL``.
        exons: exons of each transcript, ascending.
        coding: coding parts of each transcript including the stop codon, ascending.
        phase: (n,) bases of the first coding part, in transcript order, before its first whole codon.
        left_out: parts of the file that are not used.
        lengths: contig lengths that the file gives.
        chromosomes: contig -> its chromosome according to the file.
    """

    gene_ids: Sequence[str]
    symbols: Sequence[str]
    biotypes: Sequence[str]
    aliases: Sequence[Sequence[str]]
    ids: Sequence[str]
    gene: IntArray
    chroms: Sequence[str]
    chrom: IntArray
    is_minus: BoolArray
    spans: IntArray
    tags: IntArray
    appris: IntArray
    exons: Ranges
    coding: Ranges
    phase: IntArray
    left_out: LeftOut
    lengths: Mapping[str, int]
    chromosomes: Mapping[str, str]

    def __len__(self) -> int:
        return len(self.ids)

    def make_gene(self, row: int) -> Gene:
        """One transcript, under the symbol of its gene."""
        gene = int(self.gene[row])
        start, end = self.spans[row].tolist()
        return Gene(
            symbol=self.symbols[gene],
            chrom=self.chroms[int(self.chrom[row])],
            strand=_STRANDS[int(self.is_minus[row])],
            start=start,
            end=end,
            exons=self.exons[row],
            gene_id=self.gene_ids[gene],
            transcript_id=self.ids[row],
            biotype=self.biotypes[gene],
            coding=self.coding[row],
            phase=int(self.phase[row]),
            aliases=tuple(self.aliases[gene]),
            mane=next((name for bit, name in _MANE.items() if int(self.tags[row]) & bit), ""),
        )
