"""The incremental engine: one REF pass per tile and network; for ALT it computes only the cone of change."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

import numpy as np

from spliceai_cli.arrays import FloatArray
from spliceai_cli.engine.budget import Budget
from spliceai_cli.engine.cost import PassCost
from spliceai_cli.engine.device import Device
from spliceai_cli.engine.kernels import open_passes
from spliceai_cli.engine.passes import DeviceMemoryError, EditBatch, RefTile, Work
from spliceai_cli.engine.reach import Geometry, PlacedEdit, block_reaches, place
from spliceai_cli.engine.tiles import Tile, cut_tiles, group_tiles
from spliceai_cli.errors import DeviceError
from spliceai_cli.genome.coords import Interval
from spliceai_cli.models.ensemble import Ensemble
from spliceai_cli.plan.blocks import Block, block_of
from spliceai_cli.plan.edit import Edit, Prediction
from spliceai_cli.plan.sequence import GeneSequence
from spliceai_cli.settings.words import AUTO, FLOAT32

PlacedTile = Tile[PlacedEdit]


class IncrementalEngine:
    """Exact incremental inference: equal to ``PlainEngine`` up to float rounding.

    Args:
        ensemble: the networks.
        device: where to compute.
        batch_size: largest number of edits at a time.
        memory: bytes that the process may use.
        precision: one of ``settings.words.PRECISIONS``.
        kernels: one of ``settings.words.KERNELS``.
    """

    def __init__(
        self,
        ensemble: Ensemble,
        device: Device,
        batch_size: int,
        memory: int,
        precision: str = FLOAT32,
        kernels: str = AUTO,
    ) -> None:
        self._spec = ensemble.spec
        self._device = device
        self._batch_size = batch_size
        self._budget = Budget(ensemble.spec, memory)
        self._reaches = tuple(block.reach for block in self._spec.blocks)
        self._passes, cost, unit_s = open_passes(ensemble, device, precision, kernels, self._budget)
        self._cost = PassCost(self._spec, cost, unit_s)

    def predict(self, edits: Sequence[Edit], advance: Callable[[float], None] = lambda _: None) -> list[Prediction]:
        """Class probabilities for every edit, in the order given; see ``Engine.predict``."""
        placed = [place(edit) for edit in edits]
        predictions: dict[PlacedEdit, Prediction] = {}
        for group in group_tiles(self._tiles(placed), context=self._spec.context, max_length=self._budget.max_group):
            predictions.update(self._run_or_split(group, advance))
        return [predictions[p] for p in placed]

    def cost_s(self, edits: Sequence[Edit]) -> float:
        """See ``Engine.cost_s``."""
        return self._cost.tiles_s(self._tiles([place(edit) for edit in edits]))

    def _tiles(self, placed: Sequence[PlacedEdit]) -> Iterator[PlacedTile]:
        neighbours: dict[tuple[GeneSequence, Block], list[PlacedEdit]] = defaultdict(list)
        for p in placed:
            neighbours[p.edit.sequence, block_of(p.edit)].append(p)
        for members in neighbours.values():
            yield from cut_tiles(members, gap=self._cost.gap, max_length=self._budget.max_tile)

    def _run_or_split(
        self, group: Sequence[PlacedTile], advance: Callable[[float], None]
    ) -> dict[PlacedEdit, Prediction]:
        """Like ``_run``; if the device runs out of memory, try fewer tiles, then smaller batches, then half a tile."""
        batch_size = self._batch_size
        try:
            return self._run(group, batch_size, advance)
        except DeviceMemoryError:
            # Retried below, not here, because the error keeps what led to it in memory.
            pass
        if len(group) == 1 and batch_size > 1:
            # Another thread may have lowered it further in the meantime.
            self._batch_size = min(self._batch_size, batch_size // 2)
            return self._run_or_split(group, advance)
        if len(group) == len(group[0].items) == 1:
            raise DeviceError(
                f"{self._device} has too little memory for one allele with {group[0].span.length:,} positions to "
                "score.",
                "Lower -D, or use --device cpu.",
            )
        middle = len(group) // 2
        halves = (group[:middle], group[middle:]) if middle else tuple([half] for half in group[0].halves())
        return {p: prediction for half in halves for p, prediction in self._run_or_split(half, advance).items()}

    def _run(
        self, tiles: Sequence[PlacedTile], batch_size: int, advance: Callable[[float], None]
    ) -> dict[PlacedEdit, Prediction]:
        """Predictions for the edits of tiles whose REF passes are in memory together."""
        batches = self._batches(tiles, batch_size)
        work = Work([self._ref_tile(tile) for tile in tiles], [self._edit_batch(batch) for batch in batches])
        n_networks = self._spec.n_networks
        answers = self._passes.run(work, self._spec.n_averaged, lambda n: advance(n / n_networks))
        predictions: dict[PlacedEdit, Prediction] = {}
        for batch, alt in zip(batches, answers.alt, strict=True):
            for (i, p), values in zip(batch, alt, strict=True):
                before = _cut(answers.ref[i], tiles[i].span.start, p.edit.ref_scored)
                # Where nothing changes, rounding would decide which position has the largest change.
                after = before if p.edit.is_silent else _cut(values, p.start - p.geometry.left, p.edit.alt_scored)
                predictions[p] = Prediction(before, after)
        return predictions

    def _ref_tile(self, tile: PlacedTile) -> RefTile:
        flank, (start, end) = self._spec.flank, tile.span
        return RefTile(tile.span, tile.items[0].edit.ref_codes(Interval(start - flank, end + flank)))

    def _batches(self, tiles: Sequence[PlacedTile], batch_size: int) -> list[list[_Member]]:
        """Batches of edits that share a geometry, those of one tile side by side; at most ``batch_size`` each."""
        by_geometry: dict[Geometry, list[_Member]] = defaultdict(list)
        for i, tile in enumerate(tiles):
            for p in tile.items:
                by_geometry[p.geometry].append(_Member(i, p))
        batches = []
        for geometry, members in by_geometry.items():
            longest = geometry.scored.length + self._spec.context
            n = self._budget.batch_size(longest, batch_size, self._passes.n_layers)
            batches += [members[start : start + n] for start in range(0, len(members), n)]
        return batches

    def _edit_batch(self, members: Sequence[_Member]) -> EditBatch:
        geometry = members[0].placed.geometry
        return EditBatch(
            geometry,
            tuple(block_reaches(self._reaches, geometry)),
            np.stack([p.edit.alt_codes(Interval(p.start, p.start + geometry.changed)) for _, p in members]),
            tiles=np.array([tile for tile, _ in members]),
            left=np.array([p.start for _, p in members]),
            right=np.array([p.start - p.edit.shift for _, p in members]),
        )


class _Member(NamedTuple):
    """An edit of a batch, and the index of its tile."""

    tile: int
    placed: PlacedEdit


def _cut(values: FloatArray, start: int, interval: Interval) -> FloatArray:
    """The part of (L, outputs) values, which begin at ``start``, that lies on an interval."""
    return values[interval.start - start : interval.end - start]
