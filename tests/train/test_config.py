from __future__ import annotations

from dataclasses import replace

import pytest

from spliceai_cli.errors import TrainingError, UsageError
from spliceai_cli.models.spec import BlockSpec, NetworkSpec
from spliceai_cli.train.config import PRESETS, TrainConfig, read_config


def test_presets__are_those_of_card_and_paper():
    card, paper = PRESETS["card"], PRESETS["paper"]
    assert card.train == (*map(str, range(1, 20)), "X", "Y")
    assert (card.test, card.batch, card.epochs, card.rate, card.last_rate) == (("20",), 64, 4, 1e-3, 1e-5)
    assert (card.context, card.networks, card.validation, card.margin, card.n_run) == (10_000, 5, 0.05, 50, 10)
    assert not set(paper.test) & set(paper.train)
    assert paper.test == ("1", "3", "5", "7", "9")
    assert (paper.drop_paralogs, card.drop_paralogs) == (True, False)
    assert (paper.batch, paper.epochs, paper.rate, paper.schedule, paper.weighting) == (
        12, 10, 1e-3, "halving", "equal",
    )  # fmt: skip
    assert (paper.window, paper.biotypes, paper.networks) == (5000, ("protein_coding",), 5)


def test_toml__keeps_any_licence(tmp_path):
    """JSON's escapes of letters beyond the first 65,536 are not TOML."""
    path = tmp_path / "recipe.toml"
    config = replace(TrainConfig(), licence='© 2026 "us" \\ 𝒳')
    path.write_text(config.to_toml(), "utf-8")
    assert read_config(path, "card", []) == config


def test_read__file_then_options(tmp_path):
    path = tmp_path / "recipe.toml"
    path.write_text('preset = "paper"\ncontext = 80\ntrain = ["2"]\nrate = 1\n')
    config = read_config(path, "card", ["context=400", "name=Fish", "reverse_complement=true", 'test=["4", "6:1-9"]'])
    expected = replace(
        PRESETS["paper"], context=400, train=("2",), rate=1.0, name="Fish", reverse_complement=True, test=("4", "6:1-9")
    )
    assert config == expected
    path.write_text(config.to_toml())
    assert read_config(path, "card", []) == config


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        (["contxt=80"], "there is no 'contxt'"),
        (["context"], "not NAME=VALUE"),
        (["context=81"], "context is 81; one of 80, 400, 2000, 10000"),
        (["context=wide"], "context is 'wide'; a whole number"),
        (["epochs=0"], "epochs is 0"),
        (["epochs=true"], "epochs is True; a whole number"),
        (["train=[1, 2]"], "a list of texts"),
        (["train=[]"], "train is empty"),
        (["name=A B"], "not a valid INFO key"),
        (["name=spliceai"], "the name of a published model"),
        (["weighting=fair"], "no weighting 'fair'"),
        (["rate=1e-6"], "0 < last_rate <= rate"),
        (["rate=inf"], "rate is inf"),
        (['licence="CC0\\nnot really"'], "licence is 'CC0.nnot really'; one line"),
        (["validation=1.0"], "validation is 1.0"),
    ],
)
def test_read__refuses(changes, message):
    with pytest.raises(UsageError, match=message):
        read_config(None, "card", changes)


SMALL = NetworkSpec(name="Small", blocks=(BlockSpec(3, 1),), licence="CC0", channels=4, activation="gelu", n_networks=2)


def test_read__takes_the_architecture_of_the_model_to_start_from():
    assert SMALL.context == 4  # one block reaches two bases to each side; no trained network is as small
    config = read_config(None, "card", ["name=Fish"], SMALL)
    assert (config.context, config.channels, config.activation, config.networks) == (4, 4, "gelu", 2)
    assert config.licence == "derived from Small, CC0"
    assert read_config(None, "card", ["context=4", "networks=3", "licence=MIT"], SMALL).networks == 3
    assert read_config(None, "card", ["licence=MIT"], replace(SMALL, licence="")).licence == "MIT"
    assert read_config(None, "card", [], replace(SMALL, licence="")).licence == "derived from Small, no licence stated"


@pytest.mark.parametrize("change", ["context=80", "channels=32", "activation=relu"])
def test_read__refuses_another_architecture_than_that_of_the_model_to_start_from(tmp_path, change):
    name, _, value = change.partition("=")
    with pytest.raises(UsageError, match=f"{name} is {value}, but Small has "):
        read_config(None, "card", [change], SMALL)
    path = tmp_path / "recipe.toml"
    path.write_text(change if value.isdecimal() else f'{name} = "{value}"')
    with pytest.raises(UsageError, match=f"{name} is {value}, but Small has "):
        read_config(path, "card", [], SMALL)


def test_read__refuses_what_is_not_toml(tmp_path):
    path = tmp_path / "recipe.toml"
    path.write_text("context: 80\n")
    with pytest.raises(TrainingError, match="is not TOML"):
        read_config(path, "card", [])


def test_digest__is_of_what_changes_weights():
    config = TrainConfig()
    assert config.sha256 == replace(config, checkpoint_steps=7).sha256
    assert config.sha256 != replace(config, seed=2).sha256
