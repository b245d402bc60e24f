"""Passes by PyTorch's kernels, one network after another."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

import numpy as np
import torch
from torch import Tensor

from spliceai_cli.arrays import FloatArray
from spliceai_cli.engine.folded import FoldedNetwork
from spliceai_cli.engine.passes import Answers, DeviceMemoryError, Work
from spliceai_cli.engine.pytorch.alternate import AlternateBatch
from spliceai_cli.engine.pytorch.computing import computing
from spliceai_cli.engine.pytorch.kernels import Kernels
from spliceai_cli.engine.pytorch.network import on_device
from spliceai_cli.engine.pytorch.reference import run_logits, run_reference
from spliceai_cli.engine.threads import settle
from spliceai_cli.genome.bases import Codes
from spliceai_cli.genome.coords import Interval
from spliceai_cli.models.averaging import GroupMean

Result = TypeVar("Result")


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
        # A forked child that makes kernels would wait for the parent's threads.
        settle(torch)
        self._networks = [on_device(network, device, kernels) for network in networks]

    def run(self, work: Work, n_averaged: int, advance: Callable[[int], None] = lambda _: None) -> Answers:
        """See ``Passes``."""
        return self._within_memory(lambda: self._run(work, n_averaged, advance))

    def scan(self, codes: Codes, n_averaged: int, *, has_softmax: bool = True) -> FloatArray:
        """See ``Passes``."""
        return self._within_memory(lambda: self._scan(codes, n_averaged, has_softmax=has_softmax))

    def _within_memory(self, compute: Callable[[], Result]) -> Result:
        """What a function computes.

        Raises:
            DeviceMemoryError: it does not fit.
        """
        try:
            with computing(self._device), torch.inference_mode():
                return compute()
        except torch.OutOfMemoryError:
            # Its tensors are alive as long as this error is.
            pass
        torch.cuda.empty_cache()
        raise DeviceMemoryError

    def _run(self, work: Work, n_averaged: int, advance: Callable[[int], None]) -> Answers:
        codes = [self._tensor(tile.codes) for tile in work.tiles]
        batches = [AlternateBatch(batch, self._device) for batch in work.batches]
        ref: list[GroupMean[Tensor]] = [GroupMean(n_averaged) for _ in work.tiles]
        alt: list[GroupMean[Tensor]] = [GroupMean(n_averaged) for _ in work.batches]
        # The activations of one network fit in memory where those of five would not.
        for network in self._networks:
            references = [run_reference(network, c, tile.span) for c, tile in zip(codes, work.tiles, strict=True)]
            _add(ref, (reference.logits for reference in references))
            for mean, batch, edits in zip(alt, batches, work.batches, strict=True):
                mean.add(torch.softmax(batch.run(network, references), dim=-1))
                advance(len(edits.left))
            # Otherwise it would stay in memory until that of the next network replaces it.
            del references
        return Answers([_numpy(mean) for mean in ref], [_numpy(mean) for mean in alt])

    def _scan(self, codes: Codes, n_averaged: int, *, has_softmax: bool) -> FloatArray:
        there = self._tensor(codes)
        mean: GroupMean[Tensor] = GroupMean(n_averaged)
        for network in self._networks:
            flank = network.spec.flank
            logits = run_logits(network, there, Interval(flank, len(codes) - flank))
            mean.add(torch.softmax(logits, dim=-1) if has_softmax else logits)
        return _numpy(mean)

    def _tensor(self, codes: Codes) -> Tensor:
        return torch.tensor(codes, device=self._device)


def _add(means: Sequence[GroupMean[Tensor]], logits: Iterable[Tensor]) -> None:
    for mean, values in zip(means, logits, strict=True):
        mean.add(torch.softmax(values, dim=-1))


def _numpy(mean: GroupMean[Tensor]) -> FloatArray:
    """(…, answers) means of all groups, side by side."""
    return np.ascontiguousarray(torch.cat(mean.groups(), dim=-1).cpu().numpy())
