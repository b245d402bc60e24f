"""What weights a path holds."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import safetensors.numpy
import torch
from support import published, toy_networks
from support.builders import sha256

from spliceai_cli.errors import WeightsError
from spliceai_cli.models import hub
from spliceai_cli.models.load import build, load_safetensors, read_safetensors, tensors_sha256
from spliceai_cli.models.published import CISPLICEAI, SPLICEAI, Member, Model, openspliceai
from spliceai_cli.models.readers import detect
from spliceai_cli.models.readers.detect import read_weights
from spliceai_cli.models.spec import BlockSpec, NetworkSpec
from spliceai_cli.models.tensors import Weights

KERAS = replace(SPLICEAI.spec, channels=2, n_networks=2)
GRAPH = replace(CISPLICEAI.spec, channels=2, n_networks=2)
TENSORS = published.toy_tensors(KERAS)
KERAS_FILES = {f"spliceai{i}.h5": published.keras_file(published.member(TENSORS, i)) for i in (1, 2)}
GRAPH_FILES = {"CI-SpliceAI.pb": published.graph(published.graph_constants(TENSORS, 2, GRAPH.norm_eps))}


def small(model: Model, spec: NetworkSpec, files: dict[str, bytes]) -> Model:
    """A model as it would be known if these were its published files."""
    members = tuple(Member(f"toy/{name}", sha256(raw)) for name, raw in files.items())
    return replace(model, spec=spec, source=replace(model.source, networks=members))


@pytest.fixture(autouse=True)
def small_models(monkeypatch):
    monkeypatch.setattr(detect, "SPLICEAI", small(SPLICEAI, KERAS, KERAS_FILES))
    monkeypatch.setattr(detect, "CISPLICEAI", small(CISPLICEAI, GRAPH, GRAPH_FILES))


@pytest.fixture(autouse=True)
def offline(monkeypatch):
    """No test asks the network for a checkpoint by accident."""

    def refuse(name):
        raise AssertionError(f"asked for {name}")

    monkeypatch.setattr(detect, "fetch_checkpoint", refuse)


def write(folder: Path, files: dict[str, bytes]) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for name, raw in files.items():
        (folder / name).write_bytes(raw)
    return folder


def is_same(weights: Weights, spec: NetworkSpec) -> bool:
    assert weights.spec == spec
    return tensors_sha256(weights.tensors) == tensors_sha256(TENSORS)


# What is there


def test_folder__of_keras_files(tmp_path):
    assert is_same(read_weights(str(write(tmp_path, KERAS_FILES | {"readme.txt": b"x"}))), KERAS)


@pytest.mark.parametrize("name", ["spliceai1.h5", "spliceai*.h5", "spliceai[12].h5", "*"])
def test_keras_file__stands_for_those_beside_it(tmp_path, name):
    """The path of the first file used to ask for the second one inside of it."""
    assert is_same(read_weights(str(write(tmp_path, KERAS_FILES) / name)), KERAS)


def test_keras_files__must_all_be_there(tmp_path):
    (write(tmp_path, KERAS_FILES) / "spliceai2.h5").unlink()
    with pytest.raises(WeightsError, match=f"weights file {tmp_path}/spliceai2.h5 cannot be read: No such file"):
        read_weights(str(tmp_path))


def test_keras_files__must_be_the_published_ones(tmp_path):
    write(tmp_path, KERAS_FILES | {"spliceai2.h5": KERAS_FILES["spliceai1.h5"]})
    with pytest.raises(WeightsError, match=r"spliceai2\.h5 is not the published file: SHA-256 is"):
        read_weights(str(tmp_path))


@pytest.mark.parametrize("name", ["", "CI-SpliceAI.pb", "CI-*"])
def test_graph__by_folder_file_or_pattern(tmp_path, name):
    assert is_same(read_weights(str(write(tmp_path, GRAPH_FILES) / name)), GRAPH)


@pytest.mark.parametrize("name", ["", "weights.safetensors", "w*.safetensors"])
def test_our_own_file__by_folder_file_or_pattern(tmp_path, name):
    write(tmp_path, {"weights.safetensors": Weights(KERAS, TENSORS).to_safetensors()})
    assert is_same(read_weights(str(tmp_path / name)), KERAS)


@pytest.mark.parametrize("name", ["mine.safetensors", "mine", "mine.txt"])
def test_our_own_file__may_have_any_name(tmp_path, name):
    write(tmp_path, {name: Weights(KERAS, TENSORS).to_safetensors()})
    assert is_same(read_weights(str(tmp_path / name)), KERAS)


def state_files(n: int) -> dict:
    """State dicts of OpenSpliceAI with 80 bp of context, by file name."""
    files = {}
    tensors = published.toy_tensors(replace(openspliceai(80, n), channels=2))
    for number in range(1, n + 1):
        buffer = io.BytesIO()
        torch.save(published.openspliceai_state(published.member(tensors, number), 4), buffer)
        files[f"model_80nt_rs1{number}.pt"] = buffer.getvalue()
    return files


@pytest.mark.parametrize(("name", "n"), [("", 3), ("*.pt", 3), ("model_80nt_rs1[12].pt", 2), ("model_80nt_rs12.pt", 1)])
def test_state_dicts__by_folder_file_or_pattern(tmp_path, name, n):
    write(tmp_path, state_files(3) | {"model_80nt.txt": b"x"})
    found = read_weights(str(tmp_path / name))
    assert (found.spec.name, found.spec.context, found.spec.n_networks) == ("openspliceai", 80, n)


def test_checkpoint__by_folder_alone(tmp_path):
    stages = published.SMALL_STAGES
    spec = NetworkSpec("x", _blocks(stages), channels=6, n_networks=1)
    config = published.multimolecule_config(stages, hidden_size=6)
    tensors = published.toy_tensors(spec)
    published.write_multimolecule(tmp_path, config, published.multimolecule_tensors(tensors, stages, 1))
    assert read_weights(str(tmp_path)).spec.name == "multimolecule"
    # Without its configuration nothing tells what the numbers are for.
    with pytest.raises(WeightsError, match=r"model\.safetensors do not say which network they are for"):
        read_weights(str(tmp_path / "model.safetensors"))


def _blocks(stages):
    return tuple(
        BlockSpec(stage["kernel_size"], stage["dilation"], i == stage["num_blocks"] - 1)
        for stage in stages
        for i in range(stage["num_blocks"])
    )


def test_checkpoint__without_model_is_told(tmp_path):
    write(tmp_path, {"config.json": b"{}"})
    with pytest.raises(WeightsError, match=f"checkpoint {tmp_path} cannot be read: No such file or directory"):
        read_weights(str(tmp_path))


# What is not


@pytest.mark.parametrize("name", ["none", "none.pt", "*.pt", "none/*.pt"])
def test_nothing__is_told(tmp_path, name):
    with pytest.raises(WeightsError) as error:
        read_weights(str(tmp_path / name))
    assert str(error.value) == f"weights {tmp_path / name}: it does not exist."
    assert error.value.hint.startswith("Expected: a file or folder with weights.safetensors, the Keras files ")


def test_empty_folder__is_told(tmp_path):
    with pytest.raises(WeightsError, match=f"^weights {tmp_path}: it is empty"):
        read_weights(str(tmp_path))
    (tmp_path / "folder").mkdir()
    with pytest.raises(WeightsError, match=f"^weights {tmp_path}: it is empty"):
        read_weights(str(tmp_path))


def test_no_path__is_not_the_current_folder(tmp_path, monkeypatch):
    """A variable that is empty used to load what lay around."""
    monkeypatch.chdir(write(tmp_path, KERAS_FILES))
    with pytest.raises(WeightsError, match=r"^no path of weights is given\.$"):
        read_weights("")


@pytest.mark.parametrize("name", ["notes.txt", "spliceai2.h5", "w.h5", "model.bin"])
def test_unknown__is_told(tmp_path, name):
    with pytest.raises(WeightsError, match=f"^weights {tmp_path}: no files of a known format"):
        read_weights(str(write(tmp_path, {name: b"x"})))


# Our own files


def test_round_trip__is_the_same_to_the_byte(tmp_path):
    raw = Weights(KERAS, TENSORS).to_safetensors()
    assert Weights(KERAS, {name: array.copy() for name, array in reversed(TENSORS.items())}).to_safetensors() == raw
    (tmp_path / "w.safetensors").write_bytes(raw)
    assert read_safetensors(tmp_path / "w.safetensors").to_safetensors() == raw


def test_sha256__is_of_the_numbers_not_of_the_container(tmp_path):
    other = Weights(replace(KERAS, key="Other"), TENSORS)
    (tmp_path / "w.safetensors").write_bytes(other.to_safetensors())
    found = load_safetensors(tmp_path / "w.safetensors")
    assert (found.spec.key, found.sha256) == ("Other", tensors_sha256(TENSORS))
    changed = TENSORS | {"2.head.bias": TENSORS["2.head.bias"] + np.float32(1e-7)}
    assert tensors_sha256(changed) != found.sha256


@pytest.mark.parametrize("length", [0, 7, 400, -1])
def test_cut_file__is_told(tmp_path, length):
    path = tmp_path / "w.safetensors"
    path.write_bytes(Weights(KERAS, TENSORS).to_safetensors()[:length])
    with pytest.raises(WeightsError, match=f"^weights {path} are not a safetensors file, or are cut short"):
        read_weights(str(path))


@pytest.mark.parametrize(
    "spec", ["", "{}", "[]", "null", '{"name": "x", "blocks": 3}', KERAS.to_json().replace('"sites"', '"genes"')]
)
def test_spec__that_is_none_is_told(tmp_path, spec):
    path = tmp_path / "w.safetensors"
    path.write_bytes(safetensors.numpy.save(TENSORS, metadata={"spec": spec}))
    with pytest.raises(WeightsError, match=f"^weights {path} do not say which network they are for"):
        read_weights(str(path))


@pytest.mark.parametrize("change", ["lost", "unknown", "shape"])
def test_tensors__of_another_network_are_told(change):
    tensors = {name: tensor.numpy() for name, tensor in toy_networks.random_tensors().items()}
    if change == "lost":
        del tensors["2.blocks.1.conv2.bias"]
    elif change == "unknown":
        tensors["1.taps.5.bias"] = tensors["1.head.bias"]
    else:
        tensors["1.head.bias"] = np.zeros(4, np.float32)
    with pytest.raises(WeightsError, match="^weights here do not fit the network that they name, toy"):
        build(Weights(toy_networks.RANDOM_SPEC, tensors), "here")


# The Hub


@pytest.mark.parametrize(
    ("text", "is_name"),
    [("hf:multimolecule/spliceai", True), ("multimolecule/spliceai", False), ("spliceai", False), ("", False)],
)
def test_hub_name__has_its_prefix(text, is_name):
    assert hub.is_hub_name(text) is is_name


@pytest.fixture
def hub_cache(tmp_path):
    """A cache of the Hub's client with one checkpoint, for a process without network."""
    pytest.importorskip("huggingface_hub")
    repository = tmp_path / "hub" / "models--owner--name"
    (repository / "refs").mkdir(parents=True)
    (repository / "refs" / "main").write_text("abc")
    write(repository / "snapshots" / "abc", {"weights.safetensors": Weights(KERAS, TENSORS).to_safetensors()})
    return tmp_path


@pytest.mark.parametrize(
    ("name", "code", "message"),
    [
        ("hf:owner/name", 0, "spliceai, 2 networks"),
        ("hf:owner/other", 1, "weights hf:owner/other cannot be fetched from the Hugging Face Hub: "),
        ("hf:a/b/c", 1, "weights hf:a/b/c cannot be fetched from the Hugging Face Hub: "),
    ],
)
def test_hub__is_asked_through_its_client(name, code, message, hub_cache, tmp_path):
    # In a process of its own: the client reads its settings when it is imported.
    done = subprocess.run(
        [sys.executable, "-m", "spliceai_cli", "weights", "convert", name, str(tmp_path / "out.safetensors")],
        env={**os.environ, "HF_HOME": str(hub_cache), "HF_HUB_OFFLINE": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == code, done.stderr
    assert message in done.stderr
    assert (tmp_path / "out.safetensors").exists() is (code == 0)
