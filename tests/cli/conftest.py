"""Fixtures of commands.

The toy networks are too small for threads: with two, waiting for a busy core takes most of the time."""

from __future__ import annotations

import pytest
import torch

from spliceai_cli.engine import device


@pytest.fixture(autouse=True)
def one_thread(monkeypatch):
    """One thread for commands of this folder; the golden tests after them get all cores back."""
    n_threads = torch.get_num_threads()
    monkeypatch.setattr(device, "cpu_limits", lambda: {"tests": 1})
    yield
    torch.set_num_threads(n_threads)


@pytest.fixture
def table(predict_toy):
    """Rows of ``predict -O -``: heading and lines, split."""

    def call(*arguments, **more):
        result = predict_toy("-O", "-", "--output-format", "tsv", *arguments, **more)
        assert result.code == 0, result.stderr
        heading, *lines = [line.split("\t") for line in result.stdout.decode().splitlines()]
        return heading, lines

    return call
