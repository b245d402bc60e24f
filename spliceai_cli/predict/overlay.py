"""Merging of overlapping rows into one value per position."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np

from spliceai_cli.arrays import FloatArray
from spliceai_cli.tracks.columns import Columns
from spliceai_cli.tracks.rows import Rows


def overlay(rows: Iterable[Rows], columns: Columns) -> Iterator[Rows]:
    """Merge rows so that they do not overlap; holds in memory only those that later rows may still overlap.

    Args:
        rows: rows of one strand, ascending by start within a contig.
        columns: decides between values of the same position.
    """
    held: Rows | None = None
    for new in rows:
        if held is None or new.chrom != held.chrom or new.start >= held.interval.end:
            if held is not None:
                yield held
            held = new
            continue
        n_done = new.start - held.start
        if n_done:
            yield held._replace(values=held.values[:n_done])
        held = new._replace(values=_joined(held.values[n_done:], new.values, columns))
    if held is not None:
        yield held


def _joined(first: FloatArray, second: FloatArray, columns: Columns) -> FloatArray:
    """Merge values that begin at the same position; the longer array continues unmerged where the other ends."""
    n = min(len(first), len(second))
    rest = first[n:] if len(first) > n else second[n:]
    return np.concatenate((columns.stronger(first[:n], second[:n]), rest))
