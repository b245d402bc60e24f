"""Batch normalisation over the batches of all processes."""

from __future__ import annotations

from typing import Any

import torch
import torch.distributed as dist
from torch import Tensor, nn


class _Sum(torch.autograd.Function):
    """The sum of a tensor over all processes. Every process's loss depends on it, so gradients are summed as well."""

    @staticmethod
    def forward(_: Any, own: Tensor) -> Tensor:  # noqa: ANN401 (PyTorch's context)
        return _summed(own)

    @staticmethod
    def backward(_: Any, gradient: Tensor) -> Tensor:  # noqa: ANN401 (PyTorch's context)
        return _summed(gradient)


def _total(own: Tensor) -> Tensor:
    total: Tensor = _Sum.apply(own)  # type: ignore[no-untyped-call] # torch has no hint
    return total


def _summed(own: Tensor) -> Tensor:
    total = own.clone()
    dist.all_reduce(total)
    return total


class SharedNorm(nn.BatchNorm2d):
    """``BatchNorm2d`` whose mean and variance in training are those of all processes; parameters as there.

    PyTorch's own, ``SyncBatchNorm``, needs CUDA; this one runs on any device with ``all_reduce``.
    """

    def forward(self, input: Tensor) -> Tensor:  # noqa: A002 (as PyTorch names it)
        """(N, F, 1, L) -> the same shape."""
        if not self.training:
            return super().forward(input)
        assert self.running_mean is not None
        assert self.running_var is not None
        values = input.float()
        own = torch.cat((values.sum((0, 2, 3)), values.new_tensor([values.numel() / values.shape[1]])))
        total = _total(own)
        count = total[-1]
        mean = total[:-1] / count
        centred = values - mean[:, None, None]
        # In a second round: the mean of squares minus the square of the mean would lose digits.
        variance = _total(centred.square().sum((0, 2, 3))) / count
        with torch.no_grad():
            momentum = self.momentum or 0.0
            self.running_mean.lerp_(mean, momentum)
            self.running_var.lerp_(variance * count / (count - 1), momentum)
        scale = self.weight * torch.rsqrt(variance + self.eps)
        normed: Tensor = centred * scale[:, None, None] + self.bias[:, None, None]
        return normed.to(input.dtype)


def share_norms(network: nn.Module, device: torch.device) -> nn.Module:
    """Make every normalisation of a network one over all processes.

    Args:
        network: the network; changed in place.
        device: where it is.

    Returns:
        The network.
    """
    if device.type == "cuda":
        converted: nn.Module = nn.SyncBatchNorm.convert_sync_batchnorm(network)  # type: ignore[no-untyped-call]
        return converted
    for module in network.modules():
        if type(module) is nn.BatchNorm2d:
            module.__class__ = SharedNorm
    return network
