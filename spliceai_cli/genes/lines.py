"""Reads the lines of an annotation file, plain or gzip, and detects its kind."""

from __future__ import annotations

import gzip
import re
import zlib
from collections.abc import Iterator
from io import BufferedReader
from pathlib import Path
from typing import NamedTuple

from spliceai_cli.errors import AnnotationError
from spliceai_cli.files.byte_order import drop_mark
from spliceai_cli.genes.left_out import OddError
from spliceai_cli.genome.coords import Interval
from spliceai_cli.text import counted

TABLE, GTF, GFF3 = "table", "GTF", "GFF3"

_GZIP_MAGIC = b"\x1f\x8b"
_BUFFER_BYTES = 1 << 18
_N_COLUMNS = 9
_MAX_DIGITS = 18
_PHASES = {b"0": 0, b"1": 1, b"2": 2}
_GTF_ATTRIBUTE = re.compile(rb'\s*\w+\s+("|[^=\s]+\s*;)')
_GFF3_ATTRIBUTE = re.compile(rb"\s*[^\s=;]+=")

# Lines of undetectable kind may come first, such as the bare gene IDs in BRAKER's GTF.
_MAX_LINES_UNKNOWN = 10_000
_ACCEPTED = (
    "-A takes GTF, GFF3, or a gene table whose first line names its columns, plain or compressed by gzip or bgzip."
)
_BAD_POSITIONS = "lines with bad positions"
_POSITIONS = "Columns 4 and 5 are the first and the last position, counted from 1. Fetch or make the file again."

#: Hint for a broken file.
AGAIN = "Fetch or make the file again."


def unreadable(name: str, error: OSError) -> AnnotationError:
    """The error for a file that cannot be opened or read."""
    return AnnotationError(f"annotation {name} cannot be read: {error.strerror or error}.", _ACCEPTED)


def not_utf8() -> OddError:
    """The error for text that is not UTF-8."""
    return OddError(
        "lines not encoded in UTF-8",
        "not UTF-8 text.",
        "GTF and GFF3 have to be UTF-8: convert the file with iconv.",
    )


class Lines:
    """Lines of a file without their ends; a byte order mark is dropped.

    Args:
        path: the file.
        name: file name, for messages.

    Attributes:
        n: number of lines; set once all are read.
        tail: the last line if it has no line end, else empty; set once all are read.

    Raises:
        AnnotationError: raised while reading, if the file is unreadable, or compressed and damaged or cut short.
        EncodingError: the file is UTF-16 or UTF-32.
    """

    def __init__(self, path: Path, name: str) -> None:
        self._path = path
        self._name = name
        self.n = 0
        self.tail = b""

    def __iter__(self) -> Iterator[bytes]:
        number, line = -1, b"\n"
        try:
            with self._path.open("rb") as raw:
                is_packed = raw.read(2) == _GZIP_MAGIC
                raw.seek(0)
                # The buffer hands lines out in C; GzipFile's own loop takes twice as long.
                with BufferedReader(gzip.open(raw), _BUFFER_BYTES) if is_packed else raw as lines:
                    for number, line in enumerate(lines):
                        yield (line if number else drop_mark(line, f"annotation {self._name}")).rstrip(b"\r\n")
        except (EOFError, gzip.BadGzipFile, zlib.error) as error:
            raise AnnotationError(f"annotation {self._name} is damaged or cut short: {error}.", AGAIN) from error
        except OSError as error:
            raise unreadable(self._name, error) from error
        self.n, self.tail = number + 1, b"" if line.endswith(b"\n") else line


def ends_within(line: bytes, kind: str) -> bool:
    """Whether column 9 of a line visibly ends within an attribute.

    GTF ends attributes with ``;`` or a quotation mark. GFF3 does not end them, so a truncated value looks complete.
    """
    if line.startswith(b"#") or line.count(b"\t") < _N_COLUMNS - 1:
        return False
    text = line.rpartition(b"\t")[2].rstrip()
    if kind == GTF:
        return not text.endswith((b";", b'"')) or text.count(b'"') % 2 == 1
    _, sign, value = text.rpartition(b";")[2].partition(b"=")
    return not text.endswith(b";") and text != b"." and not (sign and value)


def file_kind(path: Path, name: str) -> str:
    """Detect from the content whether a file is a ``TABLE``, ``GTF`` or ``GFF3``.

    Args:
        path: the file.
        name: file name, for messages.

    Raises:
        AnnotationError: the file is empty, or none of these.
    """
    number, odd_number, odd = 0, 0, b""
    for number, line in enumerate(Lines(path, name), 1):
        if number == 1 and b"TX_START" in line.split(b"\t"):
            return TABLE
        if line.startswith(b"##gff-version") and line.split()[1:2] and line.split()[1].startswith(b"3"):
            return GFF3
        if not line.strip() or line.startswith(b"#"):
            continue
        if kind := _kind_of_line(line):
            return kind
        if not odd:
            odd_number, odd = number, line
        if number > _MAX_LINES_UNKNOWN:
            break
    if not odd:
        reason = f"its {number:,} lines are all blank or comments" if number else "it is empty"
        raise AnnotationError(f"annotation {name} has no genes: {reason}.", _ACCEPTED)
    is_spaced = b"\t" not in odd and len(odd.split()) >= _N_COLUMNS
    raise AnnotationError(
        f"{name}, line {odd_number}, is neither GTF nor GFF3: {odd[:60].decode('utf-8', 'replace')!r}.",
        "Columns are separated by tabs, not by spaces." if is_spaced else _ACCEPTED,
    )


def _kind_of_line(line: bytes) -> str | None:
    columns = line.split(b"\t")
    if len(columns) != _N_COLUMNS:
        return None
    if _GFF3_ATTRIBUTE.match(columns[8]):
        return GFF3
    return GTF if _GTF_ATTRIBUTE.match(columns[8]) else None


class Columns(NamedTuple):
    """The columns of a line that are used; the interval is 0-based half-open."""

    chrom: str
    kind: str
    interval: Interval
    strand: str
    phase: int
    attributes: bytes


def split_line(line: bytes) -> Columns:
    """Split and check one line.

    Raises:
        OddError: the line does not have nine columns, or a position is not valid.
    """
    columns = line.split(b"\t")
    if len(columns) != _N_COLUMNS:
        raise OddError(
            f"lines without exactly {_N_COLUMNS} columns",
            f"{counted(len(columns), 'tab-separated columns')}, {_N_COLUMNS} expected.",
            AGAIN,
        )
    chrom, _, kind, first, last, _, strand, phase, attributes = columns
    if not (first.isdigit() and last.isdigit() and len(first) < _MAX_DIGITS and len(last) < _MAX_DIGITS):
        positions = b" to ".join((first[:_MAX_DIGITS], last[:_MAX_DIGITS])).decode("utf-8", "replace")
        raise OddError(_BAD_POSITIONS, f"from {positions}; whole numbers expected.", _POSITIONS)
    start, end = int(first) - 1, int(last)
    if not 0 <= start < end:
        raise OddError(_BAD_POSITIONS, f"from {start + 1} to {end}; at least 1 and in this order expected.", _POSITIONS)
    try:
        texts = chrom.decode(), kind.decode(), strand.decode()
    except UnicodeDecodeError as error:
        raise not_utf8() from error
    return Columns(texts[0], texts[1], Interval(start, end), texts[2], _PHASES.get(phase, 0), attributes)


def contig_and_attributes(line: bytes) -> tuple[str, bytes]:
    """Contig and attributes of a line that ``split_line`` rejects, to find the IDs in it."""
    return line.partition(b"\t")[0].decode("utf-8", "replace"), line.rpartition(b"\t")[2]
