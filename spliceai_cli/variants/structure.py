"""Alleles that are not plain sequence: what INFO says they are."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from spliceai_cli.genome.coords import Interval
from spliceai_cli.variants.variant import INEXACT, Structure, Variant

#: INFO of a record: key -> text after ``=``, empty for a flag.
Info = Mapping[str, str]

# Kinds with subtypes that mean the same on sequence; DUP:DISPERSED and the like are no copies in place, and a subtype
# CNV says that the evidence is read depth.
_KINDS = re.compile(r"(?!.*:CNV(?::|$))(?:(DEL|INV|INS)(?::[^<>]*)?|(DUP)(?::TANDEM)?)", re.IGNORECASE)
_BASES = re.compile(r"[ACGTNacgtn]+")
_NUMBER = re.compile(r"-?[0-9]{1,17}")
# Bases at a junction, and how many they are: Manta, nanomonsv, SAVANA, SvABA; Delly, Pindel. SEQ counts for insertions
# alone: of a deletion it is what was deleted, or a read.
_AT_JUNCTION = ("SVINSSEQ", "INSSEQ", "INSERTION")
_INSERTED = ("SEQ", *_AT_JUNCTION)
_N_INSERTED = ("SVINSLEN", "INSLEN", "NTLEN")
# Manta: either end of an insertion that was not assembled through.
_ENDS_INSERTED = ("LEFT_SVINSSEQ", "RIGHT_SVINSSEQ")
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
    kind = _kind(alts[i][1:-1]) if alts[i].startswith("<") and alts[i].endswith(">") else None
    if kind is None or not facts.is_exact or (facts.has_type and facts.kind != kind):
        return None
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
    def has_type(self) -> bool:
        """Whether there is an SVTYPE."""
        return self._info.get("SVTYPE", _MISSING) != _MISSING

    @property
    def kind(self) -> str | None:
        """The kind that SVTYPE names, of the record or of each ALT; None if it is none that is scored."""
        svtype = self._info.get("SVTYPE", _MISSING)
        return _kind(self.value("SVTYPE") if "," in svtype else svtype)

    def inserted(self, keys: Sequence[str], written: str = "") -> str | None:
        """The inserted bases, empty if there are none; None if they are not there whole, or said to be others.

        Args:
            keys: that may hold them.
            written: the bases, if ALT has them.
        """
        values = [value for value in (written or _MISSING, *map(self.value, keys)) if value != _MISSING]
        bases = next(iter(values), "")
        if any(value.upper() != bases.upper() or not _BASES.fullmatch(value) for value in values):
            return None
        if any(self.value(key) != _MISSING for key in _ENDS_INSERTED):
            return None
        lengths = [_numbers(self.value(key)) for key in _N_INSERTED]
        return bases if all(one is not None and one <= {len(bases)} for one in lengths) else None

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


def _kind(name: str) -> str | None:
    """The kind of a symbolic ALT or an SVTYPE, in upper case; None if it is none that is scored."""
    match = _KINDS.fullmatch(name)
    return (match[1] or match[2]).upper() if match else None


def _of_length(kind: str, facts: _Facts, pos: int) -> Structure | None:
    """A structure that END and SVLEN describe, or None."""
    inserted = facts.inserted(_AT_JUNCTION)
    if facts.ends is None or facts.lengths is None or inserted is None:
        return None
    # Of a deletion with bases in its place SVLEN is what was lost, or how much shorter ALT is: END tells.
    if inserted and (kind != "DEL" or not facts.ends):
        return None
    lengths = {end - pos for end in facts.ends} | facts.lengths
    return Structure(kind, min(lengths), inserted) if len(lengths) == 1 and min(lengths) >= 1 else None


def _insertion(facts: _Facts) -> Structure | None:
    """An insertion whose sequence INFO has whole, or None."""
    inserted = facts.inserted(_INSERTED)
    return Structure("INS", inserted=inserted) if inserted and facts.lengths in (set(), {len(inserted)}) else None


def _written(facts: _Facts, pos: int, ref: str, alt: str) -> Structure | None:
    """A written allele with N where there should be a base, as read by SVTYPE.

    ``N>TTTC`` inserts TTTC and ``TTTC>N`` deletes it, unless SVLEN, END or inserted bases say otherwise.
    """
    if not facts.has_type or n_unknown_anchors(ref, alt):
        return None
    n = max(len(ref), len(alt))
    if facts.lengths in (set(), {n}):
        if facts.kind == "INS" and ref in ("N", "n") and facts.inserted(_AT_JUNCTION, alt):
            return Structure("INS", inserted=alt)
        is_deletion = facts.kind == "DEL" and alt in ("N", "n") and facts.inserted(_AT_JUNCTION) == ""
        if is_deletion and facts.ends in (set(), {pos + n - 1}, {pos + n}):
            return Structure("DEL", length=n)
    return INEXACT


def _numbers(text: str) -> set[int] | None:
    """A set of the number, empty for ``.``, None if it is no whole number."""
    if text == _MISSING:
        return set()
    return {int(text)} if _NUMBER.fullmatch(text) else None
