"""Fixtures. What needs installed weights or fetched data skips with a reason where they are absent."""

from __future__ import annotations

import io
import os
import signal
import sys
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from support import builders, toy_networks

from spliceai_cli.cli.main import annotate, group, run
from spliceai_cli.genes.table import format_table
from spliceai_cli.genome.coords import Interval
from spliceai_cli.models.published import SPLICEAI
from spliceai_cli.models.store import Store, default_home

ROOT = Path(__file__).parents[1]
SHARED = ROOT.parent / "shared" / "data"
CHR19 = ROOT / "data" / "cache" / "GRCh38.chr19.fa"

# Where the developer's weights are, before tests point the variable elsewhere.
_HOME = default_home(os.environ)


@pytest.fixture(autouse=True, scope="session")
def signals_of_a_terminal():
    """Tests that run in the background, or under nohup, would ignore these, and so would all that they start."""
    ignored = [number for number in (signal.SIGINT, signal.SIGHUP) if signal.getsignal(number) == signal.SIG_IGN]
    for number in ignored:
        signal.signal(number, signal.default_int_handler if number == signal.SIGINT else signal.SIG_DFL)
    yield
    for number in ignored:
        signal.signal(number, signal.SIG_IGN)


@pytest.fixture(params=["cpu", pytest.param("cuda", marks=pytest.mark.gpu)])
def device(request):
    if request.param == "cuda" and not torch.cuda.is_available():
        pytest.skip("no CUDA device")
    return torch.device(request.param)


@pytest.fixture
def one_thread():
    """For tests that run many tiny networks: with two threads, waiting for a busy core takes most of the time."""
    n_threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(n_threads)


@pytest.fixture
def genome(tmp_path):
    return builders.small_genome(tmp_path)


@pytest.fixture(scope="session")
def toy_weights(tmp_path_factory):
    """A folder for ``--weights`` with the random toy ensemble."""
    folder = tmp_path_factory.mktemp("toy")
    return toy_networks.save(folder, toy_networks.RANDOM_SPEC, toy_networks.random_tensors())


@pytest.fixture(scope="session")
def tissue_weights(tmp_path_factory):
    """A folder for ``--weights`` with a random toy ensemble of tissues."""
    tensors = toy_networks.random_tensors(toy_networks.TISSUES_SPEC, seed=5)
    return toy_networks.save(tmp_path_factory.mktemp("tissues"), toy_networks.TISSUES_SPEC, tensors)


@pytest.fixture(scope="session")
def arithmetic_weights(tmp_path_factory):
    """A folder for ``--weights`` with the network whose answer is arithmetic."""
    folder = tmp_path_factory.mktemp("arithmetic")
    return toy_networks.save(folder, toy_networks.ARITHMETIC_SPEC, toy_networks.arithmetic_tensors())


@pytest.fixture
def home(tmp_path, monkeypatch):
    """An empty folder as the home of weights and tables."""
    folder = tmp_path / "home"
    monkeypatch.setenv("SPLICEAI_CLI_HOME", str(folder))
    return folder


@pytest.fixture(scope="session")
def store():
    """The installed weights and tables."""
    installed = Store(_HOME, SPLICEAI)
    if not installed.is_installed:
        pytest.skip("weights are not installed: spliceai-cli weights install")
    return installed


@pytest.fixture(scope="session")
def chr19():
    """GRCh38 chr19, contig ``19``."""
    if not CHR19.exists():
        pytest.skip("no GRCh38 chr19: make data")
    return CHR19


@pytest.fixture(scope="session")
def shared():
    """The folder of data that cannot be committed."""
    if not SHARED.exists():
        pytest.skip("no ../shared/data beside the checkout")
    return SHARED


class Result:
    """What a command did."""

    def __init__(self, code: int, stdout: bytes, stderr: str) -> None:
        self.code = code
        self.stdout = stdout
        self.stderr = stderr

    @property
    def records(self) -> list[list[str]]:
        lines = self.stdout.decode().splitlines()
        return [line.split("\t") for line in lines if not line.startswith("#")]


@pytest.fixture
def cli(capfdbinary, monkeypatch):
    """Run ``spliceai-cli …`` (or ``annotate`` alone) in this process."""

    def call(*arguments, stdin: bytes = b"", command=group) -> Result:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BufferedReader(io.BytesIO(stdin))))
        capfdbinary.readouterr()
        code = run(command, [str(argument) for argument in arguments], prog_name=command.name)
        sys.stdout.flush()
        captured = capfdbinary.readouterr()
        return Result(code, captured.out, captured.err.decode())

    return call


@pytest.fixture
def annotate_toy(cli, genome, toy_weights):
    """Run ``spliceai-annotate`` on the small genome with toy networks."""

    def call(*arguments, stdin: bytes = b"", weights=toy_weights) -> Result:
        fixed = ("-R", genome.fasta, "-A", genome.table, "--weights", weights, "--device", "cpu", "--no-progress")
        return cli(*fixed, *arguments, stdin=stdin, command=annotate)

    return call


@pytest.fixture
def predict_toy(cli, genome, toy_weights):
    """Run ``spliceai-cli predict`` on the small genome with toy networks."""

    def call(*arguments, fasta=None, weights=toy_weights, stdin=b""):
        fixed = ("-R", fasta or genome.fasta, "--weights", weights, "--device", "cpu", "--no-progress")
        return cli("predict", *fixed, *arguments, stdin=stdin)

    return call


@pytest.fixture
def coding_table(genome, tmp_path):
    """The gene table of the small genome, with coding parts and IDs."""
    genes = [
        replace(gene, transcript_id=f"NM_{i}.1", coding=tuple(Interval(*exon) for exon in gene.exons))
        for i, gene in enumerate(genome.genes)
    ]
    path = tmp_path / "coding.txt"
    path.write_text(format_table(genes))
    return path


@pytest.fixture
def records_in_genes(genome):
    """Records in all genes, with an insertion, a deletion, an MNV and ALTs that have no score."""

    def alts(chrom, pos, *more, n=1):
        return (chrom, pos, genome.base(chrom, pos, n), ",".join((genome.other(chrom, pos), *more)))

    return [
        alts("chr1", 181),
        alts("chr1", 262, "<*>", genome.base("chr1", 262) + "GTGAG"),
        alts("chr1", 331, n=4),
        alts("chr1", 600),
        alts("chr1", 950),
        alts("chr2", 61),
    ]
