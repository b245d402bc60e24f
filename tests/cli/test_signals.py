"""Signals that arrive while Python runs a finalizer, out of which no exception comes."""

from __future__ import annotations

import subprocess
import sys

import pytest

CODE = """
import os, signal, time, weakref
from spliceai_cli.cli import main
class Thing:
    def __del__(self):
        {finalizer}
def command(*arguments, **options):
    thing = Thing()
    {also}
    del thing
    time.sleep({seconds})
main.annotate.main = command
main.annotate_main()
"""


def run(finalizer, also="pass", seconds=60):
    code = CODE.format(finalizer=finalizer, also=also, seconds=seconds)
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, timeout=30)


ENDS = {"SIGINT": (130, "Interrupted; no file was changed.\n"), "SIGTERM": (143, ""), "SIGHUP": (129, "")}


@pytest.mark.parametrize("name", ENDS)
def test_signal__in_a_finalizer_ends_the_program(name):
    done = run(f"os.kill(os.getpid(), signal.{name})")
    assert (done.returncode, done.stderr) == ENDS[name]


def test_signal__in_a_weak_reference_s_call_ends_the_program():
    """As when a thread of a pool is forgotten."""
    done = run("pass", "kept = weakref.ref(thing, lambda _: os.kill(os.getpid(), signal.SIGINT))")
    assert (done.returncode, done.stderr) == ENDS["SIGINT"]


def test_other_errors__in_a_finalizer_are_told_as_python_does():
    done = run("raise ValueError('so')", seconds=0)
    assert done.returncode == 0
    assert done.stderr.splitlines()[-1] == "ValueError: so"
