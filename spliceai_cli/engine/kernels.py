"""Choice of the kernels that compute an ensemble: native ones on a CPU, or PyTorch's."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from spliceai_cli.engine.budget import Budget
from spliceai_cli.engine.device import Device
from spliceai_cli.engine.folded import fold
from spliceai_cli.engine.native import choice
from spliceai_cli.engine.native import passes as native_passes
from spliceai_cli.engine.native.choice import Choice
from spliceai_cli.engine.native.interface import FEATURES
from spliceai_cli.engine.native.network import FUNCTIONS
from spliceai_cli.engine.passes import Passes
from spliceai_cli.errors import UsageError
from spliceai_cli.models.ensemble import Ensemble
from spliceai_cli.models.spec import BlockSpec, NetworkSpec
from spliceai_cli.settings.words import FLOAT32, NATIVE, TORCH


class Opened(NamedTuple):
    """An ensemble ready to compute.

    Attributes:
        passes: computes its networks.
        cost: a block -> time that one of its convolutions takes per output position, in any unit.
        unit_s: that unit, in seconds of a core of the machine of docs/performance.md.
    """

    passes: Passes
    cost: Callable[[BlockSpec], float]
    unit_s: float


def open_passes(ensemble: Ensemble, device: Device, precision: str, kernels: str, budget: Budget) -> Opened:
    """Prepare the networks of an ensemble for the fastest kernels that can compute them.

    Args:
        ensemble: the networks.
        device: where to compute.
        precision: one of ``settings.words.PRECISIONS``.
        kernels: one of ``settings.words.KERNELS``.
        budget: the memory that may be used.

    Raises:
        UsageError: native kernels are asked for where they cannot run.
    """
    native = native_kernels(ensemble.spec, device, precision, kernels)
    networks = [fold(ensemble.spec, tensors) for tensors in ensemble.members]
    if native.library is not None:
        passes = native_passes.NativePasses(native.library, networks, budget)
        return Opened(passes, native_passes.cost, native_passes.UNIT_S)
    # Imported late: they load PyTorch.
    from spliceai_cli.engine.pytorch.device import torch_device
    from spliceai_cli.engine.pytorch.kernels import UNIT_S, Kernels
    from spliceai_cli.engine.pytorch.passes import TorchPasses

    there = torch_device(device)
    maker = Kernels(there, precision)
    return Opened(TorchPasses(networks, there, maker), maker.cost, UNIT_S)


def native_kernels(
    spec: NetworkSpec, device: Device, precision: str, kernels: str, found: Choice | None = None
) -> Choice:
    """The native kernels that compute a model's networks, or the reason why PyTorch's do.

    Args:
        spec: the spec of the networks.
        device: where to compute.
        precision: one of ``settings.words.PRECISIONS``.
        kernels: one of ``settings.words.KERNELS``.
        found: the native kernels of this machine; None looks for them.

    Raises:
        UsageError: native kernels are asked for where they cannot run.
    """
    if kernels == TORCH:
        return Choice(None, "asked for")
    if device.type != "cpu":
        native = Choice(None, f"native kernels run on a CPU, not on {device}")
    elif precision != FLOAT32:
        native = Choice(None, f"native kernels compute in {FLOAT32}, not '{precision}'")
    elif not fits(spec):
        native = Choice(None, f"{spec.name} lacks the {FEATURES} features and odd kernels that native kernels compute")
    else:
        native = found or choice.choose()
    if kernels == NATIVE and native.library is None:
        raise UsageError(f"--kernels native: {native.reason}.", "Use --kernels auto.")
    return native


def fits(spec: NetworkSpec) -> bool:
    """Whether native kernels can compute the networks of a spec."""
    return spec.channels == FEATURES and spec.activation in FUNCTIONS and all(block.kernel % 2 for block in spec.blocks)
