"""Who computes a run: this process, threads of it, processes beside it, or a cluster."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Protocol

from spliceai_cli.engine.budget import most_workers, share
from spliceai_cli.engine.device import Device, device_names
from spliceai_cli.engine.threads import n_threads
from spliceai_cli.errors import UsageError
from spliceai_cli.models.spec import NetworkSpec
from spliceai_cli.parallel.crews import Crew, ProcessCrew, ThreadCrew
from spliceai_cli.parallel.dask import DaskCrew
from spliceai_cli.parallel.opening import NetworkOpening
from spliceai_cli.parallel.ordered import Limits
from spliceai_cli.parallel.station import Station
from spliceai_cli.text import counted, size

# With fewer tasks for each worker, the last ones leave the others idle, and processes take as long to start as they
# save.
_LEAST_TASKS = 2

# Threads of one process take turns in Python, where native kernels spend up to 4 % of their time (benchmarks/phases.py)
# and PyTorch's 15 %: this many wait for each other little, and need neither memory nor time to start.
_MOST_NATIVE_THREADS = 8
_MOST_PYTORCH_THREADS = 4

# Finished tasks wait until the oldest is finished. With this many for each worker, a task that takes three times as
# long as the others keeps nobody waiting.
_TASKS_AHEAD = 4

# Workers of a cluster for which there are always tasks; how many it has changes while it runs.
_CLUSTER_WORKERS = 256

# Bytes of items that wait for results: for each worker, and at least in all.
_BYTES_AHEAD = 4 << 20
_LEAST_BYTES = 128 << 20


class NetworkStation(Protocol):
    """What a strategy is chosen by.

    Attributes:
        device: where the networks are computed.
        memory: bytes that they may use.
        specs: specs of the networks.
        is_native: whether native kernels compute all of them.
    """

    device: Device
    memory: int

    @property
    def specs(self) -> Sequence[NetworkSpec]:
        """See above."""

    @property
    def is_native(self) -> bool:
        """See above."""


@dataclass(frozen=True)
class Strategy:
    """How to compute the tasks of a run.

    Attributes:
        n_workers: tasks at a time; 1 computes them one after another in this process, unless ``is_certain``.
        hire: makes the workers, given the station of this process.
        is_certain: whether they are used for a short run, too.
        memory: bytes that the station of this process may use; None for as many as without workers.
    """

    n_workers: int
    hire: Callable[[Station[Any, Any]], Crew]
    is_certain: bool = False
    memory: int | None = None

    @property
    def limits(self) -> Limits:
        """How far to go ahead."""
        return limits_of(self.n_workers)

    @property
    def least_tasks(self) -> int:
        """Tasks from which on the workers are worth it."""
        return _LEAST_TASKS * self.n_workers


def limits_of(n_workers: int) -> Limits:
    """How far to go ahead of the oldest task, so that no worker waits for it."""
    return Limits(_TASKS_AHEAD * n_workers, max(_LEAST_BYTES, _BYTES_AHEAD * n_workers))


def strategy_of(
    opening: NetworkOpening, station: NetworkStation, warn: Callable[[str], None] = warnings.warn
) -> Strategy:
    """The strategy that the settings ask for, or the best for the kernels.

    A few threads share everything and compute side by side; many would wait for each other, and are processes.

    Args:
        opening: opens a station for one process that computes alone.
        station: such a station.
        warn: called with warnings about a cluster.

    Raises:
        UsageError: there is not enough memory for the workers asked for, or several devices come with workers.
    """
    devices = device_names(opening.compute.device)
    if opening.compute.dask is not None:
        hire = partial(DaskCrew, opening.compute.dask, opening.elsewhere, warn)
        return Strategy(_CLUSTER_WORKERS, hire, is_certain=True)
    if len(devices) > 1:
        return _one_for_each(devices, opening, station)
    n_workers, is_sharing = _n_workers(opening, station)
    if n_workers == 1:
        return Strategy(1, partial(ThreadCrew, 1))
    is_certain = opening.compute.workers is not None
    part = share(station.memory, n_workers, is_sharing=is_sharing)
    if is_sharing:
        return Strategy(n_workers, partial(ThreadCrew, n_workers), is_certain, part)
    return Strategy(n_workers, partial(ProcessCrew, [opening.with_memory(part)] * n_workers), is_certain)


def _one_for_each(devices: Sequence[str], opening: NetworkOpening, station: NetworkStation) -> Strategy:
    """A process for each device; a memory that was asked for holds for all of them."""
    n_devices, memory = len(devices), opening.compute.memory
    if opening.compute.workers not in (None, 1):
        raise UsageError("several devices have a worker each.", "Leave --workers out.")
    if memory is not None:
        if most_workers(opening.widest, station.specs, memory, is_sharing=False) < n_devices:
            raise _too_little(memory, counted(n_devices, "devices"), "name fewer")
        memory = share(memory, n_devices, is_sharing=False)
    openings = [opening.on(device).with_memory(memory) for device in devices]
    return Strategy(n_devices, partial(ProcessCrew, openings), is_certain=True)


def _n_workers(opening: NetworkOpening, station: NetworkStation) -> tuple[int, bool]:
    """The number of workers, and whether they are threads of one process."""
    most = partial(most_workers, opening.widest, station.specs, station.memory)
    asked = opening.compute.workers
    wanted = asked or (n_threads() if station.device.type == "cpu" else 1)
    # Where memory is too little for as many processes, threads that wait are better than fewer workers.
    most_threads = _MOST_NATIVE_THREADS if station.is_native else _MOST_PYTORCH_THREADS
    is_sharing = station.device.type == "cpu" and (wanted <= most_threads or wanted > most(is_sharing=False))
    n_workers = min(wanted, most(is_sharing=is_sharing))
    if asked is not None and n_workers < asked:
        raise _too_little(station.memory, counted(asked, "workers"), f"use --workers {n_workers}")
    return n_workers, is_sharing


def _too_little(memory: int, workers: str, remedy: str) -> UsageError:
    return UsageError(f"{size(memory)} is too little for {workers}.", f"Allow more (--memory), or {remedy}.")
