"""Criteria of ClinGen that splice scores alone would support: hints for a reader, never a classification."""

from __future__ import annotations

from spliceai_cli.consequence.transcript import Transcript
from spliceai_cli.genome.coords import Interval

# Walker et al. 2023, doi:10.1016/j.ajhg.2023.06.002: impact from 0.2, none up to 0.1; nothing is said in between.
_PP3, _BP4 = 0.2, 0.1

# Intronic variants count for BP7 from +7 and from -21 outwards.
_AFTER_DONOR, _BEFORE_ACCEPTOR = 7, 21

# The canonical dinucleotides have their own criterion, PVS1.
_CANONICAL = 2


def hints(
    transcript: Transcript, changed: Interval, largest: float, *, is_silent: bool, is_null: bool = False
) -> tuple[str, ...]:
    """The criteria that a score would support.

    PP3: a score of at least 0.2. BP4: of at most 0.1. BP7, with BP4: a silent variant, or an intronic one at or beyond
    +7 and -21. None of them where PVS1 is to be weighed: for a variant that changes one of the two bases next to an
    exon in an intron, or that whatever splicing does shifts the frame, makes or loses a stop, or loses the start.

    Args:
        transcript: the transcript.
        changed: REF bases that the allele changes, transcript order; empty for an insertion before ``start``.
        largest: the largest of the four scores, without a mask.
        is_silent: whether the allele changes a codon, but not its amino acid.
        is_null: whether it shifts the frame, makes or loses a stop, or loses the start.
    """
    if is_null or any(_touches_canonical(intron, changed) for intron in transcript.introns):
        return ()
    score = round(largest, 2)
    if score >= _PP3:
        return ("PP3",)
    if score > _BP4:
        return ()
    is_deep = any(
        intron.start + _AFTER_DONOR - 1 <= changed.start and changed.end <= intron.end - _BEFORE_ACCEPTOR + 1
        for intron in transcript.introns
    )
    return ("BP4", "BP7") if is_silent or is_deep else ("BP4",)


def _touches_canonical(intron: Interval, changed: Interval) -> bool:
    """Whether a change touches the first or last two bases of an intron, or inserts between them."""
    first, last = (intron.start, intron.start + _CANONICAL), (intron.end - _CANONICAL, intron.end)
    if changed.length == 0:
        return any(start < changed.start < end for start, end in (first, last))
    return any(changed.overlaps(*ends) for ends in (first, last))
