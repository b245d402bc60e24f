"""From a source of rows to files."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Protocol

from spliceai_cli.tracks.columns import Columns
from spliceai_cli.tracks.rows import Rows
from spliceai_cli.tracks.sinks import Destination, open_sink


class Source(Protocol):
    """Gives rows."""

    @property
    def columns(self) -> Columns:
        """Of the values."""

    @property
    def labels(self) -> tuple[str, ...]:
        """Names of what tells rows apart."""

    @property
    def n_bases(self) -> int:
        """Positions of all rows, but for overlaps where signals are written."""

    @property
    def strands(self) -> tuple[str, ...]:
        """Those that rows are on."""

    def rows(self) -> Iterator[Rows]:
        """Everything, sorted by place; may overlap."""

    def signals(self) -> Iterator[Rows]:
        """One value a position; every strand ascending, contigs in the order of the FASTA."""


def predict(
    source: Source, destination: Destination, lengths: Mapping[str, int], watch: Callable[[Rows], None]
) -> None:
    """Write what a source gives.

    Args:
        source: of the rows.
        destination: where to.
        lengths: of the FASTA's contigs.
        watch: called for rows written.

    Raises:
        SpliceAICliError: any known failure; no output is then left under its name.
        BrokenPipeError: the reader of standard output has gone.
    """
    with open_sink(destination, source.columns, source.labels, strands=source.strands, lengths=lengths) as sink:
        for rows in source.signals() if destination.is_signal else source.rows():
            sink.write(rows)
            watch(rows)
