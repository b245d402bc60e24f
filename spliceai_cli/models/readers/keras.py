"""The layers of SpliceAI as Keras numbers them."""

from __future__ import annotations

import io
from collections.abc import Sequence
from itertools import count
from typing import NamedTuple, Protocol

import h5py
import numpy as np

from spliceai_cli.arrays import FloatArray
from spliceai_cli.errors import WeightsError
from spliceai_cli.models.spec import NetworkSpec
from spliceai_cli.models.tensors import FloatTensors, Weights, kernel_2d, of_member

# The layers outside the blocks, by Keras number; the other convolutions are the blocks', in numerical order.
_STEM, _TAPS, _HEAD = 1, (2, 11, 20, 29, 38), 39


class KerasNorm(NamedTuple):
    """(F,) parameters of a normalisation, under Keras' names."""

    gamma: FloatArray
    beta: FloatArray
    moving_mean: FloatArray
    moving_variance: FloatArray


class KerasLayers(Protocol):
    """The layers of one network, in any container."""

    def conv(self, number: int) -> tuple[FloatArray, FloatArray]:
        """(W, in, out) kernel and (out,) bias of ``conv1d_<number>``."""

    def norm(self, number: int) -> KerasNorm:
        """Parameters of ``batch_normalization_<number>``."""


def read_layers(layers: KerasLayers, spec: NetworkSpec) -> FloatTensors:
    """The tensors of one network, by parameter name."""
    tensors = _conv(layers, _STEM, "stem")
    for i, number in enumerate(_TAPS):
        tensors |= _conv(layers, number, f"taps.{i}")
    tensors |= _conv(layers, _HEAD, "head")
    numbers = (number for number in count(_STEM + 1) if number not in _TAPS)
    norms = count(1)
    for block in range(len(spec.blocks)):
        for half in (1, 2):
            tensors |= _norm(layers, next(norms), f"blocks.{block}.norm{half}")
            tensors |= _conv(layers, next(numbers), f"blocks.{block}.conv{half}")
    return tensors


def read_keras(files: Sequence[bytes], spec: NetworkSpec) -> Weights:
    """Read the weights from Keras HDF5 files.

    Args:
        files: file contents, in ensemble order.
        spec: spec of the networks in them.

    Raises:
        WeightsError: a file does not hold this network.
    """
    tensors: FloatTensors = {}
    for member, raw in enumerate(files, 1):
        try:
            with h5py.File(io.BytesIO(raw), "r") as handle:
                tensors |= of_member(member, read_layers(_HdfLayers(handle["model_weights"]), spec))
        except (OSError, KeyError) as error:
            raise WeightsError(f"Keras file {member} of {len(files)} does not hold {spec.name}: {error}.") from error
    return Weights(spec, tensors)


class _HdfLayers:
    """Layers in a Keras file."""

    def __init__(self, group: h5py.Group) -> None:
        self._group = group

    def conv(self, number: int) -> tuple[FloatArray, FloatArray]:
        """Kernel and bias."""
        layer = self._group[f"conv1d_{number}/conv1d_{number}"]
        return _array(layer["kernel:0"]), _array(layer["bias:0"])

    def norm(self, number: int) -> KerasNorm:
        """Parameters of a normalisation."""
        layer = self._group[f"batch_normalization_{number}/batch_normalization_{number}"]
        return KerasNorm(*(_array(layer[f"{name}:0"]) for name in KerasNorm._fields))


def _array(dataset: h5py.Dataset) -> FloatArray:
    return np.asarray(dataset, dtype=np.float32)


def _conv(layers: KerasLayers, number: int, name: str) -> FloatTensors:
    kernel, bias = layers.conv(number)
    return {f"{name}.weight": kernel_2d(kernel.transpose(2, 1, 0)), f"{name}.bias": bias}


def _norm(layers: KerasLayers, number: int, name: str) -> FloatTensors:
    norm = layers.norm(number)
    return {
        f"{name}.weight": norm.gamma,
        f"{name}.bias": norm.beta,
        f"{name}.running_mean": norm.moving_mean,
        f"{name}.running_var": norm.moving_variance,
    }
