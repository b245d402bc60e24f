"""Base-by-base values on their way into files."""

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
        start: first position, 0-based.
        strand: ``"+"`` or ``"-"``.
        values: (n, columns).
        labels: texts that distinguish these rows from others at the same positions, e.g. the gene's name; one per label
            column of the table.
    """

    chrom: str
    start: int
    strand: str
    values: FloatArray
    labels: tuple[str, ...] = ()

    @property
    def interval(self) -> Interval:
        """Positions of the rows."""
        return Interval(self.start, self.start + len(self.values))


class Runs(NamedTuple):
    """Runs of neighbouring positions with the same value.

    Attributes:
        starts, ends: (n,) 0-based half-open, ascending.
        values: (n,).
    """

    starts: IntArray
    ends: IntArray
    values: NDArray[np.floating]

    @property
    def n_bases(self) -> int:
        """Positions in all runs."""
        return int((self.ends - self.starts).sum())


def runs(start: int, values: NDArray[np.floating], kept: BoolArray) -> Runs:
    """The kept positions, as runs of equal values.

    Args:
        start: first position, 0-based.
        values: (n,).
        kept: (n,) whether to keep each position.
    """
    if not kept.any():
        return Runs(np.empty(0, np.int64), np.empty(0, np.int64), values[:0])
    begins = np.ones(len(values), bool)
    begins[1:] = (values[1:] != values[:-1]) | (kept[1:] != kept[:-1])
    starts = np.flatnonzero(begins)
    ends = np.append(starts[1:], len(values))
    wanted = kept[starts]
    return Runs(start + starts[wanted], start + ends[wanted], values[starts[wanted]])
