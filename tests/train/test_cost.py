"""``benchmarks/training.py`` on a CPU with toy sizes, beside operations counted by hand."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from support import builders

ROOT = Path(__file__).parents[2]


def test_script__measures_and_trains(tmp_path):
    genes = [
        builders.gene(f"G{i}", "1", "+", 500 * i, 500 * i + 400,
                      (500 * i, 500 * i + 80), (500 * i + 160, 500 * i + 240), (500 * i + 320, 500 * i + 400))
        for i in range(6)
    ]  # fmt: skip
    fasta = builders.write_fasta(tmp_path / "genome.fa", {"chr1": builders.random_bases(3000, 1)})
    table = builders.write_table(tmp_path / "genes.txt", genes)
    command = [
        sys.executable, str(ROOT / "benchmarks" / "training.py"), "-R", str(fasta), "-A", str(table), "--device", "cpu",
        "--context", "80", "--precision", "float32", "--batch", "4", "--window", "50", "--steps", "2",
        "--run", str(tmp_path / "run"),
    ]  # fmt: skip
    done = subprocess.run(
        command, capture_output=True, text=True, timeout=300, check=True, env={**os.environ, "PYTHONPATH": str(ROOT)}
    )
    first, _, _, _, row, whole, last = done.stdout.splitlines()
    assert first.endswith("batches of 4 x 50")
    columns = [column.strip() for column in row.strip("|").split("|")]
    # Stem, two taps and head of 1 base; four blocks of two convolutions of 11, whose first bias is not trained.
    n_parameters = 160 + 2 * 1056 + 4 * (2 * 64 + 2 * 11 * 1024 + 32) + 99
    # Their outputs have 120, 110 … 50 positions. Forward, and backward to inputs and to weights; the stem has no
    # gradient of its input.
    operations = 6 * (sum(range(50, 121, 10)) * 11 * 1024 + 50 * (2 * 1024 + 96)) + 4 * 130 * 128
    assert columns[:3] == ["80", "float32", f"{n_parameters:,}"]
    assert columns[4] == f"{operations / 50 / 1e6:.2f} M" == "0.93 M"
    assert int(columns[3].replace(",", "")) > 0
    assert whole.startswith("400 nt, 5 genes, 4 epochs: ")
    assert json.loads(last)["kind"] == "validation"
    assert (tmp_path / "run" / "weights.safetensors").exists()
