"""The processes that train together, as ``torchrun`` starts them; one alone otherwise."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from typing import NamedTuple, TypeVar

import torch
import torch.distributed as dist

from spliceai_cli.errors import TrainingError, UsageError

_Value = TypeVar("_Value")

# The others wait while the first process validates, longer than PyTorch's 10 minutes if it has no GPU.
_PATIENCE = timedelta(hours=6)

# What Gloo says, as a RuntimeError without a class of its own, of a process that is gone.
_GONE = ("Connection closed by peer", "Connection reset by peer", "Connection refused", "Broken pipe")


class Processes(NamedTuple):
    """This process among those that train one network.

    Attributes:
        rank: number of this process, from 0.
        n: number of processes.
        local_rank: number of this process on its machine, from 0.
    """

    rank: int = 0
    n: int = 1
    local_rank: int = 0

    @property
    def is_first(self) -> bool:
        """Whether this process writes files and messages."""
        return self.rank == 0

    def of_first(self, own: _Value, device: torch.device) -> _Value:
        """The value of the first process, on every process.

        Args:
            own: the value of this process, which can be pickled.
            device: the device of this process.
        """
        if self.n == 1:
            return own
        values = [own]
        dist.broadcast_object_list(values, src=0, device=device)
        return values[0]


@contextmanager
def joined(environment: Mapping[str, str], device: str) -> Iterator[Processes]:
    """Join the processes that the environment describes until the ``with`` block ends.

    Args:
        environment: environment variables; ``torchrun`` sets ``RANK``, ``WORLD_SIZE`` and ``LOCAL_RANK``.
        device: as for ``--device``; decides between NCCL and Gloo.

    Yields:
        This process among them.

    Raises:
        UsageError: the device has an index, so that all processes would share it.
        TrainingError: another of the processes ended while this one waited for it.
    """
    if int(environment.get("WORLD_SIZE", "1")) < 2:  # noqa: PLR2004 (more than one)
        yield Processes()
        return
    if ":" in device:
        raise UsageError(f"--device {device} would put every process on one GPU.", "Give --device cuda.")
    is_gpu = device.startswith("cuda") or (device == "auto" and torch.cuda.is_available())
    dist.init_process_group("nccl" if is_gpu else "gloo", timeout=_PATIENCE)
    try:
        yield Processes(dist.get_rank(), dist.get_world_size(), int(environment.get("LOCAL_RANK", "0")))
    except RuntimeError as error:
        if not _is_loss(error):
            raise
        raise TrainingError(
            f"another process ended, so process {dist.get_rank()} cannot continue.", "See that process's error message."
        ) from error
    finally:
        dist.destroy_process_group()


def _is_loss(error: RuntimeError) -> bool:
    """Whether it says that another process is gone."""
    return isinstance(error, dist.DistError) or any(text in str(error) for text in _GONE)


def device_of(processes: Processes, device: torch.device) -> torch.device:
    """The device of this process: one of several has the GPU with its local rank."""
    return torch.device("cuda", processes.local_rank) if processes.n > 1 and device.type == "cuda" else device
