"""A network prepared for computing on intervals: constants folded, features last."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import torch
from torch import Tensor, nn
from torch.nn import functional

from spliceai_cli.network import ACTIVATIONS, Block, Network, NetworkSpec

# Activations always get a fresh tensor here.
_IN_PLACE: dict[str, Callable[[Tensor], Tensor]] = {"relu": torch.relu_}


@dataclass(frozen=True, slots=True, eq=False)
class FoldedBlock:
    """One residual block.

    The second normalisation is folded into the first convolution; the first one follows the residual sum and stays.

    Attributes:
        scale, bias0: (F,) of the first normalisation.
        weight1, bias1, weight2, bias2: of the convolutions.
        dilation: of both.
        reach: half-reach of one convolution.
        activate: activation.
    """

    scale: Tensor
    bias0: Tensor
    weight1: Tensor
    bias1: Tensor
    weight2: Tensor
    bias2: Tensor
    dilation: int
    reach: int
    activate: Callable[[Tensor], Tensor]

    def to(self, device: torch.device) -> FoldedBlock:
        """The same on a device."""
        names = ("scale", "bias0", "weight1", "bias1", "weight2", "bias2")
        return replace(self, **{name: getattr(self, name).to(device) for name in names})

    def enter(self, x: Tensor) -> Tensor:
        """First normalisation and activation: (N, L, F) -> (N, L, F)."""
        return self.activate(torch.addcmul(self.bias0, x, self.scale))

    def first(self, a: Tensor) -> Tensor:
        """First convolution, second normalisation and activation: (N, L, F) -> (N, L - 2 reach, F)."""
        return self.activate(self._conv(a, self.weight1, self.bias1))

    def second(self, b: Tensor) -> Tensor:
        """Second convolution: (N, L, F) -> (N, L - 2 reach, F)."""
        return self._conv(b, self.weight2, self.bias2)

    def _conv(self, x: Tensor, weight: Tensor, bias: Tensor) -> Tensor:
        # (N, L, F) in memory is (N, F, 1, L) channels last: the views cost nothing.
        y = functional.conv2d(x.permute(0, 2, 1).unsqueeze(2), weight, bias, dilation=(1, self.dilation))
        return y.squeeze(2).permute(0, 2, 1)


@dataclass(frozen=True, slots=True, eq=False)
class FoldedNetwork:
    """A network as tables and folded blocks.

    Attributes:
        spec: of the network.
        stem: (5, F), output of the stem for each base code.
        blocks: in order of computation.
        taps: (F, classes) by the number of blocks before it; skip convolution and head folded together.
        bias: (classes,) of all taps and the head together.
    """

    spec: NetworkSpec
    stem: Tensor
    blocks: tuple[FoldedBlock, ...]
    taps: dict[int, Tensor]
    bias: Tensor

    def to(self, device: torch.device) -> FoldedNetwork:
        """The same on a device."""
        return FoldedNetwork(
            self.spec,
            self.stem.to(device),
            tuple(block.to(device) for block in self.blocks),
            {n_before: tap.to(device) for n_before, tap in self.taps.items()},
            self.bias.to(device),
        )


def fold(network: Network) -> FoldedNetwork:
    """Prepare a network; computed in float64, so that folding costs no precision that shows.

    Args:
        network: on the CPU; not every device has float64.
    """
    spec = network.spec
    stem_weight, stem_bias = _pointwise(network.stem)
    head_weight, bias = _pointwise(network.head)
    places = [0, *(i for i, block in enumerate(spec.blocks, 1) if block.is_tapped)]
    taps = {}
    for n_before, tap in zip(places, network.taps, strict=True):
        weight, tap_bias = _pointwise(tap)
        taps[n_before] = (weight @ head_weight).float()
        bias = bias + tap_bias @ head_weight
    stem = network.one_hot.double() @ stem_weight + stem_bias
    blocks = tuple(
        _fold_block(block, one.dilation, spec.activation)
        for block, one in zip(network.blocks, spec.blocks, strict=True)
    )
    return FoldedNetwork(spec, stem.float(), blocks, taps, bias.float())


def _fold_block(block: nn.Module, dilation: int, activation: str) -> FoldedBlock:
    assert isinstance(block, Block)
    scale1, shift1 = _affine(block.norm1)
    scale2, shift2 = _affine(block.norm2)
    weight1 = block.conv1.weight.double() * scale2[:, None, None, None]
    bias1 = _bias(block.conv1) * scale2 + shift2
    return FoldedBlock(
        scale=scale1.float(),
        bias0=shift1.float(),
        weight1=weight1.float().contiguous(memory_format=torch.channels_last),
        bias1=bias1.float(),
        weight2=block.conv2.weight.contiguous(memory_format=torch.channels_last),
        bias2=_bias(block.conv2).float(),
        dilation=dilation,
        reach=block.reach,
        activate=_IN_PLACE.get(activation, ACTIVATIONS[activation]),
    )


def _pointwise(conv: nn.Module) -> tuple[Tensor, Tensor]:
    """A 1×1 convolution as (in, out) matrix and (out,) bias, float64."""
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
