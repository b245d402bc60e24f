"""Opening of the output files for a format and a file name."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, TypeVar

from spliceai_cli.arrays import BoolArray, FloatArray
from spliceai_cli.errors import OutputError, UsageError
from spliceai_cli.files.kinds import guess_type
from spliceai_cli.files.output import Output
from spliceai_cli.files.output_part import PartFile
from spliceai_cli.files.text_file import TextFile
from spliceai_cli.settings.checks import check_word
from spliceai_cli.settings.words import BEDGRAPH, BIGWIG, PARQUET, TRACK_FORMATS, TSV
from spliceai_cli.text import shown
from spliceai_cli.tracks.bedgraph import BedGraphFile
from spliceai_cli.tracks.columns import Columns
from spliceai_cli.tracks.rows import Rows
from spliceai_cli.tracks.table import TsvTable

if TYPE_CHECKING:
    from spliceai_cli.tracks.parquet import ParquetTable

File = TypeVar("File", bound=PartFile)

#: Formats that hold one value per position, and so need one file per column and strand.
SIGNALS = (BIGWIG, BEDGRAPH)

#: Strand -> its name in file names.
STRAND_NAMES = {"+": "plus", "-": "minus"}

_ENDINGS = {
    BIGWIG: r"\.bw|\.bigwig",
    BEDGRAPH: r"\.(?:bedgraph|bdg|bg)(?:\.b?gz)?",
    TSV: r"\.(?:tsv|txt)(?:\.b?gz)?",
    PARQUET: r"\.parquet|\.pq",
}


# Any text may have such a name; it is a table only if no format is given.
_TEXT = re.compile(r"\.txt(?:\.b?gz)?$", re.IGNORECASE)


class Sink(Protocol):
    """Anything that rows can be written to."""

    def write(self, rows: Rows) -> None:
        """Write rows."""


class _SignalFile(PartFile, Protocol):
    def add(self, chrom: str, start: int, values: FloatArray, kept: BoolArray) -> None: ...


@dataclass(frozen=True)
class Destination:
    """Where values are written, and how.

    Attributes:
        name: file name; for signals, the name from which those of the columns and strands are derived.
        format: one of ``settings.words.TRACK_FORMATS``.
        origin: provenance of the values, which is written to a separate file beside them; empty to write no such file.
        least: smaller probabilities are left out.
    """

    name: str
    format: str
    origin: bytes = b""
    least: float = 0.0

    def __post_init__(self) -> None:
        if isinstance(self.least, bool) or not isinstance(self.least, (int, float)) or not 0 <= self.least <= 1:
            raise UsageError(f"min_probability is {shown(self.least)}; 0 to 1 expected.")

    @property
    def is_signal(self) -> bool:
        """Whether each file holds one value per position."""
        return self.format in SIGNALS

    @property
    def is_stream(self) -> bool:
        """Whether the output is standard output, a pipe or a device, so that nothing written can be taken back."""
        path = Path(self.name)
        if self.is_signal:
            return False
        return self.name.startswith(("/dev/", "/proc/")) or self.name == "-" or (path.exists() and not path.is_file())

    @property
    def origin_name(self) -> str:
        """Name of the provenance file: ``out.bw`` -> ``out.bw.json``, ``{track}.bw`` -> ``all.bw.json``."""
        return re.sub(r"\{track\}|\{strand\}", "all", self.name) + ".json"

    def names(self, columns: Sequence[str], strands: Sequence[str]) -> list[str]:
        """Names of all files that hold values."""
        if not self.is_signal:
            return [self.name]
        return [self.signal_name(column, strand) for strand in strands for column in columns]

    def signal_name(self, column: str, strand: str) -> str:
        """Name of the file for a column on a strand: ``out.bw`` -> ``out.acceptor.plus.bw``.

        If the name contains ``{track}`` or ``{strand}``, these are replaced instead.
        """
        places = {"{track}": column, "{strand}": STRAND_NAMES[strand]}
        if not any(place in self.name for place in places):
            match = re.search(f"(?:{_ENDINGS[self.format]})$", self.name, re.IGNORECASE)
            end = match.start() if match else len(self.name)
            return f"{self.name[:end]}.{column}.{STRAND_NAMES[strand]}{self.name[end:] or _DEFAULT_ENDING[self.format]}"
        name = self.name
        for place, text in places.items():
            name = name.replace(place, text)
        return name


_DEFAULT_ENDING = {BIGWIG: ".bw", BEDGRAPH: ".bedGraph"}


def choose_format(name: str, asked: str | None) -> str:
    """The requested format, or else the one that the file name implies.

    Raises:
        UsageError: there is no such format, the name implies none or another, or the format cannot go to standard
            output.
    """
    if asked is not None:
        check_word("output format", asked, TRACK_FORMATS)
    named = next((kind for kind, ending in _ENDINGS.items() if re.search(f"(?:{ending})$", name, re.IGNORECASE)), None)
    if asked is not None and named not in (None, asked) and not _TEXT.search(name):
        raise UsageError(f"-O {name} names {named}, but --output-format is {asked}.", "Give it another ending.")
    output_format = asked or named
    if output_format is None:
        raise UsageError(
            f"the name '{name}' does not say what to write.",
            f"End it in .bw, .bedGraph, .bedGraph.gz, .tsv, .tsv.gz or .parquet, or give --output-format "
            f"{'|'.join(TRACK_FORMATS)}.",
        )
    if name == "-" and output_format != TSV:
        raise UsageError(f"{output_format} cannot go to standard output.", "Give -O a file name, or write TSV.")
    return output_format


@contextmanager
def open_sink(
    destination: Destination,
    columns: Columns,
    labels: Sequence[str],
    *,
    strands: Sequence[str],
    lengths: Mapping[str, int],
) -> Iterator[Sink]:
    """Open the output files; they get their final names only when the ``with`` block ends without an error.

    Args:
        destination: where to write.
        columns: columns of the values.
        labels: names of the label columns, for tables.
        strands: strands that will be written, for signals.
        lengths: lengths of the FASTA's contigs.

    Raises:
        OutputError: one cannot be written, two have the same name, or pyarrow is missing.
    """
    columns = columns.from_on(destination.least)
    with ExitStack() as stack:
        files = _Files(stack)
        if destination.is_signal:
            sink: Sink = _open_signals(files, destination, columns, strands, lengths)
        elif destination.format == PARQUET:
            sink = files.add(_open_parquet(destination.name, columns, labels))
        elif destination.is_stream:
            output = stack.enter_context(Output(destination.name, guess_type(destination.name)))
            sink = TsvTable(output, columns, labels)
        else:
            sink = TsvTable(files.add(TextFile(destination.name)), columns, labels)
        if destination.origin and not destination.is_stream:
            files.add(TextFile(destination.origin_name)).write(destination.origin)
        yield sink
        files.commit()


class _Files:
    """Files that get their final names together: none before all are complete.

    Args:
        stack: when it ends, the files are closed, and those that were not renamed are removed.
    """

    def __init__(self, stack: ExitStack) -> None:
        self._stack = stack
        self._all: list[PartFile] = []

    def add(self, file: File) -> File:
        self._stack.callback(file.discard)
        self._all.append(file)
        return file

    def commit(self) -> None:
        """Finish all, then rename all.

        Raises:
            OutputError: a file is incomplete, or cannot be renamed.
        """
        for file in self._all:
            file.finish()
        for file in self._all:
            file.commit()


class _Signals:
    """One file per column and strand.

    Args:
        columns: columns of the values.
        files: strand -> files, in the order of the columns.
    """

    def __init__(self, columns: Columns, files: Mapping[str, Sequence[_SignalFile]]) -> None:
        self._columns = columns
        self._files = files

    def write(self, rows: Rows) -> None:
        kept = self._columns.kept(rows.values)
        for file, values, is_kept in zip(self._files[rows.strand], rows.values.T, kept.T, strict=True):
            file.add(rows.chrom, rows.start, values, is_kept)


def _open_signals(
    files: _Files, destination: Destination, columns: Columns, strands: Sequence[str], lengths: Mapping[str, int]
) -> _Signals:
    every = destination.names(columns.names, strands)
    if len(set(every)) < len(every):
        raise UsageError(
            f"several of {len(every)} tracks would go to one file named after '{destination.name}'.",
            "Write both {track} and {strand} into the name, or neither.",
        )

    def open_file(name: str) -> _SignalFile:
        if destination.format == BEDGRAPH:
            return BedGraphFile(name)
        # Imported late, because it takes time that other formats need not wait for.
        from spliceai_cli.tracks.bigwig import BigWigFile

        return BigWigFile(name, lengths)

    opened = [files.add(open_file(name)) for name in every]
    n = len(columns.names)
    return _Signals(columns, {strand: opened[i * n : (i + 1) * n] for i, strand in enumerate(strands)})


def _open_parquet(name: str, columns: Columns, labels: Sequence[str]) -> ParquetTable:
    try:
        from spliceai_cli.tracks.parquet import ParquetTable
    except ModuleNotFoundError as error:
        raise OutputError(
            "Parquet needs the package pyarrow, which is not installed.",
            "pip install 'spliceai-cli[parquet]', or write TSV.",
        ) from error
    return ParquetTable(name, columns, labels)
