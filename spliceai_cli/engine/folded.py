"""A network as the numbers that passes over intervals compute with: constants folded, features last."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from spliceai_cli.arrays import FloatArray
from spliceai_cli.models.spec import BlockSpec, NetworkSpec
from spliceai_cli.models.tensors import FloatTensors

_Doubles = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class FoldedConvolution:
    """A convolution without padding.

    Attributes:
        weight: (F, F, 1, kernel), output features first.
        bias: (F,).
        dilation: positions between taps.
    """

    weight: FloatArray
    bias: FloatArray
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

    scale: FloatArray
    shift: FloatArray
    first: FoldedConvolution
    second: FoldedConvolution
    reach: int


@dataclass(frozen=True, slots=True, eq=False)
class FoldedNetwork:
    """A network as tables and folded blocks, in float32.

    Attributes:
        spec: spec of the network.
        stem: (5, F), output of the stem for each base code.
        blocks: the blocks, in order of computation.
        taps: number of blocks before the tap -> (F, classes), the skip convolution and the head folded together.
        bias: (classes,), the sum of the biases of all taps and the head.
    """

    spec: NetworkSpec
    stem: FloatArray
    blocks: tuple[FoldedBlock, ...]
    taps: dict[int, FloatArray]
    bias: FloatArray


def fold(spec: NetworkSpec, tensors: FloatTensors) -> FoldedNetwork:
    """Fold a network; in float64, so that it loses no visible precision.

    Args:
        spec: spec of the network.
        tensors: its tensors by parameter name, see ``models.ensemble.tensor_shapes``.
    """
    stem_weight, stem_bias = _pointwise(tensors, "stem")
    head_weight, bias = _pointwise(tensors, "head")
    places = [0, *(i for i, block in enumerate(spec.blocks, 1) if block.is_tapped)]
    taps = {}
    for i, n_before in enumerate(places):
        weight, tap_bias = _pointwise(tensors, f"taps.{i}")
        taps[n_before] = _float32(weight @ head_weight)
        bias = bias + tap_bias @ head_weight
    # The bases, then N, which is none of them.
    stem = np.pad(stem_weight, ((0, 1), (0, 0))) + stem_bias
    blocks = tuple(_fold_block(tensors, f"blocks.{i}", block, spec.norm_eps) for i, block in enumerate(spec.blocks))
    return FoldedNetwork(spec, _float32(stem), blocks, taps, _float32(bias))


def _fold_block(tensors: FloatTensors, name: str, spec: BlockSpec, eps: float) -> FoldedBlock:
    scale1, shift1 = _affine(tensors, f"{name}.norm1", eps)
    scale2, shift2 = _affine(tensors, f"{name}.norm2", eps)
    weight1 = _double(tensors, f"{name}.conv1.weight") * scale2[:, None, None, None]
    bias1 = _double(tensors, f"{name}.conv1.bias") * scale2 + shift2
    second = FoldedConvolution(tensors[f"{name}.conv2.weight"], tensors[f"{name}.conv2.bias"], spec.dilation)
    return FoldedBlock(
        _float32(scale1),
        _float32(shift1),
        FoldedConvolution(_float32(weight1), _float32(bias1), spec.dilation),
        second,
        spec.reach,
    )


def _pointwise(tensors: FloatTensors, name: str) -> tuple[_Doubles, _Doubles]:
    """A 1×1 convolution as an (in, out) matrix and an (out,) bias."""
    return _double(tensors, f"{name}.weight")[:, :, 0, 0].T, _double(tensors, f"{name}.bias")


def _affine(tensors: FloatTensors, name: str, eps: float) -> tuple[_Doubles, _Doubles]:
    """A normalisation as x * scale + shift."""
    scale = _double(tensors, f"{name}.weight") / np.sqrt(_double(tensors, f"{name}.running_var") + eps)
    return scale, _double(tensors, f"{name}.bias") - _double(tensors, f"{name}.running_mean") * scale


def _double(tensors: FloatTensors, name: str) -> _Doubles:
    return tensors[name].astype(np.float64)


def _float32(values: _Doubles) -> FloatArray:
    with np.errstate(over="ignore", invalid="ignore"):
        return np.ascontiguousarray(values, dtype=np.float32)
