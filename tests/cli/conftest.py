"""The toy networks are too small for threads: with two, waiting for a busy core takes most of the time."""

from __future__ import annotations

import pytest

from spliceai_cli.engine import device


@pytest.fixture(autouse=True)
def one_thread(monkeypatch):
    monkeypatch.setattr(device, "available_cpus", lambda: 1)
