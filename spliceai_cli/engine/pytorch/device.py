"""Devices as PyTorch has them."""

from __future__ import annotations

import torch

from spliceai_cli.engine.device import Device


def torch_device(device: Device) -> torch.device:
    """The device of PyTorch that has the same name."""
    return torch.device(str(device))
