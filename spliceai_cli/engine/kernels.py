"""Which convolution computes which layer."""

from __future__ import annotations

import torch
from torch import Tensor

from spliceai_cli.engine.convolution import Convolution, DirectConvolution
from spliceai_cli.engine.spectral import Scratch, SpectralConvolution
from spliceai_cli.models.spec import BlockSpec
from spliceai_cli.settings import FAST, FLOAT32

#: ``Settings.precision`` -> type of the factors of convolutions.
DTYPES = {FLOAT32: torch.float32, FAST: torch.bfloat16}

# From these on the spectral form wins (docs/performance.md): shorter kernels leave too little to save, closer taps make
# small matrices.
_SPECTRAL_KERNEL = 41
_SPECTRAL_DILATION = 8

# In the time of one float32 tap: a position of the spectral form, and a bfloat16 tap.
_SPECTRAL_TAPS = 24.0
_BFLOAT16_TAP = 0.53


class Kernels:
    """Makes the convolutions of an engine.

    Args:
        device: that computes.
        precision: a key of ``DTYPES``.
    """

    def __init__(self, device: torch.device, precision: str) -> None:
        self._device = device
        self._dtype = DTYPES[precision]
        self._scratch = Scratch()

    def convolution(self, weight: Tensor, bias: Tensor, dilation: int) -> Convolution:
        """The fastest one for a layer.

        Args:
            weight: (F, F, 1, kernel), float64 on the CPU.
            bias: (F,), float64 on the CPU.
            dilation: positions between taps.
        """
        weight, bias = weight.float().to(self._device), bias.float().to(self._device)
        if self._is_spectral(weight.shape[-1], dilation):
            return SpectralConvolution(weight, bias, dilation, self._scratch)
        return DirectConvolution(weight, bias, dilation, self._dtype)

    def cost(self, block: BlockSpec) -> float:
        """Time of one output position of a convolution of a block, in float32 taps."""
        if self._is_spectral(block.kernel, block.dilation):
            return _SPECTRAL_TAPS
        return block.kernel * (_BFLOAT16_TAP if self._dtype == torch.bfloat16 else 1)

    def _is_spectral(self, kernel: int, dilation: int) -> bool:
        return self._dtype == torch.float32 and kernel >= _SPECTRAL_KERNEL and dilation >= _SPECTRAL_DILATION
