"""Trains a small network on part of chr19, tests it on the rest beside position weight matrices, and annotates with it.

``make train-demo`` runs it; it takes less than 10 minutes on two cores. The network has to beat the matrices, which are
made from the same genes, by half in every measure, or this fails.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
CACHE = ROOT / "data" / "cache"
FASTA = CACHE / "GRCh38.chr19.fa"
GENES = (
    CACHE / "GRCh38.chr19.ensembl91.gff3.gz",
    ROOT.parent / "shared" / "data" / "annotation" / "GRCh38.chr19.ensembl91.gff3.gz",
)
RECIPE = Path(__file__).with_suffix(".toml")

# The network's measures are to be at least so many times those of the matrices.
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
    parts = ("--genes", f"{run}/test-genes.txt", "--matrices", f"{run}/train-genes.txt", "--context", "N")
    _call("evaluate", "sites", *inputs, "--model", str(run), *parts, "-O", f"{run}/accuracy.json")
    ratios = _compare(run / "accuracy.json")
    _call(
        "annotate", "-I", str(ROOT / "data/examples/chr19.vcf"), *inputs, "--model", str(run), "-O", f"{run}/demo.vcf"
    )
    _call("table", f"{run}/demo.vcf")
    print(f"{time.monotonic() - started:.0f} s in all")
    return 0 if min(ratios) >= _MARGIN else 1


def _compare(report: Path) -> list[float]:
    """Print the measures of the network beside those of the matrices; how many times these they are."""
    network, matrices = {}, {}
    for one in json.loads(report.read_text("utf-8"))["accuracy"]:
        measures = matrices if one["model"] == "weight matrices" else network
        measures |= {(one["site"], name): one[name] for name in ("top_k", "pr_auc")}
    ratios = []
    for (site, name), value in network.items():
        other = matrices[site, name]
        ratios.append(value["value"] / other["value"])
        print(f"{site} {name}: {_shown(value)}; matrices {_shown(other)}: {ratios[-1]:.2f} times that")
    return ratios


def _shown(estimate: dict[str, float]) -> str:
    return f"{estimate['value']:.3f} ({estimate['low']:.3f}-{estimate['high']:.3f})"


def _call(*arguments: str) -> None:
    subprocess.run([sys.executable, "-m", "spliceai_cli", *arguments], check=True)


if __name__ == "__main__":
    sys.exit(main())
