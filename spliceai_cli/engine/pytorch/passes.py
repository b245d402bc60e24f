"""Passes by PyTorch's kernels, one network after another."""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence

import torch
from torch import Tensor

from spliceai_cli.engine.folded import FoldedNetwork
from spliceai_cli.engine.passes import Logits, Work
from spliceai_cli.engine.pytorch.alternate import AlternateBatch
from spliceai_cli.engine.pytorch.kernels import Kernels
from spliceai_cli.engine.pytorch.network import on_device
from spliceai_cli.engine.pytorch.reference import run_logits, run_reference
from spliceai_cli.genome.bases import Codes
from spliceai_cli.genome.coords import Interval


class TorchPasses:
    """Computes networks on any device that PyTorch knows.

    Args:
        networks: the networks.
        device: where to compute.
        kernels: makes the convolutions.
    """

    def __init__(self, networks: Sequence[FoldedNetwork], device: torch.device, kernels: Kernels) -> None:
        # Input, window, normalised window, middle, its window, output, and slack.
        self.n_layers = 8
        self._device = device
        self._networks = [on_device(network, device, kernels) for network in networks]

    def run(self, work: Work, advance: Callable[[int], None] = lambda _: None) -> Generator[Logits, None, None]:
        """See ``Passes``."""
        codes = [self._tensor(tile.codes) for tile in work.tiles]
        batches = [AlternateBatch(batch, self._device) for batch in work.batches]
        # The activations of one network fit in memory where those of five would not.
        for network in self._networks:
            references = [run_reference(network, c, tile.span) for c, tile in zip(codes, work.tiles, strict=True)]
            alternates = []
            for batch, edits in zip(batches, work.batches, strict=True):
                alternates.append(batch.run(network, references))
                advance(len(edits.left))
            logits = Logits([reference.logits for reference in references], alternates)
            # Otherwise it would stay in memory until that of the next network replaces it.
            del references, alternates
            yield logits
            del logits

    def scan(self, codes: Codes) -> Generator[Tensor, None, None]:
        """See ``Passes``."""
        on_device = self._tensor(codes)
        for network in self._networks:
            flank = network.spec.flank
            yield run_logits(network, on_device, Interval(flank, len(codes) - flank))

    def _tensor(self, codes: Codes) -> Tensor:
        return torch.tensor(codes, device=self._device)
