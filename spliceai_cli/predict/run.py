"""From a source of rows to files."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Protocol

from spliceai_cli.tracks.columns import Columns
from spliceai_cli.tracks.rows import Rows
from spliceai_cli.tracks.sinks import Destination, open_sink


class Source(Protocol):
    """Anything that yields rows."""

    @property
    def columns(self) -> Columns:
        """Columns of the values."""

    @property
    def labels(self) -> tuple[str, ...]:
        """Names of the label columns."""

    @property
    def n_bases(self) -> int:
        """Positions of all rows; signals may have fewer, because they merge overlaps."""

    @property
    def strands(self) -> tuple[str, ...]:
        """Strands that have rows."""

    def rows(self) -> Iterator[Rows]:
        """All rows, sorted by position; they may overlap."""

    def signals(self) -> Iterator[Rows]:
        """Rows with one value per position; each strand ascending, contigs in the order of the FASTA."""


def predict(
    source: Source, destination: Destination, lengths: Mapping[str, int], watch: Callable[[Rows], None]
) -> None:
    """Write the rows of a source.

    Args:
        source: yields the rows.
        destination: where to write.
        lengths: lengths of the FASTA's contigs.
        watch: called with rows once they are written.

    Raises:
        SpliceAICliError: any known failure; no output file is then left under its final name.
        BrokenPipeError: the reader of standard output has closed it.
    """
    with open_sink(destination, source.columns, source.labels, strands=source.strands, lengths=lengths) as sink:
        for rows in source.signals() if destination.is_signal else source.rows():
            sink.write(rows)
            watch(rows)
