"""A native convolution in place of one of PyTorch's."""

from __future__ import annotations

import ctypes

from torch import Tensor

from spliceai_cli.engine.native.layer import Layer
from spliceai_cli.engine.native.library import FEATURES, NONE, Library, StageStruct
from spliceai_cli.engine.native.memory import Pool


class NativeConvolution:
    """A valid convolution in float32 on the CPU.

    Args:
        library: of kernels.
        weight: (32, 32, 1, taps), output features first.
        bias: (32,).
        dilation: positions between taps.
        pool: for scratch, shared with other convolutions.
    """

    def __init__(self, library: Library, weight: Tensor, bias: Tensor, dilation: int, pool: Pool) -> None:
        self._library = library
        self._pool = pool
        #: The weights, for whole passes.
        self.layer = Layer(library, weight[:, :, 0].numpy(), bias.numpy(), dilation)
        self._stage = StageStruct(ctypes.pointer(self.layer.struct), NONE, NONE, 0.0, None, None)
        self._scratch_bytes = library.scratch_bytes(self.layer.struct.taps, dilation)

    def __call__(self, x: Tensor) -> Tensor:
        """(N, L, F) -> (N, L - 2 reach, F)."""
        if x.stride()[1:] != (FEATURES, 1):
            x = x.contiguous()
        n, length, _ = x.shape
        y = x.new_empty((n, length - self.layer.reach, FEATURES))
        self.layer.prepare(y.shape[1])
        with self._pool.lease(self._scratch_bytes // 4 + 1) as scratch:
            self._library.call(
                "convolve",
                self._stage,
                *(x.data_ptr(), x.stride(0), n, length),
                *(None, 0),
                *(y.data_ptr(), y.stride(0)),
                *(scratch.ctypes.data, scratch.nbytes),
            )
        return y
