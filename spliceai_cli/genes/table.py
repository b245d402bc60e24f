"""Reads and writes gene tables in the format of spliceai 1.3.1, with additional columns of our own."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from operator import itemgetter, le, lt
from typing import NamedTuple

from spliceai_cli.errors import AnnotationError
from spliceai_cli.genes.gene import Gene, is_name
from spliceai_cli.genes.left_out import LeftOut, OddError
from spliceai_cli.genome.coords import Interval
from spliceai_cli.text import counted

COLUMNS = ("#NAME", "CHROM", "STRAND", "TX_START", "TX_END", "EXON_START", "EXON_END")

#: Additional columns, all optional, which other tools ignore.
MORE_COLUMNS = ("GENE_ID", "TRANSCRIPT_ID", "BIOTYPE", "CDS_START", "CDS_END", "PHASE", "ALIASES")

# Between aliases, as in the tables of HGNC.
_BETWEEN = "|"

_MAX_DIGITS = 18
_PHASES = ("", "0", "1", "2")

# Interval(*pair) without a call of Python for each of 200,000 exons.
_interval: Callable[[tuple[int, int]], Interval] = partial(tuple.__new__, Interval)


class Table(NamedTuple):
    """The contents of a gene table.

    Attributes:
        genes: one per usable row, in table order.
        left_out: malformed rows.
    """

    genes: tuple[Gene, ...]
    left_out: LeftOut


def read_table(lines: Iterable[bytes], name: str) -> Table:
    """Read a tab-separated table with the columns of 1.3.1, in any order; other columns may be present.

    Starts are 0-based, ends 1-based (so rows are half-open). Exon lists are comma-separated; a trailing comma is
    optional. (1.3.1 drops the text after the last comma, so it loses the last exon of a list without a trailing comma.)

    Args:
        lines: without line ends.
        name: file name, for messages.

    Raises:
        AnnotationError: the table has no header, or no usable row.
    """
    order: _Order | None = None
    genes: list[Gene] = []
    left_out = LeftOut()
    for number, raw in enumerate(lines, 1):
        if order is None:
            order = _Order(raw.decode("utf-8", "replace"), name)
        elif raw.strip():
            try:
                genes.append(_parse_row(raw, order))
            except OddError as odd:
                left_out.add_odd(odd, number)
    if not genes:
        left_out.refuse(name)
        raise AnnotationError(f"gene table {name} has no genes.")
    return Table(tuple(genes), left_out)


def format_table(genes: Sequence[Gene]) -> str:
    """Write a table that this program and others can read; genes in the order given."""
    rows = [(*COLUMNS, *MORE_COLUMNS)]
    for gene in genes:
        exons, coding = (_columns(intervals) for intervals in (gene.exons, gene.coding))
        place = (gene.symbol, gene.chrom, gene.strand, str(gene.start), str(gene.end), *exons)
        aliases = _BETWEEN.join(alias for alias in gene.aliases if _BETWEEN not in alias)
        rows.append((*place, gene.gene_id, gene.transcript_id, gene.biotype, *coding, str(gene.phase), aliases))
    return "".join("\t".join(row) + "\n" for row in rows)


def _columns(intervals: Sequence[Interval]) -> tuple[str, str]:
    """Starts and ends, each followed by a comma; 1.3.1 needs the last comma too."""
    return "".join(f"{span.start}," for span in intervals), "".join(f"{span.end}," for span in intervals)


class _Order:
    """The order of the columns in a table."""

    def __init__(self, header: str, name: str) -> None:
        names = header.split("\t")
        missing = [column for column in COLUMNS if column not in names]
        if missing:
            raise AnnotationError(
                f"{name} is not a gene table: line 1 lacks the column{'s' * (len(missing) > 1)} {', '.join(missing)}.",
                f"The first line names the tab-separated columns {' '.join(COLUMNS)}.",
            )
        needed = [names.index(column) for column in COLUMNS]
        self._n_least = max(needed) + 1
        self._needed = itemgetter(*needed)
        self._more = [names.index(column) if column in names else -1 for column in MORE_COLUMNS]

    def pick(self, line: str) -> tuple[Sequence[str], Sequence[str]]:
        """The fields of the columns of 1.3.1, and of ours (empty if absent).

        Raises:
            OddError: the line has too few fields.
        """
        fields = line.split("\t")
        if len(fields) < self._n_least:
            raise _malformed(f"{counted(len(fields), 'columns')}, at least {self._n_least} expected.")
        more = [fields[i] if 0 <= i < len(fields) else "" for i in self._more]
        return self._needed(fields), more


def _malformed(found: str, remedy: str = "") -> OddError:
    return OddError("malformed rows", found, remedy)


def _parse_row(raw: bytes, order: _Order) -> Gene:
    try:
        line = raw.decode()
    except UnicodeDecodeError as error:
        raise _malformed("not UTF-8 text.", "A gene table is a tab-separated text file.") from error
    (symbol, chrom, strand, tx_start, tx_end, exon_starts, exon_ends), more = order.pick(line)
    gene_id, transcript_id, biotype, cds_starts, cds_ends, phase, aliases = more
    if not is_name(symbol):
        raise _malformed(f"the name '{symbol}' is not valid in INFO: it must not contain a space or any of , ; = |.")
    if strand not in ("+", "-"):
        raise _malformed(f"STRAND of {symbol} is '{strand}', + or - expected.")
    if phase not in _PHASES:
        raise _malformed(f"PHASE of {symbol} is '{phase}'; 0, 1 or 2 expected.")
    try:
        span = Interval(_number(tx_start), _number(tx_end))
        if not 0 <= span.start < span.end:
            raise _malformed(f"{symbol} spans {span.start} to {span.end}; 0 <= TX_START < TX_END expected.")
        exons = _intervals(exon_starts, exon_ends, symbol, "exon", span)
        coding = _intervals(cds_starts, cds_ends, symbol, "CDS", span)
    except ValueError as error:
        raise _malformed(f"{symbol} has '{error}' where a whole number is expected.") from error
    return Gene(
        symbol,
        chrom,
        strand,
        *span,
        exons,
        gene_id,
        transcript_id,
        biotype,
        coding,
        int(phase or 0),
        tuple(filter(None, aliases.split(_BETWEEN))) if aliases else (),
    )


def _intervals(starts: str, ends: str, symbol: str, kind: str, span: Interval) -> tuple[Interval, ...]:
    """Parse intervals, which must lie inside the span; ascending."""
    if not (starts or ends):
        return ()
    firsts, lasts = _numbers(starts), _numbers(ends)
    if len(firsts) != len(lasts):
        n_starts, n_ends = counted(len(firsts), f"{kind} starts"), counted(len(lasts), f"{kind} ends")
        raise _malformed(f"{symbol} has {n_starts} and {n_ends}.")
    intervals = map(_interval, zip(firsts, lasts, strict=True))
    if firsts and span.start <= firsts[0] and lasts[-1] <= span.end and _is_ascending(firsts, lasts):
        return tuple(intervals)
    ascending = tuple(sorted(intervals))
    for part in ascending:
        if not span.start <= part.start < part.end <= span.end:
            raise _malformed(f"{symbol}: {kind} {part.start}-{part.end} is empty or outside {span.start}-{span.end}.")
    return ascending


def _is_ascending(firsts: Sequence[int], lasts: Sequence[int]) -> bool:
    """Whether intervals are not empty, and each begins where the one before it ends, or later."""
    return all(map(lt, firsts, lasts)) and all(map(le, lasts, firsts[1:]))


def _numbers(text: str) -> list[int]:
    items = text.removesuffix(",").split(",")
    # In one go if no item has a sign, is blank or too long: a table has 400,000 numbers.
    if all(items) and text.replace(",", "").isdecimal() and max(map(len, items)) <= _MAX_DIGITS:
        return list(map(int, items))
    return [_number(item) for item in text.split(",") if item.strip()]


def _number(text: str) -> int:
    text = text.strip()
    if not text.isdecimal() or len(text) > _MAX_DIGITS:
        raise ValueError(text[:_MAX_DIGITS])
    return int(text)
