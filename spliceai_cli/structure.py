"""Symbolic alleles: what INFO says of them."""

from __future__ import annotations

import re

from spliceai_cli.coords import Interval
from spliceai_cli.variant import Structure, Variant

# Kinds with subtypes that mean the same on sequence; DUP:DISPERSED and the like are no copies in place.
_KINDS = re.compile(r"<(?:(DEL|INV)(?::[^>]*)?|(DUP)(?::TANDEM)?|(INS)(?::[^>]*)?)>")
_LENGTH = re.compile(r"-?[0-9]{1,17}")
_BASES = re.compile(r"[ACGTNacgtn]+")


def read_structure(
    alt: str, pos: int, *, end: int | None, svlen: str | None, inserted: str, is_imprecise: bool
) -> Structure | None:
    """The structure of a symbolic ALT, or None where INFO does not say exactly what it is.

    Args:
        alt: ALT text.
        pos: POS.
        end: INFO/END, the last base affected; None if absent or shared with other ALTs.
        svlen: the ALT's value of INFO/SVLEN; its sign is not looked at (VCF 4.4 has none).
        inserted: INFO/SEQ, SVINSSEQ or INSSEQ.
        is_imprecise: INFO/IMPRECISE: breakpoints are not known to the base.
    """
    match = _KINDS.fullmatch(alt)
    if match is None or is_imprecise:
        return None
    kind = next(filter(None, match.groups()))
    length = abs(int(svlen)) if svlen is not None and _LENGTH.fullmatch(svlen) else None
    if kind == "INS":
        is_known = _BASES.fullmatch(inserted) and length in (None, len(inserted))
        return Structure(kind, inserted=inserted) if is_known else None
    lengths = {end - pos} if end is not None else set()
    if length is not None:
        lengths.add(length)
    if len(lengths) != 1 or min(lengths) < 1:
        return None
    return Structure(kind, length=min(lengths))


def affected(variant: Variant) -> Interval:
    """0-based REF positions from POS on that a structure involves."""
    structure = variant.structure
    length = structure.length if structure is not None and structure.kind in ("DEL", "INV") else 0
    return Interval(variant.pos - 1, variant.pos + length)
