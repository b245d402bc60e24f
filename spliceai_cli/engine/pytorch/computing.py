"""Process and thread settings that hold while PyTorch computes."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock

import torch

from spliceai_cli.engine.threads import settle
from spliceai_cli.errors import DeviceError


class _FullFloat32:
    """Switches TF32 off while any thread computes.

    PyTorch's flags are per process. They are saved when the first thread enters and restored when the last one leaves:
    if each thread saved and restored them separately, the first to finish would switch TF32 on for the others.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._n_inside = 0
        self._allowed = (False, False)

    def enter(self) -> None:
        matmul, cudnn = torch.backends.cuda.matmul, torch.backends.cudnn
        with self._lock:
            if not self._n_inside:
                self._allowed = matmul.allow_tf32, cudnn.allow_tf32
                matmul.allow_tf32 = cudnn.allow_tf32 = False
            self._n_inside += 1

    def leave(self) -> None:
        with self._lock:
            self._n_inside -= 1
            if not self._n_inside:
                self._restore()

    def forget_threads(self) -> None:
        """Reset in a forked child, where the parent's other threads no longer exist; one may have held the lock."""
        self._lock = Lock()
        if self._n_inside:
            self._n_inside = 0
            self._restore()

    def _restore(self) -> None:
        torch.backends.cuda.matmul.allow_tf32, torch.backends.cudnn.allow_tf32 = self._allowed


_full_float32 = _FullFloat32()
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_full_float32.forget_threads)


@contextmanager
def computing(device: torch.device) -> Iterator[None]:
    """Context in which networks compute: full float32 whatever the caller has set, denormals as zero, safe after fork.

    TF32 has given users of other tools wrong scores and NaN (Illumina/SpliceAI issue 99). It is PyTorch's default for
    convolutions; here it moved probabilities by 2e-4. Several threads may be inside at the same time.

    Args:
        device: the device that computes.

    Raises:
        DeviceError: the device is a GPU, and this process was forked from one that has used CUDA.
    """
    if device.type == "cuda" and torch.cuda._is_in_bad_fork():
        raise DeviceError(
            f"device '{device}' cannot be used in this process: it was forked from one that uses CUDA.",
            "Start processes with the method 'spawn' or 'forkserver'.",
        )
    settle(torch)
    was_flushing = _is_flushing_denormals()
    _full_float32.enter()
    torch.set_flush_denormal(True)
    try:
        yield
    finally:
        torch.set_flush_denormal(was_flushing)
        _full_float32.leave()


def _is_flushing_denormals() -> bool:
    """Whether this thread treats denormals as zero; PyTorch can set this but not query it."""
    return sys.float_info.min / 2 == 0
