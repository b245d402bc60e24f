"""The device that computes, and its limits on CPUs and memory."""

from __future__ import annotations

import ctypes
import os
import re
import sys
from dataclasses import dataclass
from pathlib import Path

from spliceai_cli.engine.cgroup import cpu_quota, memory_limit
from spliceai_cli.engine.loaded import loaded_torch
from spliceai_cli.errors import DeviceError, UsageError
from spliceai_cli.settings.words import AUTO, FAST, FLOAT32
from spliceai_cli.text import counted


@dataclass(frozen=True)
class Device:
    """Where networks are computed: a ``torch.device`` for modules that do not load PyTorch.

    Attributes:
        type: ``"cpu"``, ``"cuda"`` or ``"mps"``.
        index: which of several; None for the current one.
    """

    type: str
    index: int | None = None

    def __str__(self) -> str:
        """As PyTorch and ``--device`` write it."""
        return self.type if self.index is None else f"{self.type}:{self.index}"


# The driver's library, without which PyTorch finds no GPU of NVIDIA, and what any driver has in /dev: those of NVIDIA,
# of its boards with a GPU of their own (Tegra), of Windows below Linux, and of AMD.
_CUDA_DRIVER = "libcuda.so.1"
_GPU_FILES = ("nvidia*", "nvhost*", "nvmap", "nvgpu*", "dxg", "kfd")

_DEVICE = re.compile(r"cpu|mps|cuda(?::[0-9]{1,3})?")


#: Names several devices: every CUDA device that PyTorch sees.
ALL_CUDA = "cuda:all"


def device_names(text: str) -> tuple[str, ...]:
    """The devices that a text names, separated by commas; one may be named several times."""
    if text != ALL_CUDA:
        return tuple(text.split(","))
    # Without any, the message is that of the first.
    return tuple(f"cuda:{i}" for i in range(max(1, _n_cuda_devices())))


def choose_devices(text: str, precision: str = FLOAT32) -> tuple[Device, ...]:
    """The devices for one or more names, separated by commas, or for ``cuda:all``; see ``choose_device``."""
    return tuple(choose_device(name, precision) for name in device_names(text))


def choose_device(name: str, precision: str = FLOAT32) -> Device:
    """The device for ``auto``, ``cpu``, ``cuda``, ``cuda:N`` or ``mps``.

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


def _device(name: str) -> Device:
    if name == AUTO:
        name = "cuda" if may_have_cuda() and _n_cuda_devices() else "cpu"
    kind, _, index = name.partition(":")
    if not _DEVICE.fullmatch(name):
        raise UsageError(
            f"unknown device '{name}'.", "Choose auto, cpu, cuda, cuda:N, cuda:all or mps, or several with commas."
        )
    if kind == "cuda":
        n_devices = _n_cuda_devices()
        if int(index or 0) >= n_devices:
            import torch

            devices = f"PyTorch {torch.__version__} sees {counted(n_devices, 'CUDA devices')}"
            raise DeviceError(
                f"device '{name}' is not available: {devices}.",
                "Use --device cpu, or install a CUDA build of PyTorch that fits the driver.",
            )
    if kind == "mps" and not _has_metal():
        raise DeviceError("device 'mps' is not available: this machine has no Metal GPU.", "Use --device cpu.")
    return Device(kind, int(index) if index else None)


def may_have_cuda() -> bool:
    """Whether PyTorch may find a CUDA device; if not, it need not be loaded and asked."""
    if loaded_torch() is not None:
        return True
    if sys.platform == "darwin":
        return False
    if sys.platform != "linux" or any(any(Path("/dev").glob(name)) for name in _GPU_FILES):
        return True
    # The files may be made only when the library is first used.
    try:
        ctypes.CDLL(_CUDA_DRIVER)
    except OSError:
        return False
    return True


def _n_cuda_devices() -> int:
    import torch

    return torch.cuda.device_count() if torch.cuda.is_available() else 0


def _has_metal() -> bool:
    import torch

    return torch.backends.mps.is_available()


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
