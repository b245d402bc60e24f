"""Runs on several processes that come to grief, seen from outside: as a single process ends, and nothing stays behind.

After each there is no new file under any name asked for, one message says what went wrong, and no process is left.
"""

from __future__ import annotations

import os
import signal
import time
from contextlib import suppress
from pathlib import Path
from types import SimpleNamespace

import pytest
from support import builders, toy_networks
from support.fork_server import ForkServer

from spliceai_cli.cli.main import annotate, run
from spliceai_cli.models.spec import BlockSpec, NetworkSpec

N_BLOCKS = 60
BLOCK_BP = 16_384
# Only PyTorch's kernels compute 20 features. A window takes a second.
SPEC = NetworkSpec("slow", (BlockSpec(41, 8), BlockSpec(41, 10, is_tapped=True)), channels=20, n_networks=2)


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    folder = tmp_path_factory.mktemp("workers")
    length = N_BLOCKS * BLOCK_BP
    bases = builders.random_bases(length, seed=4)
    fasta = builders.write_fasta(folder / "genome.fa", {"chr1": bases})
    table = builders.write_table(folder / "genes.txt", [builders.gene("LONG", "chr1", "+", 10, length - 10)])
    weights = toy_networks.save(folder / "weights", SPEC, toy_networks.random_tensors(SPEC))
    rows = [
        ("chr1", pos, bases[pos - 1], "C" if bases[pos - 1] != "C" else "G")
        for pos in range(100, length - 100, BLOCK_BP // 4)
    ]
    vcf = builders.write_vcf(folder / "in.vcf", rows)
    fixed = ["-R", fasta, "-A", table, "--weights", weights, "-q", "--existing", "overwrite"]
    made = SimpleNamespace(folder=folder, vcf=vcf, fixed=[str(part) for part in fixed], text=vcf.read_bytes())
    alone = folder / "alone.vcf"
    options = ["-I", str(vcf), "-O", str(alone), "--device", "cpu", "--workers", "1"]
    assert run(annotate, [*made.fixed, *options], prog_name="annotate") == 0
    made.expected = alone.read_bytes()
    return made


@pytest.fixture(scope="module")
def server():
    with ForkServer() as made:
        yield made


class Run:
    """A run on two processes, into a folder with an older file of the same name."""

    def __init__(self, server, world, folder, *extra, **limits):
        self.folder = folder
        self.target = folder / "out.vcf"
        self.target.write_text("older")
        options = [*world.fixed, "-I", world.vcf, "--device", "cpu,cpu", "-O", self.target, *extra]
        self.process = server.start(["annotate", *options], **limits)
        self.seen = set()

    def workers(self):
        """Process IDs of the workers that run now."""
        folder = Path(f"/proc/{self.process.pid}/task")
        with suppress(OSError):
            now = {int(pid) for task in folder.iterdir() for pid in (task / "children").read_text().split()}
            self.seen |= now
            return now
        return set()

    def await_workers(self):
        """Until both workers have computed for a while."""
        deadline = time.monotonic() + 120
        while len([pid for pid in self.workers() if _cpu_s(pid) > _START_S]) < 2:
            assert self.process.poll() is None, self.process.stderr
            assert time.monotonic() < deadline
            time.sleep(0.02)
        return self.workers()

    def check(self, code, said="", *, content="older"):
        """Whether it ended so, and left nothing behind."""
        assert self.process.wait() == code, self.process.stderr
        stderr = self.process.stderr
        assert said in stderr
        assert "Traceback" not in stderr
        assert stderr.count("Error: ") == (code in (1, 2))
        assert self.target.read_text() == content
        deadline = time.monotonic() + 5
        while any(map(_runs, self.seen)):
            assert time.monotonic() < deadline, "a worker is left"
            time.sleep(0.02)


# CPU time that a worker has used when it certainly computes; importing takes about as long.
_START_S = 1.5


def _cpu_s(pid):
    with suppress(OSError):
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    return 0.0


def _runs(pid):
    with suppress(OSError):
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    return False


@pytest.fixture
def start(server, world, tmp_path):
    return lambda *extra, **limits: Run(server, world, tmp_path, *extra, **limits)


def test_two_processes__write_what_one_writes(start, world):
    one = start()
    one.await_workers()
    one.check(0, content=world.expected.decode())


def test_killed_worker__is_replaced(start, world):
    one = start()
    os.kill(one.await_workers().pop(), signal.SIGKILL)
    one.check(0, content=world.expected.decode())
    assert len(one.seen) >= 2


def test_worker_killed_again_and_again__is_told(start):
    """As the system does when memory runs out."""
    one = start()
    one.await_workers()
    while one.process.poll() is None:
        for pid in one.workers():
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        time.sleep(0.05)
    one.check(1, "a worker process ended before its task was done: killed by SIGKILL; so did the one that took its")


@pytest.mark.parametrize(
    ("number", "code", "said"),
    [
        (signal.SIGINT, 130, "Interrupted"),
        (signal.SIGTERM, 143, ""),
        (signal.SIGHUP, 129, ""),
        (signal.SIGKILL, -9, ""),
    ],
)
def test_signal_to_the_parent__ends_all(start, number, code, said):
    one = start()
    one.await_workers()
    one.process.send_signal(number)
    one.check(code, said)


def test_signal_to_all__ends_as_one_process_does(start):
    """Ctrl-C reaches the workers, too; they must not say anything."""
    one = start()
    for pid in one.await_workers():
        os.kill(pid, signal.SIGINT)
        os.kill(pid, signal.SIGTERM)
    one.process.send_signal(signal.SIGINT)
    one.check(130, "Interrupted")
    assert one.process.stderr.strip().count("\n") == 0


def test_full_disk__ends_all(start):
    one = start(max_bytes=3_000)
    one.check(1, "cannot be written: File too large.")
