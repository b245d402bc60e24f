"""``--memory`` bounds the peak of the whole process, with the published networks on a gene of 2.3 Mb."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from support import builders

GENE_LENGTH = 2_300_000
EDGES = ((5_000, 6_200), (1_150_000, 1_150_150), (2_304_000, 2_305_000))


@pytest.fixture(scope="module")
def long_gene(tmp_path_factory):
    """Folder with ``genome.fa``, ``genes.txt``, ``in.vcf``: an SNV every 2 kb, a cluster of 200, a 10 kb deletion."""
    folder = tmp_path_factory.mktemp("long")
    bases = builders.random_bases(GENE_LENGTH + 20_000, seed=23)
    builders.write_fasta(folder / "genome.fa", {"chrL": bases})
    builders.write_table(folder / "genes.txt", [builders.gene("LONG", "chrL", "-", 5_000, 5_000 + GENE_LENGTH, *EDGES)])
    spread = range(6_000, GENE_LENGTH, 2_000)
    cluster = range(1_150_001, 1_150_001 + 600, 3)
    rows = [("chrL", pos, bases[pos - 1], "C" if bases[pos - 1] != "C" else "G") for pos in (*spread, *cluster)]
    rows.append(("chrL", 700_500, bases[700_499 : 700_499 + 10_000], bases[700_499]))
    builders.write_vcf(folder / "in.vcf", sorted(rows, key=lambda row: row[1]))
    return folder, len(rows)


@pytest.fixture(scope="module")
def outputs():
    """INFO/SpliceAI texts by memory, to compare."""
    return {}


@pytest.mark.weights
@pytest.mark.slow
@pytest.mark.parametrize("gigabytes", [1.5, 4])
def test_memory__peak_of_the_process_stays_below(gigabytes, long_gene, outputs, store):
    folder, n_records = long_gene
    target = folder / f"{gigabytes}.vcf"
    command = [sys.executable, "-m", "spliceai_cli", "annotate", "--memory", f"{gigabytes}G", "--device", "cpu", "-q"]
    files = ["-I", folder / "in.vcf", "-O", target, "-R", folder / "genome.fa", "-A", folder / "genes.txt"]
    process = subprocess.Popen([*command, *map(str, files)], env={**os.environ, "SPLICEAI_CLI_HOME": str(store.home)})
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0
    print(f"--memory {gigabytes}G: peak {usage.ru_maxrss / 2**20:.2f} GB")
    assert usage.ru_maxrss * 1024 <= gigabytes * 2**30
    lines = [line for line in target.read_text().splitlines() if not line.startswith("#")]
    assert len(lines) == n_records
    assert all("SpliceAI=" in line for line in lines)
    outputs[gigabytes] = lines
    assert all(other == lines for other in outputs.values())
