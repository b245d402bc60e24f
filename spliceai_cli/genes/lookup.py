"""Finds genes in an annotation by the names that users give."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence, Set
from difflib import get_close_matches

from spliceai_cli.errors import AnnotationError

# Searching a GENCODE release for similar names takes 10 ms per name.
_MAX_COMPARED = 20

_HGNC = re.compile("HGNC:", re.IGNORECASE)


def find_rows(wanted: Set[str], names: Sequence[Set[str]], aliases: Sequence[Collection[str]]) -> dict[str, list[int]]:
    """The rows with each name; aliases are searched only for names that no row has.

    Args:
        wanted: the names to find.
        names: names of each row.
        aliases: aliases of each row.

    Returns:
        Name -> rows, ascending; empty if no row has the name.
    """
    rows: dict[str, list[int]] = {name: [] for name in sorted(wanted)}
    for row, texts in enumerate(names):
        for name in wanted & texts:
            rows[name].append(row)
    # HGNC IDs are matched in any case.
    lost = {name.upper() if _HGNC.match(name) else name: name for name, matches in rows.items() if not matches}
    for row, others in enumerate(aliases if lost else ()):
        for alias in lost.keys() & set(others):
            rows[lost[alias]].append(row)
    return rows


def check_unambiguous(name: str, symbols: Iterable[str], annotation: str) -> None:
    """Refuse an alias that several genes share.

    Raises:
        AnnotationError: the symbols are not all the same.
    """
    different = sorted(set(symbols))
    if len(different) > 1:
        raise AnnotationError(
            f"'{name}' is an alias of {len(different)} genes of {annotation}: {', '.join(different)}.",
            "Write the symbol of the gene that you mean.",
        )


def did_you_mean(missing: Sequence[str], symbols: Iterable[str]) -> str:
    """A question that suggests symbols similar to the missing ones; empty if there are none.

    >>> did_you_mean(["ryr1", "XYZ"], ["RYR1", "RYR2", "LDLR"])
    'Did you mean RYR1 (ryr1)? '
    """
    by_capitals = {symbol.upper(): symbol for symbol in symbols}
    near: dict[str, str] = {}
    for name in missing[:_MAX_COMPARED]:
        capitals = name.upper()
        alike = [text for text in by_capitals if text[:1] == capitals[:1] and abs(len(text) - len(capitals)) <= 1]
        closest = [capitals] if capitals in by_capitals else get_close_matches(capitals, alike, n=1, cutoff=0.75)
        if closest:
            near[name] = by_capitals[closest[0]]
    return f"Did you mean {', '.join(f'{symbol} ({name})' for name, symbol in near.items())}? " if near else ""
