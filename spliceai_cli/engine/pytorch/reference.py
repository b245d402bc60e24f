"""The REF pass over a tile, which keeps the activations that the ALT passes look up, or only its logits."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from torch import Tensor

from spliceai_cli.engine.pytorch.network import TorchNetwork
from spliceai_cli.genome.coords import Interval


class Activation(NamedTuple):
    """Values of one layer on consecutive REF positions.

    Attributes:
        values: (L, F), transcript order.
        start: REF position of the first value.
    """

    values: Tensor
    start: int


class BlockActivations(NamedTuple):
    """Activations of one residual block that are kept.

    Attributes:
        source: input of the block.
        middle: input of its second convolution.
    """

    source: Activation
    middle: Activation


class ReferencePass(NamedTuple):
    """The REF pass of one network over a tile.

    Attributes:
        blocks: activations of the blocks, in order of computation.
        final: output of the last block.
        logits: (L, classes) on the tile's scored positions.
    """

    blocks: tuple[BlockActivations, ...]
    final: Activation
    logits: Tensor

    def after(self, n_blocks: int) -> Activation:
        """The output of the first ``n_blocks`` blocks."""
        return self.blocks[n_blocks].source if n_blocks < len(self.blocks) else self.final


def run_reference(network: TorchNetwork, codes: Tensor, scored: Interval) -> ReferencePass:
    """Run REF on the scored positions and all that they need, and keep the activations.

    Args:
        network: prepared network.
        codes: (L,) codes of ``scored`` with the network's flank on both sides.
        scored: the tile's positions.
    """
    kept: list[BlockActivations] = []
    final, logits = _run(network, codes, scored, kept.append)
    return ReferencePass(tuple(kept), final, logits)


def run_logits(network: TorchNetwork, codes: Tensor, scored: Interval) -> Tensor:
    """As ``run_reference``, but keeps only the (L, classes) logits on the scored positions."""
    return _run(network, codes, scored, lambda _: None)[1]


def _run(
    network: TorchNetwork, codes: Tensor, scored: Interval, keep: Callable[[BlockActivations], None]
) -> tuple[Activation, Tensor]:
    """Convolve without padding, on shrinking intervals; returns the output of the last block, and the logits."""
    x = network.stem[codes.long()].unsqueeze(0)  # (1, L, F)
    start = scored.start - network.spec.flank
    logits = network.bias + _on(x, start, scored) @ network.taps[0]
    for i, block in enumerate(network.blocks, 1):
        middle = block.first(block.enter(x))
        keep(BlockActivations(Activation(x[0], start), Activation(middle[0], start + block.reach)))
        y = block.second(middle)
        # If ``keep`` does not need it, it would otherwise stay in memory until the next block replaces it.
        del middle
        n = 2 * block.reach
        x = y.add_(x[:, n : x.shape[1] - n])
        start += n
        if i in network.taps:
            logits = logits + _on(x, start, scored) @ network.taps[i]
    return Activation(x[0], start), logits[0]


def _on(x: Tensor, start: int, interval: Interval) -> Tensor:
    """The part of (1, L, F) values, which begin at ``start``, that lies on an interval."""
    return x[:, interval.start - start : interval.end - start]
