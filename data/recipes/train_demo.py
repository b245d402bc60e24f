"""Trains a small network on part of chr19, tests it on the rest beside position weight matrices, and annotates with it.

``make train-demo`` runs it, in less than 10 minutes on two cores. It fails unless every measure of the network is at
least 1.5 times that of the matrices, which are made from the same genes.
"""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

from spliceai_cli.evaluate.loci import single_loci, spliced
from spliceai_cli.evaluate.matrices import MatrixModel
from spliceai_cli.evaluate.open import open_scanners
from spliceai_cli.evaluate.sites import Bootstrap, evaluate_sites
from spliceai_cli.evaluate.text import site_tables
from spliceai_cli.genes.annotation import read_annotation
from spliceai_cli.genes.selection import Selection
from spliceai_cli.genome.fasta import Reference
from spliceai_cli.models.open import load_path
from spliceai_cli.settings.compute import Compute
from spliceai_cli.settings.words import FLOAT32
from spliceai_cli.train.config import read_config
from spliceai_cli.train.splits import split_genes

ROOT = Path(__file__).resolve().parents[2]
CACHE = ROOT / "data" / "cache"
FASTA = CACHE / "GRCh38.chr19.fa"
GENES = (
    CACHE / "GRCh38.chr19.ensembl91.gff3.gz",
    ROOT.parent / "shared" / "data" / "annotation" / "GRCh38.chr19.ensembl91.gff3.gz",
)
RECIPE = Path(__file__).with_suffix(".toml")

# The smallest acceptable ratio of the network's measures to those of the matrices.
_MARGIN = 1.5


def main() -> int:
    """Run the demo; the exit code."""
    genes = next((path for path in GENES if path.exists()), None)
    if genes is None or not FASTA.exists():
        hint = "make data" if genes else "its genes are in the package intronIC 3.0.0, under intronIC/data/test_data"
        print(f"skipped: no {FASTA if genes else GENES[0]}: {hint}")
        return 0
    started, run = time.monotonic(), CACHE / "train-demo"
    inputs = ("-R", str(FASTA), "-A", str(genes), "-q")
    _call("train", str(RECIPE), *inputs, "-O", str(run))
    print(f"trained in {time.monotonic() - started:.0f} s")
    is_better = _compare(genes, run)
    _call(
        "annotate", "-I", str(ROOT / "data/examples/chr19.vcf"), *inputs, "--model", str(run), "-O", f"{run}/demo.vcf"
    )
    _call("table", f"{run}/demo.vcf")
    print(f"{time.monotonic() - started:.0f} s in all")
    return 0 if is_better else 1


def _compare(genes: Path, run: Path) -> bool:
    """Print the accuracy of both on the test genes; whether the network is as much better as it has to be."""
    config, reference = read_config(RECIPE, "card", ()), Reference(FASTA)
    annotation = read_annotation(genes, Selection(biotypes=config.biotypes))
    split = split_genes(annotation.genes, reference, config)
    training, test = (single_loci(spliced(part, reference), reference) for part in (split.train, split.test))
    network = open_scanners([load_path(str(run))], Compute(device="cpu"), FLOAT32)
    models = {**network, "matrices": MatrixModel(training, reference)}
    accuracies = evaluate_sites(models, test, reference, is_alone=config.is_alone, bootstrap=Bootstrap())
    print("\n".join(site_tables(accuracies)))
    half = len(accuracies) // 2
    ratios = [
        (trained.site, name, getattr(trained, name).value / getattr(matrix, name).value)
        for trained, matrix in zip(accuracies[:half], accuracies[half:], strict=True)
        for name in ("top_k", "pr_auc")
    ]
    for site, name, ratio in ratios:
        print(f"{site} {name}: {ratio:.2f} times that of the matrices")
    return all(ratio >= _MARGIN for *_, ratio in ratios)


def _call(*arguments: str) -> None:
    subprocess.run([sys.executable, "-m", "spliceai_cli", *arguments], check=True)


if __name__ == "__main__":
    sys.exit(main())
