"""Which positions an edit can change, layer by layer, and which of them the scored positions still need. Integers only.

Coordinates are ALT positions relative to the edit: it changes [0, changed). A convolution of half-reach r widens what
is changed by r on both sides; going back from the scored positions, it widens what is needed by r. Each convolution has
to run on what is both changed and needed; everything else equals REF, shifted to the right of the edit.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from spliceai_cli.genome.coords import Interval
from spliceai_cli.plan.edit import Edit

# Edits whose sizes round up to the same numbers run in one batch. What is added recomputes REF values exactly; at a
# distance of 50 it costs under 2 % of the arithmetic.
_SCORED_STEP = 32
_CHANGED_BASE = 4


class Geometry(NamedTuple):
    """Sizes that decide all intervals of an edit.

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
        start: ALT position that is 0 in the geometry; REF positions left of it are the same.
        geometry: rounded sizes.
    """

    edit: Edit
    start: int
    geometry: Geometry

    @property
    def ref_hull(self) -> Interval:
        """REF positions whose outputs, with all that lies before them, the ALT pass may look at."""
        scored, ref = self.geometry.scored, self.edit.ref_scored
        return Interval(
            min(ref.start, self.start + scored.start), max(ref.end, self.start + scored.end - self.edit.shift)
        )


def place(edit: Edit) -> PlacedEdit:
    """Round an edit's sizes up: more positions count as changed or scored than are."""
    start, end = edit.replaced.start, edit.replaced.start + len(edit.alt)
    left = start - min(edit.alt_scored.start, start)
    right = max(edit.alt_scored.end, end) - end
    geometry = Geometry(_round_step(left), _round_power(end - start), _round_step(right))
    return PlacedEdit(edit, start, geometry)


class BlockReach(NamedTuple):
    """Intervals of one residual block.

    Attributes:
        source: where the block's input is changed and needed.
        window: input of the first convolution; what is not in ``source`` is REF.
        middle: output of the first convolution.
        middle_window: input of the second convolution; what is not in ``middle`` is REF.
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
        geometry: of the edit.
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


def _meet(one: Interval, other: Interval) -> Interval:
    return Interval(max(one.start, other.start), min(one.end, other.end))


def _round_step(n: int) -> int:
    return -(-n // _SCORED_STEP) * _SCORED_STEP


def _round_power(n: int) -> int:
    size = _CHANGED_BASE
    while size < n:
        size *= _CHANGED_BASE
    return size
