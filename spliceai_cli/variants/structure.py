"""Reads from INFO the structure of alleles that are not plain sequence."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from spliceai_cli.genome.coords import Interval
from spliceai_cli.variants.variant import INEXACT, Structure, Variant

#: INFO of a record: key -> text after ``=``, empty for a flag.
Info = Mapping[str, str]

# Kinds with subtypes that mean the same change of sequence. DUP:DISPERSED and the like are not tandem copies, and a
# subtype CNV means that the evidence is read depth.
_KINDS = re.compile(r"(?!.*:CNV(?::|$))(?:(DEL|INV|INS)(?::[^<>]*)?|(DUP)(?::TANDEM)?)", re.IGNORECASE)
_BASES = re.compile(r"[ACGTNacgtn]+")
_NUMBER = re.compile(r"-?[0-9]{1,17}")
# Keys for bases at a junction (Manta, nanomonsv, SAVANA, SvABA) and for their number (Delly, Pindel). SEQ is used for
# insertions only: for a deletion it holds the deleted bases, or a read.
_AT_JUNCTION = ("SVINSSEQ", "INSSEQ", "INSERTION")
_INSERTED = ("SEQ", *_AT_JUNCTION)
_N_INSERTED = ("SVINSLEN", "INSLEN", "NTLEN")
# Manta: the two ends of an insertion that was not fully assembled.
_ENDS_INSERTED = ("LEFT_SVINSSEQ", "RIGHT_SVINSSEQ")
_MISSING = "."

# Flags are sometimes written with a value.
_YES = frozenset({"", "1", "T", "TRUE", "YES"})
_NO = frozenset({"0", "F", "FALSE", "NO"})


def read_structure(info: Info, i: int, *, pos: int, ref: str, alts: Sequence[str]) -> Structure | None:
    """Read from INFO the structure of an ALT that is symbolic, or written with N for a base that the caller skipped.

    An unreadable value is never treated as missing: the allele then counts as inexact.

    Args:
        info: INFO of the record.
        i: index of the ALT.
        pos: POS of the record.
        ref: REF of the record.
        alts: ALTs of the record.

    Returns:
        None for an inexact symbolic allele, and for an allele in bases that needs nothing from INFO;
        ``INEXACT`` for an allele in bases that INFO contradicts or calls inexact.
    """
    facts = _Facts(info, i, len(alts))
    if alts[i].isalpha():
        return _written(facts, pos, ref, alts[i]) if facts.is_exact else INEXACT
    kind = _kind(alts[i][1:-1]) if alts[i].startswith("<") and alts[i].endswith(">") else None
    if kind is None or not facts.is_exact or (facts.has_type and facts.kind != kind):
        return None
    return _insertion(facts) if kind == "INS" else _of_length(kind, facts, pos)


def n_unknown_anchors(ref: str, alt: str) -> int:
    """Leading bases that are N in both alleles of an insertion, deletion or substitution, so they do not change.

    >>> n_unknown_anchors("N", "NTTT"), n_unknown_anchors("NTG", "n"), n_unknown_anchors("N", "A")
    (1, 1, 0)
    """
    pairs = zip(ref, alt)  # noqa: B905 (they may differ in length)
    n_shared = next((i for i, pair in enumerate(pairs) if not set(pair) <= {"N", "n"}), min(len(ref), len(alt)))
    return n_shared if n_shared < max(len(ref), len(alt)) else 0


def affected(variant: Variant) -> Interval:
    """0-based REF positions, from POS on, that a structure affects."""
    structure = variant.structure
    length = structure.length if structure is not None and structure.kind in ("DEL", "INV") else 0
    return Interval(variant.pos - 1, variant.pos + length)


class _Facts:
    """The contents of INFO for one ALT.

    Args:
        info: INFO of the record.
        i: index of the ALT.
        n_alts: number of ALTs in the record.
    """

    def __init__(self, info: Info, i: int, n_alts: int) -> None:
        self._info = info
        self._i = i
        self._n_alts = n_alts

    def value(self, key: str) -> str:
        """The ALT's value: ``.`` if there is none; empty if there is not one value per ALT."""
        values = self._info.get(key, _MISSING).split(",")
        if len(values) == self._n_alts:
            return values[self._i]
        return _MISSING if values == [_MISSING] else ""

    @property
    def lengths(self) -> set[int] | None:
        """The size in SVLEN; its sign is ignored (VCF 4.4 has none). Empty if absent, None if unreadable."""
        numbers = _numbers(self.value("SVLEN"))
        return numbers if numbers is None else {abs(number) for number in numbers}

    @property
    def ends(self) -> set[int] | None:
        """END, the last base affected. Empty if absent, None if unreadable.

        A record has one END for all ALTs, so with several it is not used.
        """
        return _numbers(self._info.get("END", _MISSING)) if self._n_alts == 1 else set()

    @property
    def has_type(self) -> bool:
        """Whether there is an SVTYPE."""
        return self._info.get("SVTYPE", _MISSING) != _MISSING

    @property
    def kind(self) -> str | None:
        """The kind in SVTYPE, given per record or per ALT; None if the kind is not scored."""
        svtype = self._info.get("SVTYPE", _MISSING)
        return _kind(self.value("SVTYPE") if "," in svtype else svtype)

    def inserted(self, keys: Sequence[str], written: str = "") -> str | None:
        """The inserted bases; empty if there are none, None if they are incomplete or INFO contradicts itself.

        Args:
            keys: keys that may hold the bases.
            written: the bases, if they are in ALT.
        """
        values = [value for value in (written or _MISSING, *map(self.value, keys)) if value != _MISSING]
        bases = next(iter(values), "")
        if any(value.upper() != bases.upper() or not _BASES.fullmatch(value) for value in values):
            return None
        if any(self.value(key) != _MISSING for key in _ENDS_INSERTED):
            return None
        lengths = [_numbers(self.value(key)) for key in _N_INSERTED]
        return bases if all(length is not None and length <= {len(bases)} for length in lengths) else None

    @property
    def is_exact(self) -> bool:
        """Whether nothing in INFO says that the breakpoints are inexact."""
        is_called_precise = self._info.get("PRECISE", "").upper() in _YES
        if self._info.get("IMPRECISE", "0").upper() not in _NO or not is_called_precise:
            return False
        # D means that the evidence is copy number alone, which does not locate breakpoints (VCF 4.4).
        if self.value("SVCLAIM").upper() not in (_MISSING, "J", "DJ", "JD"):
            return False
        return self._is_certain("CIPOS") and self._is_certain("CIEND") and self._interval("CILEN") == (0, 0)

    def _is_certain(self, key: str) -> bool:
        """Whether an end is uncertain only by microhomology, where every position gives the same sequence."""
        low, high = self._interval(key) or (1, -1)
        if not low <= 0 <= high:
            return False
        # Delly writes ±HOMLEN for a breakpoint that it calls PRECISE.
        reach = max(-low, high) if "PRECISE" in self._info else high - low
        return reach <= max(_numbers(self.value("HOMLEN")) or {0})

    def _interval(self, key: str) -> tuple[int, int] | None:
        """A confidence interval; (0, 0) if there is none. It is one for all ALTs, or since VCF 4.4 one per ALT."""
        bounds = self._info.get(key, "0,0").split(",")
        if len(bounds) == 2 * self._n_alts:
            bounds = bounds[2 * self._i : 2 * self._i + 2]
        if len(bounds) != 2 or not all(map(_NUMBER.fullmatch, bounds)):  # noqa: PLR2004 (low and high)
            return None
        low, high = map(int, bounds)
        return low, high


def _kind(name: str) -> str | None:
    """The kind of a symbolic ALT or an SVTYPE, in upper case; None if the kind is not scored."""
    match = _KINDS.fullmatch(name)
    return (match[1] or match[2]).upper() if match else None


def _of_length(kind: str, facts: _Facts, pos: int) -> Structure | None:
    """The structure that END and SVLEN describe without contradiction, else None."""
    inserted = facts.inserted(_AT_JUNCTION)
    if facts.ends is None or facts.lengths is None or inserted is None:
        return None
    # For a deletion with inserted bases, SVLEN is either the deleted length or the net loss, so END is needed.
    if inserted and (kind != "DEL" or not facts.ends):
        return None
    lengths = {end - pos for end in facts.ends} | facts.lengths
    return Structure(kind, min(lengths), inserted) if len(lengths) == 1 and min(lengths) >= 1 else None


def _insertion(facts: _Facts) -> Structure | None:
    """The insertion, if INFO has its complete sequence; else None."""
    inserted = facts.inserted(_INSERTED)
    return Structure("INS", inserted=inserted) if inserted and facts.lengths in (set(), {len(inserted)}) else None


def _written(facts: _Facts, pos: int, ref: str, alt: str) -> Structure | None:
    """The structure, by SVTYPE, of an allele in bases with N where a base should be.

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
    """A set of the one number; empty for ``.``, None if the text is not a whole number."""
    if text == _MISSING:
        return set()
    return {int(text)} if _NUMBER.fullmatch(text) else None
