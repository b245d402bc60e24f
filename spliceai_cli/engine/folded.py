"""A network as the numbers that passes over intervals compute with: constants folded, features last."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn

from spliceai_cli.models.network import Block, Network
from spliceai_cli.models.spec import BlockSpec, NetworkSpec


@dataclass(frozen=True, slots=True, eq=False)
class FoldedConvolution:
    """A convolution without padding.

    Attributes:
        weight: (F, F, 1, kernel), output features first.
        bias: (F,).
        dilation: positions between taps.
    """

    weight: Tensor
    bias: Tensor
    dilation: int


@dataclass(frozen=True, slots=True, eq=False)
class FoldedBlock:
    """One residual block.

    The second normalisation is folded into the first convolution. The first normalisation follows the residual sum, so
    it cannot be folded.

    Attributes:
        scale, shift: (F,) factors and offsets of the first normalisation.
        first, second: convolutions.
        reach: half-reach of one convolution.
    """

    scale: Tensor
    shift: Tensor
    first: FoldedConvolution
    second: FoldedConvolution
    reach: int


@dataclass(frozen=True, slots=True, eq=False)
class FoldedNetwork:
    """A network as tables and folded blocks, in float32 on the CPU.

    Attributes:
        spec: the network's.
        stem: (5, F), output of the stem for each base code.
        blocks: the blocks, in order of computation.
        taps: number of blocks before the tap -> (F, classes), the skip convolution and the head folded together.
        bias: (classes,), the sum of the biases of all taps and the head.
    """

    spec: NetworkSpec
    stem: Tensor
    blocks: tuple[FoldedBlock, ...]
    taps: dict[int, Tensor]
    bias: Tensor


def fold(network: Network) -> FoldedNetwork:
    """Fold a network that lies on the CPU; in float64, so that it loses no visible precision."""
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
    blocks = tuple(_fold_block(*pair) for pair in zip(network.blocks, spec.blocks, strict=True))
    return FoldedNetwork(spec, stem.float(), blocks, taps, bias.float())


def _fold_block(block: nn.Module, spec: BlockSpec) -> FoldedBlock:
    assert isinstance(block, Block)
    scale1, shift1 = _affine(block.norm1)
    scale2, shift2 = _affine(block.norm2)
    weight1 = block.conv1.weight.double() * scale2[:, None, None, None]
    bias1 = _bias(block.conv1) * scale2 + shift2
    return FoldedBlock(
        scale1.float(),
        shift1.float(),
        FoldedConvolution(weight1.float(), bias1.float(), spec.dilation),
        FoldedConvolution(block.conv2.weight.float(), _bias(block.conv2).float(), spec.dilation),
        spec.reach,
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
