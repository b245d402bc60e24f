"""A convolution's weights as native kernels read them, packed when they are first needed."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

import numpy as np

from spliceai_cli.engine.native.library import FEATURES, LayerStruct, Library
from spliceai_cli.engine.native.memory import Floats, aligned


class Layer:
    """A convolution of 32 features.

    Weights take 4 KB a tap, and 8 KB for each frequency of a size once that size has been used.

    Args:
        library: whose kernels will read it.
        weight: (F out, F in, taps).
        bias: (F,).
        dilation: positions between taps.

    Attributes:
        struct: what the library is given; valid while this object lives.
        reach: inputs less outputs.
    """

    def __init__(self, library: Library, weight: Floats, bias: Floats, dilation: int) -> None:
        taps = weight.shape[2]
        self._library = library
        self._direct = aligned(taps, FEATURES, FEATURES)
        self._direct[:] = weight.transpose(2, 1, 0)
        self._bias = aligned(FEATURES)
        self._bias[:] = bias
        self._packed: dict[int, Floats] = {}
        self.reach = (taps - 1) * dilation
        self.struct = LayerStruct(taps, dilation, self._bias.ctypes.data, self._direct.ctypes.data)

    def prepare(self, n_outputs: int) -> None:
        """Pack the weights that so many outputs need."""
        self.pack(_sizes(self._library, self.struct.taps, self.struct.dilation, n_outputs))

    def pack(self, sizes: Iterable[int]) -> None:
        """Pack the weights for transforms of these sizes, where that is still to be done.

        Threads that need the same ones at the same time all pack them, and keep those of the first. A lock that another
        thread holds when the process is forked would be held in the child for ever.
        """
        struct = self.struct
        for size in sizes:
            if not struct.spectral[size]:
                packed = aligned(self._library.packed_floats(size))
                self._library.call("pack", struct.direct, struct.taps, size, packed.ctypes.data)
                struct.spectral[size] = self._packed.setdefault(size, packed).ctypes.data

    @property
    def packed_bytes(self) -> int:
        """Of the weights that have been packed."""
        return sum(packed.nbytes for packed in self._packed.values())

    @property
    def most_packed_bytes(self) -> int:
        """Of the weights once every size has been used."""
        sizes = self._library.sizes(self.struct.taps, self.struct.dilation)
        return sum(self._library.packed_floats(size) for size in sizes) * np.dtype(np.float32).itemsize


@lru_cache(maxsize=4096)
def _sizes(library: Library, taps: int, dilation: int, n_outputs: int) -> list[int]:
    """``Library.sizes``; edits of a geometry and layers of a kind ask the same."""
    return library.sizes(taps, dilation, n_outputs)
