"""Gene tables in the format of spliceai 1.3.1."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path
from typing import NamedTuple

from spliceai_cli.coords import Interval
from spliceai_cli.errors import AnnotationError
from spliceai_cli.gene import Gene

_NOT_SYMBOL = re.compile(r"[\s,;=|]")

COLUMNS = ("#NAME", "CHROM", "STRAND", "TX_START", "TX_END", "EXON_START", "EXON_END")


_MAX_DIGITS = 18


class GeneTable(NamedTuple):
    """The genes of a table with what identifies it.

    Attributes:
        name: what the user called it.
        sha256: of the file.
        genes: in table order.
    """

    name: str
    sha256: str
    genes: tuple[Gene, ...]


def read_table(path: Path, *, name: str | None = None) -> GeneTable:
    """Read a tab-separated table with the columns of 1.3.1, in any order, extra ones ignored.

    Starts are 0-based, ends 1-based (so rows are half-open). Exon lists are comma-separated; a trailing comma is
    optional. (1.3.1 drops what follows the last comma, and with it the last exon of a list that ends without one.)

    Raises:
        AnnotationError: unreadable, no header, or a malformed row (with its line number).
    """
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise AnnotationError(f"gene table {path} cannot be read: {error.strerror}.") from error
    try:
        lines = raw.decode("utf-8-sig").replace("\r\n", "\n").split("\n")
    except UnicodeDecodeError as error:
        raise AnnotationError(
            f"gene table {path} is not a text file.",
            "-A takes grch37, grch38, gencode or a tab-separated table; unpack it if it is compressed.",
        ) from error
    order = _column_order(lines[0] if lines else "", path)
    genes = tuple(_parse_row(line, order, f"{path}, line {n}") for n, line in enumerate(lines[1:], 2) if line.strip())
    if not genes:
        raise AnnotationError(f"gene table {path} has no genes.")
    return GeneTable(name or str(path), hashlib.sha256(raw).hexdigest(), genes)


def _column_order(header: str, path: Path) -> list[int]:
    names = header.split("\t")
    missing = [column for column in COLUMNS if column not in names]
    if missing:
        raise AnnotationError(
            f"{path} is not a gene table: line 1 lacks the column{'s' * (len(missing) > 1)} {', '.join(missing)}.",
            f"The first line names the tab-separated columns {' '.join(COLUMNS)}.",
        )
    return [names.index(column) for column in COLUMNS]


def _parse_row(line: str, order: list[int], where: str) -> Gene:
    fields = line.split("\t")
    if len(fields) <= max(order):
        raise AnnotationError(f"{where}: {len(fields)} columns, at least {max(order) + 1} expected.")
    symbol, chrom, strand, tx_start, tx_end, exon_starts, exon_ends = (fields[i] for i in order)
    if _NOT_SYMBOL.search(symbol) or not symbol:
        raise AnnotationError(f"{where}: the name '{symbol}' cannot stand in INFO; no space or any of , ; = | in it.")
    if strand not in ("+", "-"):
        raise AnnotationError(f"{where}: STRAND of {symbol} is '{strand}', + or - expected.")
    try:
        start, end = _number(tx_start), _number(tx_end)
        starts = [_number(item) for item in exon_starts.split(",") if item.strip()]
        ends = [_number(item) for item in exon_ends.split(",") if item.strip()]
    except ValueError as error:
        raise AnnotationError(f"{where}: {symbol} has '{error}' where a whole number is expected.") from error
    if len(starts) != len(ends):
        raise AnnotationError(f"{where}: {symbol} has {len(starts)} exon starts and {len(ends)} exon ends.")
    if not 0 <= start < end:
        raise AnnotationError(f"{where}: {symbol} spans {start} to {end}; 0 <= TX_START < TX_END expected.")
    exons = tuple(sorted(Interval(first, last) for first, last in zip(starts, ends, strict=True)))
    bad = next((exon for exon in exons if not start <= exon.start < exon.end <= end), None)
    if bad is not None:
        raise AnnotationError(f"{where}: exon {bad.start}-{bad.end} of {symbol} is empty or outside {start}-{end}.")
    return Gene(symbol, chrom, strand, start, end, exons)


def _number(text: str) -> int:
    text = text.strip()
    if not text.isdecimal() or len(text) > _MAX_DIGITS:
        raise ValueError(text[:_MAX_DIGITS])
    return int(text)
