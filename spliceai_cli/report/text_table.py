"""Text in aligned columns that fit a terminal."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from itertools import zip_longest
from typing import NamedTuple

_GAP = "  "
# The last column keeps this width for as long as others can be made narrower.
_LEAST_LAST = 24


#: Terminal styles of what is no effect, and of headings.
FAINT, HEADING = "2", "1"


class Cell(NamedTuple):
    """One cell.

    Attributes:
        text: its text, wrapped at blanks where its column is narrower.
        style: parameters of the terminal's SGR sequence, e.g. ``1;31`` for bold red; empty for none.
    """

    text: str
    style: str = ""


def lay_out(
    rows: Sequence[Sequence[Cell]], *, width: int | None, narrow: Sequence[Sequence[int]] = (), is_coloured: bool
) -> Iterator[str]:
    """Lines of aligned columns.

    Args:
        rows: rows of cells, as many in each.
        width: width of the terminal; None for as wide as the cells are. The last column is wrapped to fit.
        narrow: columns to wrap as well if that is not enough, in groups, the first group first.
        is_coloured: whether styles are written.
    """
    widths = _widths([[cell.text for cell in row] for row in rows], width, narrow)
    for row in rows:
        wrapped = [_wrapped(cell.text, n) for cell, n in zip(row, widths, strict=True)]
        for line in zip_longest(*wrapped, fillvalue=""):
            # A space after the text, not in it, would be underlined or coloured.
            texts = [
                text if not is_coloured else _styled(text, cell.style) for text, cell in zip(line, row, strict=True)
            ]
            padded = (shown + " " * (n - len(text)) for shown, text, n in zip(texts, line, widths, strict=True))
            yield _GAP.join(padded).rstrip()


def _widths(rows: Sequence[Sequence[str]], width: int | None, narrow: Sequence[Sequence[int]]) -> list[int]:
    columns = list(zip(*rows, strict=True))
    widths = [max(map(len, column)) for column in columns]
    if width is None or sum(widths) + len(_GAP) * (len(widths) - 1) <= width:
        return widths
    last = len(widths) - 1
    for group in ((), *narrow):
        for i in group:
            widths[i] = _least(columns[i])
        room = width - sum(widths[:last]) - len(_GAP) * last
        if room >= min(_LEAST_LAST, widths[last]):
            break
    widths[last] = max(min(room, widths[last]), _least(columns[last]))
    return widths


def _least(column: Sequence[str]) -> int:
    """The width of a column's longest word."""
    return max(len(word) for text in column for word in (text.split() or [""]))


def _wrapped(text: str, width: int) -> list[str]:
    if len(text) <= width:
        return [text]
    return textwrap.wrap(text, width, break_long_words=False, break_on_hyphens=False)


def _styled(text: str, style: str) -> str:
    return f"\x1b[{style}m{text}\x1b[0m" if style and text else text
