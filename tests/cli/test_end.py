"""The end of the program while threads compute."""

from __future__ import annotations

import subprocess
import sys

import pytest

# A thread that cannot be told to end, as in the middle of a batch of PyTorch's kernels.
CODE = """
import gc, os, signal, threading, time
from spliceai_cli import errors
from spliceai_cli.cli import main, signals
def command(*arguments, **options):
    threading.Thread(target=time.sleep, args=(60,)).start()
    print("written")
    {end}
main.annotate.main = command
main.annotate_main()
"""


# What the end takes time for.
AGAIN = "gc.collect = lambda: [os.kill(os.getpid(), n) for n in (signal.SIGTERM, signal.SIGINT)]; "


@pytest.mark.parametrize(
    ("end", "code", "said"),
    [
        (AGAIN + "raise KeyboardInterrupt", 130, "Interrupted; no file was changed."),
        ("raise KeyboardInterrupt", 130, "Interrupted; no file was changed."),
        ("signals.exit_by_signal(15, None)", 143, ""),
        ("raise errors.UsageError('so.')", 2, "Error: so."),
    ],
)
def test_end__waits_for_no_thread_that_computes(end, code, said):
    done = subprocess.run(
        [sys.executable, "-c", CODE.format(end=end)], capture_output=True, text=True, check=False, timeout=30
    )
    assert (done.returncode, done.stdout, done.stderr.strip()) == (code, "written\n", said)
