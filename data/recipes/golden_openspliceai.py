"""The golden case ``tests/golden/openspliceai``: per-base probabilities by OpenSpliceAI itself.

Needs the package openspliceai and what its module ``variant.utils`` imports (PyTorch, NumPy, pandas, pyfaidx, h5py,
tqdm), in an environment of its own; not this package:

    python data/recipes/golden_openspliceai.py FASTA MODELS

FASTA is what ``data/recipes/chr19.py`` prints; MODELS the folder of the published ``model_{80,400,2000,10000}nt_*.pt``.
Writes ``expected.npz`` beside ``input.bed``, the same bytes each time with the same versions.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch
from openspliceai.variant.utils import load_pytorch_models, one_hot_encode
from pyfaidx import Fasta

CASE = Path(__file__).resolve().parents[2] / "tests" / "golden" / "openspliceai"
CONTEXTS = (80, 400, 2000, 10000)  # bp that the networks need in total


class Region(NamedTuple):
    """0-based half-open."""

    chrom: str
    start: int
    end: int
    name: str
    strand: str


def regions(bed: Path) -> Iterator[Region]:
    """The lines of ``input.bed``."""
    for line in bed.read_text("utf-8").splitlines():
        if not line.startswith("#"):
            chrom, start, end, name, _, strand = line.split("\t")
            yield Region(chrom, int(start), int(end), name, strand)


def probabilities(fasta: Fasta, region: Region, context: int, models: list[torch.nn.Module]) -> np.ndarray:
    """Mean of the networks' outputs.

    Returns:
        (W, 3) float32, genomic order: neither, acceptor, donor.
    """
    flank = context // 2
    bases = str(fasta[region.chrom][region.start - flank : region.end + flank])
    one_hot = one_hot_encode(bases)
    if region.strand == "-":
        one_hot = one_hot[::-1, ::-1]
    batch = torch.from_numpy(np.ascontiguousarray(one_hot.T[None])).float()
    with torch.no_grad():
        mean = torch.mean(torch.stack([model(batch) for model in models]), dim=0)
    out = mean[0].numpy().T
    return np.ascontiguousarray(out[::-1] if region.strand == "-" else out)


def main(fasta: Path, folder: Path) -> None:
    """Write ``expected.npz`` with one array for each region and context, named ``NAME.CONTEXT``."""
    torch.manual_seed(0)
    sequence = Fasta(str(fasta))
    found = {}
    for context in CONTEXTS:
        paths = sorted(folder.glob(f"model_{context}nt_*.pt"))
        models = [model for path in paths for model in load_pytorch_models(str(path), context)]
        print(f"{context}: {len(models)} networks", file=sys.stderr)
        for region in regions(CASE / "input.bed"):
            found[f"{region.name}.{context}"] = probabilities(sequence, region, context, models)
    np.savez_compressed(CASE / "expected.npz", **found)


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit("usage: python data/recipes/golden_openspliceai.py FASTA MODELS")
    main(Path(sys.argv[1]), Path(sys.argv[2]))
