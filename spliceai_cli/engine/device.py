"""The device that computes, and its limits on CPUs and memory."""

from __future__ import annotations

import os
import re

import torch

from spliceai_cli.engine.cgroup import cpu_quota, memory_limit
from spliceai_cli.errors import DeviceError, UsageError
from spliceai_cli.settings.words import AUTO, FAST, FLOAT32
from spliceai_cli.text import counted

#: ``torch.device``, for modules that do not import torch.
Device = torch.device

_DEVICE = re.compile(r"cpu|mps|cuda(?::[0-9]{1,3})?")


#: Names several devices: every CUDA device that PyTorch sees.
ALL_CUDA = "cuda:all"


def device_names(text: str) -> tuple[str, ...]:
    """The devices that a text names, separated by commas; one may be named several times."""
    if text != ALL_CUDA:
        return tuple(text.split(","))
    n_devices = torch.cuda.device_count() if torch.cuda.is_available() else 0
    # Without any, the message is that of the first.
    return tuple(f"cuda:{i}" for i in range(max(1, n_devices)))


def choose_devices(text: str, precision: str = FLOAT32) -> tuple[torch.device, ...]:
    """The torch devices for one or more names, separated by commas, or for ``cuda:all``; see ``choose_device``."""
    return tuple(choose_device(name, precision) for name in device_names(text))


def choose_device(name: str, precision: str = FLOAT32) -> torch.device:
    """The torch device for ``auto``, ``cpu``, ``cuda``, ``cuda:N`` or ``mps``.

    ``auto`` picks CUDA if available, otherwise the CPU; it never picks MPS, which has to be requested by name.

    Args:
        name: name of the device.
        precision: one of ``settings.words.PRECISIONS``.

    Raises:
        UsageError: no device has this name, or the precision gains nothing there.
        DeviceError: the device is not available on this machine.
    """
    device = _device(name)
    if precision == FAST and device.type == "cpu":
        raise UsageError(
            f"--precision {FAST} is for GPUs: on a CPU, {FLOAT32} is faster and exact.", "Leave --precision out."
        )
    return device


def _device(name: str) -> torch.device:
    if name == AUTO:
        name = "cuda" if torch.cuda.is_available() else "cpu"
    kind, _, index = name.partition(":")
    if not _DEVICE.fullmatch(name):
        raise UsageError(
            f"unknown device '{name}'.", "Choose auto, cpu, cuda, cuda:N, cuda:all or mps, or several with commas."
        )
    if kind == "cuda":
        n_devices = torch.cuda.device_count() if torch.cuda.is_available() else 0
        if int(index or 0) >= n_devices:
            devices = f"PyTorch {torch.__version__} sees {counted(n_devices, 'CUDA devices')}"
            raise DeviceError(
                f"device '{name}' is not available: {devices}.",
                "Use --device cpu, or install a CUDA build of PyTorch that fits the driver.",
            )
    if kind == "mps" and not torch.backends.mps.is_available():
        raise DeviceError("device 'mps' is not available: this machine has no Metal GPU.", "Use --device cpu.")
    return torch.device(name)


def use_threads(n_threads: int | None) -> None:
    """Compute on this many CPU threads; None for as many as there are CPUs that the process may use."""
    torch.set_num_threads(n_threads or available_cpus())


def available_cpus() -> int:
    """CPUs that this process may use, at least 1."""
    return min(cpu_limits().values())


def cpu_limits() -> dict[str, int]:
    """The limits on the number of CPUs of this process, by name.

    The host may have more: containers and batch systems restrict a process by affinity or by a cgroup quota.
    """
    if hasattr(os, "sched_getaffinity"):
        limits = {"CPU affinity": len(os.sched_getaffinity(0))}
    else:
        limits = {"CPUs of this machine": os.cpu_count() or 1}
    quota = cpu_quota()
    return limits if quota is None else {**limits, "cgroup quota": quota}


def available_memory() -> int:
    """Bytes that this process may use: the cgroup's limit or the machine's memory, whichever is less."""
    total = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return min(total, memory_limit() or total)


def computing_threads() -> int | None:
    """CPU threads that the networks run on; None once a GPU is in use."""
    is_on_gpu = torch.cuda.is_initialized()  # type: ignore[no-untyped-call] # torch has no hint
    return None if is_on_gpu else torch.get_num_threads()
