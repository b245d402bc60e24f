"""A network prepared to compute on intervals, with constants folded and features last."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial

import torch
from torch import Tensor, nn

from spliceai_cli.engine.convolution import Convolution
from spliceai_cli.engine.kernels import Kernels
from spliceai_cli.engine.native.convolution import NativeConvolution
from spliceai_cli.engine.native.network import BlockWeights, NativeNetwork
from spliceai_cli.models.network import FUNCTIONS, Block, Network
from spliceai_cli.models.spec import BlockSpec, NetworkSpec

# Safe in place, because activations always get a fresh tensor here.
_IN_PLACE: dict[str, Callable[[Tensor], Tensor]] = {
    "relu": torch.relu_,
    "leaky_relu_0.1": partial(nn.functional.leaky_relu_, negative_slope=0.1),
}


@dataclass(frozen=True, slots=True, eq=False)
class FoldedBlock:
    """One residual block.

    The second normalisation is folded into the first convolution. The first normalisation follows the residual sum, so
    it cannot be folded.

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
class FoldedNetwork:
    """A network as tables and folded blocks.

    Attributes:
        spec: the network's.
        stem: (5, F), output of the stem for each base code.
        blocks: the blocks, in order of computation.
        taps: number of blocks before the tap -> (F, classes), the skip convolution and the head folded together.
        bias: (classes,), the sum of the biases of all taps and the head.
        native: the same for native passes; None where PyTorch computes.
    """

    spec: NetworkSpec
    stem: Tensor
    blocks: tuple[FoldedBlock, ...]
    taps: dict[int, Tensor]
    bias: Tensor
    native: NativeNetwork | None = None


def fold(network: Network, device: torch.device, kernels: Kernels) -> FoldedNetwork:
    """Prepare a network; folding is done in float64, so that it loses no visible precision.

    Args:
        network: a network on the CPU, because not every device has float64.
        device: where to compute.
        kernels: makes the convolutions on that device.
    """
    spec = network.spec
    stem_weight, stem_bias = _pointwise(network.stem)
    head_weight, bias = _pointwise(network.head)
    places = [0, *(i for i, block in enumerate(spec.blocks, 1) if block.is_tapped)]
    taps = {}
    for n_before, tap in zip(places, network.taps, strict=True):
        weight, tap_bias = _pointwise(tap)
        taps[n_before] = (weight @ head_weight).float().to(device)
        bias = bias + tap_bias @ head_weight
    stem = network.one_hot.double() @ stem_weight + stem_bias
    blocks = tuple(
        _fold_block(block, block_spec, spec.activation, device, kernels)
        for block, block_spec in zip(network.blocks, spec.blocks, strict=True)
    )
    folded = FoldedNetwork(spec, stem.float().to(device), blocks, taps, bias.float().to(device))
    return replace(folded, native=_native(folded, kernels))


def _native(network: FoldedNetwork, kernels: Kernels) -> NativeNetwork | None:
    """The network for native passes, if native kernels can compute all of its blocks."""
    blocks = []
    for block in network.blocks:
        first, second = block.first_conv, block.second_conv
        if not isinstance(first, NativeConvolution) or not isinstance(second, NativeConvolution):
            return None
        blocks.append(BlockWeights(block.scale.numpy(), block.shift.numpy(), first.layer, second.layer))
    taps = {n_before: tap.numpy() for n_before, tap in network.taps.items()}
    return kernels.native_network(network.spec.activation, network.stem.numpy(), blocks, taps, network.bias.numpy())


def _fold_block(
    block: nn.Module, spec: BlockSpec, activation: str, device: torch.device, kernels: Kernels
) -> FoldedBlock:
    assert isinstance(block, Block)
    scale1, shift1 = _affine(block.norm1)
    scale2, shift2 = _affine(block.norm2)
    weight1 = block.conv1.weight.double() * scale2[:, None, None, None]
    bias1 = _bias(block.conv1) * scale2 + shift2
    return FoldedBlock(
        scale=scale1.float().to(device),
        shift=shift1.float().to(device),
        first_conv=kernels.convolution(weight1, bias1, spec.dilation),
        second_conv=kernels.convolution(block.conv2.weight.double(), _bias(block.conv2), spec.dilation),
        reach=spec.reach,
        activate=_IN_PLACE.get(activation, FUNCTIONS[activation]),
    )


def _pointwise(conv: nn.Module) -> tuple[Tensor, Tensor]:
    """A 1×1 convolution as an (in, out) matrix and an (out,) bias, float64."""
    assert isinstance(conv, nn.Conv2d)
    return conv.weight[:, :, 0, 0].double().T, _bias(conv)


def _bias(conv: nn.Conv2d) -> Tensor:
    """(out,) bias in float64; every convolution of these networks has one."""
    assert conv.bias is not None
    return conv.bias.double()


def _affine(norm: nn.BatchNorm2d) -> tuple[Tensor, Tensor]:
    """A normalisation as x * scale + shift, float64."""
    assert norm.running_mean is not None
    assert norm.running_var is not None
    scale = norm.weight.double() / torch.sqrt(norm.running_var.double() + norm.eps)
    return scale, norm.bias.double() - norm.running_mean.double() * scale
