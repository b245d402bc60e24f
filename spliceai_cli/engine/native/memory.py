"""Memory whose addresses native kernels are given."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]

# Of a cache line, and of the longest vector.
_ALIGNMENT = 64


def aligned(*shape: int) -> Floats:
    """Uninitialised floats that begin at a cache line."""
    n_bytes = int(np.prod(shape)) * 4
    raw = np.empty(n_bytes + _ALIGNMENT, np.uint8)
    start = -raw.ctypes.data % _ALIGNMENT
    return raw[start : start + n_bytes].view(np.float32).reshape(shape)


class Pool:
    """Buffers that are used again: fresh memory costs a page fault every 4 KB.

    It holds as many as were leased at the same time. Threads may share it without a lock, which a process that is
    forked meanwhile would find locked for ever: taking from a list and adding to it are atomic.
    """

    def __init__(self) -> None:
        self._free: list[Floats] = []

    @contextmanager
    def lease(self, n_bytes: int) -> Iterator[Floats]:
        """At least so many bytes, uninitialised, for the caller alone until the block ends."""
        n_floats = -(-n_bytes // 4)
        try:
            buffer = self._free.pop()
        except IndexError:
            buffer = aligned(0)
        if len(buffer) < n_floats:
            # The old one is given back first, so that both never exist.
            del buffer
            buffer = aligned(n_floats)
        try:
            yield buffer
        finally:
            self._free.append(buffer)
