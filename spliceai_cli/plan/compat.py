"""The rules of spliceai 1.3.1, mistakes included (``--compat 1.3.1``)."""

from __future__ import annotations

import string
from dataclasses import dataclass

import numpy as np

from spliceai_cli.arrays import FloatArray
from spliceai_cli.genes.gene import Gene
from spliceai_cli.genome.coords import Interval
from spliceai_cli.genome.fasta import Reference
from spliceai_cli.plan.alignment import Alignment
from spliceai_cli.plan.rules import Rules
from spliceai_cli.variants.expand import Fetch
from spliceai_cli.variants.variant import SkipReason, Variant

_FLANK = 5000  # bp on each side that 1.3.1 wants to find on the contig


def _aliased_table() -> bytes:
    """1.3.1 takes every letter modulo 5, after A C G T N are 1 2 3 4 0: R is read as C, Y as T, ``]`` as G."""
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
        """Positions that 1.3.1 has of ALT."""
        return self.width + self.n_alt - self.n_ref

    def lay(self, alt: FloatArray) -> FloatArray:
        """As ``Alignment.lay``, but zeros follow what there is of ALT up to POS, wherever that ends."""
        if self.n_alt > 1 or self.n_ref == 1:
            # Two arguments: super() alone does not work in a dataclass with slots.
            return super(CompatAlignment, self).lay(alt)
        kept = self.anchor + 1
        zeros = np.zeros((self.n_ref - 1, alt.shape[1]), dtype=alt.dtype)
        return np.concatenate((alt[:kept], zeros, alt[kept:]))


class CompatRules(Rules):
    """What 1.3.1 scores, skips or gives dots, on the positions that it takes. REF and ALT as ``Rules`` has them."""

    table = _aliased_table()

    def skip_by_alt(self, variant: Variant) -> SkipReason | None:
        """Breakends with mate pass: 1.3.1 scores their letters as an insertion."""
        if variant.alt == ".":
            return SkipReason.NO_ALT
        if any(letter in variant.alt for letter in "*<>"):
            return SkipReason.SYMBOLIC
        # The last ones would end or split the field that names the allele.
        alt = variant.alt
        is_left_out = any(letter in alt for letter in ".-;=| ") or not alt.isascii() or not alt.isprintable() or not alt
        return SkipReason.COMPAT if is_left_out else None

    def filled(self, variant: Variant, fetch: Fetch) -> Variant:  # noqa: ARG002
        """As it is: N is a letter like any other."""
        return Variant._make((*variant[:4], None))

    def lookup_span(self, variant: Variant) -> Interval:
        """POS alone."""
        return Interval(variant.pos - 1, variant.pos)

    def is_covered(self, variant: Variant, gene: Gene) -> bool:
        """Whether POS lies in the gene."""
        return gene.covers(variant.pos - 1, variant.pos)

    def agrees_with_fasta(self, variant: Variant, bases: str) -> bool:
        """Letter by letter; a lower-case REF never agrees."""
        return variant.ref == bases != ""

    def skip_in_gene(self, variant: Variant, reference: Reference, chrom: str) -> SkipReason | None:
        """Contig ends, long REF; a limit on ALT is the one thing that 1.3.1 does not have."""
        if max(len(variant.ref), len(variant.alt)) > self.max_allele_length:
            return SkipReason.TOO_LONG
        reach = _FLANK + self.distance
        is_near_end = variant.pos <= reach or variant.pos + reach > reference.lengths[chrom]
        return SkipReason.COMPAT if is_near_end or len(variant.ref) > 2 * self.distance else None

    def has_dots(self, variant: Variant) -> bool:
        """MNVs and delins with more than one base on both sides are named without a score."""
        return len(variant.ref) > 1 and len(variant.alt) > 1

    def alignment(self, variant: Variant) -> Alignment:
        """``distance`` on either side of POS."""
        return CompatAlignment(
            pos=variant.pos,
            n_trimmed=0,
            n_ref=len(variant.ref),
            n_alt=len(variant.alt),
            anchor=self.distance,
            width=2 * self.distance + 1,
        )

    def final_score(self, score: float) -> float:
        """As found, so ``-0.00`` is printed."""
        return score
