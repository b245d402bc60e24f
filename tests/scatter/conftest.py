"""Fixtures of scattered runs."""

from __future__ import annotations

import pytest
from support import scattered

from spliceai_cli.engine import device


@pytest.fixture(autouse=True)
def one_cpu(one_thread, monkeypatch):
    """The toy networks are too small for threads."""
    monkeypatch.setattr(device, "cpu_limits", lambda: {"tests": 1})


@pytest.fixture(scope="session")
def world(tmp_path_factory):
    return scattered.make_world(tmp_path_factory.mktemp("scattered"))


@pytest.fixture
def plan(cli, world, tmp_path):
    """Make a plan; returns its folder and the number of parts."""

    def call(n, *options, source=None, folder=None):
        folder = folder or tmp_path / "parts"
        done = cli("scatter", "plan", source or world.vcf, "-n", n, folder, *world.options, *options)
        assert done.code == 0, done.stderr
        facts = dict(line.split("\t") for line in done.stdout.decode().splitlines())
        assert facts.keys() == {"parts", "memory_mb", "minutes"}
        return folder, int(facts["parts"])

    return call


@pytest.fixture
def whole(cli, world, tmp_path):
    """The bytes that a single run writes."""

    def call(name, *options, source=None):
        out = tmp_path / f"whole_{name}"
        fixed = ("-I", source or world.vcf, "-O", out, *world.options, "--device", "cpu", "--no-progress")
        done = cli("annotate", *fixed, *options)
        assert done.code == 0, done.stderr
        return out.read_bytes()

    return call


@pytest.fixture
def scattered_run(cli, plan):
    """The bytes that a plan, its parts and ``finish`` write."""

    def call(n, out, *options, source=None, ends=()):
        folder, n_parts = plan(n, *options, source=source, folder=out.with_name(f"{out.name}.parts"))
        scattered.run_parts(cli, folder, range(1, n_parts + 1))
        done = cli("scatter", "finish", folder, "-O", out, *ends)
        assert done.code == 0, done.stderr
        return out.read_bytes()

    return call
