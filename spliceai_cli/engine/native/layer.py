"""A convolution's weights as native kernels read them, packed when they are first needed."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

import numpy as np

from spliceai_cli.engine.native.interface import FEATURES, LayerStruct
from spliceai_cli.engine.native.library import Library
from spliceai_cli.engine.native.memory import Floats, aligned


class Layer:
    """A convolution of 32 features.

    Weights take 4 KB per tap, and 8 KB per frequency of each size that has been used.

    Args:
        library: the kernels that will read the weights.
        weight: (F out, F in, taps).
        bias: (F,).
        dilation: positions between taps.

    Attributes:
        struct: the layer as the library takes it; valid while this object lives.
        reach: number of inputs minus number of outputs.
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
        """Pack the weights that the plan for ``n_outputs`` needs."""
        self.pack(_sizes(self._library, self.struct.taps, self.struct.dilation, n_outputs))

    def pack(self, sizes: Iterable[int]) -> None:
        """Pack the weights for transforms of these sizes, unless they are packed already.

        If several threads need the same weights at the same time, all of them pack, and the first result is kept. A
        lock would prevent that, but if one thread held it while another forked the process, the child would wait for
        it forever.
        """
        struct = self.struct
        for size in sizes:
            if not struct.spectral[size]:
                packed = aligned(self._library.packed_floats(size))
                self._library.call("pack", struct.direct, struct.taps, size, packed.ctypes.data)
                struct.spectral[size] = self._packed.setdefault(size, packed).ctypes.data

    @property
    def packed_bytes(self) -> int:
        """Bytes of the weights packed so far."""
        return sum(packed.nbytes for packed in self._packed.values())

    @property
    def most_packed_bytes(self) -> int:
        """Bytes of the packed weights once every size has been used."""
        sizes = self._library.sizes(self.struct.taps, self.struct.dilation)
        return sum(self._library.packed_floats(size) for size in sizes) * np.dtype(np.float32).itemsize


@lru_cache(maxsize=4096)
def _sizes(library: Library, taps: int, dilation: int, n_outputs: int) -> list[int]:
    """``Library.sizes``, remembered: edits of one geometry, and layers of one kind, need the same."""
    return library.sizes(taps, dilation, n_outputs)
