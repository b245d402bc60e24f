"""Grouping of the edits of a gene into tiles that share a REF pass."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Generic, NamedTuple, Protocol, TypeVar

from spliceai_cli.genome.coords import Interval
from spliceai_cli.models.spec import BlockSpec, NetworkSpec


class Spanning(Protocol):
    """Anything that needs REF positions to be scored."""

    @property
    def ref_hull(self) -> Interval:
        """The REF positions, in transcript order."""


Item = TypeVar("Item", bound=Spanning)


@dataclass(frozen=True)
class Tile(Generic[Item]):
    """Items that share a REF pass.

    Attributes:
        span: scored positions that cover all items.
        items: the items, sorted by position.
    """

    span: Interval
    items: list[Item]

    def halves(self) -> tuple[Tile[Item], Tile[Item]]:
        """Two tiles with half the items each; the tile must have at least two items."""
        middle = len(self.items) // 2
        first, second = self.items[:middle], self.items[middle:]
        return Tile(_hull(first), first), Tile(_hull(second), second)


class TileCost(NamedTuple):
    """Cost of a REF pass: ``per_position`` for each scored position, plus ``overhead`` for each tile."""

    per_position: float
    overhead: float

    @property
    def gap(self) -> int:
        """Largest gap between two edits, in unscored positions, at which a new tile is not cheaper."""
        return int(self.overhead // self.per_position)


def tile_cost(spec: NetworkSpec, cost: Callable[[BlockSpec], float]) -> TileCost:
    """Cost of REF passes: a convolution with ``h`` bp still ahead on each side runs on 2 h more positions.

    Args:
        spec: spec of the network.
        cost: block -> cost of one of its convolutions per position, in any unit.
    """
    per_position = overhead = 0.0
    ahead = spec.flank
    for block in spec.blocks:
        for _ in range(2):
            ahead -= block.reach
            per_position += cost(block)
            overhead += cost(block) * 2 * ahead
    return TileCost(per_position, overhead)


def _hull(items: Iterable[Spanning]) -> Interval:
    """The scored positions that cover all items."""
    hulls = [item.ref_hull for item in items]
    return Interval(min(h.start for h in hulls), max(h.end for h in hulls))


def cut_tiles(items: Iterable[Item], *, gap: int, max_length: int) -> Iterator[Tile[Item]]:
    """Group items by position.

    Args:
        items: items of one gene, in any order.
        gap: a larger gap between neighbours starts a new tile.
        max_length: largest number of scored positions of a tile; a longer item gets its own tile.
    """
    members: list[Item] = []
    span = Interval(0, 0)
    for item in sorted(items, key=lambda i: i.ref_hull):
        hull = item.ref_hull
        joined = Interval(span.start, max(span.end, hull.end))
        if members and (hull.start - span.end > gap or joined.length > max_length):
            yield Tile(span, members)
            members = []
        span = joined if members else hull
        members.append(item)
    if members:
        yield Tile(span, members)


def group_tiles(tiles: Iterable[Tile[Item]], *, context: int, max_length: int) -> Iterator[list[Tile[Item]]]:
    """Runs of tiles that are computed together, so that edits of different tiles fill one batch.

    Args:
        tiles: tiles in any order, which is kept.
        context: number of positions that a tile needs in addition to its own.
        max_length: largest number of positions of a group, including context; a longer tile gets its own group.
    """
    group: list[Tile[Item]] = []
    length = 0
    for tile in tiles:
        n = tile.span.length + context
        if group and length + n > max_length:
            yield group
            group, length = [], 0
        group.append(tile)
        length += n
    if group:
        yield group
