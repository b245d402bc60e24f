"""A real scheduler with real workers: the same bytes, lost workers, wrong workers."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from contextlib import ExitStack
from pathlib import Path
from types import SimpleNamespace

import pytest
from support import builders, toy_networks

from spliceai_cli.cli.main import annotate, run
from spliceai_cli.models.spec import BlockSpec, NetworkSpec

distributed = pytest.importorskip("distributed", reason="needs spliceai-cli[dask]")

# Only PyTorch's kernels compute 20 features: a window takes a second, so that there is time to kill a worker.
SPEC = NetworkSpec("slow", (BlockSpec(41, 8), BlockSpec(41, 10, is_tapped=True)), channels=20, n_networks=2)
LENGTH = 60 << 14


class Cluster:
    """A scheduler and workers, each a process of its own with one thread."""

    def __init__(self, stack: ExitStack, folder, n_workers=2) -> None:
        self._stack = stack
        self._folder = folder
        self.file = folder / "scheduler.json"
        self.scheduler = self._start("scheduler", "--port", "0", "--scheduler-file", self.file, "--no-dashboard")
        _await(self.file.exists)
        self.workers = [self.add() for _ in range(n_workers)]

    def add(self):
        options = ["--scheduler-file", self.file, "--nthreads", "1", "--no-nanny", "--no-dashboard"]
        return self._start("worker", *options, "--local-directory", self._folder)

    def _start(self, what, *options):
        command = [sys.executable, "-m", "distributed.cli.dask_" + what, *map(str, options)]
        with (self._folder / f"{what}.log").open("a") as log:
            process = subprocess.Popen(command, stdout=log, stderr=log)
        self._stack.callback(process.wait)
        self._stack.callback(process.kill)
        return process

    def cpu_s(self, process):
        fields = Path(f"/proc/{process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _await(condition, seconds=300):
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.05)


@pytest.fixture(scope="module")
def lasting_cluster(tmp_path_factory):
    with ExitStack() as stack:
        yield Cluster(stack, tmp_path_factory.mktemp("cluster"))


@pytest.fixture
def cluster(lasting_cluster):
    """One with two workers."""
    lasting_cluster.workers = [one if one.poll() is None else lasting_cluster.add() for one in lasting_cluster.workers]
    return lasting_cluster


@pytest.fixture
def mortal_cluster(tmp_path):
    """One that a test may end."""
    with ExitStack() as stack:
        yield Cluster(stack, tmp_path)


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    folder = tmp_path_factory.mktemp("dask")
    bases = builders.random_bases(LENGTH, seed=4)
    fasta = builders.write_fasta(folder / "genome.fa", {"chr1": bases})
    table = builders.write_table(folder / "genes.txt", [builders.gene("LONG", "chr1", "+", 10, LENGTH - 10)])
    weights = toy_networks.save(folder / "weights", SPEC, toy_networks.random_tensors(SPEC))
    rows = [
        ("chr1", pos, bases[pos - 1], "C" if bases[pos - 1] != "C" else "G") for pos in range(100, LENGTH - 100, 4096)
    ]
    vcf = builders.write_vcf(folder / "in.vcf", rows)
    fixed = ["-R", fasta, "-A", table, "--weights", weights, "--device", "cpu", "-q", "-I", vcf]
    alone = folder / "alone.vcf"
    fixed = list(map(str, fixed))
    assert run(annotate, [*fixed, "-O", str(alone), "--workers", "1"], prog_name="annotate") == 0
    return SimpleNamespace(folder=folder, fixed=fixed, expected=alone.read_bytes(), bases=bases, fasta=fasta)


def _annotate(world, cluster, target):
    options = [*world.fixed, "-O", str(target), "--dask", str(cluster.file)]
    return subprocess.Popen(
        [sys.executable, "-m", "spliceai_cli", "annotate", *options], stderr=subprocess.PIPE, text=True
    )


def _await_windows(cluster):
    """Until windows are computed: more tasks are on their way than the checks, one for each worker, that come first."""
    with distributed.Client(scheduler_file=str(cluster.file), set_as_default=False) as client:
        _await(lambda: sum(map(len, client.processing().values())) > len(cluster.workers))


def _end(process):
    _, stderr = process.communicate(timeout=300)
    return process.returncode, stderr


def test_cluster__writes_what_one_process_writes(world, cluster, tmp_path):
    code, stderr = _end(_annotate(world, cluster, tmp_path / "out.vcf"))
    assert (code, stderr) == (0, "")
    assert (tmp_path / "out.vcf").read_bytes() == world.expected


def test_relative_paths__are_those_of_the_program(world, cluster, tmp_path, monkeypatch):
    """Workers used to look for weights and models in the folder that they were started in.

    They also used to look for the index beside the file that a link to the FASTA leads to.
    """
    monkeypatch.chdir(tmp_path)
    (tmp_path / "store").mkdir()
    (tmp_path / "store" / "bases").write_bytes(world.fasta.read_bytes())
    (tmp_path / "linked.fa").symlink_to(tmp_path / "store" / "bases")
    (tmp_path / "toy").symlink_to(world.folder / "weights")
    places = ["-R", "linked.fa", "-A", str(world.folder / "genes.txt"), "-I", str(world.folder / "in.vcf")]
    for model in (["--weights", "toy"], ["--model", "SLOW=toy"]):
        fixed = [*places, *model, "--device", "cpu", "-q"]
        assert run(annotate, [*fixed, "-O", "alone.vcf"], prog_name="annotate") == 0
        assert run(annotate, [*fixed, "-O", "out.vcf", "--dask", str(cluster.file)], prog_name="annotate") == 0
        assert (tmp_path / "out.vcf").read_bytes() == (tmp_path / "alone.vcf").read_bytes()
    assert sorted(path.name for path in (tmp_path / "store").iterdir()) == ["bases"]


def test_another_genome_on_a_worker__names_the_host(world, cluster, tmp_path):
    """The worker opens a file with other bases, as on a node with a disk of its own."""
    other = tmp_path / "other.fa"
    builders.write_fasta(other, {"chr1": world.bases[:5000] + "N" * 6000 + world.bases[11_000:]})
    options = [*world.fixed, "-O", str(tmp_path / "out.vcf"), "--dask", str(cluster.file)]
    code = (
        "import sys\nfrom spliceai_cli.parallel import opening\n"
        "elsewhere = opening.NetworkOpening.elsewhere\n"
        "def elsewhere_(self, genome):\n"
        "    import dataclasses, pathlib\n    made = elsewhere(self, genome)\n"
        f"    return dataclasses.replace(made, reference=pathlib.Path({str(other)!r}))\n"
        "opening.NetworkOpening.elsewhere = elsewhere_\n"
        "from spliceai_cli.cli.main import group_main\ngroup_main()"
    )
    process = subprocess.Popen([sys.executable, "-c", code, "annotate", *options], stderr=subprocess.PIPE, text=True)
    status, stderr = _end(process)
    assert status == 1, stderr
    assert f"worker on {os.uname().nodename}: {other} is not the genome that the program was given." in stderr
    assert not (tmp_path / "out.vcf").exists()


def test_worker_killed_half_way__is_survived(world, cluster, tmp_path):
    process = _annotate(world, cluster, tmp_path / "out.vcf")
    _await_windows(cluster)
    # The other one cannot finish the run before this one is dead.
    cluster.workers[1].send_signal(signal.SIGSTOP)
    assert process.poll() is None, process.stderr.read()
    cluster.workers[0].send_signal(signal.SIGKILL)
    cluster.workers[1].send_signal(signal.SIGCONT)
    code, stderr = _end(process)
    assert (code, stderr) == (0, "")
    assert (tmp_path / "out.vcf").read_bytes() == world.expected


def test_scheduler_that_is_gone__is_an_error(world, mortal_cluster, tmp_path):
    cluster = mortal_cluster
    process = _annotate(world, cluster, tmp_path / "out.vcf")
    _await_windows(cluster)
    cluster.scheduler.kill()
    code, stderr = _end(process)
    assert code == 1, stderr
    assert stderr.startswith("Error: the scheduler of the Dask cluster")
    assert "Traceback" not in stderr
    assert not (tmp_path / "out.vcf").exists()


def test_no_scheduler__is_an_error(world, tmp_path, capfd):
    options = [*world.fixed, "-O", str(tmp_path / "out.vcf"), "--dask", "tcp://127.0.0.1:9"]
    assert run(annotate, options, prog_name="annotate") == 2
    assert "--dask: no scheduler answers at tcp://127.0.0.1:9." in capfd.readouterr().err


@pytest.mark.parametrize("address", ["tcp://127.0.0.1", "tcp://", "foo://127.0.0.1:9"])
def test_impossible_address__is_an_error(world, tmp_path, capfd, address):
    """It used to take a minute, and to print a traceback of Dask after the message."""
    options = [*world.fixed, "-O", str(tmp_path / "out.vcf"), "--dask", address]
    start = time.monotonic()
    assert run(annotate, options, prog_name="annotate") == 2
    assert time.monotonic() - start < 30
    stderr = capfd.readouterr().err
    assert f"--dask: no scheduler answers at {address}." in stderr
    assert "Traceback" not in stderr


@pytest.mark.parametrize(
    ("text", "reason"),
    [(None, "No such file or directory"), ("", "it has no address"), ("[]", "it has no address"), ("{", "it has no")],
)
def test_no_scheduler_file__is_an_error(world, tmp_path, monkeypatch, capfd, text, reason):
    """A missing file used to be taken for an address, and a traceback of Dask followed the message."""
    monkeypatch.setattr("spliceai_cli.parallel.dask._CONNECT_S", 0.2)
    file = tmp_path / "scheduler.json"
    if text is not None:
        file.write_text(text)
    options = [*world.fixed, "-O", str(tmp_path / "out.vcf"), "--dask", str(file)]
    assert run(annotate, options, prog_name="annotate") == 1
    stderr = capfd.readouterr().err
    assert f"Error: --dask: scheduler file {file} cannot be read: {reason}" in stderr
    assert "Traceback" not in stderr


def test_scheduler_file__may_come_a_little_later(world, cluster, tmp_path):
    """A script that starts the scheduler in the background used to fail if the file was not there at once."""
    late = tmp_path / "late.json"
    writer = threading.Timer(2, lambda: late.write_bytes(cluster.file.read_bytes()))
    writer.start()
    options = [*world.fixed, "-O", str(tmp_path / "out.vcf"), "--dask", str(late)]
    assert run(annotate, options, prog_name="annotate") == 0
    assert (tmp_path / "out.vcf").read_bytes() == world.expected


def test_cluster_without_workers__is_said_and_awaited(world, tmp_path):
    """The program used to wait without a word."""
    loud = [option for option in world.fixed if option != "-q"]
    out = tmp_path / "out.vcf"
    with ExitStack() as stack:
        cluster = Cluster(stack, tmp_path, n_workers=0)
        command = [sys.executable, "-m", "spliceai_cli", "annotate", *loud, "-O", str(out), "--dask", str(cluster.file)]
        process = stack.enter_context(subprocess.Popen(command, stderr=subprocess.PIPE, text=True))
        stack.callback(process.kill)
        warning = f"Warning: the Dask cluster {cluster.file} has no workers yet"
        # Without the warning, there would be nothing to read.
        watchdog = threading.Timer(120, process.kill)
        stack.callback(watchdog.cancel)
        watchdog.start()
        assert any(line.startswith(warning) for line in process.stderr)
        watchdog.cancel()
        assert process.poll() is None
        cluster.add()
        code, stderr = _end(process)
    assert code == 0, stderr
    assert out.read_bytes() == world.expected
