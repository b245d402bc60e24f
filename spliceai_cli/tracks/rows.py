"""Values of positions on their way into files."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from spliceai_cli.arrays import BoolArray, FloatArray, IntArray
from spliceai_cli.genome.coords import Interval


class Rows(NamedTuple):
    """Values of consecutive positions on one strand, in genomic order.

    Attributes:
        chrom: as the FASTA names it.
        start: of the first, 0-based.
        strand: ``"+"`` or ``"-"``.
        values: (n, columns).
        labels: what tells these rows from others of the same place, a gene's name for one; as many as the table has
            columns for.
    """

    chrom: str
    start: int
    strand: str
    values: FloatArray
    labels: tuple[str, ...] = ()

    @property
    def interval(self) -> Interval:
        """Their positions."""
        return Interval(self.start, self.start + len(self.values))


class Runs(NamedTuple):
    """Neighbours of the same value made one.

    Attributes:
        starts, ends: (n,) 0-based half-open, ascending.
        values: (n,).
    """

    starts: IntArray
    ends: IntArray
    values: NDArray[np.floating]

    @property
    def n_bases(self) -> int:
        """Positions in all of them."""
        return int((self.ends - self.starts).sum())


def runs(start: int, values: NDArray[np.floating], kept: BoolArray) -> Runs:
    """The positions that are kept, as runs.

    Args:
        start: of the first position, 0-based.
        values: (n,).
        kept: (n,) whether a position is wanted.
    """
    if not kept.any():
        return Runs(np.empty(0, np.int64), np.empty(0, np.int64), values[:0])
    begins = np.ones(len(values), bool)
    begins[1:] = (values[1:] != values[:-1]) | (kept[1:] != kept[:-1])
    starts = np.flatnonzero(begins)
    ends = np.append(starts[1:], len(values))
    wanted = kept[starts]
    return Runs(start + starts[wanted], start + ends[wanted], values[starts[wanted]])
