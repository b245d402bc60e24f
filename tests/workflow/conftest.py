"""Fixtures of workflows."""

from __future__ import annotations

import os
import subprocess

import pytest
from support import scattered
from support.programs import our_programs


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    return scattered.make_world(tmp_path_factory.mktemp("workflow"), n_records=120)


@pytest.fixture(scope="module")
def programs(world):
    return our_programs(world.folder / "programs")


@pytest.fixture
def shell(programs, tmp_path):
    """Run commands with our programs on the path; they have to succeed."""

    def call(commands, *, folder=tmp_path, **more):
        environment = {**os.environ, "PATH": f"{programs}:{os.environ['PATH']}", "HOME": str(tmp_path), **more}
        done = subprocess.run(
            ["bash", "-c", commands], cwd=folder, env=environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done

    return call


@pytest.fixture(scope="module")
def whole(world):
    """The bytes that a single run writes, and those of its counts."""
    out, stats = world.folder / "whole.vcf.gz", world.folder / "whole.json"
    done = scattered.program("annotate", "-I", world.vcf, "-O", out, *world.options, "--stats", stats)
    assert done.returncode == 0, done.stderr
    return out.read_bytes(), stats.read_bytes()
