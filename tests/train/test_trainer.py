"""Learning rates counted by hand, and the loss of a step."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch
from support import builders

from spliceai_cli.genome.fasta import Reference
from spliceai_cli.train.config import PRESETS, TrainConfig
from spliceai_cli.train.labels import LEFT_OUT
from spliceai_cli.train.loader import Loader
from spliceai_cli.train.network import new_network, set_training
from spliceai_cli.train.processes import Processes
from spliceai_cli.train.trainer import Trainer, learning_rate
from spliceai_cli.train.windows import Windows


def test_rate__of_the_paper_is_halved_from_the_seventh_of_ten_epochs_on():
    rates = [learning_rate(step, 20, PRESETS["paper"]) for step in range(20)]
    assert rates == [1e-3] * 12 + [5e-4] * 2 + [2.5e-4] * 2 + [1.25e-4] * 2 + [6.25e-5] * 2


def test_rate__of_the_card_falls_by_the_same_factor():
    rates = [learning_rate(step, 5, PRESETS["card"]) for step in range(5)]
    assert rates == pytest.approx([1e-3, 3.1622777e-4, 1e-4, 3.1622777e-5, 1e-5])
    assert learning_rate(0, 1, PRESETS["card"]) == 1e-3


def test_rate__of_equal_ends_is_constant():
    config = replace(PRESETS["card"], final_learning_rate=1e-3)
    assert [learning_rate(step, 3, config) for step in range(3)] == pytest.approx([1e-3] * 3)


@pytest.mark.parametrize("accumulate", [1, 2])
def test_step__has_the_mean_loss_of_the_positions_that_count(tmp_path, accumulate):
    """As PyTorch computes a mean that ignores a label; normalisation is over each part of the batch."""
    config = TrainConfig(
        context=80, channels=4, networks=1, window=30, margin=7, batch=4, epochs=1, accumulate=accumulate
    )
    reference = Reference(builders.write_fasta(tmp_path / "g.fa", {"1": builders.random_bases(300, 4)}))
    gene = builders.gene("G", "1", "+", 20, 125, (20, 50), (80, 125))
    windows = Windows([gene], reference, config, config.spec.flank)
    loader = Loader(windows, np.ones(4, bool), config, 1, Processes())
    steps = []
    device = torch.device("cpu")
    Trainer(new_network(config.spec, 3), loader, torch.ones(3), device).run(0, steps.append)
    network = new_network(config.spec, 3)
    set_training(network, 0)
    parts = loader.step(0)
    logits = torch.cat([network(torch.from_numpy(part.codes)) for part in parts])
    labels = torch.cat([torch.from_numpy(part.labels) for part in parts]).long()
    # 105 bases without seven on either side, of 120 positions.
    assert int((labels != LEFT_OUT).sum()) == 91
    expected = torch.nn.functional.cross_entropy(logits, labels, ignore_index=LEFT_OUT)
    assert len(parts) == accumulate
    assert steps[0].loss == pytest.approx(expected.item(), rel=1e-5)
