"""A process that gets no more memory or threads: one message, no file."""

from __future__ import annotations

import errno
import subprocess
import sys

import pytest
from support import builders, scattered, toy_networks

from spliceai_cli.engine.native import choice
from spliceai_cli.errors import exhausted
from spliceai_cli.parallel.messages import WorkerBug

LENGTH = 60_000

# The first run loads all that a run needs, so that the second, which needs more memory, fails while it computes.
CODE = """
import resource, sys
from pathlib import Path
from spliceai_cli.cli.main import annotate, run
options = sys.argv[1:]
assert run(annotate, [*options, "-D", "50"], prog_name="annotate") == 0
Path(options[1]).unlink()
n_bytes = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
# Enough to read the files again, too little for the layers of 46,000 positions.
resource.setrlimit(resource.RLIMIT_AS, (n_bytes + (12 << 20), resource.RLIM_INFINITY))
sys.exit(run(annotate, [*options, "-D", "4999"], prog_name="annotate"))
"""

# A thread needs megabytes for its stack.
THREAD = """
import resource, threading
from pathlib import Path
from spliceai_cli.errors import exhausted
n_bytes = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
resource.setrlimit(resource.RLIMIT_AS, (n_bytes, resource.RLIM_INFINITY))
try:
    threading.Thread(target=print).start()
except RuntimeError as error:
    print(exhausted(error))
"""


# The libraries of PyTorch take hundreds of megabytes of addresses.
LOADING = """
import resource, sys
from pathlib import Path
from spliceai_cli.cli import main
def command(*arguments, **options):
    n_bytes = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (n_bytes + (64 << 20), resource.RLIM_INFINITY))
    import torch
main.annotate.main = command
sys.exit(main.run(main.annotate, [], prog_name="annotate"))
"""

needs_linux = pytest.mark.skipif(sys.platform != "linux", reason="needs RLIMIT_AS and /proc")


@needs_linux
@pytest.mark.parametrize("kernels", ["torch", "native"])
def test_memory__that_runs_out_is_one_message(tmp_path, kernels):
    """With PyTorch's kernels it used to be a traceback of a hundred lines."""
    if kernels == "native" and choice.choose().library is None:
        pytest.skip("native kernels are not built")
    bases = builders.random_bases(LENGTH, seed=7)
    spec = toy_networks.SPECS["native"]
    rows = [("chr1", pos, bases[pos - 1], "A" if bases[pos - 1] != "A" else "C") for pos in range(12_000, 48_000, 500)]
    options = {
        "-O": tmp_path / "out.vcf",
        "-I": builders.write_vcf(tmp_path / "in.vcf", rows),
        "-R": builders.write_fasta(tmp_path / "genome.fa", {"chr1": bases}),
        "-A": builders.write_table(tmp_path / "genes.txt", [builders.gene("LONG", "chr1", "+", 10, LENGTH - 10)]),
        "--weights": toy_networks.save(tmp_path / "weights", spec, toy_networks.random_tensors(spec)),
        "--kernels": kernels,
        "--workers": 1,
    }
    command = [sys.executable, "-c", CODE, *(part for pair in options.items() for part in pair), "-q"]
    done = subprocess.run(
        list(map(str, command)), capture_output=True, text=True, check=False, timeout=300, env=scattered.environment()
    )
    assert (done.returncode, done.stderr) == (
        1,
        "Error: memory ran out.\n"
        "Hint: Raise the limit of the shell or job; or use fewer --threads, and, where a command has them, a smaller "
        "--memory or -D; in training, a smaller batch or window.\n",
    )
    assert not list(tmp_path.glob("*out.vcf*"))


@needs_linux
def test_threads__that_run_out_are_known():
    done = subprocess.run([sys.executable, "-c", THREAD], capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout == "the system starts no more threads for this program.\n"


def test_other_errors__stay_what_they_are():
    assert exhausted(RuntimeError("shape mismatch")) is None
    assert exhausted(KeyError("memory")) is None
    assert exhausted(FileNotFoundError(errno.ENOENT, "No such file or directory")) is None
    # Its text is that of another process, which may have handled a lack of memory before it failed.
    assert not isinstance(WorkerBug("can't allocate memory"), RuntimeError)


def test_refusals_of_the_system__are_known():
    error = exhausted(OSError(errno.ENOMEM, "Cannot allocate memory"))
    assert (str(error), error.exit_code) == ("memory ran out.", 1)
    assert str(exhausted(RuntimeError("std::bad_alloc"))) == "memory ran out."


@needs_linux
def test_loading__without_memory_for_a_library_is_one_message():
    done = subprocess.run([sys.executable, "-c", LOADING], capture_output=True, text=True, check=False, timeout=60)
    assert (done.returncode, done.stderr.splitlines()[0]) == (
        1,
        "Error: a library cannot be loaded: libtorch_cpu.so: failed to map segment from shared object.",
    )
