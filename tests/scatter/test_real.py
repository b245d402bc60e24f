"""Parts of a real file with real weights."""

from __future__ import annotations

from pathlib import Path

import pytest

GOLDEN = Path(__file__).parents[1] / "golden" / "chr19" / "input.vcf"


@pytest.mark.weights
@pytest.mark.slow
@pytest.mark.parametrize("n_parts", [1, 3, 17])
def test_golden_records__in_parts_have_the_bytes_of_one_run(cli, store, chr19, monkeypatch, tmp_path, n_parts):
    """With the probabilities of ``--raw`` also beyond the second decimal."""
    monkeypatch.setenv("SPLICEAI_CLI_HOME", str(store.home))
    source = few_records(tmp_path / "in.vcf")
    options = ("-R", chr19, "-A", "grch38", "--raw")

    def call(*arguments):
        done = cli(*arguments)
        assert done.code == 0, done.stderr
        return done.stdout.decode()

    facts = call("scatter", "plan", source, "-n", n_parts, tmp_path / "parts", *options)
    assert facts.startswith(f"parts\t{n_parts}\n")
    for number in range(1, n_parts + 1):
        call("scatter", "run", tmp_path / "parts", number, "--threads", 1)
    call("scatter", "finish", tmp_path / "parts", "-O", tmp_path / "joined.vcf.gz")
    call("annotate", "-I", source, "-O", tmp_path / "whole.vcf.gz", *options)
    assert (tmp_path / "joined.vcf.gz").read_bytes() == (tmp_path / "whole.vcf.gz").read_bytes()


def few_records(path):
    """Every third record."""
    lines = GOLDEN.read_text().splitlines(keepends=True)
    n_head = sum(line.startswith("#") for line in lines)
    path.write_text("".join(lines[:n_head] + lines[n_head::3]))
    return path
