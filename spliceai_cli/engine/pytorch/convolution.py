"""Direct convolutions over positions, features last."""

from __future__ import annotations

from typing import Protocol

import torch
from torch import Tensor
from torch.nn import functional


class Convolution(Protocol):
    """A convolution without padding."""

    def __call__(self, x: Tensor) -> Tensor:
        """(N, L, F) -> (N, L - 2 reach, F), a new tensor."""


class DirectConvolution:
    """Multiply-adds in float32, or in bfloat16 with float32 sums.

    Args:
        weight: (F, F, 1, kernel), output features first.
        bias: (F,).
        dilation: positions between taps.
        dtype: type of the factors.
    """

    def __init__(self, weight: Tensor, bias: Tensor, dilation: int, dtype: torch.dtype = torch.float32) -> None:
        self._weight = weight.to(dtype).contiguous(memory_format=torch.channels_last)
        self._bias = bias.to(dtype)
        self._dilation = dilation
        self._dtype = dtype

    def __call__(self, x: Tensor) -> Tensor:
        """(N, L, F) -> (N, L - 2 reach, F), float32."""
        # (N, L, F) in memory is (N, F, 1, L) channels last: the views cost nothing.
        image = x.to(self._dtype).permute(0, 2, 1).unsqueeze(2)
        y = functional.conv2d(image, self._weight, self._bias, dilation=(1, self._dilation))
        return y.squeeze(2).permute(0, 2, 1).float()
