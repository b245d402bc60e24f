"""One VCF allele and what became of it."""

from __future__ import annotations

from enum import Enum
from typing import NamedTuple

from spliceai_cli.info import Score


class Structure(NamedTuple):
    """What INFO says of an allele that is not plain sequence: enough to write it as such.

    Attributes:
        kind: ``DEL``, ``DUP`` (in tandem), ``INV`` or ``INS``; empty for ``INEXACT``.
        length: bases after POS that are deleted, doubled or turned; 0 for an insertion.
        inserted: bases of an insertion.
    """

    kind: str
    length: int = 0
    inserted: str = ""


#: The structure of a written allele that INFO contradicts or does not call exact.
INEXACT = Structure("")


class Variant(NamedTuple):
    """One CHROM-POS-REF-ALT with a single ALT, as the VCF writes it; ``pos`` is 1-based.

    ``structure`` is None unless it takes INFO to read the allele: a symbolic ALT, or one with N in place of a base.

    A ``NamedTuple``: records outside genes pass at over 100,000/s, and building a frozen dataclass alone costs 1 µs.
    """

    chrom: str
    pos: int
    ref: str
    alt: str
    structure: Structure | None = None

    def __str__(self) -> str:
        return f"{self.chrom}:{self.pos} {self.ref}>{self.alt}"


class SkipReason(Enum):
    """Why an allele has no score. The first that applies, in this order, is the allele's one reason."""

    NO_ALT = ("no-alt", "without ALT")
    SYMBOLIC = ("symbolic", "symbolic, * or breakend ALT, or not known to the base")
    CONTIG = ("contig", "on contigs the FASTA or the gene table does not have")
    OUTSIDE = ("outside", "outside genes")
    REF_MISMATCH = ("ref-mismatch", "with another REF than the FASTA")
    TOO_LONG = ("too-long", "longer than --max-allele-length or --max-sv-length")
    ALT_LETTERS = ("alt-letters", "with letters other than A C G T N in ALT")
    COMPAT = ("compat", "left out by 1.3.1")
    KEPT = ("kept", "with scores that were kept")

    def __init__(self, code: str, phrase: str) -> None:
        self.code = code
        self.phrase = phrase

    # Members are single objects; Enum's own hash is Python code that counting would call for every record.
    __hash__ = object.__hash__


#: Reasons an allele inside a gene can have; what ``--strict`` fails on.
IN_GENE_REASONS = frozenset({SkipReason.REF_MISMATCH, SkipReason.TOO_LONG, SkipReason.ALT_LETTERS})


class Outcome(NamedTuple):
    """A variant with its scores, or the one reason why it has none.

    Scores are those of the models in the order asked for, of each one per gene in table order.

    ``scores`` may hold unscored rows (``DeltaScore.is_missing``) beside a ``skip``: 1.3.1 prints dots for an MNV.

    A ``NamedTuple`` for the reason that ``Variant`` is one.
    """

    variant: Variant
    scores: tuple[Score, ...] = ()
    skip: SkipReason | None = None
