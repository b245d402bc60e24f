"""Edits of a gene, cut into tiles that share a REF pass."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Generic, NamedTuple, Protocol, TypeVar

from spliceai_cli.genome.coords import Interval
from spliceai_cli.models.spec import BlockSpec, NetworkSpec


class Spanning(Protocol):
    """Anything with the REF positions that it needs scored."""

    @property
    def ref_hull(self) -> Interval:
        """Positions in transcript order."""


Item = TypeVar("Item", bound=Spanning)


@dataclass(frozen=True)
class Tile(Generic[Item]):
    """Items that share a REF pass.

    Attributes:
        span: scored positions that cover all of them.
        items: by position.
    """

    span: Interval
    items: list[Item]

    def halves(self) -> tuple[Tile[Item], Tile[Item]]:
        """Two tiles of half the items each; there are at least two."""
        middle = len(self.items) // 2
        first, second = self.items[:middle], self.items[middle:]
        return Tile(_hull(first), first), Tile(_hull(second), second)


class TileCost(NamedTuple):
    """What a REF pass costs: ``per_position`` for each scored position, ``overhead`` for a tile as such."""

    per_position: float
    overhead: float

    @property
    def gap(self) -> int:
        """Unscored positions between two edits beyond which a new tile is cheaper."""
        return int(self.overhead // self.per_position)


def tile_cost(spec: NetworkSpec, cost: Callable[[BlockSpec], float]) -> TileCost:
    """Cost of REF passes: a convolution with ``h`` bp still ahead on each side runs on 2 h more positions.

    Args:
        spec: of the network.
        cost: of one convolution of a block, a position; in any unit.
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
        items: of one gene, in any order.
        gap: a larger one between neighbours starts a new tile.
        max_length: scored positions of a tile; an item that is longer is a tile of its own.
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
        tiles: in any order, which is kept.
        context: positions that a tile needs beside its own.
        max_length: positions of a group, context included; a tile that needs more is a group of its own.
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
