"""The published networks of OpenSpliceAI and Pangolin, as their authors saved them."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from numpy.testing import assert_allclose
from support import builders

from spliceai_cli.engine.forward import PlainEngine
from spliceai_cli.engine.incremental import IncrementalEngine
from spliceai_cli.errors import UsageError, WeightsError
from spliceai_cli.genome.fasta import Reference
from spliceai_cli.models.open import load_path, open_model
from spliceai_cli.models.published import PANGOLIN, openspliceai
from spliceai_cli.plan.rules import Rules, TissueRules
from spliceai_cli.scores.sites import SITES
from spliceai_cli.variants.variant import Variant

pytestmark = pytest.mark.golden

CPU = torch.device("cpu")
# Path below models, the spec.
MODELS = {
    "openspliceai 80": ("openspliceai-mane/model_80nt_rs10.pt", openspliceai(80, 1)),
    "openspliceai 400": ("openspliceai-mane/model_400nt_*.pt", openspliceai(400, 1)),
    "openspliceai 2000": ("openspliceai-mane/model_2000nt_*.pt", openspliceai(2_000, 1)),
    "openspliceai 10000": ("openspliceai-mane/model_10000nt_rs1?.pt", openspliceai(10_000, 5)),
    "pangolin": ("pangolin", PANGOLIN),
}
# RYR1 and CACNA1A; only their strand and roughly their place matter.
GENES = (
    builders.gene("RYR1", "19", "+", 38_433_690, 38_587_564),
    builders.gene("CACNA1A", "19", "-", 13_206_441, 13_506_459),
)


@pytest.fixture(scope="module")
def models(shared):
    folder = shared / "models"
    if not folder.exists():
        pytest.skip("no ../shared/data/models")
    return folder


@pytest.fixture(scope="module")
def opened(models):
    """Models by name, loaded once."""
    kept = {}

    def get(name):
        if name not in kept:
            kept[name] = load_path(str(models / MODELS[name][0]))
        return kept[name]

    return get


@pytest.fixture(scope="module")
def reference(chr19):
    return Reference(chr19)


def edits_of(reference, spec, n, distance=50):
    """Several edits to a place, in both genes."""
    rules = Rules(distance, 1000) if spec.kind is SITES else TissueRules(distance, 1000)
    planner = builders.planner(reference, GENES, rules, kind=spec.kind)
    rng = np.random.default_rng(19)
    # A donor is made at 38,467,720.
    variants = [Variant("19", 38_467_722, "C", "T")]
    while len(variants) < n:
        gene = GENES[len(variants) % 2]
        # The first is at the gene's own end, where SpliceAI sees N.
        pos = gene.start + 20 if len(variants) == 1 else int(rng.integers(gene.start, gene.end))
        for n_ref, n_alt in ((1, 1), (4, 1), (1, 12)) if n > 2 else ((4, 1),):
            ref = reference.fetch("19", pos - 1, pos - 1 + n_ref).decode().upper()
            alt = (
                ref[0] + "".join(rng.choice(list("ACGT"), n_alt - 1))
                if n_alt != n_ref
                else "ACGTA"["ACGT".index(ref) + 1]
            )
            variants.append(Variant("19", pos, ref, alt))
    return [job.edit for variant in variants[:n] for job in planner.plan(variant).jobs]


@pytest.mark.parametrize("name", MODELS)
def test_model__is_told_by_its_files(opened, name):
    ensemble = opened(name)
    assert ensemble.spec == MODELS[name][1]
    assert len(ensemble.networks) == ensemble.spec.n_networks


def test_openspliceai__folder_of_all_needs_a_choice(models):
    with pytest.raises(WeightsError, match="need different lengths of context: 10,000 bp .5 of them., 2,000 bp"):
        load_path(str(models / "openspliceai-mane"))


def test_known_name__is_checked(models, tmp_path):
    assert open_model(f"pangolin={models / 'pangolin'}", tmp_path).spec == PANGOLIN
    with pytest.raises(UsageError, match="these are weights of pangolin, not of openspliceai"):
        open_model(f"openspliceai={models / 'pangolin'}", tmp_path)


@pytest.mark.parametrize("name", MODELS)
def test_incremental__equals_plain(opened, reference, request, name):
    ensemble = opened(name)
    n = 40 if request.config.getoption("--all-records") else 2
    edits = edits_of(reference, ensemble.spec, n)
    assert len(edits) == n
    plain = PlainEngine(ensemble, CPU, 8, 4 << 30).predict(edits)
    found = IncrementalEngine(ensemble, CPU, 8, 4 << 30).predict(edits)
    largest = max(float(abs(a.alt - b.alt).max()) for a, b in zip(found, plain, strict=True))
    print(f"{name}: {n} edits, largest difference {largest:.1e}")
    for ours, theirs in zip(found, plain, strict=True):
        assert ours.alt.shape == (theirs.alt.shape[0], ensemble.spec.n_answers)
        assert_allclose(ours.ref, theirs.ref, rtol=0, atol=2e-6)
        assert_allclose(ours.alt, theirs.alt, rtol=0, atol=2e-6)
    # Every network sees the donor that the first edit makes 2 bp before POS; SpliceAI gives it 0.91.
    gain = (found[0].alt - found[0].ref)[48]
    assert (gain[ensemble.spec.n_classes - 1 :: ensemble.spec.n_classes] > 0.5).all()
