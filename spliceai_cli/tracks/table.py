"""Tables with a row for each position and strand: TSV."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import repeat

import numpy as np

from spliceai_cli.output import Output
from spliceai_cli.tracks.columns import Columns
from spliceai_cli.tracks.rows import Rows
from spliceai_cli.tracks.text import DECIMALS, as_printed

#: Columns before the labels and the values.
PLACE = ("chrom", "pos", "strand")


class TsvTable:
    """Tab-separated, with a heading.

    Args:
        output: where to.
        columns: of the values.
        labels: columns between place and values.
    """

    def __init__(self, output: Output, columns: Columns, labels: Sequence[str]) -> None:
        self._output = output
        self._columns = columns
        output.write(("\t".join((*PLACE, *labels, *columns.names)) + "\n").encode())
        self._values = "\t".join([f"%.{DECIMALS}f"] * len(columns.names))

    def write(self, rows: Rows) -> None:
        """Add a line for each position that has a value worth writing."""
        at = np.flatnonzero(self._columns.kept(rows.values).any(axis=1))
        before = f"{rows.chrom}\t"
        after = "\t".join(("", rows.strand, *rows.labels, self._values)) + "\n"
        values = as_printed(rows.values[at])
        lines = zip((rows.start + 1 + at).tolist(), map(tuple, values.tolist()), repeat(after), strict=False)
        self._output.write("".join([f"{before}{pos}{form % found}" for pos, found, form in lines]).encode())
