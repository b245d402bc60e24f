"""One VCF allele and the outcome of scoring it."""

from __future__ import annotations

import warnings
from enum import Enum
from typing import Any, NamedTuple, SupportsIndex

from spliceai_cli.scores.consequence import Consequence, ExonInclusion
from spliceai_cli.scores.score import Score
from spliceai_cli.variants.values import (
    read_alt,
    read_chrom,
    read_inserted,
    read_length,
    read_pos,
    read_ref,
    refuse,
)

_KINDS = ("DEL", "DUP", "INV", "INS")


class Structure(NamedTuple):
    """The structure, from INFO, of an allele that is not plain sequence; enough to expand it to sequence.

    Attributes:
        kind: ``DEL``, ``DUP`` (in tandem), ``INV`` or ``INS``; empty for ``INEXACT``.
        length: bases after POS that are deleted, duplicated or inverted; 0 for an insertion.
        inserted: bases that are inserted, or that replace deleted ones.
    """

    kind: str
    length: int = 0
    inserted: str = ""


#: The structure of an allele in bases that INFO contradicts or calls inexact.
INEXACT = Structure("")


class _Fields(NamedTuple):
    chrom: str
    pos: int
    ref: str
    alt: str
    structure: Structure | None = None


class Variant(_Fields):
    """One CHROM-POS-REF-ALT with a single ALT, as the VCF writes it; ``pos`` is 1-based.

    Fields are checked: ``chrom`` may also be a whole number, ``pos`` of any exact type or a text of digits. Variants
    of a VCF are made unchecked with ``Variant._make``: a record may hold anything, and gets a ``SkipReason`` for it.

    ``structure`` is None unless the allele needs INFO: a symbolic ALT, or one with N in place of a base.

    It is a named tuple for speed: records outside genes pass at over 100,000/s, and building a frozen dataclass alone
    costs 1 µs.

    Raises:
        VariantError: a field is not valid; the message gives its name and value.
    """

    __slots__ = ()

    def __new__(
        cls,
        chrom: str | SupportsIndex | float,
        pos: SupportsIndex | float | str,
        ref: str,
        alt: str,
        structure: Structure | None = None,
    ) -> Variant:
        """Check the fields and make the variant."""
        fields = (read_chrom(chrom), read_pos(pos), read_ref(ref), read_alt(alt))
        return cls._make((*fields, None if structure is None else _read_structure(structure, *fields[2:])))

    @classmethod
    def parse(cls, text: str) -> Variant:
        """The variant that CHROM:POS:REF:ALT describes, as in ``chr19:38467722:C:T``.

        Other notations need a genome: see ``notation.text.parse_variant``. A contig may have colons in its name.

        Raises:
            VariantError: the text is not of this form, or a field is not valid.
        """
        fields = text.strip().rsplit(":", 3) if isinstance(text, str) else ()
        if len(fields) != 4:  # noqa: PLR2004 (the names below)
            refuse("text", text, "CHROM:POS:REF:ALT", "For other notations, use parse_variant(text, reference).")
        chrom, pos, ref, alt = fields
        return cls(chrom, pos, ref, alt)

    def _replace(self, **changes: Any) -> Variant:  # noqa: ANN401 (as a named tuple has it)
        """A copy with some fields changed; all fields are checked again."""
        return type(self)(**{**self._asdict(), **changes}) if changes else self

    __replace__ = _replace  # for copy.replace of Python 3.13

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickles and copies are not checked again: a record's variant may hold anything."""
        return self._make, (tuple(self),)

    def __str__(self) -> str:
        return f"{self.chrom}:{self.pos} {self.ref}>{self.alt}"


def _read_structure(structure: object, ref: str, alt: str) -> Structure:
    if not isinstance(structure, Structure):
        refuse("structure", structure, "a Structure or None")
    kind, length, inserted = structure
    if structure == INEXACT and alt.isalpha():
        return INEXACT
    if kind not in _KINDS:
        refuse("structure.kind", kind, f"one of {', '.join(_KINDS)}")
    is_insertion = kind == "INS"
    length = read_length(length, is_wanted=not is_insertion)
    inserted = read_inserted(inserted, is_wanted=is_insertion, is_allowed=kind in ("INS", "DEL"))
    is_symbolic = alt.startswith("<") and alt[1:-1].split(":")[0].upper() == kind
    # N in place of an empty allele, as some callers write it.
    is_written_insertion = is_insertion and ref in ("N", "n") and inserted == alt
    is_written_deletion = kind == "DEL" and alt in ("N", "n") and length == len(ref) and not inserted
    if not (is_symbolic or is_written_insertion or is_written_deletion):
        refuse("alt", alt, f"<{kind}>, which the structure says,")
    return Structure(kind, length, inserted)


class SkipReason(Enum):
    """Why an allele has no score. The first that applies, in this order, is the allele's one reason."""

    NO_ALT = ("no-alt", "without ALT")
    SYMBOLIC = ("symbolic", "with a symbolic, * or breakend ALT, or without an exact sequence")
    CONTIG = ("contig", "with a contig missing from the FASTA or annotation")
    OUTSIDE = ("outside", "outside genes")
    REF_MISMATCH = ("ref-mismatch", "with a REF that differs from the FASTA")
    TOO_LONG = ("too-long", "longer than --max-allele-length or --max-sv-length")
    ALT_LETTERS = ("alt-letters", "with letters other than A C G T N in ALT")
    COMPAT = ("compat", "left out by 1.3.1")
    KEPT = ("kept", "already scored (kept)")

    def __init__(self, code: str, phrase: str) -> None:
        self.code = code
        self.phrase = phrase

    # Members are single objects; Enum's own hash is Python code that counting would call for every record.
    __hash__ = object.__hash__


#: Reasons that an allele inside a gene can have, on which ``--strict`` fails.
IN_GENE_REASONS = frozenset({SkipReason.REF_MISMATCH, SkipReason.TOO_LONG, SkipReason.ALT_LETTERS})


class Outcome(NamedTuple):
    """A variant with its scores, or the one reason why it has none.

    Scores are ordered by model, as requested, then by gene, in table order.

    ``scores`` may hold unscored rows (``DeltaScore.is_missing``) beside a ``reason``: 1.3.1 prints dots for an MNV.

    ``consequences`` and ``inclusions`` are empty unless the scorer looks for them. MANE transcripts come first, else in
    the order of the scores; the consequences of one transcript are ordered by weight, largest first.

    It is a ``NamedTuple`` for speed, like ``Variant``.
    """

    variant: Variant
    scores: tuple[Score, ...] = ()
    reason: SkipReason | None = None
    consequences: tuple[Consequence, ...] = ()
    inclusions: tuple[ExonInclusion, ...] = ()

    @property
    def skip(self) -> SkipReason | None:
        """The name of ``reason`` in version 0.1.0."""
        warnings.warn("Outcome.skip is now called Outcome.reason.", DeprecationWarning, stacklevel=2)
        return self.reason
