"""Measures of a network on examples, against scikit-learn and NumPy on the same probabilities."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from support import builders

from spliceai_cli.genome.fasta import Reference
from spliceai_cli.train.config import TrainConfig
from spliceai_cli.train.labels import LEFT_OUT
from spliceai_cli.train.network import new_network
from spliceai_cli.train.validation import validate
from spliceai_cli.train.windows import Windows

CONFIG = TrainConfig(context=80, channels=4, window=50, margin=3)
EXONS = ((0, 60), (130, 200), (260, 330), (400, 460))


@pytest.fixture
def windows(tmp_path):
    genes = [
        builders.gene("P", "1", "+", 100, 560, *((100 + a, 100 + b) for a, b in EXONS)),
        builders.gene("M", "1", "-", 600, 1060, *((600 + a, 600 + b) for a, b in EXONS)),
    ]
    bases = {"chr1": builders.random_bases(1200, 7)}
    return Windows(genes, Reference(builders.write_fasta(tmp_path / "g.fa", bases)), CONFIG, CONFIG.spec.flank)


def test_validate__equals_other_programs(windows):
    metrics = pytest.importorskip("sklearn.metrics", reason="scikit-learn is not installed")
    network, weights = new_network(CONFIG.spec, 3), torch.tensor([0.5, 20.0, 30.0])
    measures = validate(network, windows, weights, torch.device("cpu"), most=1000)
    examples = [windows.example(i) for i in range(len(windows))]
    labels = np.concatenate([example.labels for example in examples])
    with torch.no_grad():
        logits = np.concatenate([network(torch.tensor(example.codes)[None])[0].T.numpy() for example in examples])
    shares = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    shares, labels = shares[labels != LEFT_OUT], labels[labels != LEFT_OUT]
    losses = -np.log(shares[np.arange(len(labels)), labels]) * weights.numpy()[labels]
    assert measures["loss"] == pytest.approx(losses.mean(), rel=1e-5)
    for site, name in ((1, "acceptor"), (2, "donor")):
        is_site, scores = labels == site, shares[:, site]
        assert is_site.sum() == 6
        expected = metrics.average_precision_score(is_site, scores)
        assert measures[f"{name}_pr_auc"] == pytest.approx(expected, rel=1e-4)
        top = np.argsort(-scores)[:6]
        assert measures[f"{name}_top_k"] == pytest.approx(is_site[top].mean())


def test_validate__looks_at_a_sample_of_many_examples(windows):
    network, weights = new_network(CONFIG.spec, 3), torch.ones(3)
    few = validate(network, windows, weights, torch.device("cpu"), most=5)
    assert few == validate(network, windows, weights, torch.device("cpu"), most=5)
    assert few["loss"] != validate(network, windows, weights, torch.device("cpu"), most=1000)["loss"]
