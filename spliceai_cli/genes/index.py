"""Finds the genes that cover an interval, in O(log n)."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable
from typing import Protocol

from spliceai_cli.genes.gene import Gene
from spliceai_cli.genome.coords import ContigNames, contig_key

# Ascending cuts, and the genes from each cut to the next.
_Pieces = tuple[list[int], list[tuple[int, ...]]]


class GeneLookup(Protocol):
    """Finds the genes that an allele lies in."""

    def has_contig(self, chrom: str) -> bool:
        """Whether there are genes on ``chrom``, under any spelling."""

    def overlapping(self, chrom: str, start: int, end: int) -> tuple[Gene, ...]:
        """Genes that cover at least one base of ``start`` to ``end`` (0-based half-open), in their order."""


class GeneIndex:
    """The genes of an annotation by position.

    Each contig is cut at every gene start and end; between two cuts the covering genes are the same, so a lookup is one
    bisection. grch38 has 19,305 genes in 38,000 pieces.

    Args:
        genes: in table order, which is also the order of results.
        contigs: names in the FASTA; two spellings of one name are distinct contigs if it has both.
    """

    def __init__(self, genes: Iterable[Gene], contigs: Iterable[str] = ()) -> None:
        self.genes: tuple[Gene, ...] = tuple(genes)
        self._known = ContigNames(contigs)
        by_chrom: dict[str, list[int]] = defaultdict(list)
        # A file merged from two may have 1 and chr1: they are one contig, under the first of its names.
        self._first: dict[str, str] = {}
        spelt: dict[str, str] = {}
        for row, gene in enumerate(self.genes):
            if gene.chrom not in spelt:
                spelt[gene.chrom] = self._first.setdefault(self._key(gene.chrom), gene.chrom)
            by_chrom[spelt[gene.chrom]].append(row)
        self._found: dict[str, str | None] = {}
        self._rows = by_chrom
        # Cut when first asked for: a single variant needs one contig.
        self._pieces: dict[str, _Pieces] = {}

    @property
    def chroms(self) -> Iterable[str]:
        """Contigs with genes, as the annotation spells them."""
        return self._rows.keys()

    def __len__(self) -> int:
        return len(self.genes)

    def has_contig(self, chrom: str) -> bool:
        """Whether the annotation has genes on ``chrom``, under any spelling."""
        return self._find(chrom) is not None

    def overlapping(self, chrom: str, start: int, end: int) -> tuple[Gene, ...]:
        """Genes that cover at least one base of ``start`` to ``end`` (0-based half-open), in table order.

        ``chrom`` may be spelled as in any file; an unknown contig has no genes.
        """
        name = self._find(chrom)
        if name is None:
            return ()
        if name not in self._pieces:
            self._pieces[name] = _cut(self.genes, self._rows[name])
        cuts, rows = self._pieces[name]
        first = bisect_right(cuts, start) - 1
        last = bisect_left(cuts, end)
        if last - first == 1:
            covering: Iterable[int] = rows[first] if first >= 0 else ()
        else:
            covering = sorted({row for piece in rows[max(0, first) : last] for row in piece})
        return tuple(self.genes[row] for row in covering) if covering else ()

    def _find(self, chrom: str) -> str | None:
        if chrom not in self._found:
            self._found[chrom] = self._first.get(self._key(chrom))
        return self._found[chrom]

    def _key(self, chrom: str) -> str:
        return self._known.find(chrom) or contig_key(chrom)


def _cut(genes: tuple[Gene, ...], rows: list[int]) -> _Pieces:
    """Cut one contig at gene ends: ascending cuts, and the genes from each cut to the next."""
    opening: dict[int, list[int]] = defaultdict(list)
    closing: dict[int, list[int]] = defaultdict(list)
    for row in rows:
        opening[genes[row].start].append(row)
        closing[genes[row].end].append(row)
    cuts = sorted(opening.keys() | closing.keys())
    open_rows: set[int] = set()
    pieces = []
    for cut in cuts:
        open_rows.difference_update(closing[cut])
        open_rows.update(opening[cut])
        pieces.append(tuple(sorted(open_rows)))
    return cuts, pieces
