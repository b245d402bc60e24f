"""Devices by name, and when PyTorch has to be asked for them."""

from __future__ import annotations

import sys

import pytest
import torch

from spliceai_cli.engine import device
from spliceai_cli.engine.device import Device, choose_device, may_have_cuda
from spliceai_cli.engine.pytorch.device import torch_device
from spliceai_cli.errors import UsageError


@pytest.mark.parametrize("name", ["cpu", "cuda", "cuda:1", "mps"])
def test_device__is_that_of_pytorch(name):
    kind, _, index = name.partition(":")
    ours = Device(kind, int(index) if index else None)
    assert str(ours) == name
    assert torch_device(ours) == torch.device(name)


def test_choose__cpu():
    assert choose_device("cpu") == Device("cpu")
    with pytest.raises(UsageError, match="for GPUs"):
        choose_device("cpu", "fast")
    with pytest.raises(UsageError, match="unknown device 'cpu:0'"):
        choose_device("cpu:0")


@pytest.fixture
def unloaded(monkeypatch):
    """As if this process had not loaded PyTorch, on a machine without a trace of a driver."""
    monkeypatch.setattr(device, "loaded_torch", lambda: None)
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr(device, "_GPU_FILES", ("none-of-this-name*",))
    monkeypatch.setattr(device, "_CUDA_DRIVER", "libnone-of-this-name.so.1")


@pytest.mark.usefixtures("unloaded")
def test_cuda__without_a_driver_needs_no_asking(monkeypatch):
    assert not may_have_cuda()
    monkeypatch.setattr(device, "_n_cuda_devices", lambda: 1 / 0)
    assert choose_device("auto") == Device("cpu")


@pytest.mark.usefixtures("unloaded")
@pytest.mark.parametrize(
    ("name", "value"),
    [("_GPU_FILES", ("none*", "nul*")), ("_CUDA_DRIVER", "libc.so.6"), ("loaded_torch", lambda: torch)],
)
def test_cuda__has_to_be_asked_for_where_there_is_a_trace_of_a_driver(monkeypatch, name, value):
    if name == "_CUDA_DRIVER" and not sys.platform.startswith("linux"):
        pytest.skip("a library of Linux")
    monkeypatch.setattr(device, name, value)
    assert may_have_cuda()


@pytest.mark.usefixtures("unloaded")
@pytest.mark.parametrize(("platform", "may_have"), [("darwin", False), ("freebsd14", True)])
def test_cuda__elsewhere(monkeypatch, platform, may_have):
    monkeypatch.setattr(sys, "platform", platform)
    assert may_have_cuda() == may_have


@pytest.mark.parametrize("is_there", [True, False])
def test_auto__is_cuda_where_pytorch_sees_one(monkeypatch, is_there):
    monkeypatch.setattr(torch.cuda, "is_available", lambda: is_there)
    monkeypatch.setattr(torch.cuda, "device_count", lambda: 1)
    assert choose_device("auto") == Device("cuda" if is_there else "cpu")
