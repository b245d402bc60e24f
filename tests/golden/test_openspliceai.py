"""Probabilities that openspliceai 0.0.7 computed (see ``openspliceai/PROVENANCE.md``)."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from spliceai_cli import Compute, load_model
from spliceai_cli.genome.fasta import Reference

pytestmark = [pytest.mark.golden, pytest.mark.weights]

CASE = Path(__file__).parent / "openspliceai"
FILES = {80: "model_80nt_rs10.pt", 400: "model_400nt_*.pt", 2_000: "model_2000nt_*.pt", 10_000: "model_10000nt_*.pt"}


def stretches() -> list[tuple[str, int, int, str]]:
    """Name, start, end and strand."""
    rows = [line.split("\t") for line in (CASE / "input.bed").read_text().splitlines() if not line.startswith("#")]
    return [(name, int(start), int(end), strand) for _, start, end, name, _, strand in rows]


@pytest.mark.parametrize("context", FILES)
def test_probabilities__are_those_of_openspliceai(context, chr19, shared):
    model = load_model(
        f"openspliceai={shared}/models/openspliceai-mane/{FILES[context]}", compute=Compute(device="cpu")
    )
    assert model.spec.context == context
    reference, flank, largest = Reference(chr19), model.spec.flank, 0.0
    with np.load(CASE / "expected.npz") as expected:
        for name, start, end, strand in stretches():
            bases = reference.fetch("19", start - flank, end + flank).decode("ascii")
            found = model.predict(bases, strand=strand)[flank : flank + end - start]
            largest = max(largest, float(np.abs(found - expected[f"{name}.{context}"]).max()))
    print(f"context {context}: largest difference {largest:.1e}")
    assert largest <= 1e-5
