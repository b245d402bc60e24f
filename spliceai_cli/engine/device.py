"""The device that computes."""

from __future__ import annotations

import math
import os
import re
from pathlib import Path

import torch

from spliceai_cli.errors import DeviceError, UsageError

_DEVICE = re.compile(r"cpu|mps|cuda(?::[0-9]{1,3})?")


def choose_device(name: str) -> torch.device:
    """The torch device for ``auto``, ``cpu``, ``cuda``, ``cuda:N`` or ``mps``.

    ``auto`` takes CUDA where there is one, else the CPU; it never takes MPS, which has to be asked for.

    Raises:
        UsageError: no name of a device.
        DeviceError: not on this machine.
    """
    if name == "auto":
        name = "cuda" if torch.cuda.is_available() else "cpu"
    kind, _, index = name.partition(":")
    if not _DEVICE.fullmatch(name):
        raise UsageError(f"unknown device '{name}'.", "Choose auto, cpu, cuda, cuda:N or mps.")
    if kind == "cuda":
        n_devices = torch.cuda.device_count() if torch.cuda.is_available() else 0
        if int(index or 0) >= n_devices:
            found = f"PyTorch {torch.__version__} sees {n_devices} CUDA devices"
            raise DeviceError(
                f"device '{name}' is not here: {found}.",
                "Use --device cpu, or install a CUDA build of PyTorch that fits the driver.",
            )
    if kind == "mps" and not torch.backends.mps.is_available():
        raise DeviceError("device 'mps' is not here: this machine has no Metal GPU.", "Use --device cpu.")
    return torch.device(name)


def use_threads(n_threads: int | None) -> None:
    """Compute on this many CPU threads; None takes the cores that the process may use.

    The host may have more: containers and batch systems restrict a process by affinity or by a cgroup quota.
    """
    torch.set_num_threads(n_threads or available_cpus())


def available_cpus() -> int:
    """Cores that this process may use, at least 1: by affinity and by the cgroup's CPU quota."""
    affinity = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return max(1, min(affinity, _cgroup_cpus(affinity)))


def available_memory() -> int:
    """Bytes that this process may use: the cgroup's limit, or what the machine has if that is less."""
    total = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    for path in ("/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes"):
        try:
            return min(total, int(Path(path).read_text()))
        except (OSError, ValueError):
            continue
    return total


def _cgroup_cpus(default: int) -> int:
    """CPU quota of cgroup v2, rounded up; ``default`` where there is none."""
    try:
        quota, period = Path("/sys/fs/cgroup/cpu.max").read_text().split()
    except (OSError, ValueError):
        return default
    return default if quota == "max" else math.ceil(int(quota) / int(period))
