"""Computes, layer by layer, which positions an edit changes and which the scored positions need. Holds no tensors.

Coordinates are ALT positions in transcript order, relative to the edit, which changes [0, changed). The half-reach r of
a convolution is how far it looks to each side. It widens the changed interval by r on both sides; going back from the
scored positions, it widens the needed interval by r. Each convolution only has to run on positions that are both
changed and needed. All other values are those of REF; right of the edit, the REF position is the ALT position minus
``Edit.shift``.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from spliceai_cli.genome.coords import Interval
from spliceai_cli.plan.edit import Edit

# Scored lengths are rounded up to a multiple of 32, changed lengths to a power of 4, so that more edits share a batch.
# Extra changed positions recompute REF values exactly; extra outputs are cut off. At -D 50 all this costs under 2 %.
_SCORED_STEP = 32
_CHANGED_BASE = 4


class Geometry(NamedTuple):
    """Sizes that determine all intervals of an edit.

    Attributes:
        left: number of scored positions left of the change.
        changed: number of positions changed at the input.
        right: number of scored positions right of the change.
    """

    left: int
    changed: int
    right: int

    @property
    def scored(self) -> Interval:
        """Scored positions."""
        return Interval(-self.left, self.changed + self.right)


@dataclass(frozen=True, slots=True, eq=False)
class PlacedEdit:
    """An edit with its sizes rounded up.

    Attributes:
        edit: the edit.
        start: ALT position that corresponds to 0 in the geometry; left of it, both have the same coordinates.
        geometry: rounded sizes.
    """

    edit: Edit
    start: int
    geometry: Geometry

    @property
    def ref_hull(self) -> Interval:
        """REF positions that the REF pass must cover; ALT may look up their outputs and the values behind these."""
        scored, ref = self.geometry.scored, self.edit.ref_scored
        return Interval(
            min(ref.start, self.start + scored.start), max(ref.end, self.start + scored.end - self.edit.shift)
        )


def place(edit: Edit) -> PlacedEdit:
    """Round an edit's sizes up; a few more positions than necessary then count as changed or scored."""
    start, end = edit.replaced.start, edit.replaced.start + len(edit.alt)
    left = start - min(edit.alt_scored.start, start)
    right = max(edit.alt_scored.end, end) - end
    geometry = Geometry(_round_step(left), _round_power(end - start), _round_step(right))
    return PlacedEdit(edit, start, geometry)


class BlockReach(NamedTuple):
    """Intervals of one residual block.

    Attributes:
        source: positions at which the block's input is both changed and needed.
        window: input of the first convolution; outside ``source`` its values are those of REF.
        middle: output of the first convolution.
        middle_window: input of the second convolution; outside ``middle`` its values are those of REF.
        out: output of the block.
    """

    source: Interval
    window: Interval
    middle: Interval
    middle_window: Interval
    out: Interval


def block_reaches(reaches: Sequence[int], geometry: Geometry) -> Iterator[BlockReach]:
    """Intervals of every block, in order of computation.

    Args:
        reaches: for each block, the half-reach of its convolutions.
        geometry: geometry of the edit.
    """
    changed = Interval(0, geometry.changed)
    ahead = 2 * sum(reaches)
    source = changed
    for reach in reaches:
        changed = _widen(changed, reach)
        ahead -= reach
        middle = _meet(changed, _widen(geometry.scored, ahead))
        changed = _widen(changed, reach)
        ahead -= reach
        out = _meet(changed, _widen(geometry.scored, ahead))
        yield BlockReach(source, _widen(middle, reach), middle, _widen(out, reach), out)
        source = out


def _widen(interval: Interval, n: int) -> Interval:
    return Interval(interval.start - n, interval.end + n)


def _meet(first: Interval, second: Interval) -> Interval:
    return Interval(max(first.start, second.start), min(first.end, second.end))


def _round_step(n: int) -> int:
    return -(-n // _SCORED_STEP) * _SCORED_STEP


def _round_power(n: int) -> int:
    size = _CHANGED_BASE
    while size < n:
        size *= _CHANGED_BASE
    return size
