"""The ALT pass: computes only values that an edit changes and the scored positions need; the rest comes from REF."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor

from spliceai_cli.engine.passes import EditBatch, Integers
from spliceai_cli.engine.pytorch.network import TorchNetwork
from spliceai_cli.engine.pytorch.reference import Activation, ReferencePass
from spliceai_cli.genome.coords import Interval


class AlternateBatch:
    """A batch of edits, ready for any network.

    Args:
        batch: the edits.
        device: where to compute.
    """

    def __init__(self, batch: EditBatch, device: torch.device) -> None:
        self._geometry = batch.geometry
        self._reaches = batch.reaches
        self._tile_rows = tuple(_tile_rows(batch, device))
        self._codes = torch.tensor(batch.codes, device=device).long()  # (N, changed)

    def run(self, network: TorchNetwork, references: Sequence[ReferencePass]) -> Tensor:
        """(N, scored, classes) logits on the scored positions of the geometry.

        Args:
            network: prepared network.
            references: REF passes of this network, one per tile.
        """
        scored = self._geometry.scored
        x = network.stem[self._codes]  # (N, changed, F) on reaches[0].source
        sources = [reference.blocks[0].source for reference in references]
        logits = network.bias + self._fill(sources, x, self._reaches[0].source, scored) @ network.taps[0]
        for i, (block, reach) in enumerate(zip(network.blocks, self._reaches, strict=True)):
            middles = [reference.blocks[i].middle for reference in references]
            window = self._fill(sources, x, reach.source, reach.window)
            middle = block.first(block.enter(window))
            y = block.second(self._fill(middles, middle, reach.middle, reach.middle_window))
            offset = reach.out.start - reach.window.start
            x = y.add_(window[:, offset : offset + reach.out.length])
            sources = [reference.after(i + 1) for reference in references]
            if i + 1 in network.taps:
                logits = logits + self._fill(sources, x, reach.out, scored) @ network.taps[i + 1]
        return logits

    def _fill(self, refs: Sequence[Activation], changed: Tensor, interval: Interval, window: Interval) -> Tensor:
        """Values on ``window``: those of ALT on ``interval``, those of REF elsewhere.

        Args:
            refs: REF values, one activation per tile.
            changed: (N, len(interval), F) ALT values.
            interval: positions of ``changed``.
            window: positions to fill.

        Returns:
            (N, len(window), F).
        """
        inner = Interval(max(interval.start, window.start), min(interval.end, window.end))
        if inner == window:
            return changed[:, window.start - interval.start : window.end - interval.start]
        n_edits, _, n_features = changed.shape
        out = changed.new_empty((n_edits, window.length, n_features))
        left = Interval(window.start, max(window.start, inner.start))
        right = Interval(min(window.end, inner.end), window.end)
        for part in self._tile_rows:
            ref, rows = refs[part.tile], out[part.rows]
            if left.length:
                rows[:, : left.length] = part.left.look_up(ref, left)
            if right.length:
                rows[:, window.length - right.length :] = part.right.look_up(ref, right)
        first = inner.start - window.start
        out[:, first : first + inner.length] = changed[:, inner.start - interval.start : inner.end - interval.start]
        return out


class _Origins(NamedTuple):
    """REF positions that correspond to 0 in the geometry, on one side of the edits.

    Attributes:
        first: that of the first edit.
        all: (N, 1) those of all edits.
    """

    first: int
    all: Tensor

    def look_up(self, ref: Activation, side: Interval) -> Tensor:
        """(N, len(side), F) REF values."""
        if len(self.all) == 1:
            # The positions are contiguous: a copy is much cheaper than a lookup, and a network needs 60 of these.
            first = self.first + side.start - ref.start
            return ref.values[first : first + side.length].unsqueeze(0)
        columns = torch.arange(side.start, side.end, device=self.all.device)
        return ref.values[self.all + columns - ref.start]


class _TileRows(NamedTuple):
    """Rows of a batch that belong to one tile."""

    tile: int
    rows: slice
    left: _Origins
    right: _Origins


def _tile_rows(batch: EditBatch, device: torch.device) -> Iterator[_TileRows]:
    starts = np.flatnonzero(np.diff(batch.tiles, prepend=-1))
    for start, end in zip(starts, [*starts[1:], len(batch.tiles)], strict=True):
        rows = slice(int(start), int(end))
        yield _TileRows(
            int(batch.tiles[start]), rows, _origins(batch.left[rows], device), _origins(batch.right[rows], device)
        )


def _origins(positions: Integers, device: torch.device) -> _Origins:
    return _Origins(int(positions[0]), torch.tensor(positions, device=device)[:, None])
