"""Predicted time of REF and ALT passes, by which a file is cut into parts that take equally long."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import lru_cache

from spliceai_cli.engine.reach import Geometry, PlacedEdit, block_reaches
from spliceai_cli.engine.tiles import Tile, tile_cost
from spliceai_cli.models.spec import BlockSpec, NetworkSpec


class PassCost:
    """The time that the networks of a model take, without start-up and without reading or writing.

    Args:
        spec: spec of the networks.
        cost: a block -> time that one of its convolutions takes per output position, in units.
        unit_s: seconds of one unit on one core.
    """

    def __init__(self, spec: NetworkSpec, cost: Callable[[BlockSpec], float], unit_s: float) -> None:
        self._spec = spec
        self._cost = cost
        self._unit_s = unit_s * spec.n_networks
        self._reaches = tuple(block.reach for block in spec.blocks)
        self._tile = tile_cost(spec, cost)
        self._alternate = lru_cache(maxsize=1024)(self._make_alternate)

    @property
    def gap(self) -> int:
        """See ``TileCost.gap``."""
        return self._tile.gap

    def whole_s(self, length: int) -> float:
        """Seconds of one core for a pass over ``length`` scored positions in full."""
        return self._unit_s * (self._tile.per_position * length + self._tile.overhead)

    def tiles_s(self, tiles: Iterable[Tile[PlacedEdit]]) -> float:
        """Seconds of one core for tiles: REF once, ALT of each edit where it can differ."""
        return sum(
            self.whole_s(tile.span.length) + self._unit_s * sum(self._alternate(p.geometry) for p in tile.items)
            for tile in tiles
        )

    def _make_alternate(self, geometry: Geometry) -> float:
        reaches = zip(self._spec.blocks, block_reaches(self._reaches, geometry), strict=True)
        return sum(self._cost(block) * (reach.middle.length + reach.out.length) for block, reach in reaches)
