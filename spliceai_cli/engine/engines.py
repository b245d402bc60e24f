"""The engines by name."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Protocol

from spliceai_cli.engine.device import Device
from spliceai_cli.engine.incremental import IncrementalEngine
from spliceai_cli.engine.kernels import native_kernels
from spliceai_cli.errors import UsageError
from spliceai_cli.models.ensemble import Ensemble
from spliceai_cli.models.spec import NetworkSpec
from spliceai_cli.plan.edit import Edit, Prediction
from spliceai_cli.settings.words import AUTO, CPU_BATCH_SIZE, FLOAT32, GPU_BATCH_SIZE, INCREMENTAL, NATIVE, PLAIN

if TYPE_CHECKING:
    from spliceai_cli.engine.forward import PlainEngine


class Engine(Protocol):
    """Computes class probabilities for edits."""

    def predict(self, edits: Sequence[Edit], advance: Callable[[float], None]) -> Sequence[Prediction]:
        """One prediction per edit, in the order given.

        Args:
            edits: the edits.
            advance: called repeatedly, with the number of edits done since the last call, which may be a fraction.
        """

    def cost_s(self, edits: Sequence[Edit]) -> float:
        """Predicted seconds for these edits on one core of the machine of docs/performance.md; nothing is computed.

        Edits that begin in different blocks (see ``plan.blocks``) cost as much together as apart.
        """


def has_native_kernels(name: str, spec: NetworkSpec, *, device: Device, precision: str, kernels: str) -> bool:
    """Whether native kernels will compute a model; checks in advance what the engine would refuse.

    Args:
        name: a key of ``ENGINES``.
        spec: the spec of the networks.
        device: where to compute.
        precision: one of ``settings.words.PRECISIONS``.
        kernels: one of ``settings.words.KERNELS``.

    Raises:
        UsageError: the engine does not support the precision or the kernels.
    """
    if name == PLAIN:
        check_plain(precision, kernels)
        return False
    return native_kernels(spec, device, precision, kernels).library is not None


def make_engine(
    name: str,
    ensemble: Ensemble,
    *,
    device: Device,
    batch_size: int | None,
    memory: int,
    precision: str,
    kernels: str = AUTO,
) -> Engine:
    """Make the engine that has a name.

    Args:
        name: a key of ``ENGINES``.
        ensemble: the networks.
        device: where to compute.
        batch_size: largest number of sequences at a time; None picks by device.
        memory: bytes that the process may use.
        precision: one of ``settings.words.PRECISIONS``.
        kernels: one of ``settings.words.KERNELS``.

    Raises:
        UsageError: the engine does not support the precision or the kernels.
    """
    batch_size = batch_size or (CPU_BATCH_SIZE if device.type == "cpu" else GPU_BATCH_SIZE)
    return ENGINES[name](ensemble, device, batch_size, memory, precision, kernels)


def _plain(
    ensemble: Ensemble, device: Device, batch_size: int, memory: int, precision: str, kernels: str
) -> PlainEngine:
    check_plain(precision, kernels)
    # Imported late: it loads PyTorch.
    from spliceai_cli.engine.forward import PlainEngine

    return PlainEngine(ensemble, device, batch_size, memory)


#: ``Compute.engine`` -> what makes the engine.
ENGINES: dict[str, Callable[[Ensemble, Device, int, int, str, str], Engine]] = {
    INCREMENTAL: IncrementalEngine,
    PLAIN: _plain,
}


def check_plain(precision: str, kernels: str) -> None:
    """Refuse what the plain engine does not support.

    Raises:
        UsageError: it does not support the precision or the kernels.
    """
    if kernels == NATIVE:
        raise UsageError("the plain engine uses PyTorch's kernels only.", "Use --engine incremental.")
    if precision != FLOAT32:
        raise UsageError(f"the plain engine computes in float32 only, not '{precision}'.", "Use --engine incremental.")
