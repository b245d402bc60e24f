"""Merges edits that are identical to the networks: their transcripts differ only beyond the window."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from spliceai_cli.genome.coords import Interval
from spliceai_cli.plan.edit import Edit


class _Seen(NamedTuple):
    """Everything that decides an edit's prediction."""

    chrom: str
    strand: str
    window: Interval
    replaced: Interval
    alt: bytes
    ref_scored: Interval
    alt_scored: Interval


class Shared(NamedTuple):
    """Distinct edits, and which of them represents each original edit.

    Attributes:
        edits: the distinct edits.
        rows: for each original edit, the row in ``edits`` of its representative.
    """

    edits: list[Edit]
    rows: list[int]


def share(edits: Sequence[Edit], flank: int) -> Shared:
    """Keep one of each group of equivalent edits.

    Equivalent edits are represented by the one on the longest transcript, so that neighbours in a gene mostly lie on
    one sequence and share its REF; ties take the first.

    Args:
        edits: edits on any genes.
        flank: bases that the networks use on either side of a scored position.
    """
    row_of: dict[_Seen, int] = {}
    kept: list[Edit] = []
    rows = []
    for edit in edits:
        row = row_of.setdefault(_seen(edit, flank), len(kept))
        if row == len(kept):
            kept.append(edit)
        elif edit.sequence.span.length > kept[row].sequence.span.length:
            kept[row] = edit
        rows.append(row)
    return Shared(kept, rows)


def _seen(edit: Edit, flank: int) -> _Seen:
    sequence, ref, alt = edit.sequence, edit.ref_scored, edit.alt_scored
    span = sequence.transcript_span
    start = min(ref.start, alt.start) - flank
    # ALT positions beyond the edit are shifted.
    end = max(ref.end, alt.end, alt.end - edit.shift) + flank
    window = Interval(max(start, span.start), min(end, span.end))
    return _Seen(sequence.chrom, sequence.strand, window, edit.replaced, edit.alt.tobytes(), ref, alt)
