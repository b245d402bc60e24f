"""The incremental engine: one REF pass per tile and network; for ALT it computes only the cone of change."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from itertools import chain

import numpy as np
import torch

from spliceai_cli.arrays import FloatArray
from spliceai_cli.engine.alternate import AlternateBatch, Member
from spliceai_cli.engine.budget import Budget
from spliceai_cli.engine.computing import computing
from spliceai_cli.engine.folded import fold
from spliceai_cli.engine.kernels import Kernels
from spliceai_cli.engine.native.network import Integers, layer_windows
from spliceai_cli.engine.reach import Geometry, PlacedEdit, block_reaches, place
from spliceai_cli.engine.reference import probabilities, run_reference
from spliceai_cli.engine.tiles import Tile, cut_tiles, group_tiles, tile_cost
from spliceai_cli.errors import DeviceError
from spliceai_cli.genome.coords import Interval
from spliceai_cli.models.network import Ensemble, GroupMean
from spliceai_cli.plan.edit import Edit, Prediction
from spliceai_cli.settings import AUTO, FLOAT32

PlacedTile = Tile[PlacedEdit]


class IncrementalEngine:
    """Exact incremental inference: equal to ``PlainEngine`` up to float rounding.

    Args:
        ensemble: the networks.
        device: where to compute.
        batch_size: largest number of edits at a time.
        memory: bytes that the process may use.
        precision: one of ``settings.PRECISIONS``.
        kernels: one of ``settings.KERNELS``.
    """

    def __init__(
        self,
        ensemble: Ensemble,
        device: torch.device,
        batch_size: int,
        memory: int,
        precision: str = FLOAT32,
        kernels: str = AUTO,
    ) -> None:
        self._spec = ensemble.spec
        maker = Kernels(device, precision, kernels)
        self._networks = tuple(fold(network, device, maker) for network in ensemble.networks)
        self._device = device
        self._batch_size = batch_size
        self._budget = Budget(ensemble.spec, memory)
        self._reaches = tuple(block.reach for block in self._spec.blocks)
        self._gap = tile_cost(self._spec, maker.cost).gap

    def predict(self, edits: Sequence[Edit]) -> list[Prediction]:
        """Class probabilities for every edit, in the order given."""
        by_gene: dict[int, list[PlacedEdit]] = defaultdict(list)
        placed = [place(edit) for edit in edits]
        for p in placed:
            by_gene[id(p.edit.sequence)].append(p)
        tiles = chain.from_iterable(
            cut_tiles(members, gap=self._gap, max_length=self._budget.max_tile) for members in by_gene.values()
        )
        predictions: dict[PlacedEdit, Prediction] = {}
        for group in group_tiles(tiles, context=self._spec.context, max_length=self._budget.max_group):
            with computing(self._device):
                predictions.update(self._run_or_split(group))
        return [predictions[p] for p in placed]

    def _run_or_split(self, group: Sequence[PlacedTile]) -> dict[PlacedEdit, Prediction]:
        """As ``_run``; if the device runs out of memory, tries fewer tiles, then smaller batches, then half a tile."""
        batch_size = self._batch_size
        try:
            return self._run(group, batch_size)
        except torch.OutOfMemoryError:
            # Retried below, not here, because the error keeps the failed run's tensors alive.
            pass
        torch.cuda.empty_cache()
        if len(group) == 1 and batch_size > 1:
            # Another thread may have lowered it further in the meantime.
            self._batch_size = min(self._batch_size, batch_size // 2)
            return self._run_or_split(group)
        if len(group) == len(group[0].items) == 1:
            raise DeviceError(
                f"{self._device} has too little memory for one allele with {group[0].span.length:,} positions to "
                "score.",
                "Lower -D, or use --device cpu.",
            )
        middle = len(group) // 2
        halves = (group[:middle], group[middle:]) if middle else tuple([half] for half in group[0].halves())
        return {p: prediction for half in halves for p, prediction in self._run_or_split(half).items()}

    @torch.inference_mode()
    def _run(self, tiles: Sequence[PlacedTile], batch_size: int) -> dict[PlacedEdit, Prediction]:
        """Predictions for the edits of tiles whose REF passes are in memory together."""
        codes = [self._codes(tile) for tile in tiles]
        batches = self._batches(tiles, batch_size)
        wanted = [self._wanted(tile) for tile in tiles]
        ref = [GroupMean(self._spec.n_averaged) for _ in tiles]
        alt = [GroupMean(self._spec.n_averaged) for _ in batches]
        # One network after another: the activations of one network fit in memory where those of five would not.
        for network in self._networks:
            passes = [
                run_reference(network, c, tile.span, w) for c, tile, w in zip(codes, tiles, wanted, strict=True)
            ]
            for mean, reference in zip(ref, passes, strict=True):
                mean.add(probabilities(reference.logits))
            for mean, batch in zip(alt, batches, strict=True):
                mean.add(probabilities(batch.run(network, passes)))
            # Otherwise these would stay in memory until those of the next network replace them.
            del passes, reference
        ref_means = [_numpy(mean) for mean in ref]
        predictions: dict[PlacedEdit, Prediction] = {}
        for batch, mean in zip(batches, alt, strict=True):
            for (i, p), values in zip(batch.members, _numpy(mean), strict=True):
                predictions[p] = Prediction(
                    _cut(ref_means[i], tiles[i].span.start, p.edit.ref_scored),
                    _cut(values, p.start - p.geometry.left, p.edit.alt_scored),
                )
        return predictions

    def _codes(self, tile: PlacedTile) -> torch.Tensor:
        """Codes of a tile's span with the flank on both sides."""
        flank, (start, end) = self._spec.flank, tile.span
        return torch.tensor(tile.items[0].edit.ref_codes(Interval(start - flank, end + flank)), device=self._device)

    def _wanted(self, tile: PlacedTile) -> Integers:
        """(layers, 2) REF positions that a tile's edits look up in each layer."""
        windows = {p.geometry: self._windows(p.geometry) for p in tile.items}
        starts = [p.start + windows[p.geometry][:, 0] for p in tile.items]
        ends = [p.start - p.edit.shift + windows[p.geometry][:, 1] for p in tile.items]
        return np.stack((np.min(starts, axis=0), np.max(ends, axis=0)), axis=1)

    def _windows(self, geometry: Geometry) -> Integers:
        taps = [0, *(i for i, block in enumerate(self._spec.blocks, 1) if block.is_tapped)]
        return layer_windows(tuple(block_reaches(self._reaches, geometry)), taps, geometry.scored)

    def _batches(self, tiles: Sequence[PlacedTile], batch_size: int) -> list[AlternateBatch]:
        by_geometry: dict[Geometry, list[Member]] = defaultdict(list)
        for i, tile in enumerate(tiles):
            for p in tile.items:
                by_geometry[p.geometry].append(Member(i, p))
        batches = []
        for geometry, members in by_geometry.items():
            longest = geometry.scored.length + self._spec.context
            n = self._budget.batch_size(longest, batch_size)
            parts = (members[start : start + n] for start in range(0, len(members), n))
            batches += [AlternateBatch(part, geometry, self._reaches, self._device) for part in parts]
        return batches


def _cut(values: FloatArray, start: int, interval: Interval) -> FloatArray:
    """The part of (L, outputs) values, which begin at ``start``, that lies on an interval."""
    return values[interval.start - start : interval.end - start]


def _numpy(mean: GroupMean) -> FloatArray:
    """(…, outputs) means of all groups, side by side."""
    return np.ascontiguousarray(torch.cat(mean.groups(), dim=-1).cpu().numpy())
