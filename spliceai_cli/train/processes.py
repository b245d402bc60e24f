"""The processes that train together, as ``torchrun`` starts them; one alone otherwise."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import NamedTuple

import torch
import torch.distributed as dist

from spliceai_cli.errors import UsageError


class Processes(NamedTuple):
    """This process among those that train one network.

    Attributes:
        rank: its number, from 0.
        n: how many there are.
        local_rank: its number on this machine.
    """

    rank: int = 0
    n: int = 1
    local_rank: int = 0

    @property
    def is_first(self) -> bool:
        """Whether this process writes files and messages."""
        return self.rank == 0

    def agree_on(self, values: Sequence[int], device: torch.device) -> bool:
        """Whether all processes call this with the same numbers.

        Args:
            values: below 2 to the power of 63.
            device: of this process.
        """
        if self.n == 1:
            return True
        least = torch.tensor(values, dtype=torch.int64, device=device)
        most = least.clone()
        dist.all_reduce(least, dist.ReduceOp.MIN)
        dist.all_reduce(most, dist.ReduceOp.MAX)
        return torch.equal(least, most)


@contextmanager
def joined(environment: Mapping[str, str], device: str) -> Iterator[Processes]:
    """Join the processes that the environment describes, until the ``with`` block ends.

    Args:
        environment: with ``RANK``, ``WORLD_SIZE`` and ``LOCAL_RANK`` where ``torchrun`` started this process.
        device: as for ``--device``; decides between NCCL and Gloo.

    Raises:
        UsageError: an index is given with the device, which would put all processes on it.
    """
    if int(environment.get("WORLD_SIZE", "1")) < 2:  # noqa: PLR2004 (more than one)
        yield Processes()
        return
    if ":" in device:
        raise UsageError(f"--device {device} would put every process on one GPU.", "Give --device cuda.")
    is_gpu = device.startswith("cuda") or (device == "auto" and torch.cuda.is_available())
    dist.init_process_group("nccl" if is_gpu else "gloo")
    try:
        yield Processes(dist.get_rank(), dist.get_world_size(), int(environment.get("LOCAL_RANK", "0")))
    finally:
        dist.destroy_process_group()


def device_of(processes: Processes, device: torch.device) -> torch.device:
    """The device of this process: with several, each has the GPU of its number."""
    return torch.device("cuda", processes.local_rank) if processes.n > 1 and device.type == "cuda" else device
