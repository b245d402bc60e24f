"""The Snakemake workflow and the wrapper, run by Snakemake."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import time
from pathlib import Path

import pysam
import pytest
from support.programs import needed

WORKFLOW = Path(__file__).parents[2] / "workflow"

# Snakemake compiles the workflow for each job.
pytestmark = pytest.mark.timeout(1800)


@pytest.fixture(scope="module")
def snakemake():
    return needed("snakemake")


@pytest.fixture
def configured(world, tmp_path):
    """A folder to run in, with a configuration of one sample."""
    pysam.tabix_compress(str(world.vcf), str(tmp_path / "in.vcf.gz"))
    config = {
        "samples": {"first": "in.vcf.gz"},
        "reference": str(world.fasta),
        "annotation": str(world.table),
        "parts": 3,
        "options": f"--weights {world.weights}",
    }
    (tmp_path / "config.json").write_text(json.dumps(config))
    return tmp_path


@pytest.fixture
def start(snakemake, configured, programs):
    """Start Snakemake on the workflow."""

    def call(*options, **more):
        # Snakemake's own Python comes first on its path, but ours has to be found by jobs.
        path = f"{programs}:{Path(snakemake).parent}:{os.environ['PATH']}"
        environment = {**os.environ, "PATH": path, "HOME": str(configured), "XDG_CACHE_HOME": str(configured / "cache")}
        environment.pop("PYTHONPATH", None)
        fixed = ("-s", str(WORKFLOW / "Snakefile"), "--configfile", "config.json", "--cores", "2")
        return subprocess.Popen(
            [snakemake, *fixed, *options],
            cwd=configured,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
            **more,
        )

    return call


def finished(process):
    output, _ = process.communicate(timeout=900)
    assert process.returncode == 0, output
    return output


def test_workflow__gives_what_one_run_gives_also_after_a_part_was_killed(start, configured, whole):
    process = start()
    parts = configured / "results" / "first.parts" / "out"
    end = time.monotonic() + 500
    # Half way: data are being written, and there is no marker yet.
    while not (temporary := list(parts.glob(".2.vcf.gz.*.part")) if parts.exists() else []):
        assert time.monotonic() < end, process.communicate()[0]
        assert process.poll() is None, process.communicate()[0]
        time.sleep(0.005)
    os.killpg(process.pid, signal.SIGKILL)
    process.communicate()
    assert temporary[0].exists()
    assert not (configured / "results" / "first.vcf.gz").exists()

    finished(start("--unlock"))
    output = finished(start("--rerun-incomplete"))
    assert (configured / "results" / "first.vcf.gz").read_bytes() == whole[0]
    assert (configured / "results" / "first.vcf.gz.tbi").exists()
    assert (configured / "results" / "first.stats.json").read_bytes() == whole[1]
    assert "finish" in output
    assert "Nothing to be done" in finished(start())


def test_workflow__refuses_a_configuration_that_the_schema_does_not_know(start, configured):
    config = json.loads((configured / "config.json").read_text())
    (configured / "config.json").write_text(json.dumps({**config, "part": 3}))
    process = start("-n")
    output, _ = process.communicate(timeout=200)
    assert process.returncode == 1
    assert "'part' was unexpected" in output


def test_profile__is_one_that_snakemake_reads(start):
    """Without the executor plugin only the name of the executor is unknown."""
    assert "plan" in finished(start("-n", "--profile", str(WORKFLOW / "profiles" / "slurm"), "--executor", "local"))


def test_wrapper__annotates(snakemake, world, whole, programs, tmp_path, shell):
    wrapper = WORKFLOW / "snakemake-wrapper"
    folder = tmp_path / "test"
    shutil.copytree(wrapper / "bio" / "spliceai-cli" / "annotate" / "test", folder)
    for name, path in (("a.vcf", world.vcf), ("genome.fa", world.fasta), ("genes.txt", world.table)):
        shutil.copyfile(path, folder / name)
    shutil.copytree(world.weights, folder / "toy")
    prefix = tmp_path / "wrappers" / "master"
    prefix.parent.mkdir()
    prefix.symlink_to(wrapper)
    shell(
        f"env -u PYTHONPATH {snakemake} --cores 1 --wrapper-prefix file://{tmp_path}/wrappers/ annotated/a.vcf.gz",
        folder=folder,
    )
    assert (folder / "annotated" / "a.vcf.gz").read_bytes() == whole[0]
    assert (folder / "annotated" / "a.json").read_bytes() == whole[1]
    assert (folder / "annotated" / "a.vcf.gz.tbi").exists()
