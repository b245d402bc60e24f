from __future__ import annotations

from dataclasses import replace

import pytest

from spliceai_cli.errors import TrainingError, UsageError
from spliceai_cli.models.spec import BlockSpec, NetworkSpec
from spliceai_cli.train.config import PRESETS, TrainConfig
from spliceai_cli.train.read_config import read_config


def test_read__file_then_options(tmp_path):
    path = tmp_path / "recipe.toml"
    path.write_text('preset = "paper"\ncontext = 80\ntrain = ["2"]\nlearning_rate = 1\n')
    config = read_config(path, None, ["context=400", "name=Fish", "reverse_complement=true", 'test=["4", "6:1-9"]'])
    expected = replace(
        PRESETS["paper"],
        context=400,
        train=("2",),
        learning_rate=1.0,
        name="Fish",
        reverse_complement=True,
        test=("4", "6:1-9"),
    )
    assert config == expected
    path.write_text(config.to_toml())
    assert read_config(path, None, []) == config


def test_read__of_what_is_written_is_the_same(tmp_path):
    """Characters beyond 16 bits used to be written as TOML does not have them."""
    config = TrainConfig(
        licence='© Ø 😀 \\ "x"', train=("{HLA:1}", "2"), learning_rate=1e-300, final_learning_rate=1e-301
    )
    path = tmp_path / "recipe.toml"
    path.write_text("\ufeff" + config.to_toml(), "utf-8")
    assert read_config(path, None, []) == config


def test_read__takes_texts_as_they_are():
    """What TOML would take for a date, a number or a comment."""
    config = read_config(None, "paper", ["licence = 2026-01-01", "name=inf", "seed=4294967295", "schedule=halving"])
    assert (config.licence, config.name, config.seed) == ("2026-01-01", "inf", 2**32 - 1)
    assert read_config(None, None, ["licence=CC0 # free"]).licence == "CC0 # free"
    # No last rate is needed where none is used.
    assert read_config(None, "paper", ["learning_rate=1e-7"]).learning_rate == 1e-7


def test_read__refuses_two_presets(tmp_path):
    path = tmp_path / "recipe.toml"
    path.write_text('preset = "paper"\n')
    assert read_config(path, "paper", []) == PRESETS["paper"]
    with pytest.raises(UsageError, match="has preset = 'paper', but --preset is card"):
        read_config(path, "card", [])


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
        (
            ["learning_rate=1e-6"],
            "final_learning_rate is 1e-05; a number above 0, and at most the learning_rate, 1e-06",
        ),
        (["learning_rate=inf"], "learning_rate is inf; a number above 0"),
        (["learning_rate=nan"], "learning_rate is nan"),
        (["learning_rate=1e300"], "learning_rate is 1e\\+300; a number above 0, 1000 at most"),
        (["channels=2000"], "channels is 2000; a whole number from 1 to 1,024"),
        (["schedule=halving", "learning_rate=0"], "learning_rate is 0.0"),
        (["seed=99999999999999999999"], "seed is 99999999999999999999; a whole number from 0 to 4,294,967,295"),
        (["window=1e3"], "window is 1000.0; a whole number"),
        (["window=99999999"], "window is 99999999; a whole number from 1 to 10,000,000"),
        (["epochs=2\nbatch=2"], "epochs is '2\\\\nbatch=2'; a whole number"),
        (['licence="CC0\\nand more"'], "one line of text expected"),
        (['train=[""]'], "a list of texts"),
        (['train=["1:9-2"]'], "region '1:9-2' is empty"),
        (['train=["1", "2"]', 'test=["3", "chr2:1-50"]'], "test has 'chr2:1-50', which overlaps train"),
        (["preset=paper"], "there is no 'preset'"),
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
        read_config(path, None, [])
    path.write_text('preset = ["card"]\n')
    with pytest.raises(UsageError, match="there is no preset"):
        read_config(path, None, [])
