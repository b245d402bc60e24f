"""A gene as the networks see it: strand, transcript span and exons."""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import TypedDict

from spliceai_cli.genome.coords import Interval

#: Shorter gaps between exons are ribosomal slippage, frameshifts, introns of tRNA, or alignment errors.
SHORTEST_INTRON = 30

# Characters that a name in INFO/SpliceAI cannot contain.
_NOT_IN_NAME = re.compile(r"[\s\x00-\x1f\x7f,;=|]")


def is_name(text: str) -> bool:
    """Whether a text is valid as SYMBOL in INFO."""
    return bool(text) and not _NOT_IN_NAME.search(text)


class GeneIds(TypedDict):
    """What scores say about a gene besides its symbol, under the names of their fields."""

    gene_id: str
    transcript_id: str
    strand: str


@dataclass(frozen=True)
class Gene:
    """One transcript of a gene. Sequence outside ``start`` to ``end`` is N to the networks.

    Attributes:
        symbol: the name printed in SYMBOL.
        chrom: contig, as the annotation spells it.
        strand: ``"+"`` or ``"-"``.
        start, end: transcript span, 0-based half-open.
        exons: 0-based half-open, ascending.
        gene_id, transcript_id, biotype: as in the annotation; empty if it has none.
        aliases: other names of the gene: older symbols and its HGNC ID.
        mane: ``"MANE_Select"`` or ``"MANE_Plus_Clinical"``; empty for other transcripts, or if unknown.
        coding: coding parts of the exons including the stop codon, ascending; empty if unknown or not coding.
        phase: bases of the first coding part, in transcript order, before its first whole codon.
    """

    symbol: str
    chrom: str
    strand: str
    start: int
    end: int
    exons: tuple[Interval, ...]
    gene_id: str = ""
    transcript_id: str = ""
    biotype: str = ""
    coding: tuple[Interval, ...] = ()
    phase: int = 0
    aliases: tuple[str, ...] = ()
    mane: str = ""

    @property
    def names(self) -> tuple[str, str, str]:
        """Names that SYMBOL may show, in the order of ``settings.words.GENE_IDS``."""
        return self.symbol, self.gene_id, self.transcript_id

    @property
    def ids(self) -> GeneIds:
        """IDs and strand, for a score."""
        return {"gene_id": self.gene_id, "transcript_id": self.transcript_id, "strand": self.strand}

    @cached_property
    def introns(self) -> tuple[Interval, ...]:
        """Gaps between exons, ascending."""
        return tuple(Interval(one.end, two.start) for one, two in pairwise(self.exons) if one.end < two.start)

    @cached_property
    def edges(self) -> tuple[int, ...]:
        """First and last base of every exon, 1-based, ascending, each once; includes both transcript ends."""
        return tuple(sorted({pos for exon in self.exons for pos in (exon.start + 1, exon.end)}))

    @cached_property
    def acceptors(self) -> tuple[int, ...]:
        """Acceptor sites, 1-based, ascending: the 5' ends of all exons except the transcript's first."""
        if self.strand == "+":
            return tuple(exon.start + 1 for exon in self.exons[1:])
        return tuple(exon.end for exon in self.exons[:-1])

    @cached_property
    def donors(self) -> tuple[int, ...]:
        """Donor sites, 1-based, ascending: the 3' ends of all exons except the transcript's last."""
        if self.strand == "+":
            return tuple(exon.end for exon in self.exons[:-1])
        return tuple(exon.start + 1 for exon in self.exons[1:])

    def nearest_edge(self, pos: int) -> int | None:
        """Signed distance in bp from ``pos`` to the nearest exon edge; a tie goes to the lower coordinate.

        None if the gene has no exons.
        """
        edges = self.edges
        i = bisect_left(edges, pos)
        near = edges[max(0, i - 1) : i + 1]
        # min() keeps the first of equals and `near` ascends, so a tie takes the lower coordinate.
        return min((edge - pos for edge in near), key=abs, default=None)

    def covers(self, start: int, end: int) -> bool:
        """Whether any of the bases ``start`` to ``end`` (0-based half-open) lies in the transcript."""
        return Interval(self.start, self.end).overlaps(start, end)
