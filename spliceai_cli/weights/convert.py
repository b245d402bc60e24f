"""Keras files of SpliceAI into one safetensors file."""

from __future__ import annotations

import io
from collections.abc import Sequence
from itertools import count

import h5py
import numpy as np
import safetensors.numpy
from numpy.typing import NDArray

from spliceai_cli.errors import WeightsError
from spliceai_cli.network import NetworkSpec

_Tensors = dict[str, NDArray[np.float32]]

#: Metadata key of the spec.
SPEC_KEY = "spec"

# The layers outside the blocks, by Keras number; the other convolutions are the blocks', in numerical order.
_STEM, _TAPS, _HEAD = 1, (2, 11, 20, 29, 38), 39


def convert_keras(files: Sequence[bytes], spec: NetworkSpec) -> bytes:
    """The same weights as a safetensors file with the spec in its metadata; equal input gives equal bytes.

    Args:
        files: Keras HDF5 files in ensemble order.
        spec: of the network that they hold.

    Raises:
        WeightsError: a file does not hold this network.
    """
    tensors: _Tensors = {}
    for member, raw in enumerate(files, 1):
        try:
            with h5py.File(io.BytesIO(raw), "r") as handle:
                named = _read_member(handle["model_weights"], spec)
        except (OSError, KeyError) as error:
            raise WeightsError(f"Keras file {member} of {len(files)} does not hold {spec.name}: {error}.") from error
        tensors.update({f"{member}.{name}": tensor for name, tensor in named.items()})
    return safetensors.numpy.save(tensors, metadata={SPEC_KEY: spec.to_json()})


def _read_member(layers: h5py.Group, spec: NetworkSpec) -> _Tensors:
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


def _conv(layers: h5py.Group, number: int, name: str) -> _Tensors:
    """Keras kernels are (W, in, out); ours (out, in, 1, W)."""
    layer = layers[f"conv1d_{number}/conv1d_{number}"]
    kernel = np.asarray(layer["kernel:0"], dtype=np.float32)
    return {
        f"{name}.weight": np.ascontiguousarray(kernel.transpose(2, 1, 0)[:, :, None, :]),
        f"{name}.bias": np.asarray(layer["bias:0"], dtype=np.float32),
    }


def _norm(layers: h5py.Group, number: int, name: str) -> _Tensors:
    layer = layers[f"batch_normalization_{number}/batch_normalization_{number}"]
    ours = {"weight": "gamma", "bias": "beta", "running_mean": "moving_mean", "running_var": "moving_variance"}
    return {f"{name}.{key}": np.asarray(layer[f"{theirs}:0"], dtype=np.float32) for key, theirs in ours.items()}
