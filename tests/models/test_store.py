"""The folder of installed weights and tables."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest
from support import toy_networks
from support.builders import sha256, write_wheel

from spliceai_cli.errors import WeightsError, WeightsMissingError
from spliceai_cli.models import store as store_module
from spliceai_cli.models.load import load_safetensors, tensors_sha256
from spliceai_cli.models.published import CISPLICEAI, SPLICEAI, Member, Model, Source
from spliceai_cli.models.readers import detect
from spliceai_cli.models.readers.detect import read_weights
from spliceai_cli.models.store import Store, default_home, keep_weights
from spliceai_cli.models.tensors import Weights

SPEC = toy_networks.RANDOM_SPEC


@pytest.fixture
def wheel(tmp_path):
    return write_wheel(tmp_path / "toy-1.0-py3-none-any.whl", {"toy/1.h5": b"network", "toy/grch38.txt": b"table"})


@pytest.fixture
def store(tmp_path, wheel, monkeypatch):
    """A store of the toy ensemble; the converter is replaced, as the toy has no published files."""
    tensors = {name: tensor.numpy() for name, tensor in toy_networks.random_tensors().items()}
    monkeypatch.setattr(detect, "read_published", lambda model, files: Weights(model.spec, tensors))
    source = Source(
        package="toy",
        version="1.0",
        sha256=sha256(wheel.read_bytes()),
        networks=(Member("toy/1.h5", sha256(b"network")),),
        tables=(Member("toy/grch38.txt", sha256(b"table")),),
        notice="free",
    )
    return Store(tmp_path / "home", Model(source, SPEC, tensors_sha256(tensors)))


def test_home__is_named_by_the_variable_or_is_the_users(tmp_path):
    assert default_home({"SPLICEAI_CLI_HOME": str(tmp_path)}) == tmp_path
    assert default_home({}).name == default_home({"SPLICEAI_CLI_HOME": ""}).name == "spliceai-cli"


def test_install__puts_weights_and_tables_there(store, wheel):
    assert not store.is_installed
    store.install(wheel)
    assert store.is_installed
    assert {path.name for path in store.folder.iterdir()} == {"weights.safetensors", "grch38.txt"}
    assert store.load().sha256 == store.model.weights_sha256
    assert store.require_table("grch38").read_bytes() == b"table"
    store.verify()


def test_install__fetches_when_no_wheel_is_given(store, wheel, monkeypatch):
    monkeypatch.setattr(store_module, "fetch_members", lambda *source: [b"network", b"table"])
    store.install()
    store.verify()


def test_install__of_another_wheel_changes_nothing(store, wheel):
    store.install(wheel)
    before = store.weights.read_bytes()
    wheel.write_bytes(wheel.read_bytes() + b"x")
    with pytest.raises(WeightsError, match="is not the published wheel"):
        store.install(wheel)
    assert store.weights.read_bytes() == before


def test_install__leaves_no_part_when_writing_fails(store, wheel, monkeypatch):
    def full(path, raw):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("pathlib.Path.write_bytes", full)
    with pytest.raises(WeightsError, match="cannot be written: No space left on device"):
        store.install(wheel)
    assert list(store.folder.iterdir()) == []


def test_verify__finds_a_changed_table(store, wheel):
    store.install(wheel)
    store.table("grch38").write_bytes(b"changed")
    with pytest.raises(WeightsError, match=f"grch38.txt is not the published file: SHA-256 is {sha256(b'changed')}"):
        store.verify()


def test_load__finds_changed_weights(store, wheel):
    store.install(wheel)
    other = dataclasses.replace(store, model=dataclasses.replace(store.model, weights_sha256="00"))
    with pytest.raises(WeightsError, match="are damaged: SHA-256 of the tensors is .*, 00 expected") as error:
        other.load()
    assert error.value.hint == "Install them again: spliceai-cli weights install toy --force"


def test_missing__says_the_one_command(store):
    for ask in (store.load, lambda: store.require_table("grch38")):
        with pytest.raises(WeightsMissingError) as error:
            ask()
        assert error.value.hint == "Install them with one command: spliceai-cli weights install toy"
        assert str(error.value).startswith(("the weights of toy are not installed", "the gene table grch38 is not"))


def test_install_command__names_all_but_the_default_model(tmp_path):
    assert Store(tmp_path, SPLICEAI).install_command == "spliceai-cli weights install"
    assert Store(tmp_path, CISPLICEAI).install_command == "spliceai-cli weights install cispliceai"


def test_keep_weights__of_the_user_need_no_published_hash(tmp_path, toy_weights):
    kept = read_weights(str(toy_weights))
    folder = keep_weights(kept, "mine", tmp_path / "home")
    assert [path.relative_to(tmp_path) for path in tmp_path.rglob("*.*")] == [Path("home/mine/weights.safetensors")]
    loaded = load_safetensors(folder / "weights.safetensors")
    assert (loaded.spec, loaded.sha256) == (SPEC, tensors_sha256(kept.tensors))
