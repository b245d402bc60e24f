"""Who computes: threads of one process, or processes."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest
import torch

from spliceai_cli.engine.budget import most_workers
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
    device: torch.device = torch.device("cpu")
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
        (2, 64, False, ProcessCrew),
    ],
)
def test_strategy__few_native_workers_are_threads(n_workers, memory_gb, is_native, crew):
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
