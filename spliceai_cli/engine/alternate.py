"""The ALT pass: only what an edit changes and the scored positions need; everything else is looked up in REF."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor

from spliceai_cli.coords import Interval
from spliceai_cli.engine.folded import FoldedNetwork
from spliceai_cli.engine.reach import Geometry, PlacedEdit, block_reaches
from spliceai_cli.engine.reference import Activation, ReferencePass


class AlternateBatch:
    """Edits of one geometry on one tile.

    Args:
        placed: the edits; all of the same geometry.
        geometry: theirs.
        reaches: half-reach of the convolutions of each block.
        device: where to compute.
    """

    def __init__(
        self, placed: Sequence[PlacedEdit], geometry: Geometry, reaches: Sequence[int], device: torch.device
    ) -> None:
        self._geometry = geometry
        self._reaches = tuple(block_reaches(reaches, geometry))
        self._left = _origins([p.start for p in placed], device)
        self._right = _origins([p.start - p.edit.shift for p in placed], device)
        codes = [p.edit.alt_codes(Interval(p.start, p.start + geometry.changed)) for p in placed]
        self._codes = torch.tensor(np.stack(codes), device=device).long()  # (N, changed)

    def run(self, network: FoldedNetwork, reference: ReferencePass) -> Tensor:
        """(N, scored, classes) logits on the scored positions of the geometry."""
        scored = self._geometry.scored
        x = network.stem[self._codes]  # (N, changed, F) on reaches[0].source
        tapped = self._fill(reference.blocks[0].source, x, self._reaches[0].source, scored)
        logits = network.bias + tapped @ network.taps[0]
        sources = [block.source for block in reference.blocks[1:]] + [reference.final]
        for i, (block, reach) in enumerate(zip(network.blocks, self._reaches, strict=True)):
            kept = reference.blocks[i]
            window = self._fill(kept.source, x, reach.source, reach.window)
            middle = block.first(block.enter(window))
            y = block.second(self._fill(kept.middle, middle, reach.middle, reach.middle_window))
            offset = reach.out.start - reach.window.start
            x = y.add_(window[:, offset : offset + reach.out.length])
            if i + 1 in network.taps:
                logits = logits + self._fill(sources[i], x, reach.out, scored) @ network.taps[i + 1]
        return logits

    def _fill(self, ref: Activation, changed: Tensor, interval: Interval, window: Interval) -> Tensor:
        """Values on ``window``: those of ALT on ``interval``, elsewhere those of REF.

        Args:
            ref: REF values.
            changed: (N, len(interval), F).
            interval: where ``changed`` lies.
            window: wanted positions.

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
        if left.length:
            out[:, : left.length] = self._left.look_up(ref, left)
        if right.length:
            out[:, window.length - right.length :] = self._right.look_up(ref, right)
        first = inner.start - window.start
        out[:, first : first + inner.length] = changed[:, inner.start - interval.start : inner.end - interval.start]
        return out


class _Origins(NamedTuple):
    """REF positions that are 0 in the geometry on one side of the edits: of the first edit, and (N, 1) of all."""

    first: int
    all: Tensor

    def look_up(self, ref: Activation, side: Interval) -> Tensor:
        """(N, len(side), F) REF values."""
        if len(self.all) == 1:
            # They lie side by side: a copy is much cheaper than a lookup, of which there are 60 in a network.
            first = self.first + side.start - ref.start
            return ref.values[first : first + side.length].unsqueeze(0)
        columns = torch.arange(side.start, side.end, device=self.all.device)
        return ref.values[self.all + columns - ref.start]


def _origins(positions: Sequence[int], device: torch.device) -> _Origins:
    return _Origins(positions[0], torch.tensor(positions, device=device)[:, None])
