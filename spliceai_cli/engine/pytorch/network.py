"""A folded network on a device, with its convolutions."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import torch
from torch import Tensor, nn

from spliceai_cli.arrays import FloatArray
from spliceai_cli.engine.folded import FoldedBlock, FoldedNetwork
from spliceai_cli.engine.pytorch.convolution import Convolution
from spliceai_cli.engine.pytorch.kernels import Kernels
from spliceai_cli.models.network import FUNCTIONS
from spliceai_cli.models.spec import NetworkSpec

# Safe in place, because activations always get a fresh tensor here.
_IN_PLACE: dict[str, Callable[[Tensor], Tensor]] = {
    "relu": torch.relu_,
    "leaky_relu_0.1": partial(nn.functional.leaky_relu_, negative_slope=0.1),
}


@dataclass(frozen=True, slots=True, eq=False)
class TorchBlock:
    """One residual block.

    Attributes:
        scale, shift: (F,) factors and offsets of the first normalisation.
        first_conv, second_conv: convolutions.
        reach: half-reach of one convolution.
        activate: activation.
    """

    scale: Tensor
    shift: Tensor
    first_conv: Convolution
    second_conv: Convolution
    reach: int
    activate: Callable[[Tensor], Tensor]

    def enter(self, x: Tensor) -> Tensor:
        """First normalisation and activation: (N, L, F) -> (N, L, F)."""
        return self.activate(torch.addcmul(self.shift, x, self.scale))

    def first(self, a: Tensor) -> Tensor:
        """First convolution, second normalisation and activation: (N, L, F) -> (N, L - 2 reach, F)."""
        return self.activate(self.first_conv(a))

    def second(self, b: Tensor) -> Tensor:
        """Second convolution: (N, L, F) -> (N, L - 2 reach, F)."""
        return self.second_conv(b)


@dataclass(frozen=True, slots=True, eq=False)
class TorchNetwork:
    """A folded network on a device.

    Attributes:
        spec: spec of the network.
        stem: (5, F), output of the stem for each base code.
        blocks: the blocks, in order of computation.
        taps: number of blocks before the tap -> (F, classes).
        bias: (classes,).
    """

    spec: NetworkSpec
    stem: Tensor
    blocks: tuple[TorchBlock, ...]
    taps: dict[int, Tensor]
    bias: Tensor


def on_device(network: FoldedNetwork, device: torch.device, kernels: Kernels) -> TorchNetwork:
    """Move a folded network to a device, with convolutions for it."""
    activation = network.spec.activation
    activate = _IN_PLACE.get(activation, FUNCTIONS[activation])
    return TorchNetwork(
        network.spec,
        _tensor(network.stem, device),
        tuple(_block(block, activate, device, kernels) for block in network.blocks),
        {n_before: _tensor(tap, device) for n_before, tap in network.taps.items()},
        _tensor(network.bias, device),
    )


def _block(
    block: FoldedBlock, activate: Callable[[Tensor], Tensor], device: torch.device, kernels: Kernels
) -> TorchBlock:
    return TorchBlock(
        scale=_tensor(block.scale, device),
        shift=_tensor(block.shift, device),
        first_conv=kernels.convolution(block.first),
        second_conv=kernels.convolution(block.second),
        reach=block.reach,
        activate=activate,
    )


def _tensor(values: FloatArray, device: torch.device) -> Tensor:
    return torch.from_numpy(values).to(device)
