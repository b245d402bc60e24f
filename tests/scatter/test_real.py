"""Parts of real files with real weights."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from support import scattered

GOLDEN = Path(__file__).parents[1] / "golden" / "chr19" / "input.vcf"


@pytest.fixture(scope="module")
def annotated(store, chr19, tmp_path_factory):
    """A function that makes the output of one run, and one that makes that of a plan of n parts."""
    folder = tmp_path_factory.mktemp("real")
    environment = scattered.environment(SPLICEAI_CLI_HOME=str(store.home))
    options = ("-R", chr19, "-A", "grch38", "-D", "50", "--raw")

    def call(*arguments):
        done = subprocess.run(
            scattered.command(*arguments), env=environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def scattered_in(source, n_parts):
        parts = folder / f"{n_parts}.parts"
        facts = dict(
            line.split("\t")
            for line in call("scatter", "plan", source, "-n", n_parts, parts, *options).splitlines()
        )  # fmt: skip
        assert int(facts["parts"]) == n_parts
        for number in range(1, n_parts + 1):
            call("scatter", "run", parts, number, "--threads", 1)
        call("scatter", "finish", parts, "-O", folder / f"{n_parts}.vcf.gz")
        return (folder / f"{n_parts}.vcf.gz").read_bytes()

    call("annotate", "-I", GOLDEN, "-O", folder / "whole.vcf.gz", *options)
    whole = (folder / "whole.vcf.gz").read_bytes()
    return whole, lambda n_parts: scattered_in(GOLDEN, n_parts)


@pytest.mark.weights
@pytest.mark.slow
@pytest.mark.parametrize("n_parts", [1, 3, 17])
def test_golden_records__in_parts_have_the_bytes_of_one_run(annotated, n_parts):
    """With the probabilities of ``--raw`` also beyond the second decimal."""
    whole, scattered_in = annotated
    assert scattered_in(n_parts) == whole
