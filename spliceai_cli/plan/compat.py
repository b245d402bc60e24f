"""The rules of spliceai 1.3.1, mistakes included (``--compat 1.3.1``)."""

from __future__ import annotations

import string
from dataclasses import dataclass

import numpy as np

from spliceai_cli.arrays import FloatArray
from spliceai_cli.genes.gene import Gene
from spliceai_cli.genome.coords import Interval
from spliceai_cli.plan.alignment import Alignment
from spliceai_cli.plan.rules import Rules
from spliceai_cli.settings.scoring import Settings
from spliceai_cli.settings.words import COMPAT_1_3_1
from spliceai_cli.variants.variant import SkipReason, Variant

_FLANK = 5000  # bp on each side that 1.3.1 requires on the contig


def _aliased_table() -> bytes:
    """1.3.1 turns A C G T N into 1 2 3 4 0, then takes every letter modulo 5: R is read as C, Y as T, ``]`` as G."""
    table = bytearray((byte % 5 - 1) % 5 for byte in range(256))
    for code, letter in enumerate("ACGTN"):
        table[ord(letter)] = code
    for letter in string.ascii_uppercase:
        table[ord(letter.lower())] = table[ord(letter)]
    return bytes(table)


@dataclass(frozen=True, slots=True)
class CompatAlignment(Alignment):
    """1.3.1 never looks further right, so a deletion longer than ``anchor`` lays its zeros on intact bases."""

    @property
    def alt_width(self) -> int:
        """Number of ALT positions in 1.3.1."""
        return self.width + self.n_alt - self.n_ref

    def lay(self, alt: FloatArray) -> FloatArray:
        """Like ``Alignment.lay``, but zeros follow ALT's positions up to POS, even if these end early."""
        if self.n_alt > 1 or self.n_ref == 1:
            # Two arguments: super() alone does not work in a dataclass with slots.
            return super(CompatAlignment, self).lay(alt)
        kept = self.anchor + 1
        zeros = np.zeros((self.n_ref - 1, alt.shape[1]), dtype=alt.dtype)
        return np.concatenate((alt[:kept], zeros, alt[kept:]))


class CompatRules(Rules):
    """Which alleles 1.3.1 scores, skips or gives dots, and on which positions."""

    table = _aliased_table()
    is_filling = False
    has_mnvs = False

    def __init__(self, distance: int, max_allele_length: int, max_sv_length: int = 0) -> None:
        super().__init__(distance, max_allele_length, max_sv_length)
        self.margin = _FLANK + distance

    def skip_by_alt(self, variant: Variant) -> SkipReason | None:
        """The reason from ALT alone. Breakends with a mate pass: 1.3.1 scores their letters as an insertion."""
        if variant.alt == ".":
            return SkipReason.NO_ALT
        if any(letter in variant.alt for letter in "*<>"):
            return SkipReason.SYMBOLIC
        # The last ones in the list would end or split the field that names the allele.
        alt = variant.alt
        is_left_out = any(letter in alt for letter in ".-;=| ") or not alt.isascii() or not alt.isprintable() or not alt
        return SkipReason.COMPAT if is_left_out else None

    def lookup_span(self, variant: Variant) -> Interval:
        """POS alone."""
        return Interval(variant.pos - 1, variant.pos)

    def is_covered(self, variant: Variant, gene: Gene) -> bool:
        """Whether POS lies in the gene."""
        return gene.covers(variant.pos - 1, variant.pos)

    def agrees_with_fasta(self, variant: Variant, bases: str) -> bool:
        """Whether REF equals the bases letter by letter; a lower-case REF never does."""
        return variant.ref == bases != ""

    def skip_in_gene(self, variant: Variant) -> SkipReason | None:
        """The reason for a long REF; the limit on ALT is the only rule that 1.3.1 does not have."""
        if max(len(variant.ref), len(variant.alt)) > self.max_allele_length:
            return SkipReason.TOO_LONG
        return SkipReason.COMPAT if len(variant.ref) > 2 * self.distance else None

    def alignment(self, variant: Variant) -> Alignment:
        """The scored positions: ``distance`` on either side of POS."""
        return CompatAlignment(
            pos=variant.pos,
            n_trimmed=0,
            n_ref=len(variant.ref),
            n_alt=len(variant.alt),
            anchor=self.distance,
            width=2 * self.distance + 1,
        )

    def final_score(self, score: float) -> float:
        """The score unchanged, so ``-0.00`` is printed."""
        return score


#: ``Settings.compat`` -> rules for models of splice sites.
RULES: dict[str | None, type[Rules]] = {None: Rules, COMPAT_1_3_1: CompatRules}


def rules_of(settings: Settings) -> Rules:
    """The rules that settings select for models of splice sites."""
    return RULES[settings.compat](settings.distance, settings.max_allele_length, settings.max_sv_length)
