"""Random stacks of residual blocks, what they are by definition, and edits to try them on."""

from __future__ import annotations

from types import SimpleNamespace
from typing import NamedTuple

import numpy as np
from support import toy_networks
from support.native_layers import literal

from spliceai_cli.engine.folded import FoldedNetwork, fold
from spliceai_cli.engine.native.network import NativeNetwork, PreparedBatch, Reference
from spliceai_cli.engine.native.passes import wanted_rows
from spliceai_cli.engine.passes import EditBatch
from spliceai_cli.engine.reach import PlacedEdit, block_reaches, place
from spliceai_cli.genome.bases import encode
from spliceai_cli.genome.coords import Interval
from spliceai_cli.models.spec import BlockSpec, NetworkSpec
from spliceai_cli.plan.edit import place_edit
from spliceai_cli.plan.sequence import GeneSequence
from spliceai_cli.scores.tissues import TISSUES

ACTIVATIONS = ("relu", "leaky_relu_0.1", "gelu")

# Rows of float64 that the definition is evaluated on at most.
_MOST_FLANK = 500


def random_spec(rng: np.random.Generator) -> NetworkSpec:
    """1 to 6 blocks of odd kernels up to 45 and dilations up to 30, any taps, 2 to 5 classes."""
    blocks: list[BlockSpec] = []
    left = _MOST_FLANK
    for _ in range(rng.integers(1, 7)):
        kernel = 2 * int(rng.integers(0, 23)) + 1
        dilation = int(rng.integers(1, 31))
        if kernel > 1:
            dilation = max(1, min(dilation, left // (kernel - 1)))
        block = BlockSpec(kernel, dilation, is_tapped=bool(rng.integers(2)))
        if 2 * block.reach <= left:
            blocks.append(block)
            left -= 2 * block.reach
    return NetworkSpec(
        "random",
        tuple(blocks) or (BlockSpec(1, 1),),
        scoring=TISSUES.name,
        classes=tuple(f"class{i}" for i in range(rng.integers(2, 6))),
        groups=("one",),
        activation=str(rng.choice(ACTIVATIONS)),
        n_networks=1,
    )


def random_folded(spec: NetworkSpec, seed: int) -> FoldedNetwork:
    return fold(spec, toy_networks.random_ensemble(spec, seed).members[0])


class Values(NamedTuple):
    """All values of a network on a sequence, in float64.

    Attributes:
        layers: (L, F) of each layer, counted as in ``spliceai.h``, on the positions that have all they need.
        logits: (L - context, classes).
    """

    layers: list[np.ndarray]
    logits: np.ndarray


def literal_values(network: FoldedNetwork, codes: np.ndarray) -> Values:
    """A network by its definition."""
    x = network.stem.astype(np.float64)[codes]
    n_logits = len(codes) - network.spec.context
    layers = [x]
    logits = network.bias.astype(np.float64) + _amid(x, n_logits) @ network.taps[0].astype(np.float64)
    for i, block in enumerate(network.blocks, 1):
        entered = _activate(network, x * block.scale.astype(np.float64) + block.shift.astype(np.float64))
        middle = _activate(network, _convolve(entered, block.first))
        y = _convolve(middle, block.second)
        x = _amid(x, len(y)) + y
        layers += [middle, x]
        if i in network.taps:
            logits = logits + _amid(x, n_logits) @ network.taps[i].astype(np.float64)
    return Values(layers, logits)


def _convolve(x, layer):
    return literal(x[None], layer.weight[:, :, 0], layer.bias, layer.dilation)[0]


def _amid(x, n):
    lost = (len(x) - n) // 2
    return x[lost : len(x) - lost]


def _activate(network, x):
    import torch

    from spliceai_cli.models.network import FUNCTIONS

    return FUNCTIONS[network.spec.activation](torch.from_numpy(x)).numpy()


def random_codes(rng: np.random.Generator, n: int) -> np.ndarray:
    """Mostly A C G T, some N."""
    return np.where(rng.random(n) < 0.03, 4, rng.integers(0, 4, n)).astype(np.uint8)


class Strand(NamedTuple):
    """A strand to edit; N beyond its ends."""

    sequence: GeneSequence

    @classmethod
    def random(cls, rng: np.random.Generator, n: int) -> Strand:
        bases = bytes(rng.choice(list(b"ACGT"), n).tolist())
        reference = SimpleNamespace(fetch=lambda _, start, end: bases[start:end])
        return cls(GeneSequence(reference, "1", "+", Interval(0, n)))

    def edit(self, start: int, n_ref: int, alt: bytes, distance: int) -> PlacedEdit:
        """REF ``start`` to ``start + n_ref`` becomes ``alt``; so many positions are scored on either side."""
        scored = Interval(start - distance, start + distance + 1)
        width = scored.length + max(0, len(alt) - n_ref)
        replaced = Interval(start, start + n_ref)
        return place(place_edit(self.sequence, replaced, encode(alt), ref_scored=scored, alt_width=width))


def batch_of(spec: NetworkSpec, edits: list[PlacedEdit], tiles: list[int] | None = None) -> PreparedBatch:
    """A batch of edits of one geometry, as the engine makes it."""
    geometry = edits[0].geometry
    places = [0, *(i for i, block in enumerate(spec.blocks, 1) if block.is_tapped)]
    batch = EditBatch(
        geometry,
        tuple(block_reaches([block.reach for block in spec.blocks], geometry)),
        np.stack([p.edit.alt_codes(Interval(p.start, p.start + geometry.changed)) for p in edits]),
        tiles=np.array(tiles or [0] * len(edits)),
        left=np.array([p.start for p in edits]),
        right=np.array([p.start - p.edit.shift for p in edits]),
    )
    return PreparedBatch(batch, places)


def reference_of(network: NativeNetwork, spec: NetworkSpec, edits: list[PlacedEdit], batch: PreparedBatch) -> Reference:
    """The REF pass that edits look up, which all lie on one tile."""
    start = min(p.ref_hull.start for p in edits) - spec.flank
    end = max(p.ref_hull.end for p in edits) + spec.flank
    codes = edits[0].edit.ref_codes(Interval(start, end))
    return network.reference(codes, start, wanted_rows([batch], 1)[0])


def alternate_codes(spec: NetworkSpec, placed: PlacedEdit) -> np.ndarray:
    """ALT on all positions that a geometry scores, with what the network needs beside them."""
    start, end = placed.geometry.scored
    return placed.edit.alt_codes(Interval(placed.start + start - spec.flank, placed.start + end + spec.flank))
