"""Long convolutions by short Fourier transforms: fewer multiplications than direct ones, with about the same rounding.

The positions of one dilation phase are cut into blocks. A block is transformed, multiplied by the transformed kernel
frequency by frequency, and transformed back (overlap-save). Phases and features of a position lie side by side in
memory, so a transform is the product of a small Fourier matrix and a wide one. At these lengths that is faster than an
FFT, and every step runs in the matrix library.
"""

from __future__ import annotations

import math
import threading
from collections.abc import Iterator, Sequence

import torch
from torch import Tensor

from spliceai_cli.engine.pytorch.convolution import DirectConvolution

# Number of values transformed together. On a CPU that is three blocks of the longest kernel, whose intermediate values
# should stay in its caches.
_CPU_VALUES = 1 << 18
_GPU_VALUES = 1 << 28

# Fewer blocks than this do not fill a GPU, so direct convolution is faster.
_GPU_LEAST_BLOCKS = 96

# If the last block would be filled to less than this fraction, direct convolution is faster.
_LEAST_FILL = 0.15


class Scratch(threading.local):
    """Memory for intermediate values, shared by the convolutions of an engine; every thread has its own.

    Fresh memory for each convolution causes page faults, which take half of its time. PyTorch lets other threads run
    meanwhile, so memory shared by two threads would silently give wrong numbers.
    """

    def __init__(self) -> None:
        self._held: dict[str, Tensor] = {}

    def take(self, name: str, shape: Sequence[int], like: Tensor) -> Tensor:
        """Uninitialised values; the same name gives the same memory again.

        Args:
            name: identifies the use.
            shape: shape of the values.
            like: a tensor with their dtype and device, which must be the same for all uses of a name.
        """
        n = math.prod(shape)
        if name not in self._held or len(self._held[name]) < n:
            self._held[name] = like.new_empty(n)
        return self._held[name][:n].view(tuple(shape))


class SpectralConvolution:
    """A convolution without padding, by Fourier transforms.

    Args:
        weight: (F, F, 1, kernel), output features first; on the device that computes.
        bias: (F,).
        dilation: positions between taps.
        scratch: shared with other convolutions of the same device.
    """

    def __init__(self, weight: Tensor, bias: Tensor, dilation: int, scratch: Scratch) -> None:
        self._direct = DirectConvolution(weight, bias, dilation)
        self._dilation = dilation
        self._scratch = scratch
        kernel = weight.shape[-1]
        self._points = 2 * kernel  # of a transform
        self._outputs = kernel + 1  # of a block, in one dilation phase
        is_cpu = weight.device.type == "cpu"
        most = _CPU_VALUES if is_cpu else _GPU_VALUES
        self._least_blocks = 1 if is_cpu else _GPU_LEAST_BLOCKS
        self._max_blocks = max(1, most // (self._points * dilation * len(bias)))
        fourier = _fourier(self._points)
        self._forward = fourier.to(weight)
        self._inverse = _inverse(fourier)[: self._outputs].to(weight)
        self._kernel = _transformed(weight[:, :, 0].cpu().double(), fourier).to(weight)
        self._constant = self._points * bias

    def __call__(self, x: Tensor) -> Tensor:
        """(N, L, F) -> (N, L - 2 reach, F); every sequence of ``x`` is contiguous."""
        n_sequences, length, n_features = x.shape
        span = self._outputs * self._dilation
        n_outputs = length - (self._points - self._outputs) * self._dilation
        n_blocks, rest = divmod(n_outputs, span)
        if not n_blocks or n_blocks * n_sequences < self._least_blocks:
            return self._direct(x)
        y = x.new_empty((n_sequences, n_outputs, n_features))
        self._cover(x, y, n_blocks)
        if rest >= _LEAST_FILL * span:
            # One more block, flush with the end; its overlap with the block before is computed twice.
            self._cover(x[:, n_outputs - span :], y[:, n_outputs - span :], 1)
        elif rest:
            y[:, n_outputs - rest :] = self._direct(x[:, n_outputs - rest :])
        return y

    def _cover(self, x: Tensor, y: Tensor, n_blocks: int) -> None:
        """Fill the first blocks of every sequence of ``y``."""
        n_features, span = x.shape[2], self._outputs * self._dilation
        row = self._dilation * n_features
        for i, n, first, end in _groups(len(x), n_blocks, self._max_blocks):
            blocks = x.as_strided(
                (n, end - first, self._points, row),
                (x.stride(0), span * n_features, row, 1),
                x.storage_offset() + i * x.stride(0) + first * span * n_features,
            ).flatten(0, 1)
            part = y[i : i + n, first * span : end * span]
            shape = (len(blocks), self._outputs, row)
            if n == 1:
                self._run(blocks, part.view(shape))
            else:
                out = self._scratch.take("outputs", shape, x)
                self._run(blocks, out)
                part.copy_(out.view(part.shape))

    def _run(self, blocks: Tensor, out: Tensor) -> None:
        """Convolve blocks: (n, points, dilation * F) -> (n, outputs, dilation * F)."""
        n, _, row = blocks.shape
        n_frequencies, n_features = len(self._kernel), len(self._constant)
        spectra = self._scratch.take("spectra", (n, 2 * n_frequencies, row), blocks)
        torch.matmul(self._forward, blocks, out=spectra)
        split = spectra.view(n, n_frequencies, 2, self._dilation, n_features)
        # Frequencies first, real and imaginary features side by side: a complex product is a real one of matrices.
        shape = (n_frequencies, n * self._dilation, 2 * n_features)
        factors = self._scratch.take("factors", shape, blocks)
        factors.view(n_frequencies, n, self._dilation, 2, n_features).copy_(split.permute(1, 0, 3, 2, 4))
        products = self._scratch.take("products", shape, blocks)
        torch.bmm(factors, self._kernel, out=products)
        products[0, :, :n_features] += self._constant
        split.copy_(products.view(n_frequencies, n, self._dilation, 2, n_features).permute(1, 0, 3, 2, 4))
        torch.matmul(self._inverse, spectra, out=out)


def _groups(n_sequences: int, n_blocks: int, most: int) -> Iterator[tuple[int, int, int, int]]:
    """Groups of blocks that are transformed together: first sequence, number of sequences, first block, end block."""
    n_together = max(1, most // n_blocks)
    n_parts = -(-n_blocks // most)
    for i in range(0, n_sequences, n_together):
        for part in range(n_parts):
            yield i, min(n_together, n_sequences - i), part * n_blocks // n_parts, (part + 1) * n_blocks // n_parts


def _fourier(points: int) -> Tensor:
    """(points + 2, points) discrete Fourier transform of real values, float64: real and imaginary rows alternate."""
    angle = 2 * math.pi / points * torch.outer(torch.arange(points // 2 + 1), torch.arange(points)).double()
    return torch.stack((torch.cos(angle), -torch.sin(angle)), 1).flatten(0, 1)


def _inverse(fourier: Tensor) -> Tensor:
    """(points, points + 2) inverse of a transform; all frequencies except the first and the last count twice."""
    n_rows, points = fourier.shape
    weight = torch.full((n_rows, 1), 2 / points, dtype=fourier.dtype)
    weight[:2] = weight[-2:] = 1 / points
    return (weight * fourier).T


def _transformed(weight: Tensor, fourier: Tensor) -> Tensor:
    """A kernel as one real matrix per frequency, which multiplies real and imaginary features side by side.

    Args:
        weight: (F out, F in, kernel).
        fourier: the transform; its real and imaginary rows alternate.

    Returns:
        (frequencies, 2 F, 2 F): (a + bi) conj(w) for inputs a, b.
    """
    transformed = torch.einsum("oit,kt->kio", weight, fourier[:, : weight.shape[-1]])
    real, imaginary = transformed[0::2], transformed[1::2]
    return torch.cat((torch.cat((real, -imaginary), 2), torch.cat((imaginary, real), 2)), 1)
