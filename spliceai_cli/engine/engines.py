"""The engines by name."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

from spliceai_cli.engine.forward import PlainEngine
from spliceai_cli.engine.incremental import IncrementalEngine
from spliceai_cli.engine.kernels import FLOAT32
from spliceai_cli.errors import UsageError
from spliceai_cli.models.network import Ensemble
from spliceai_cli.plan.edit import Edit, Prediction

if TYPE_CHECKING:
    import torch

#: ``--engine`` values.
ENGINES = ("incremental", "plain")


class Engine(Protocol):
    """Answers edits with class probabilities."""

    def predict(self, edits: Sequence[Edit]) -> Sequence[Prediction]:
        """One prediction per edit, in the order given."""


def make_engine(
    name: str, ensemble: Ensemble, *, device: torch.device, batch_size: int | None, memory: int, precision: str
) -> Engine:
    """An engine by its name, one of ``ENGINES``.

    Args:
        name: of the engine.
        ensemble: the networks, on the CPU.
        device: where to compute.
        batch_size: sequences at a time, at most; None picks by device.
        memory: bytes that the process may use.
        precision: one of ``kernels.PRECISIONS``.

    Raises:
        UsageError: the plain engine is asked for less than float32.
    """
    # 8 on a CPU: larger batches leave its caches.
    batch_size = batch_size or (8 if device.type == "cpu" else 256)
    if name == "incremental":
        return IncrementalEngine(ensemble, device, batch_size, memory, precision)
    if precision != FLOAT32:
        raise UsageError(f"the plain engine computes in float32 only, not '{precision}'.", "Use --engine incremental.")
    return PlainEngine(ensemble, device, batch_size, memory)
