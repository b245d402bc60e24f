"""What a convolution is, layers to try it on, and native ones."""

from __future__ import annotations

import ctypes

import numpy as np
import torch

from spliceai_cli.engine.native.interface import GELU, NONE, RECTIFY, StageStruct
from spliceai_cli.engine.native.layer import Layer
from spliceai_cli.engine.native.memory import aligned

DIRECT = -1


def literal(x, weight, bias, dilation):
    """The definition, in float64: y[o, p] = bias[o] + sum over i and t of weight[o, i, t] x[i, p + t dilation]."""
    n_taps = weight.shape[-1]
    n_outputs = x.shape[1] - (n_taps - 1) * dilation
    y = np.zeros((len(x), n_outputs, len(weight))) + bias.astype(np.float64)
    for t in range(n_taps):
        y += x[:, t * dilation : t * dilation + n_outputs].astype(np.float64) @ weight[:, :, t].T.astype(np.float64)
    return y


def random_layer(rng, kernel):
    """Weight (out, in, kernel) and bias, of outputs about 1."""
    weight = rng.standard_normal((32, 32, kernel)) / np.sqrt(32 * kernel)
    return weight.astype(np.float32), rng.standard_normal(32).astype(np.float32)


def random_input(rng, n, length):
    return rng.standard_normal((n, length, 32)).astype(np.float32)


def _gelu(x):
    return x / 2 * (1 + torch.special.erf(torch.from_numpy(x / np.sqrt(2))).numpy())


#: Name -> kind, slope, and what it is.
FUNCTIONS = {
    "relu": (RECTIFY, 0.0, lambda x: np.maximum(x, 0)),
    "leaky": (RECTIFY, 0.1, lambda x: np.where(x > 0, x, 0.1 * x)),
    "gelu": (GELU, 0.0, _gelu),
}


class Convolution:
    """A layer of a library, called as the engine calls it."""

    def __init__(self, library, weight, bias, dilation, *, entry=NONE, leave=NONE, slope=0.0, scale=None, shift=None):
        self.library = library
        self.layer = Layer(library, weight, bias, dilation)
        self.kept = scale, shift
        pointers = [None if values is None else values.ctypes.data for values in (scale, shift)]
        self.stage = StageStruct(ctypes.pointer(self.layer.struct), entry, leave, slope, *pointers)
        self.scratch = np.full(library.scratch_bytes(weight.shape[2], dilation), 0xFF, np.uint8)  # NaN

    def __call__(self, x, residual=None):
        y = np.full((len(x), x.shape[1] - self.layer.reach, 32), np.nan, np.float32)
        self.layer.prepare(y.shape[1])
        self.library.call(
            "convolve", self.stage, x.ctypes.data, x.strides[0] // 4, len(x), x.shape[1],
            *((None, 0) if residual is None else (residual.ctypes.data, residual.strides[0] // 4)),
            y.ctypes.data, y.strides[0] // 4, self.scratch.ctypes.data, self.scratch.nbytes,
        )  # fmt: skip
        return y

    def by(self, size, x):
        """One sequence, by transforms of one size or directly."""
        y = np.full((1, x.shape[1] - self.layer.reach, 32), np.nan, np.float32)
        if size != DIRECT:
            packed = aligned(self.library.packed_floats(size))
            struct = self.layer.struct
            self.library.call("pack", struct.direct, struct.taps, size, packed.ctypes.data)
            struct.spectral[size] = packed.ctypes.data
        self.library.call(
            "convolve_by", size, self.stage, x.ctypes.data, x.shape[1],
            y.ctypes.data, self.scratch.ctypes.data, self.scratch.nbytes,
        )  # fmt: skip
        return y
