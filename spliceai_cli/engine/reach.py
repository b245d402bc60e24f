"""Layer by layer, the positions that an edit can change and that the scored positions need. Integers only.

Coordinates are ALT positions relative to the edit, which changes [0, changed). A convolution of half-reach r widens the
changed interval by r on both sides; going back from the scored positions, it widens the needed interval by r. Each
convolution only has to run on positions that are both changed and needed. All other values equal those of REF, which
are shifted to the right of the edit.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from spliceai_cli.genome.coords import Interval
from spliceai_cli.plan.edit import Edit

# Edits whose sizes round up to the same numbers run in one batch. The added positions recompute REF values exactly; at
# a distance of 50 they cost under 2 % of the arithmetic.
_SCORED_STEP = 32
_CHANGED_BASE = 4


class Geometry(NamedTuple):
    """Sizes that determine all intervals of an edit.

    Attributes:
        left: scored positions left of the change.
        changed: positions changed at the input.
        right: scored positions right of the change.
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
        start: ALT position that corresponds to 0 in the geometry; left of it, ALT and REF positions are equal.
        geometry: rounded sizes.
    """

    edit: Edit
    start: int
    geometry: Geometry

    @property
    def ref_hull(self) -> Interval:
        """REF positions whose outputs, and all values that these depend on, the ALT pass may look up."""
        scored, ref = self.geometry.scored, self.edit.ref_scored
        return Interval(
            min(ref.start, self.start + scored.start), max(ref.end, self.start + scored.end - self.edit.shift)
        )


def place(edit: Edit) -> PlacedEdit:
    """Round an edit's sizes up, so that more positions than necessary count as changed or scored."""
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
        reaches: half-reach of the convolutions of each block.
        geometry: the edit's.
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
