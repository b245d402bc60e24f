"""Weights from any container, as arrays under the names that ``network.Network`` uses."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import safetensors.numpy

from spliceai_cli.arrays import FloatArray
from spliceai_cli.models.spec import NetworkSpec

FloatTensors = dict[str, FloatArray]

#: Key of the spec in the metadata of a safetensors file.
SPEC_KEY = "spec"


class Weights(NamedTuple):
    """A model's spec and tensors.

    Attributes:
        spec: spec of the networks.
        tensors: tensors by ``<member>.<parameter>``, members counted from 1.
    """

    spec: NetworkSpec
    tensors: FloatTensors

    def to_safetensors(self) -> bytes:
        """A safetensors file with the spec in its metadata; equal weights give equal bytes."""
        return safetensors.numpy.save(self.tensors, metadata={SPEC_KEY: self.spec.to_json()})


def of_member(member: int, tensors: FloatTensors) -> FloatTensors:
    """Rename the tensors of one network to their names in the ensemble.

    Args:
        member: number of the network, from 1.
        tensors: tensors by parameter name.
    """
    return {f"{member}.{name}": tensor for name, tensor in tensors.items()}


def kernel_2d(kernel: FloatArray) -> FloatArray:
    """(out, in, W) kernel of a 1-D convolution -> (out, in, 1, W)."""
    return np.ascontiguousarray(kernel[:, :, None, :], dtype=np.float32)
