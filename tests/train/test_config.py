from __future__ import annotations

from dataclasses import replace

from spliceai_cli.train.config import PRESETS, TrainConfig


def test_presets__are_those_of_card_and_paper():
    card, paper = PRESETS["card"], PRESETS["paper"]
    assert card.train == (*map(str, range(1, 20)), "X", "Y")
    assert (card.test, card.batch, card.epochs, card.learning_rate, card.final_learning_rate) == (
        ("20",),
        64,
        4,
        1e-3,
        1e-5,
    )
    assert (card.context, card.networks, card.validation, card.margin, card.n_run) == (10_000, 5, 0.05, 50, 10)
    assert not set(paper.test) & set(paper.train)
    assert paper.test == ("1", "3", "5", "7", "9")
    assert (paper.drop_paralogs, card.drop_paralogs) == (True, False)
    assert (paper.drop_unspliced, card.drop_unspliced) == (True, False)
    assert paper.validation == 0.1
    assert (paper.batch, paper.epochs, paper.learning_rate, paper.schedule, paper.weighting) == (
        12, 10, 1e-3, "halving", "equal",
    )  # fmt: skip
    assert (paper.window, paper.biotypes, paper.networks) == (5000, ("protein_coding",), 5)


def test_digest__is_of_what_changes_weights():
    config = TrainConfig()
    assert config.sha256 == replace(config, checkpoint_steps=7).sha256
    assert config.sha256 != replace(config, seed=2).sha256
