"""Text of messages: counted nouns, and bases cut to what fits a line."""

from __future__ import annotations

import re

_LINE_BASES = 10
_LABEL_BASES = 12
_PLURAL = re.compile(r"s\b")


def counted(n: int, plural: str) -> str:
    """A number with what it counts.

    >>> counted(1, "records"), counted(4800, "records"), counted(1, "lines with bad positions")
    ('1 record', '4,800 records', '1 line with bad positions')

    Args:
        n: how many.
        plural: what is counted; its first word that ends with ``s`` loses that where ``n`` is 1.
    """
    return f"{n:,} {_PLURAL.sub('', plural, count=1) if n == 1 else plural}"


def shortened(bases: str) -> str:
    """Bases as a message quotes them: the first 10 of a longer allele, e.g. ``ACGTACGTAC…``."""
    return bases if len(bases) <= _LINE_BASES else f"{bases[:_LINE_BASES]}…"


def labelled(allele: str) -> str:
    """An allele as a table or a picture names it: the start and the length of a long one, e.g. ``ACGT…(43 bp)``."""
    return allele if len(allele) <= _LABEL_BASES else f"{allele[:4]}…({len(allele)} bp)"
