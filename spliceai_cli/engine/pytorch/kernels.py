"""Choice of the convolution that computes a layer."""

from __future__ import annotations

import torch

from spliceai_cli.engine.folded import FoldedConvolution
from spliceai_cli.engine.pytorch.convolution import Convolution, DirectConvolution
from spliceai_cli.engine.pytorch.spectral import Scratch, SpectralConvolution
from spliceai_cli.models.spec import BlockSpec
from spliceai_cli.settings.words import FAST, FLOAT32

#: ``Settings.precision`` -> type of the factors of convolutions.
DTYPES = {FLOAT32: torch.float32, FAST: torch.bfloat16}

# At these values and above, the spectral form is faster (docs/performance.md): shorter kernels leave too little to
# save, and smaller dilations make small matrices.
_SPECTRAL_KERNEL = 41
_SPECTRAL_DILATION = 8

# Time of one position of the spectral form, and of one bfloat16 tap, in units of one float32 tap.
_SPECTRAL_TAPS = 24.0
_BFLOAT16_TAP = 0.53

#: Seconds of a core for one float32 tap: every base of chr19:8.0–8.5 Mb took 52.6 µs on two cores.
UNIT_S = 0.039e-6


class Kernels:
    """Makes the convolutions of an engine.

    Args:
        device: where to compute.
        precision: a key of ``DTYPES``.
    """

    def __init__(self, device: torch.device, precision: str) -> None:
        self._device = device
        self._dtype = DTYPES[precision]
        self._scratch = Scratch()

    def convolution(self, layer: FoldedConvolution) -> Convolution:
        """The fastest convolution for a layer."""
        weight, bias = (torch.from_numpy(values).to(self._device) for values in (layer.weight, layer.bias))
        if self._is_spectral(weight.shape[-1], layer.dilation):
            return SpectralConvolution(weight, bias, layer.dilation, self._scratch)
        return DirectConvolution(weight, bias, layer.dilation, self._dtype)

    def cost(self, block: BlockSpec) -> float:
        """Time that a convolution of a block takes per output position, in units of one float32 tap."""
        if self._is_spectral(block.kernel, block.dilation):
            return _SPECTRAL_TAPS
        return block.kernel * (_BFLOAT16_TAP if self._dtype == torch.bfloat16 else 1)

    def _is_spectral(self, kernel: int, dilation: int) -> bool:
        return self._dtype == torch.float32 and kernel >= _SPECTRAL_KERNEL and dilation >= _SPECTRAL_DILATION
