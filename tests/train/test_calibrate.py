from __future__ import annotations

import numpy as np
import pytest
import torch
from support import builders, toy_networks

from spliceai_cli import Compute, Model
from spliceai_cli.evaluate.loci import single_loci
from spliceai_cli.genome.fasta import Reference
from spliceai_cli.models.load import build, load_safetensors
from spliceai_cli.models.spec import ACCEPTOR, DONOR
from spliceai_cli.train.calibrate import Sample, _thinned, at_temperature, fit_temperature, sample_logits


@pytest.fixture
def ensemble(toy_weights):
    return load_safetensors(toy_weights / "weights.safetensors")


def test_fit__finds_the_temperature_that_was_applied():
    """Labels drawn from a softmax; logits three times too large, of one network."""
    random = np.random.default_rng(1)
    true = random.normal(0, 1.5, (20_000, 3))
    shares = np.exp(true) / np.exp(true).sum(axis=1, keepdims=True)
    labels = (random.random((20_000, 1)) > shares.cumsum(axis=1)).sum(axis=1)
    logits = torch.tensor(3 * true, dtype=torch.float32)[None]
    fit = fit_temperature(Sample(logits, torch.tensor(labels), torch.ones(20_000)))
    assert fit.temperature == pytest.approx(3, rel=0.05)
    assert fit.after < fit.before


def test_loss__by_hand():
    """Two networks whose mean probability of the label is 0.5 and, weighing three, 0.25."""
    probabilities = torch.tensor([[[0.6, 0.3, 0.1], [0.1, 0.3, 0.6]], [[0.4, 0.3, 0.3], [0.3, 0.2, 0.5]]])
    sample = Sample(torch.log(probabilities), torch.tensor([0, 1]), torch.tensor([1.0, 3.0]))
    assert sample.loss(1.0) == pytest.approx(-(np.log(0.5) + 3 * np.log(0.25)) / 4, rel=1e-6)


def test_at_temperature__divides_logits(ensemble):
    weights = at_temperature(ensemble, 2.0, "Cool")
    cooled = Model(build(weights, "cooled"), Compute(device="cpu"))
    assert (cooled.spec.key, cooled.spec.name) == ("Cool", "Cool")
    bases = builders.random_bases(50, 2)
    plain = Model(ensemble, Compute(device="cpu"))
    np.testing.assert_allclose(cooled.logits(bases), plain.logits(bases) / 2, rtol=0, atol=2e-6)


def test_thinned__gives_what_is_kept_the_weight_of_the_rest():
    """Sites at the first ten of 200,000 positions, each of which has a probability of 1e-5 to be one."""
    logits = torch.tensor([12.0, 0.0, 0.0]).repeat(1, 200_000, 1)
    labels = torch.zeros(200_000, dtype=torch.int64)
    labels[:10] = ACCEPTOR
    sample = _thinned(logits, labels, np.random.default_rng(1))
    assert (sample.labels == ACCEPTOR).sum() == 10
    assert set(sample.sizes[sample.labels == ACCEPTOR].tolist()) == {1.0}
    assert len(sample.labels) == pytest.approx(2000, rel=0.1)
    assert float(sample.sizes.sum()) == pytest.approx(200_000, rel=0.1)
    # Of two networks, one that finds a position likely is enough to keep it.
    both = torch.stack((logits[0], torch.tensor([0.0, 0.0, 5.0]).repeat(200_000, 1)))
    assert len(_thinned(both, labels, np.random.default_rng(1)).labels) == 200_000


@pytest.mark.parametrize("strand", ["+", "-"])
def test_sample__has_every_site_at_its_logits(tmp_path, ensemble, strand):
    reference = Reference(builders.write_fasta(tmp_path / "g.fa", {"1": builders.random_bases(300, 3)}))
    gene = builders.gene("G", "1", strand, 20, 260, (20, 60), (100, 160), (200, 260))
    sample = sample_logits(
        ensemble, single_loci([gene], reference), reference, is_alone=True, device=torch.device("cpu")
    )
    assert [(sample.labels == site).sum().item() for site in (1, 2)] == [2, 2]
    model = Model(ensemble, Compute(device="cpu"))
    logits = model.logits(builders.random_bases(300, 3)[20:260], strand=strand)
    for site, positions in ((1, gene.acceptors), (2, gene.donors)):
        order = sorted(positions, reverse=strand == "-")
        expected = [logits[pos - 1 - 20] for pos in order]
        np.testing.assert_allclose(sample.logits.mean(dim=0)[sample.labels == site], expected, atol=2e-6)
    assert toy_networks.RANDOM_SPEC.n_networks == len(sample.logits)


@pytest.mark.parametrize("strand", ["+", "-"])
def test_sample__leaves_out_exons_of_one_base(tmp_path, ensemble, strand):
    """Such an exon is acceptor and donor at once; it used to count as a donor, against what training does."""
    reference = Reference(builders.write_fasta(tmp_path / "g.fa", {"1": builders.random_bases(300, 3)}))

    def sampled(*exons):
        loci = single_loci([builders.gene("G", "1", strand, 20, 260, (20, 60), *exons, (200, 260))], reference)
        return sample_logits(ensemble, loci, reference, is_alone=True, device=torch.device("cpu"))

    plain, single = sampled(), sampled((120, 121))
    counts = [[(sample.labels == site).sum().item() for site in (ACCEPTOR, DONOR)] for sample in (plain, single)]
    assert counts == [[1, 1], [1, 1]]
    # The toy network finds every position likely, so that each is kept.
    assert plain.sizes.sum() - single.sizes.sum() == 1
