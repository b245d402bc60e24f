"""The incremental engine: one REF pass per tile and network, for ALT only the cone of change."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import numpy as np
import torch

from spliceai_cli.alignment import FloatArray
from spliceai_cli.coords import Interval
from spliceai_cli.edit import Edit, Prediction
from spliceai_cli.engine.alternate import AlternateBatch
from spliceai_cli.engine.budget import Budget
from spliceai_cli.engine.device import full_float32
from spliceai_cli.engine.folded import fold
from spliceai_cli.engine.kernels import FLOAT32, Kernels
from spliceai_cli.engine.reach import Geometry, PlacedEdit, place
from spliceai_cli.engine.reference import probabilities, run_reference
from spliceai_cli.errors import DeviceError
from spliceai_cli.network import Ensemble
from spliceai_cli.tile import cut_tiles, hull, tile_cost


class IncrementalEngine:
    """Exact incremental inference: equal to ``PlainEngine`` up to float rounding.

    Args:
        ensemble: the networks.
        device: where to compute.
        batch_size: edits at a time, at most.
        memory: bytes that the process may use.
        precision: one of ``kernels.PRECISIONS``.
    """

    def __init__(
        self, ensemble: Ensemble, device: torch.device, batch_size: int, memory: int, precision: str = FLOAT32
    ) -> None:
        self._spec = ensemble.spec
        kernels = Kernels(device, precision)
        self._networks = tuple(fold(network, device, kernels) for network in ensemble.networks)
        self._device = device
        self._batch_size = batch_size
        self._budget = Budget(ensemble.spec, memory)
        self._reaches = tuple(block.reach for block in self._spec.blocks)
        self._gap = tile_cost(self._spec, kernels.cost).gap

    @full_float32()
    def predict(self, edits: Sequence[Edit]) -> list[Prediction]:
        """Class probabilities for every edit, in the order given."""
        by_gene: dict[int, list[PlacedEdit]] = defaultdict(list)
        placed = [place(edit) for edit in edits]
        row_of = {id(p): row for row, p in enumerate(placed)}
        for p in placed:
            by_gene[id(p.edit.sequence)].append(p)
        predictions: dict[int, Prediction] = {}
        for members in by_gene.values():
            for span, tile in cut_tiles(members, gap=self._gap, max_length=self._budget.max_tile):
                for p, prediction in zip(tile, self._run_or_split(span, tile), strict=True):
                    predictions[row_of[id(p)]] = prediction
        return [predictions[row] for row in range(len(edits))]

    def _run_or_split(self, span: Interval, tile: Sequence[PlacedEdit]) -> list[Prediction]:
        """As ``_run_tile``; where the device runs out of memory, smaller batches and then half the tile at a time."""
        try:
            return self._run_tile(span, tile)
        except torch.OutOfMemoryError as error:
            torch.cuda.empty_cache()
            if self._batch_size > 1:
                self._batch_size //= 2
                return self._run_or_split(span, tile)
            if len(tile) == 1:
                raise DeviceError(
                    f"{self._device} has too little memory for one allele with {span.length:,} positions to score.",
                    "Lower -D, or use --device cpu.",
                ) from error
        halves = (tile[: len(tile) // 2], tile[len(tile) // 2 :])
        return [prediction for half in halves for prediction in self._run_or_split(hull(half), half)]

    @torch.inference_mode()
    def _run_tile(self, span: Interval, tile: Sequence[PlacedEdit]) -> list[Prediction]:
        """Predictions for the edits of one tile."""
        flank = self._spec.flank
        codes = torch.tensor(
            tile[0].edit.ref_codes(Interval(span.start - flank, span.end + flank)), device=self._device
        )
        batches = self._batches(tile)
        ref = torch.zeros((), device=self._device)
        alt = [torch.zeros((), device=self._device) for _ in batches]
        # One network after the other: the activations of one REF pass fit in memory where five would not.
        for network in self._networks:
            reference = run_reference(network, codes, span)
            ref = ref + probabilities(reference.logits)
            for i, (_, batch) in enumerate(batches):
                alt[i] = alt[i] + probabilities(batch.run(network, reference))
        n_networks = len(self._networks)
        ref_mean = _numpy(ref / n_networks)
        predictions: dict[int, Prediction] = {}
        for (members, _), summed in zip(batches, alt, strict=True):
            for p, mean in zip(members, _numpy(summed / n_networks), strict=True):
                predictions[id(p)] = Prediction(
                    _cut(ref_mean, span.start, p.edit.ref_scored),
                    _cut(mean, p.start - p.geometry.left, p.edit.alt_scored),
                )
        return [predictions[id(p)] for p in tile]

    def _batches(self, tile: Sequence[PlacedEdit]) -> list[tuple[list[PlacedEdit], AlternateBatch]]:
        by_geometry: dict[Geometry, list[PlacedEdit]] = defaultdict(list)
        for p in tile:
            by_geometry[p.geometry].append(p)
        batches = []
        for geometry, members in by_geometry.items():
            longest = geometry.scored.length + self._spec.context
            batch_size = self._budget.batch_size(longest, self._batch_size)
            for start in range(0, len(members), batch_size):
                part = members[start : start + batch_size]
                batches.append((part, AlternateBatch(part, geometry, self._reaches, self._device)))
        return batches


def _cut(values: FloatArray, start: int, interval: Interval) -> FloatArray:
    """The part on an interval of (L, 3) values that begin at ``start``."""
    return values[interval.start - start : interval.end - start]


def _numpy(values: torch.Tensor) -> FloatArray:
    return np.ascontiguousarray(values.cpu().numpy())
