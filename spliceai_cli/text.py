"""Text of messages: counted nouns, and bases cut to what fits a line."""

from __future__ import annotations

_LINE_BASES = 10
_LABEL_BASES = 12


def counted(n: int, noun: str) -> str:
    """``1 record``, ``1,200 records``."""
    return f"{n:,} {noun}{'s' * (n != 1)}"


def shortened(bases: str) -> str:
    """Bases as a message quotes them: the first 10 of a longer allele, e.g. ``ACGTACGTAC…``."""
    return bases if len(bases) <= _LINE_BASES else f"{bases[:_LINE_BASES]}…"


def labelled(allele: str) -> str:
    """An allele as a table or a picture names it: the start and the length of a long one, e.g. ``ACGT…(43 bp)``."""
    return allele if len(allele) <= _LABEL_BASES else f"{allele[:4]}…({len(allele)} bp)"
