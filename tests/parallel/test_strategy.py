"""Who computes: threads of one process, or processes."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from spliceai_cli.engine.budget import most_workers
from spliceai_cli.engine.device import Device
from spliceai_cli.errors import UsageError
from spliceai_cli.models.published import BLOCKS
from spliceai_cli.models.spec import NetworkSpec
from spliceai_cli.parallel.crews import ProcessCrew, ThreadCrew
from spliceai_cli.parallel.opening import NetworkOpening
from spliceai_cli.parallel.strategy import strategy_of
from spliceai_cli.settings.compute import Compute
from spliceai_cli.settings.scoring import Settings

SPECS = (NetworkSpec("SpliceAI", BLOCKS[10_000]),)


@dataclass
class Machine:
    """A CPU with memory."""

    memory: int
    is_native: bool
    device: Device = Device("cpu")
    specs: tuple[NetworkSpec, ...] = SPECS


def chosen(n_workers, memory_gb, *, is_native=True):
    """Number and kind of the workers."""
    opening = NetworkOpening(Path("genome.fa"), Settings(), Compute(workers=n_workers, device="cpu"), ())
    strategy = strategy_of(opening, Machine(memory_gb << 30, is_native))
    return strategy.n_workers, strategy.hire.func


@pytest.mark.parametrize(
    ("n_workers", "memory_gb", "is_native", "crew"),
    [
        (2, 64, True, ThreadCrew),
        (8, 64, True, ThreadCrew),
        (9, 64, True, ProcessCrew),
        (64, 256, True, ProcessCrew),
        (4, 64, False, ThreadCrew),
        (5, 64, False, ProcessCrew),
    ],
)
def test_strategy__few_workers_are_threads(n_workers, memory_gb, is_native, crew):
    assert chosen(n_workers, memory_gb, is_native=is_native) == (n_workers, crew)


def test_strategy__threads_if_memory_is_too_little_for_processes():
    n_processes = most_workers(Settings(), SPECS, 16 << 30, is_sharing=False)
    n_threads = most_workers(Settings(), SPECS, 16 << 30, is_sharing=True)
    assert 8 < n_processes < n_threads
    assert chosen(n_processes, 16) == (n_processes, ProcessCrew)
    assert chosen(n_processes + 1, 16) == (n_processes + 1, ThreadCrew)
    with pytest.raises(UsageError) as caught:
        chosen(n_threads + 1, 16)
    assert caught.value.hint == f"Allow more (--memory), or use --workers {n_threads}."


def of_devices(devices, *, memory=None, workers=None):
    compute = Compute(device=devices, memory=memory, workers=workers)
    opening = NetworkOpening(Path("genome.fa"), Settings(), compute, ())
    return strategy_of(opening, Machine(memory or 64 << 30, is_native=True))


def test_devices__divide_the_memory_that_was_asked_for():
    """Each used to take all of it."""
    n_bytes = 8 << 30
    strategy = of_devices("cpu,cpu,cpu", memory=n_bytes)
    (openings,) = strategy.hire.args
    assert [opening.compute.device for opening in openings] == ["cpu"] * 3
    shares = [opening.compute.memory for opening in openings]
    # The process that reads and writes takes some, too.
    assert n_bytes // 4 < 3 * shares[0] < n_bytes
    assert shares == [shares[0]] * 3
    (openings,) = of_devices("cpu,cpu").hire.args
    assert [opening.compute.memory for opening in openings] == [None] * 2
    with pytest.raises(UsageError, match=r"^3.0 GB is too little for 3 devices.$") as caught:
        of_devices("cpu,cpu,cpu", memory=3 << 30)
    assert caught.value.hint == "Allow more (--memory), or name fewer."


def test_devices__take_no_number_of_workers():
    """From Python, and with cuda:all, the number used to be left out without a word."""
    assert of_devices("cpu,cpu", workers=1).n_workers == 2
    with pytest.raises(UsageError, match="several devices have a worker each"):
        of_devices("cpu,cpu", workers=4)
