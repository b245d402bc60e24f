"""Reads the fields of a variant from Python values; types of pandas and numpy are accepted if unambiguous."""

from __future__ import annotations

import operator
import re
from typing import NoReturn

from spliceai_cli.errors import VariantError
from spliceai_cli.text import shown

_BASES = re.compile(r"[ACGTNRYSWKMBDHV]+", re.IGNORECASE)
_INSERTED = re.compile(r"[ACGTN]+", re.IGNORECASE)
# ALTs that are not bases: missing, spanning, symbolic and breakend. Each has its own skip reason.
_NO_BASES = re.compile(r"[.*]|<[^<>\s,]+>|[A-Za-z.]*[\[\]][^\[\]\s,]+[\[\]][A-Za-z.]*|\.[A-Za-z]+|[A-Za-z]+\.")
_NAME = re.compile(r"\S+")
# Text that pandas makes of missing values with astype(str).
_MISSING = frozenset({"nan", "NaN", "NaT", "<NA>", "None"})
_DIGITS = re.compile(r"[0-9]{1,18}")
_MAX_POS = 10**18
# Whole numbers up to here are exact in a float of 64 bits.
_MAX_FLOAT = 2**53


def read_chrom(value: object) -> str:
    """A contig's name, or a whole number, because pandas reads a column of chromosomes 1 to 22 as numbers."""
    if isinstance(value, str):
        text = str(value)
    else:
        number = _whole(value)
        text = "" if number is None else str(number)
    if not _NAME.fullmatch(text) or text in _MISSING:
        refuse("chrom", value, "the name of a contig, such as 'chr19' or 19,")
    return text


def read_pos(value: object) -> int:
    """A position; also digits as text, or a whole ``float``, which pandas makes if a column lacks values."""
    pos = int(value) if isinstance(value, str) and _DIGITS.fullmatch(value) else _whole(value)
    if pos is None or not 1 <= pos < _MAX_POS:
        refuse("pos", value, "a whole number, 1 or more,")
    return pos


def read_ref(value: object) -> str:
    """REF: bases or IUPAC codes, at least one."""
    if not isinstance(value, str) or not _is_bases(value):
        refuse("ref", value, "one or more bases as text")
    return str(value)


def read_alt(value: object) -> str:
    """One ALT: bases or IUPAC codes, or a VCF's notation for other ALTs."""
    if not isinstance(value, str) or value in _MISSING or not (_is_bases(value) or _NO_BASES.fullmatch(value)):
        refuse("alt", value, "one ALT allele as text, of one or more bases, or as in a VCF (<DEL>, *, .),")
    return str(value)


def read_length(value: object, *, is_wanted: bool) -> int:
    """Length of a structure: 1 or more if ``is_wanted``, else 0."""
    length = _whole(value)
    if length is None or not is_wanted <= length < (_MAX_POS if is_wanted else 1):
        refuse("structure.length", value, "a whole number, 1 or more," if is_wanted else "0 for an insertion")
    return length


def read_inserted(value: object, *, is_wanted: bool, is_allowed: bool) -> str:
    """Bases that a structure inserts: at least one if ``is_wanted``, none unless ``is_allowed``."""
    is_well = isinstance(value, str) and (is_allowed and _INSERTED.fullmatch(value) or not is_wanted and not value)
    if not isinstance(value, str) or not is_well:
        expected = "A, C, G, T or N as text" if is_allowed else "'' for all but insertions and deletions"
        refuse("structure.inserted", value, expected)
    return str(value)


_AS_IN_A_VCF = "Give Variant(chrom, pos, ref, alt) as in a VCF: pos counts from 1, and no allele is empty."


def refuse(field: str, value: object, expected: str, hint: str = _AS_IN_A_VCF) -> NoReturn:
    """Raise the error for a field.

    Args:
        field: its name.
        value: what was given.
        expected: what is expected instead.
        hint: what to do.

    Raises:
        VariantError: always.
    """
    raise VariantError(f"{field} of a Variant is {shown(value)}; {expected} expected.", hint)


def _is_bases(text: str) -> bool:
    # "NaN" is also three bases (N, A, N), but nobody writes bases in mixed case.
    return _BASES.fullmatch(text) is not None and text not in _MISSING


def _whole(value: object) -> int | None:
    """A whole number of any exact type; None for booleans, missing values, fractions and anything else."""
    if isinstance(value, bool):
        return None
    # numpy's float64 is a float; float32 is not, and it has rounded positions beyond 16,777,216 already.
    if isinstance(value, float):
        return int(value) if value.is_integer() and abs(value) <= _MAX_FLOAT else None
    try:
        return operator.index(value)  # type: ignore[arg-type]  # raises if it is not an integer
    except (TypeError, ValueError):
        return None
