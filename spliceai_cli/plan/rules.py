"""Which alleles are scored, and on which positions."""

from __future__ import annotations

import re
from typing import NamedTuple

from spliceai_cli.genes.gene import Gene
from spliceai_cli.genome.bases import BASES, Codes, N, agrees, encode
from spliceai_cli.genome.coords import Interval
from spliceai_cli.plan.alignment import Alignment
from spliceai_cli.plan.edit import Edit, place_edit
from spliceai_cli.plan.sequence import GeneSequence
from spliceai_cli.variants.structure import affected
from spliceai_cli.variants.variant import INEXACT, SkipReason, Variant

_ALT_LETTERS = re.compile(r"[ACGTNacgtn]+")
_NOT_SEQUENCE = re.compile(r"[<>*\[\]]|^\.|\.$")


class Trimmed(NamedTuple):
    """A variant without the bases that REF and ALT share; ``pos`` is 1-based."""

    pos: int
    ref: str
    alt: str


def trim(variant: Variant) -> Trimmed:
    """Drop the shared suffix, then the shared prefix, if both alleles have more than one base.

    One base of the shorter allele always stays, so the result is a plain SNV, insertion or deletion if possible. A
    variant with one base in REF or ALT is unchanged. Case is ignored.

    >>> trim(Variant("1", 10, "GCTG", "GCTA")), trim(Variant("1", 10, "ATTG", "ATG"))
    (Trimmed(pos=13, ref='G', alt='A'), Trimmed(pos=10, ref='AT', alt='A'))
    """
    pos, ref, alt = variant.pos, variant.ref, variant.alt
    upper_ref, upper_alt = ref.upper(), alt.upper()
    n_most = min(len(ref), len(alt)) - 1
    n_right = 0
    while n_right < n_most and upper_ref[-1 - n_right] == upper_alt[-1 - n_right]:
        n_right += 1
    n_left = 0
    while n_left < n_most - n_right and upper_ref[n_left] == upper_alt[n_left]:
        n_left += 1
    return Trimmed(pos + n_left, ref[n_left : len(ref) - n_right], alt[n_left : len(alt) - n_right])


class Rules:
    """The default rules: every allele that has a sequence is scored.

    Args:
        distance: scored bp on either side of POS.
        max_allele_length: bases of REF or ALT beyond which an allele is left out.
        max_sv_length: longest symbolic allele scored, in bases.

    Attributes:
        table: byte -> code for reference and alleles.
        is_filling: whether an N for the anchor is replaced by the FASTA's base.
        has_mnvs: whether alleles with several bases in both REF and ALT are scored, not given dots.
        margin: bp on either side of POS that must be on the contig.
    """

    table = BASES
    is_filling = True
    has_mnvs = True
    margin = 0

    def __init__(self, distance: int, max_allele_length: int, max_sv_length: int = 0) -> None:
        self.distance = distance
        self.max_allele_length = max_allele_length
        self.max_sv_length = max_sv_length

    def skip_by_alt(self, variant: Variant) -> SkipReason | None:
        """The reason to skip an allele that follows from the record alone."""
        _, _, ref, alt, structure = variant
        if structure is None and alt.isalpha():
            # TGC>N is ambiguous: a deletion of TGC, a deletion of GC, or one unknown base in place of three.
            if alt in "Nn" and len(ref) > 1 and ref[0] not in "Nn" and len(alt) == 1:
                return SkipReason.SYMBOLIC
            return None
        if alt == ".":
            return SkipReason.NO_ALT
        if structure is not None:
            return SkipReason.SYMBOLIC if structure == INEXACT else None
        return SkipReason.SYMBOLIC if _NOT_SEQUENCE.search(alt) else None

    def lookup_span(self, variant: Variant) -> Interval:
        """0-based positions whose genes are considered for the allele, from POS on."""
        if variant.structure is not None:
            return affected(variant)
        if len(variant.ref) == 1:
            return Interval(variant.pos - 1, variant.pos)
        return Interval(variant.pos - 1, max(variant.pos, _changed(trim(variant)).end))

    def is_covered(self, variant: Variant, gene: Gene) -> bool:
        """Whether POS or a changed REF base lies in the gene."""
        if variant.structure is not None:
            return gene.covers(*affected(variant))
        return gene.covers(variant.pos - 1, variant.pos) or gene.covers(*_changed(trim(variant)))

    def agrees_with_fasta(self, variant: Variant, bases: str) -> bool:
        """Whether REF agrees with the FASTA; an IUPAC letter in the FASTA agrees with each of its bases."""
        ref = variant.ref.upper()
        if variant.structure is not None and ref == "N":
            return bases != ""
        return agrees(ref, bases)

    def skip_in_gene(self, variant: Variant) -> SkipReason | None:
        """The reason to skip an allele in a gene although its REF agrees with the FASTA."""
        most = self.max_allele_length if variant.structure is None else self.max_sv_length + 1
        if max(len(variant.ref), len(variant.alt)) > most:
            return SkipReason.TOO_LONG
        return None if _ALT_LETTERS.fullmatch(variant.alt) else SkipReason.ALT_LETTERS

    def is_near_end(self, variant: Variant, length: int) -> bool:
        """Whether either end of the contig of ``length`` bp lies within the margin around POS."""
        return self.margin > 0 and not self.margin < variant.pos <= length - self.margin

    def has_dots(self, variant: Variant) -> bool:
        """Whether the allele gets dots instead of scores."""
        return not self.has_mnvs and len(variant.ref) > 1 and len(variant.alt) > 1

    def alignment(self, variant: Variant) -> Alignment:
        """The scored positions: ``distance`` left of the trimmed POS, and ``n_right`` right of it."""
        trimmed = trim(variant)
        return Alignment(
            pos=trimmed.pos,
            n_trimmed=trimmed.pos - variant.pos,
            n_ref=len(trimmed.ref),
            n_alt=len(trimmed.alt),
            anchor=self.distance,
            width=self.distance + 1 + self.n_right(variant, trimmed),
        )

    def n_right(self, variant: Variant, trimmed: Trimmed) -> int:
        """Scored positions right of POS: ``distance``, counted from the far end of a long change.

        A long change is a deletion or inversion of more than ``distance`` bases.
        """
        is_inversion = variant.structure is not None and variant.structure.kind == "INV"
        n_changed = len(trimmed.ref) - 1 if is_inversion else max(0, len(trimmed.ref) - len(trimmed.alt))
        # Up to `distance`, the far end is scored anyway, so 1.3.1's positions are kept.
        return self.distance + (n_changed if n_changed > self.distance else 0)

    def edit(self, variant: Variant, sequence: GeneSequence, alignment: Alignment) -> Edit:
        """The allele on a gene's sequence.

        If POS is in the gene, all of REF is replaced by all of ALT, even beyond the gene's end, as in 1.3.1. Otherwise
        ALT bases that map to REF bases outside the gene become N, like those.
        """
        if sequence.span.overlaps(variant.pos - 1, variant.pos):
            start, n_ref = variant.pos - 1, len(variant.ref)
            alt = encode(variant.alt.encode(), self.table)
        else:
            pos, ref, alt_text = trim(variant)
            start, n_ref = pos - 1, len(ref)
            alt = _masked_alt(encode(alt_text.encode(), self.table), start, n_ref, sequence.span)
        return place_edit(
            sequence,
            Interval(start, start + n_ref),
            alt,
            ref_scored=alignment.ref_scored,
            alt_width=alignment.alt_width,
        )

    def final_score(self, score: float) -> float:
        """The score reported for the largest change; never below 0."""
        return max(0.0, score)


class TissueRules(Rules):
    """The rules for models of tissues: Pangolin scores ``distance`` on either side of all of REF."""

    def n_right(self, variant: Variant, trimmed: Trimmed) -> int:  # noqa: ARG002 (as for sites)
        """Scored positions right of POS: up to ``distance`` right of the last REF base."""
        return self.distance + len(trimmed.ref) - 1


def _changed(trimmed: Trimmed) -> Interval:
    """0-based REF positions that an allele changes; empty for an insertion after an unchanged base."""
    start, end = trimmed.pos - 1, trimmed.pos - 1 + len(trimmed.ref)
    is_anchored = trimmed.ref[:1].upper() == trimmed.alt[:1].upper()
    return Interval(start + is_anchored, end)


def _masked_alt(alt: Codes, start: int, n_ref: int, span: Interval) -> Codes:
    """ALT with N for each base that maps to a REF base (see ``Alignment``) outside the span."""
    last_common = min(n_ref, len(alt)) - 1
    masked = alt.copy()
    for i in range(len(alt)):
        standing = start + min(i, last_common)
        if not span.overlaps(standing, standing + 1):
            masked[i] = N
    return masked
