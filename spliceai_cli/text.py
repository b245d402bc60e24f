"""Text of messages: counted nouns, times and sizes, and bases and values shortened to fit a line."""

from __future__ import annotations

import re

_LINE_BASES = 10
_LABEL_BASES = 12
_VALUE_CHARS = 80
# Units of time with their seconds.
_UNITS = (("d", 86_400), ("h", 3600), ("min", 60), ("s", 1))
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


def rounded(value: float, decimals: int, sign: str = "") -> str:
    """A number with so many decimals, whose zero is never negative: its sign would be noise.

    >>> rounded(-0.0004, 3), rounded(-0.0004, 2, "+"), rounded(1.5, 2, "+")
    ('0.000', '+0.00', '+1.50')

    Args:
        value: the number.
        decimals: digits after the point.
        sign: ``+`` to write that of positive numbers as well.
    """
    return f"{round(value, decimals) + 0.0:{sign}.{decimals}f}"


def duration(seconds: float) -> str:
    """A time in the units that people read.

    >>> [duration(seconds) for seconds in (0.04, 12.34, 75, 3600 * 3 + 299, 3600 * 50)]
    ['0.0 s', '12.3 s', '1 min 15 s', '3 h 4 min', '2 d 2 h']
    """
    if seconds < 60:  # noqa: PLR2004 (seconds of a minute)
        return f"{seconds:.1f} s"
    large = next((i for i in (0, 1) if seconds >= _UNITS[i][1]), 2)
    n = int(seconds)
    (name, size_s), (rest_name, rest_s) = _UNITS[large], _UNITS[large + 1]
    return f"{n // size_s} {name} {n % size_s // rest_s} {rest_name}"


def rate(n: float, seconds: float, plural: str) -> str:
    """How many per second, e.g. ``408 alleles/s``; below 10 with a decimal.

    >>> rate(4080, 10, "alleles"), rate(3, 10, "alleles")
    ('408 alleles/s', '0.3 alleles/s')
    """
    per_s = n / max(seconds, 1e-9)
    return f"{per_s:,.{0 if round(per_s, 1) >= 10 else 1}f} {plural}/s"  # noqa: PLR2004 (two digits are enough)


def size(n_bytes: int) -> str:
    """An amount of memory in GB, or in MB if it is less than 0.1 GB.

    >>> size(3 << 30), size(1610612736), size(5 << 20)
    ('3.0 GB', '1.5 GB', '5 MB')
    """
    n_gb = n_bytes / 2**30
    return f"{n_gb:.1f} GB" if n_gb >= 0.1 else f"{n_bytes >> 20} MB"  # noqa: PLR2004 (one decimal)


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
