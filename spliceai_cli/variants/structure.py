"""Alleles that are not plain sequence: what INFO says they are."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from spliceai_cli.genome.coords import Interval
from spliceai_cli.variants.variant import INEXACT, Structure, Variant

#: INFO of a record: key -> text after ``=``, empty for a flag.
Info = Mapping[str, str]

# Kinds with subtypes that mean the same on sequence; DUP:DISPERSED and the like are no copies in place.
_KINDS = re.compile(r"<(?:(DEL|INV)(?::[^>]*)?|(DUP)(?::TANDEM)?|(INS)(?::[^>]*)?)>")
_BASES = re.compile(r"[ACGTNacgtn]+")
_NUMBER = re.compile(r"-?[0-9]{1,17}")
_INSERTED = ("SEQ", "SVINSSEQ", "INSSEQ")
_MISSING = "."

# Flags are sometimes written with a value.
_YES = frozenset({"", "1", "T", "TRUE", "YES"})
_NO = frozenset({"0", "F", "FALSE", "NO"})


def read_structure(info: Info, i: int, *, pos: int, ref: str, alts: Sequence[str]) -> Structure | None:
    """What INFO says of an ALT that is symbolic, or written with N in place of a base that the caller did not look up.

    An unreadable value is never taken for a missing one: the allele then counts as inexact.

    Args:
        info: of the record.
        i: which ALT.
        pos: of the record.
        ref: of the record.
        alts: of the record.

    Returns:
        None for an inexact symbolic allele, and for a written one that needs nothing from INFO;
        ``INEXACT`` for a written one that INFO contradicts or calls inexact.
    """
    facts = _Facts(info, i, len(alts))
    if alts[i].isalpha():
        return _written(facts, pos, ref, alts[i]) if facts.is_exact else INEXACT
    match = _KINDS.fullmatch(alts[i])
    if match is None or not facts.is_exact:
        return None
    kind = next(filter(None, match.groups()))
    return _insertion(facts) if kind == "INS" else _of_length(kind, facts, pos)


def n_unknown_anchors(ref: str, alt: str) -> int:
    """Leading bases that are N in both alleles of an insertion, deletion or substitution: unchanged, whatever they are.

    >>> n_unknown_anchors("N", "NTTT"), n_unknown_anchors("NTG", "n"), n_unknown_anchors("N", "A")
    (1, 1, 0)
    """
    pairs = zip(ref, alt)  # noqa: B905 (they may differ in length)
    n_shared = next((i for i, pair in enumerate(pairs) if not set(pair) <= {"N", "n"}), min(len(ref), len(alt)))
    return n_shared if n_shared < max(len(ref), len(alt)) else 0


def affected(variant: Variant) -> Interval:
    """0-based REF positions from POS on that a structure involves."""
    structure = variant.structure
    length = structure.length if structure is not None and structure.kind in ("DEL", "INV") else 0
    return Interval(variant.pos - 1, variant.pos + length)


class _Facts:
    """What INFO says of one ALT.

    Args:
        info: of the record.
        i: which ALT.
        n_alts: of the record.
    """

    def __init__(self, info: Info, i: int, n_alts: int) -> None:
        self._info = info
        self._i = i
        self._n_alts = n_alts

    def value(self, key: str) -> str:
        """The ALT's value: ``.`` if there is none, empty if the values are not one for each ALT."""
        values = self._info.get(key, _MISSING).split(",")
        if len(values) == self._n_alts:
            return values[self._i]
        return _MISSING if values == [_MISSING] else ""

    @property
    def lengths(self) -> set[int] | None:
        """The size of SVLEN; its sign is not looked at (VCF 4.4 has none). Empty if absent, None if unreadable."""
        numbers = _numbers(self.value("SVLEN"))
        return numbers if numbers is None else {abs(number) for number in numbers}

    @property
    def ends(self) -> set[int] | None:
        """END, the last base affected. Empty if absent, None if unreadable.

        It is the last of all ALTs: with several it says nothing of one.
        """
        return _numbers(self._info.get("END", _MISSING)) if self._n_alts == 1 else set()

    @property
    def svtype(self) -> str:
        """SVTYPE without subtypes."""
        return self._info.get("SVTYPE", _MISSING).partition(":")[0]

    @property
    def inserted(self) -> str:
        """The inserted sequence; empty if unknown."""
        n_values = {key: self._info[key].count(",") + 1 for key in _INSERTED if key in self._info}
        return next((self.value(key) for key, n in n_values.items() if n == self._n_alts), "")

    @property
    def is_exact(self) -> bool:
        """Whether nothing in INFO says that the breakpoints are inexact."""
        is_called_precise = self._info.get("PRECISE", "").upper() in _YES
        if self._info.get("IMPRECISE", "0").upper() not in _NO or not is_called_precise:
            return False
        # D: the evidence is copy number alone, which says nothing of breakpoints (VCF 4.4).
        if self.value("SVCLAIM").upper() not in (_MISSING, "J", "DJ", "JD"):
            return False
        return self._is_certain("CIPOS") and self._is_certain("CIEND") and self._interval("CILEN") == (0, 0)

    def _is_certain(self, key: str) -> bool:
        """Whether an end can lie elsewhere only by microhomology, where every place gives the same sequence."""
        low, high = self._interval(key) or (1, -1)
        if not low <= 0 <= high:
            return False
        # Delly writes ±HOMLEN for a breakpoint that it calls PRECISE.
        reach = max(-low, high) if "PRECISE" in self._info else high - low
        return reach <= max(_numbers(self.value("HOMLEN")) or {0})

    def _interval(self, key: str) -> tuple[int, int] | None:
        """A confidence interval, (0, 0) if there is none: one for all ALTs, or since VCF 4.4 one for each."""
        bounds = self._info.get(key, "0,0").split(",")
        if len(bounds) == 2 * self._n_alts:
            bounds = bounds[2 * self._i : 2 * self._i + 2]
        if len(bounds) != 2 or not all(map(_NUMBER.fullmatch, bounds)):  # noqa: PLR2004 (low and high)
            return None
        low, high = map(int, bounds)
        return low, high


def _of_length(kind: str, facts: _Facts, pos: int) -> Structure | None:
    """A structure that END and SVLEN describe, or None."""
    if facts.ends is None or facts.lengths is None:
        return None
    lengths = {end - pos for end in facts.ends} | facts.lengths
    return Structure(kind, length=min(lengths)) if len(lengths) == 1 and min(lengths) >= 1 else None


def _insertion(facts: _Facts) -> Structure | None:
    """An insertion whose sequence INFO has whole, or None."""
    inserted = facts.inserted
    is_known = _BASES.fullmatch(inserted) and facts.lengths in (set(), {len(inserted)})
    return Structure("INS", inserted=inserted) if is_known else None


def _written(facts: _Facts, pos: int, ref: str, alt: str) -> Structure | None:
    """A written allele with N where there should be a base, as read by SVTYPE and SVLEN.

    ``N>TTTC`` inserts TTTC and ``TTTC>N`` deletes it, if SVLEN is 4.
    """
    if facts.svtype == _MISSING or n_unknown_anchors(ref, alt):
        return None
    n = max(len(ref), len(alt))
    if facts.lengths == {n}:
        if facts.svtype == "INS" and ref in ("N", "n"):
            return Structure("INS", inserted=alt)
        if facts.svtype == "DEL" and alt in ("N", "n") and facts.ends in (set(), {pos + n - 1}, {pos + n}):
            return Structure("DEL", length=n)
    return INEXACT


def _numbers(text: str) -> set[int] | None:
    """A set of the number, empty for ``.``, None if it is no whole number."""
    if text == _MISSING:
        return set()
    return {int(text)} if _NUMBER.fullmatch(text) else None
