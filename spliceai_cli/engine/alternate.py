"""The ALT pass: computes only values that an edit changes and the scored positions need; the rest comes from REF."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from operator import attrgetter
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor

from spliceai_cli.engine.folded import FoldedNetwork
from spliceai_cli.engine.native.network import AlternateEdits
from spliceai_cli.engine.reach import Geometry, PlacedEdit, block_reaches
from spliceai_cli.engine.reference import Activation, NativePass, ReferencePass
from spliceai_cli.genome.coords import Interval


class Member(NamedTuple):
    """An edit of a batch.

    Attributes:
        tile: index of its tile.
        placed: the edit.
    """

    tile: int
    placed: PlacedEdit


class AlternateBatch:
    """Edits of one geometry, on tiles that are computed together.

    Args:
        members: the edits; those of one tile are consecutive.
        geometry: the geometry that they share.
        reaches: half-reach of the convolutions of each block.
        device: where to compute.
    """

    def __init__(
        self, members: Sequence[Member], geometry: Geometry, reaches: Sequence[int], device: torch.device
    ) -> None:
        self.members = tuple(members)
        self._geometry = geometry
        self._reaches = tuple(block_reaches(reaches, geometry))
        self._tile_rows = tuple(_tile_rows(members, device))
        codes = [p.edit.alt_codes(Interval(p.start, p.start + geometry.changed)) for _, p in members]
        self._native = AlternateEdits(
            self._reaches,
            tuple(geometry.scored),
            np.stack(codes),
            tiles=np.array([member.tile for member in members]),
            left=np.array([p.start for _, p in members]),
            right=np.array([p.start - p.edit.shift for _, p in members]),
        )
        self._codes = torch.tensor(np.stack(codes), device=device).long()  # (N, changed)

    def run(self, network: FoldedNetwork, references: Sequence[ReferencePass | NativePass]) -> Tensor:
        """(N, scored, classes) logits on the scored positions of the geometry.

        Args:
            network: prepared network.
            references: REF passes of this network, one per tile.
        """
        if network.native is not None:
            kept = [reference.kept for reference in references if isinstance(reference, NativePass)]
            return torch.from_numpy(network.native.alternate(self._native, kept))
        return self._run(network, [one for one in references if isinstance(one, ReferencePass)])

    def _run(self, network: FoldedNetwork, references: Sequence[ReferencePass]) -> Tensor:
        """As ``run``, by PyTorch's kernels."""
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


def _tile_rows(members: Sequence[Member], device: torch.device) -> Iterator[_TileRows]:
    row = 0
    for tile, run in groupby(members, key=attrgetter("tile")):
        placed = [member.placed for member in run]
        left = _origins([p.start for p in placed], device)
        right = _origins([p.start - p.edit.shift for p in placed], device)
        yield _TileRows(tile, slice(row, row + len(placed)), left, right)
        row += len(placed)


def _origins(positions: Sequence[int], device: torch.device) -> _Origins:
    return _Origins(positions[0], torch.tensor(positions, device=device)[:, None])
