"""A model's networks: architecture and weights, before anything computes with them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from spliceai_cli.models.spec import ModelIdentity, NetworkSpec
from spliceai_cli.models.tensors import FloatTensors, Weights

if TYPE_CHECKING:
    from spliceai_cli.models.network import Network


@dataclass(frozen=True, eq=False)
class Ensemble:
    """The networks of a model, in the order in which their outputs are summed.

    Attributes:
        spec: shared by all.
        members: tensors of each network by parameter name, float32, in file order; float sums depend on the order, and
            so do scores.
        sha256: digest of the tensors, see ``models.load.tensors_sha256``.
    """

    spec: NetworkSpec
    members: tuple[FloatTensors, ...]
    sha256: str

    @property
    def identity(self) -> ModelIdentity:
        """The model's name, INFO key and digests."""
        return ModelIdentity(self.spec.name, self.spec.key, self.sha256, self.spec.sha256)

    @cached_property
    def networks(self) -> tuple[Network, ...]:
        """The networks as modules of PyTorch, on the CPU, in evaluation mode and without gradients.

        Their parameters are ``members``, not copies.
        """
        # Imported late: it loads PyTorch, which native kernels do without.
        from spliceai_cli.models.network import build_networks

        return build_networks(self.spec, self.members)


def build_ensemble(weights: Weights, sha256: str) -> Ensemble:
    """Build an ensemble from tensors named ``<member>.<parameter>``, members counted from 1.

    Args:
        weights: spec and tensors.
        sha256: digest of the tensors.

    Raises:
        ValueError: a tensor is missing, unknown or of the wrong shape.
    """
    spec, tensors = weights
    # A damaged spec may describe a network that does not fit in memory: nothing is made for it.
    if len(tensors) != spec.n_tensors:
        raise ValueError(f"{len(tensors)} tensors, {spec.n_tensors} expected")
    shapes = tensor_shapes(spec)
    members = tuple(_member(number, shapes, tensors) for number in range(1, spec.n_networks + 1))
    return Ensemble(spec, members, sha256)


def _member(number: int, shapes: dict[str, tuple[int, ...]], tensors: FloatTensors) -> FloatTensors:
    member: FloatTensors = {}
    for name, shape in shapes.items():
        tensor = tensors.get(f"{number}.{name}")
        if tensor is None or tensor.shape != shape:
            raise ValueError(f"no tensor {number}.{name} of the shape {shape}")
        with np.errstate(over="ignore"):
            member[name] = np.ascontiguousarray(tensor, dtype=np.float32)
    return member


def tensor_shapes(spec: NetworkSpec) -> dict[str, tuple[int, ...]]:
    """The parameters of one network, under the names that ``network.Network`` gives them -> their shapes."""
    features = spec.channels
    shapes = _convolution("stem", features, 4)
    for i, block in enumerate(spec.blocks):
        for half in (1, 2):
            norm = f"blocks.{i}.norm{half}"
            shapes |= {f"{norm}.{name}": (features,) for name in ("weight", "bias", "running_mean", "running_var")}
            shapes |= _convolution(f"blocks.{i}.conv{half}", features, features, block.kernel)
    for i in range(spec.n_taps):
        shapes |= _convolution(f"taps.{i}", features, features)
    return shapes | _convolution("head", spec.n_classes, features)


def _convolution(name: str, n_out: int, n_in: int, kernel: int = 1) -> dict[str, tuple[int, ...]]:
    return {f"{name}.weight": (n_out, n_in, 1, kernel), f"{name}.bias": (n_out,)}
