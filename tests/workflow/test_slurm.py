"""The Snakemake workflow on a real Slurm of one node, through the executor plugin."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time
from contextlib import suppress
from pathlib import Path

import pytest
from support.programs import WORKFLOW_BIN, needed
from support.slurm import running_slurm

WORKFLOW = Path(__file__).parents[2] / "workflow"

pytestmark = [pytest.mark.cluster, pytest.mark.timeout(900)]


@pytest.fixture(scope="module")
def slurm(tmp_path_factory):
    with running_slurm(tmp_path_factory.mktemp("slurm")) as environment:
        yield environment


def has_plugin(snakemake, environment):
    done = subprocess.run([snakemake, "--help"], env=environment, capture_output=True, text=True, check=False)
    return "slurm" in done.stdout


def test_job_array__gives_what_one_run_gives(slurm, world, whole, programs, tmp_path):
    """The commands of docs/scatter.md."""
    page = (WORKFLOW.parent / "docs" / "scatter.md").read_text("utf-8")
    (commands,) = [block for block in page.split("```sh\n") if "sbatch" in block]
    commands = commands.partition("```")[0]
    for old, new in (
        ("in.vcf.gz -n 200 parts -R hg38.fa -A gencode", f"{world.vcf} -n 5 parts {' '.join(world.options)}"),
        ("sbatch --dependency", "sbatch --wait --dependency"),
    ):
        assert old in commands
        commands = commands.replace(old, new)
    environment = {**slurm, "PATH": f"{programs}:{slurm['PATH']}"}
    done = subprocess.run(
        ["bash", "-euc", commands], cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert (tmp_path / "out.vcf.gz").read_bytes() == whole[0]


def test_workflow__gives_what_one_run_gives_although_a_part_is_killed(slurm, world, whole, programs, tmp_path):
    snakemake = needed("snakemake")
    config = {
        "samples": {"a": str(world.vcf)},
        "reference": str(world.fasta),
        "annotation": str(world.table),
        "parts": 4,
        "options": f"--weights {world.weights}",
    }
    (tmp_path / "config.json").write_text(json.dumps(config))
    environment = {**slurm, "PATH": f"{programs}:{WORKFLOW_BIN}:{slurm['PATH']}", "HOME": str(tmp_path)}
    environment.pop("PYTHONPATH", None)
    if not has_plugin(snakemake, environment):
        pytest.skip("snakemake-executor-plugin-slurm is not installed: make workflow-programs")
    process = subprocess.Popen(
        [
            snakemake, "-s", str(WORKFLOW / "Snakefile"), "--configfile", "config.json", "--jobs", "4",
            "--profile", str(WORKFLOW / "profiles" / "slurm"), *STATUS, "--latency-wait", "5",
            "--default-resources", "slurm_partition=normal", "mem_mb=1000", "runtime=10",
        ],
        cwd=tmp_path, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    )  # fmt: skip
    kill_one_part(tmp_path, process)
    output, _ = process.communicate(timeout=800)
    assert process.returncode == 0, output
    assert (tmp_path / "results" / "a.vcf.gz").read_bytes() == whole[0]


# Without accounting, the states of jobs come from squeue.
STATUS = (
    "--slurm-no-account",
    *("--slurm-status-command", "squeue"),
    *("--slurm-init-seconds-before-status-checks", "1"),
    *("--seconds-between-status-checks", "2"),
)


def kill_one_part(folder, process):
    """End one job with SIGKILL while it writes."""
    outputs = folder / "results" / "a.parts" / "out"
    end = time.monotonic() + 400
    while not (temporary := list(outputs.glob(".*.vcf.gz.*.part")) if outputs.exists() else []):
        assert time.monotonic() < end
        assert process.poll() is None, process.communicate()[0]
        time.sleep(0.01)
    killed = process_of(folder, temporary[0].name.split(".")[1])
    os.kill(killed, signal.SIGKILL)
    # It had not finished: only then does the part start again, within its job or in another.
    assert temporary[0].exists()


def process_of(folder, number):
    """ID of the process that runs a part in a folder."""
    for entry in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            arguments = (entry / "cmdline").read_bytes().decode().split("\0")
            if arguments[3:5] == ["scatter", "run"] and arguments[6] == number and (entry / "cwd").samefile(folder):
                return int(entry.name)
    raise AssertionError(f"no process runs part {number}")
