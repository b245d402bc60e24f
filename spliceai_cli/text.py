"""Text of messages: counted nouns, and bases and values shortened to fit a line."""

from __future__ import annotations

import re

_LINE_BASES = 10
_LABEL_BASES = 12
_VALUE_CHARS = 80
_PLURAL = re.compile(r"s\b")


def counted(n: int, plural: str) -> str:
    """A number with the noun that it counts.

    >>> counted(1, "records"), counted(4800, "records"), counted(1, "lines with bad positions")
    ('1 record', '4,800 records', '1 line with bad positions')

    Args:
        n: how many.
        plural: the noun in the plural; if ``n`` is 1, its first word that ends in ``s`` loses that letter.
    """
    return f"{n:,} {_PLURAL.sub('', plural, count=1) if n == 1 else plural}"


def shortened(bases: str) -> str:
    """Bases as quoted in messages: an allele of more than 10 bases is cut, e.g. ``ACGTACGTAC…``."""
    return bases if len(bases) <= _LINE_BASES else f"{bases[:_LINE_BASES]}…"


def labelled(allele: str) -> str:
    """An allele as named in tables and pictures; a long one shows its start and length, e.g. ``ACGT…(43 bp)``."""
    return allele if len(allele) <= _LABEL_BASES else f"{allele[:4]}…({len(allele)} bp)"


def shown(value: object) -> str:
    """A value and its type, shortened to fit a message."""
    text = repr(value)
    cut = text if len(text) <= _VALUE_CHARS else f"{text[:_VALUE_CHARS]}…"
    return f"{cut} ({type(value).__name__})"
