from __future__ import annotations

import numpy as np
import pytest
from numpy.testing import assert_allclose
from support import builders, toy_networks

from spliceai_cli.engine.forward import PlainEngine
from spliceai_cli.genome.fasta import Reference
from spliceai_cli.plan.rules import Rules
from spliceai_cli.variants.variant import Variant


@pytest.fixture
def edits(genome):
    """Edits of all kinds on three genes, some of them sharing REF."""
    planner = builders.planner(Reference(genome.fasta), genome.genes, Rules(8, 1000))
    variants = []
    for chrom, pos in (("chr1", 150), ("chr1", 450), ("chr1", 700), ("chr2", 3), ("chr2", 299)):
        ref = genome.base(chrom, pos)
        variants += [Variant(chrom, pos, ref, alt) for alt in "ACGT" if alt != ref]
        variants += [Variant(chrom, pos, ref, ref + "ACG"), Variant(chrom, pos, ref, ref + "TTTTTTTT")]
        if pos < 200 or chrom == "chr1":
            variants += [Variant(chrom, pos, genome.base(chrom, pos, n), ref) for n in (2, 12)]
    plans = [planner.plan(variant) for variant in variants]
    assert all(plan.reason is None for plan in plans)
    return [job.edit for plan in plans for job in plan.jobs]


def engine(device, batch_size=4):
    return PlainEngine(toy_networks.random_ensemble(), device, batch_size, 4 << 30)


@pytest.mark.parametrize("batch_size", [1, 3, 64])
def test_predict__does_not_depend_on_batch_size_or_order(device, edits, batch_size):
    expected = [engine(device).predict([edit])[0] for edit in edits]
    order = np.random.default_rng(batch_size).permutation(len(edits))
    found = engine(device, batch_size).predict([edits[i] for i in order])
    for i, prediction in zip(order, found, strict=True):
        assert_allclose(prediction.ref, expected[i].ref, rtol=0, atol=2e-6)
        assert_allclose(prediction.alt, expected[i].alt, rtol=0, atol=2e-6)


def test_predict__shapes_are_those_of_the_scored_positions(device, edits):
    for edit, prediction in zip(edits, engine(device).predict(edits), strict=True):
        assert prediction.ref.shape == (edit.ref_scored.length, 3)
        assert prediction.alt.shape == (edit.alt_scored.length, 3)
        assert prediction.ref.dtype == np.float32


def test_predict__alleles_of_a_locus_share_ref(device, edits, monkeypatch):
    plain = engine(device)
    n_sequences = []
    forward = plain._forward
    monkeypatch.setattr(plain, "_forward", lambda codes: n_sequences.append(len(codes)) or forward(codes))
    snvs = [edit for edit in edits if edit.sequence.strand == "+"][:3]
    assert len({edit.ref_scored for edit in snvs}) == 1
    plain.predict(snvs)
    assert sum(n_sequences) == 4


def test_predict__no_edits_no_predictions(device):
    assert engine(device).predict([]) == []


def test_predict__arithmetic_network_says_half_for_g_and_t(device, tmp_path):
    fasta = builders.write_fasta(tmp_path / "a.fa", {"1": "ACGTACGT"})
    planner = builders.planner(Reference(fasta), [builders.gene("G", "1", "+", 0, 8)], Rules(3, 10))
    [job] = planner.plan(Variant("1", 4, "T", "G")).jobs
    [prediction] = PlainEngine(toy_networks.arithmetic_ensemble(), device, 1, 4 << 30).predict([job.edit])
    # POS 1 to 7: A C G T A C G and A C G G A C G; G is an acceptor with 1/2, T a donor with 1/2.
    assert_allclose(prediction.ref[:, 1], [0, 0, 0.5, 0, 0, 0, 0.5], atol=1e-6)
    assert_allclose(prediction.ref[:, 2], [0, 0, 0, 0.5, 0, 0, 0], atol=1e-6)
    assert_allclose(prediction.alt[:, 1], [0, 0, 0.5, 0.5, 0, 0, 0.5], atol=1e-6)
    assert_allclose(prediction.alt[:, 2], [0] * 7, atol=1e-6)
