"""A transcript's exons in transcript order, in which both strands look alike."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from spliceai_cli.consequence.change import Change
from spliceai_cli.genes.gene import Gene
from spliceai_cli.genome.coords import Interval
from spliceai_cli.plan.sequence import transcript_order

#: Kinds of splice sites: the first base of an exon, and the last.
ACCEPTOR, DONOR = "acceptor", "donor"


def merged(exons: Iterable[Interval]) -> tuple[Interval, ...]:
    """Ascending exons without empty ones; those without a base between them are one.

    >>> merged([Interval(0, 5), Interval(5, 5), Interval(5, 9), Interval(12, 20)])
    (Interval(start=0, end=9), Interval(start=12, end=20))
    """
    found: list[Interval] = []
    for exon in exons:
        if found and exon.start <= found[-1].end:
            found[-1] = Interval(found[-1].start, max(found[-1].end, exon.end))
        elif exon.length:
            found.append(exon)
    return tuple(found)


@dataclass(frozen=True)
class Transcript:
    """The exons of a gene, 0-based half-open, ascending along the transcript (see ``plan.sequence``).

    Exons are counted from 0 here, and from 1 in everything that is shown.

    Attributes:
        gene: the gene.
        exons: exons; those without an intron between them are one.
        coding: first to last coding base, including introns; None if it is unknown or not coding.
    """

    gene: Gene
    exons: tuple[Interval, ...]
    coding: Interval | None

    @classmethod
    def of(cls, gene: Gene) -> Transcript:
        """The transcript of a gene."""
        exons = merged(sorted(transcript_order(exon, gene.strand) for exon in gene.exons))
        parts = [transcript_order(part, gene.strand) for part in gene.coding]
        coding = Interval(min(part.start for part in parts), max(part.end for part in parts)) if parts else None
        return cls(gene, exons, coding)

    def in_alt(self, change: Change) -> tuple[Interval, ...]:
        """The exons in ALT: those that an allele deletes are empty, those whose intron it deletes touch."""
        return tuple(map(change.span_to_alt, self.exons))

    @cached_property
    def introns(self) -> tuple[Interval, ...]:
        """Intron ``k`` follows exon ``k``."""
        return tuple(Interval(one.end, two.start) for one, two in zip(self.exons, self.exons[1:], strict=False))

    @cached_property
    def acceptors(self) -> dict[int, int]:
        """Position of each acceptor -> its exon; a transcript's first exon has none."""
        return {exon.start: k for k, exon in enumerate(self.exons) if k}

    @cached_property
    def donors(self) -> dict[int, int]:
        """Position of each donor -> its exon; a transcript's last exon has none."""
        return {exon.end - 1: k for k, exon in enumerate(self.exons[:-1])}

    def sites(self, kind: str) -> dict[int, int]:
        """Position of each site of a kind -> its exon."""
        return self.acceptors if kind == ACCEPTOR else self.donors

    def intron_with(self, pos: int) -> int | None:
        """The intron that a position lies in; None if it lies in an exon or outside the transcript."""
        return next((k for k, intron in enumerate(self.introns) if intron.start <= pos < intron.end), None)

    def exon_with(self, pos: int) -> int | None:
        """The exon that a position lies in; None if it lies in an intron or outside the transcript."""
        return next((k for k, exon in enumerate(self.exons) if exon.start <= pos < exon.end), None)

    def nearest_exon(self, changed: Interval) -> tuple[int, int]:
        """The exon nearest to changed bases, and the distance to it; 0 if they touch it.

        A tie takes the exon that comes first in the transcript. For an insertion, ``changed`` is empty, and the base
        before it counts.
        """
        first, last = changed.start, max(changed.start, changed.end - 1)

        def distance(k: int) -> int:
            exon = self.exons[k]
            return max(0, exon.start - last, first - (exon.end - 1))

        nearest = min(range(len(self.exons)), key=distance)
        return nearest, distance(nearest)

    def genomic(self, pos: int) -> int:
        """1-based genomic position of a position in transcript order."""
        return pos + 1 if self.gene.strand == "+" else -pos

    def position(self, genomic: int) -> int:
        """Position in transcript order of a 1-based genomic position."""
        return genomic - 1 if self.gene.strand == "+" else -genomic
