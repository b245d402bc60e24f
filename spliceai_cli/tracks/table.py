"""TSV tables with one row per position and strand."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np

from spliceai_cli.tracks.columns import Columns
from spliceai_cli.tracks.rows import Rows
from spliceai_cli.tracks.text import DECIMALS, as_printed

#: Columns before the labels and the values.
PLACE = ("chrom", "pos", "strand")


class Text(Protocol):
    """Anything that text can be written to."""

    def write(self, data: bytes) -> None:
        """Append text."""


class TsvTable:
    """A tab-separated table with a heading.

    Args:
        output: where to write.
        columns: columns of the values.
        labels: names of the columns between the position and the values.
    """

    def __init__(self, output: Text, columns: Columns, labels: Sequence[str]) -> None:
        self._output = output
        self._columns = columns
        output.write(("\t".join((*PLACE, *labels, *columns.names)) + "\n").encode())
        self._values = "\t".join([f"%.{DECIMALS}f"] * len(columns.names)) + "\n"

    def write(self, rows: Rows) -> None:
        """Add a row for each position that has a value worth writing."""
        at = np.flatnonzero(self._columns.kept(rows.values).any(axis=1))
        before = f"{rows.chrom}\t"
        after = "\t".join(("", rows.strand, *rows.labels, ""))
        values = as_printed(rows.values[at])
        lines = zip((rows.start + 1 + at).tolist(), map(tuple, values.tolist()), strict=True)
        # Formatted separately from the texts, which may contain a %.
        form = self._values
        self._output.write("".join([f"{before}{pos}{after}{form % row}" for pos, row in lines]).encode())
