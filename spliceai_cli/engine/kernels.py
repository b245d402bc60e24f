"""Choice of the convolution that computes a layer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import torch
from torch import Tensor

from spliceai_cli.engine.convolution import Convolution, DirectConvolution
from spliceai_cli.engine.native.convolution import NativeConvolution
from spliceai_cli.engine.native.library import FEATURES, Choice, choose
from spliceai_cli.engine.native.memory import Floats, Pool
from spliceai_cli.engine.native.network import BlockWeights, NativeNetwork
from spliceai_cli.engine.spectral import Scratch, SpectralConvolution
from spliceai_cli.errors import UsageError
from spliceai_cli.models.spec import BlockSpec
from spliceai_cli.settings import AUTO, FAST, FLOAT32, NATIVE, TORCH

#: ``Settings.precision`` -> type of the factors of convolutions.
DTYPES = {FLOAT32: torch.float32, FAST: torch.bfloat16}

# At these values and above, the spectral form is faster (docs/performance.md): shorter kernels leave too little to
# save, and smaller dilations make small matrices.
_SPECTRAL_KERNEL = 41
_SPECTRAL_DILATION = 8

# Time of one position of the spectral form, and of one bfloat16 tap, in units of one float32 tap.
_SPECTRAL_TAPS = 24.0
_BFLOAT16_TAP = 0.53


class Kernels:
    """Makes the convolutions of an engine.

    Args:
        device: where to compute.
        precision: a key of ``DTYPES``.
        kernels: one of ``settings.KERNELS``.
        choice: which native kernels there are; None looks.

    Raises:
        UsageError: native kernels are asked for where there are none.
    """

    def __init__(self, device: torch.device, precision: str, kernels: str = AUTO, choice: Choice | None = None) -> None:
        self._device = device
        self._dtype = DTYPES[precision]
        self._scratch = Scratch()
        self._pool = Pool()
        native = native_kernels(device, precision, kernels, choice)
        self._library = native.library
        #: Why these kernels run, for people.
        self.reason = native.reason

    def convolution(self, weight: Tensor, bias: Tensor, dilation: int) -> Convolution:
        """The fastest convolution for a layer.

        Args:
            weight: (F, F, 1, kernel), float64 on the CPU.
            bias: (F,), float64 on the CPU.
            dilation: positions between taps.
        """
        weight, bias = weight.float().to(self._device), bias.float().to(self._device)
        if self._library is not None and fits(len(bias), weight.shape[-1]):
            return NativeConvolution(self._library, weight, bias, dilation, self._pool)
        if self._is_spectral(weight.shape[-1], dilation):
            return SpectralConvolution(weight, bias, dilation, self._scratch)
        return DirectConvolution(weight, bias, dilation, self._dtype)

    def native_network(
        self,
        activation: str,
        stem: Floats,
        blocks: Sequence[BlockWeights],
        taps: Mapping[int, Floats],
        bias: Floats,
    ) -> NativeNetwork | None:
        """A network whose convolutions are native, for whole passes."""
        if self._library is None:
            return None
        return NativeNetwork(self._library, self._pool, activation, stem, blocks, taps, bias)

    def cost(self, block: BlockSpec) -> float:
        """Time that a convolution of a block takes per output position, in units of one float32 tap."""
        if self._is_spectral(block.kernel, block.dilation):
            return _SPECTRAL_TAPS
        return block.kernel * (_BFLOAT16_TAP if self._dtype == torch.bfloat16 else 1)

    def _is_spectral(self, kernel: int, dilation: int) -> bool:
        return self._dtype == torch.float32 and kernel >= _SPECTRAL_KERNEL and dilation >= _SPECTRAL_DILATION


def native_kernels(device: torch.device, precision: str, kernels: str, choice: Choice | None = None) -> Choice:
    """The native kernels that a run uses, or why it uses PyTorch's.

    Args:
        device: that computes.
        precision: one of ``PRECISIONS``.
        kernels: one of ``KERNELS``.
        choice: which native kernels there are; None looks.

    Raises:
        UsageError: they are asked for where they cannot run.
    """
    if kernels == TORCH:
        return Choice(None, "asked for")
    if device.type != "cpu":
        native = Choice(None, f"native kernels run on a CPU, not on {device}")
    elif precision != FLOAT32:
        native = Choice(None, f"native kernels compute in {FLOAT32}, not '{precision}'")
    else:
        native = choice or choose()
    if kernels == NATIVE and native.library is None:
        raise UsageError(f"there are no native kernels: {native.reason}.", "Use --kernels auto.")
    return native


def fits(n_features: int, kernel: int) -> bool:
    """Whether native kernels can compute a layer."""
    return n_features == FEATURES and kernel % 2 == 1
