"""What bounds the default of --threads, and that -v says so."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
import torch

from spliceai_cli.engine import device

VARIABLES = ("OMP_NUM_THREADS", "SLURM_CPUS_PER_TASK", "NSLOTS", "PBS_NCPUS", "LSB_DJOB_NUMPROC")
FREE = {"CPU affinity": 16}


@pytest.fixture
def threads_of(annotate_toy, monkeypatch, genome):
    """The lines about threads that ``annotate -v`` says, with these limits of the machine and this environment."""

    def call(limits, environ, *arguments):
        for name in VARIABLES:
            monkeypatch.delenv(name, raising=False)
        for name, text in environ.items():
            monkeypatch.setenv(name, text)
        monkeypatch.setattr(device, "cpu_limits", lambda: limits)
        vcf = genome.fasta.parent / "in.vcf"
        vcf.write_text(
            "##fileformat=VCFv4.2\n#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\nchr1\t1\t.\tN\t.\t.\t.\t.\n"
        )
        result = annotate_toy("-I", vcf, "-v", *arguments)
        assert result.code == 0, result.stderr
        said = [line for line in result.stderr.splitlines() if "CPU" in line]
        return torch.get_num_threads(), said

    return call


CASES = {
    "free": (FREE, {}, 16, "CPU affinity"),
    "cgroup": ({**FREE, "cgroup quota": 3}, {"NSLOTS": "8"}, 3, "cgroup quota"),
    **{name: (FREE, {name: "3"}, 3, name) for name in VARIABLES},
    "smallest": (FREE, {"SLURM_CPUS_PER_TASK": "8", "OMP_NUM_THREADS": "2", "NSLOTS": "4"}, 2, "OMP_NUM_THREADS"),
    "nested": (FREE, {"OMP_NUM_THREADS": "4,2"}, 4, "OMP_NUM_THREADS"),
    "blanks": (FREE, {"NSLOTS": " 4 "}, 4, "NSLOTS"),
    "more-than-there-are": (FREE, {"PBS_NCPUS": "64"}, 16, "CPU affinity"),
    "equal": ({"CPU affinity": 4}, {"PBS_NCPUS": "4"}, 4, "CPU affinity and PBS_NCPUS"),
}


@pytest.mark.parametrize(("limits", "environ", "n_threads", "by"), CASES.values(), ids=CASES)
def test_threads__are_the_smallest_of_what_limits_them(threads_of, limits, environ, n_threads, by):
    assert threads_of(limits, environ) == (n_threads, [f"CPU threads: {n_threads}, by {by}"])


@pytest.mark.parametrize("text", ["", "0", "abc", "-1", "1.5", "4;2", "4,two", "9" * 5000])
def test_threads__pass_over_nonsense_and_say_so(threads_of, text):
    assert threads_of(FREE, {"SLURM_CPUS_PER_TASK": text, "NSLOTS": "5"}) == (
        5,
        [
            "CPU threads: 5, by NSLOTS",
            f"SLURM_CPUS_PER_TASK={text!r} is ignored: a whole number of CPUs, at least 1, expected",
        ],
    )


def test_threads__asked_for_win(threads_of):
    environ = {"OMP_NUM_THREADS": "2", "NSLOTS": "abc"}
    assert threads_of({"CPU affinity": 1}, environ, "--threads", "3") == (3, ["CPU threads: 3, by --threads"])


@pytest.mark.parametrize("command", ["score", "plot", "predict"])
def test_threads__are_said_by_every_command(cli, genome, toy_weights, tmp_path, monkeypatch, command):
    monkeypatch.setattr(device, "cpu_limits", lambda: FREE)
    monkeypatch.setenv("LSB_DJOB_NUMPROC", "1")
    monkeypatch.delenv("OMP_NUM_THREADS", raising=False)
    own = {
        "score": ("chr1:200:C:T", "-A", genome.table),
        "plot": ("chr1:200:C:T", "-A", genome.table, "-o", tmp_path / "x.svg"),
        "predict": ("-r", "chr1:1-50", "-O", tmp_path / "x.tsv"),
    }
    fixed = ("-R", genome.fasta, "--weights", toy_weights, "--device", "cpu", "-v")
    result = cli(command, *fixed, *own[command])
    assert "CPU threads: 1, by LSB_DJOB_NUMPROC\n" in result.stderr
    assert result.code == 0


def test_threads__are_said_by_selftest(cli, home, monkeypatch):
    monkeypatch.setattr(device, "cpu_limits", lambda: FREE)
    monkeypatch.setenv("PBS_NCPUS", "1")
    monkeypatch.delenv("OMP_NUM_THREADS", raising=False)
    result = cli("selftest", "-v")
    assert result.stderr.startswith("CPU threads: 1, by PBS_NCPUS\nError: ")
    assert not home.exists()


def test_threads__of_a_process_of_its_own(genome, toy_weights):
    # In this process other tests decide what there is; here nothing is replaced.
    environ = {**os.environ, "SLURM_CPUS_PER_TASK": "1", "OMP_NUM_THREADS": ""}
    command = [sys.executable, "-m", "spliceai_cli", "score", "chr1:200:C:T", "-R", genome.fasta, "-A", genome.table]
    options = ["--weights", toy_weights, "--device", "cpu"]
    told = subprocess.run([*command, *options, "-v"], env=environ, capture_output=True, text=True, check=True)
    first = next(line for line in told.stderr.splitlines() if line.startswith("CPU threads: "))
    assert first.startswith("CPU threads: 1, by ")
    assert first.endswith("SLURM_CPUS_PER_TASK")
    assert "OMP_NUM_THREADS='' is ignored" in told.stderr
    silent = subprocess.run([*command, *options], env=environ, capture_output=True, text=True, check=True)
    assert "CPU threads" not in silent.stderr
    assert silent.stdout == told.stdout
