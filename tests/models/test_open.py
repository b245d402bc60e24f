"""Models by what a user calls them."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from support import published, toy_networks

from spliceai_cli.errors import UsageError, WeightsError, WeightsMissingError
from spliceai_cli.models.info_keys import check_apart, check_key
from spliceai_cli.models.open import absolute_model, check_name, installed, open_chosen, open_model, open_models
from spliceai_cli.models.published import CISPLICEAI, MODELS, OTHERS, PANGOLIN, SPLICEAI, openspliceai
from spliceai_cli.models.spec import NetworkSpec
from spliceai_cli.models.store import keep_weights
from spliceai_cli.models.tensors import Weights
from spliceai_cli.vcf.fields import fields_of

TOY = toy_networks.RANDOM_SPEC


def test_open__does_not_import_the_compiler_of_pytorch(toy):
    """It takes seconds, and torch.eye on the meta device imports it."""
    code = (
        "import sys; from spliceai_cli import load_model\n"
        f"load_model({str(toy())!r})\nprint('torch._dynamo' in sys.modules)"
    )
    assert subprocess.check_output([sys.executable, "-c", code], text=True) == "False\n"


@pytest.fixture
def toy(tmp_path):
    """A file of a toy network, by default one that calls itself ``toy`` and writes INFO/SpliceAI."""

    def make(file="toy.safetensors", seed=0, **changes) -> Path:
        path = tmp_path / file
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(weights(seed, **changes).to_safetensors())
        return path

    return make


def weights(seed=0, **changes) -> Weights:
    spec = replace(TOY, **changes)
    return Weights(spec, published.toy_tensors(spec, seed))


# Names


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("spliceai", "spliceai"),
        ("mine", "mine"),
        ("Key=mine", "Key=mine"),
        ("other", "{cwd}/other"),
        ("Key=other", "Key={cwd}/other"),
        ("Key=../files/*.pt", "Key={cwd}/../files/*.pt"),
        ("a=b", "{cwd}/a=b"),
        ("hf:owner/name", "hf:owner/name"),
        ("Key=hf:owner/name", "Key=hf:owner/name"),
        ("/there", "/there"),
    ],
)
def test_absolute_model__keeps_names_and_makes_paths_absolute(text, expected, toy, tmp_path, monkeypatch):
    """A folder beside an installed model of that name is not the model. Patterns of files used to stay relative."""
    toy("mine/weights.safetensors")
    work = tmp_path / "work"
    work.mkdir()
    monkeypatch.chdir(work)
    for name in ("spliceai", "mine", "other", "a=b"):
        (work / name).mkdir()
    assert absolute_model(text, tmp_path) == expected.format(cwd=work)


def test_known_models__are_four():
    assert (*MODELS, *OTHERS) == ("spliceai", "cispliceai", "openspliceai", "pangolin")
    specs = [SPLICEAI.spec, CISPLICEAI.spec, openspliceai(10_000, 5), PANGOLIN]
    assert [spec.name for spec in specs] == [*MODELS, *OTHERS]
    assert [spec.key for spec in specs] == ["SpliceAI", "CISpliceAI", "OpenSpliceAI", "Pangolin"]
    assert {spec.context for spec in specs} == {10_000}
    assert [spec.n_networks for spec in specs] == [5, 5, 5, 12]
    for spec in specs:
        check_name(spec.name, spec)
        check_key(spec.key)


HOW = {
    "spliceai": "Install them with one command: spliceai-cli weights install",
    "cispliceai": "Install them with one command: spliceai-cli weights install cispliceai",
    "openspliceai": "Fetch them from its authors, then: spliceai-cli weights install openspliceai --from FOLDER",
    "pangolin": "Fetch them from its authors, then: spliceai-cli weights install pangolin --from FOLDER",
}


@pytest.mark.parametrize("name", [*MODELS, *OTHERS])
def test_known_model__that_is_not_installed_says_how(tmp_path, name):
    with pytest.raises(WeightsMissingError) as error:
        open_model(name, tmp_path)
    path = tmp_path / name / "weights.safetensors"
    assert str(error.value) == f"the weights of {name} are not installed (no {path})."
    assert error.value.hint == HOW[name]


@pytest.mark.parametrize("name", MODELS)
def test_fetched_model__is_only_what_was_published(tmp_path, name):
    """Weights under its name are not enough: scores by other numbers would look like the model's."""
    keep_weights(weights(name=name), name, tmp_path)
    with pytest.raises(WeightsError, match="are damaged: SHA-256 of the tensors is"):
        open_model(name, tmp_path)


@pytest.mark.parametrize("name", [*OTHERS, "mine", "My_model.2"])
def test_installed_model__is_opened_by_its_name(tmp_path, name):
    keep_weights(weights(name=name, key="Mine"), name, tmp_path)
    assert open_model(name, tmp_path).spec == replace(TOY, name=name, key="Mine")


def test_installed_model__comes_before_a_folder_of_its_name(tmp_path, toy, monkeypatch):
    keep_weights(weights(key="Installed"), "mine", tmp_path / "home")
    toy("mine/weights.safetensors", key="Beside")
    monkeypatch.chdir(tmp_path)
    assert open_model("mine", tmp_path / "home").spec.key == "Installed"
    assert open_model("./mine", tmp_path / "home").spec.key == "Beside"


def test_unknown_name__lists_the_known_ones(tmp_path):
    with pytest.raises(UsageError) as error:
        open_model("splicai", tmp_path)
    assert str(error.value) == "there is no model 'splicai'."
    known = "spliceai, cispliceai, openspliceai, pangolin"
    assert error.value.hint == f"Choose from {known}, an installed one, a path of weights, or hf:OWNER/NAME."


@pytest.mark.parametrize("text", ["", "x="])
def test_empty_path__is_not_the_current_folder(tmp_path, toy, monkeypatch, text):
    toy("weights.safetensors")
    monkeypatch.chdir(tmp_path)
    with pytest.raises((UsageError, WeightsError)):
        open_model(text, tmp_path / "home")


# Paths


def test_path__keeps_the_key_of_its_file(tmp_path, toy):
    path = toy(key="Mine")
    assert open_model(str(path), tmp_path).spec.key == "Mine"
    assert open_model(str(path), tmp_path).sha256 == open_model(f"Other={path}", tmp_path).sha256


def test_named_path__has_its_name_as_key(tmp_path, toy):
    assert open_model(f"Mine_2.0={toy()}", tmp_path).spec == replace(TOY, key="Mine_2.0")


def test_path_with_an_equals_sign__is_a_path(tmp_path, toy):
    assert open_model(str(toy("a=b.safetensors", key="Mine")), tmp_path).spec.key == "Mine"
    assert open_model(f"Other={toy('a=b.safetensors')}", tmp_path).spec.key == "Other"


def test_known_name__is_for_that_model_alone(tmp_path, toy):
    assert open_model(f"pangolin={toy('p.safetensors', name='pangolin')}", tmp_path).spec.name == "pangolin"
    with pytest.raises(UsageError, match=r"^these are weights of toy, not of pangolin\.$"):
        open_model(f"pangolin={toy()}", tmp_path)


@pytest.mark.parametrize("key", ["", "2nd", "a b", "a;b", "a,b", "a-b", "ä", "a/b", ".a"])
def test_key__is_one_that_vcf_allows(tmp_path, toy, key):
    with pytest.raises(UsageError, match=f"^'{key}' is not a valid INFO key: "):
        open_model(f"{key}={toy()}", tmp_path)


@pytest.mark.parametrize("key", ["END", "SVLEN", "AC", "SEQ"])
def test_key__is_none_of_vcf_itself(tmp_path, toy, key):
    """All old values of a key of ours are replaced: the END of every record would have been lost."""
    with pytest.raises(UsageError, match=f"^INFO/{key} has a meaning of its own in VCF") as error:
        open_model(f"{key}={toy()}", tmp_path)
    assert error.value.hint == f"Choose another key, e.g. SpliceAI_{key}."


def test_named_path__that_is_not_there_is_told(tmp_path):
    with pytest.raises(WeightsError, match=f"^weights {tmp_path}/none: it does not exist"):
        open_model(f"Mine={tmp_path}/none", tmp_path)


# Several


def test_models__are_in_the_order_asked_for(tmp_path, toy):
    first, second, third = (toy(f"{seed}.safetensors", seed) for seed in (1, 2, 3))
    found = open_models([f"B={first}", str(second), f"A={third}"], tmp_path)
    assert [ensemble.spec.key for ensemble in found] == ["B", "SpliceAI", "A"]
    assert len({ensemble.sha256 for ensemble in found}) == 3


def test_models__that_would_write_one_key_are_refused(tmp_path, toy):
    first, second = toy("1.safetensors", 1), toy("2.safetensors", 2)
    with pytest.raises(UsageError) as error:
        open_models([str(first), str(second)], tmp_path)
    assert str(error.value) == f"models '{first}' and '{second}' would both write INFO/SpliceAI."
    assert error.value.hint == "Give one of them another key, e.g. SpliceAI_2=PATH."
    assert len(open_models([str(first), f"SpliceAI_2={second}"], tmp_path)) == 2


@pytest.mark.parametrize("other", ["SpliceAI_TX", "SpliceAI_RAW", "SpliceAI_DS_max", "SpliceAI_SKIP"])
@pytest.mark.parametrize("is_first", [True, False])
def test_models__whose_further_fields_meet_are_refused(tmp_path, toy, other, is_first):
    """The scores of one would be the probabilities of the other."""
    texts = [str(toy("1.safetensors", 1)), f"{other}={toy('2.safetensors', 2)}"]
    with pytest.raises(UsageError, match=f"^INFO/{other} belongs to the model of INFO/SpliceAI"):
        open_models(texts if is_first else texts[::-1], tmp_path)


def test_further_fields__end_as_they_are_written(toy, tmp_path):
    """``check_apart`` knows the ends by heart."""
    for field in fields_of("X")[1:]:
        with pytest.raises(UsageError, match=f"^INFO/{field.key} belongs to the model of INFO/X"):
            check_apart(["X", "Y", field.key])
    check_apart(["X", "Y", "X_2", "X_RAWER"])


def test_no_model__is_told(tmp_path):
    with pytest.raises(UsageError, match="no model is named"):
        open_models([], tmp_path)


def test_chosen__one_path_stands_for_one_model(tmp_path, toy):
    path = toy(key="Mine")
    [found] = open_chosen(("spliceai",), path, tmp_path)
    assert found.spec.key == "Mine"
    with pytest.raises(UsageError) as error:
        open_chosen(("spliceai", "pangolin"), path, tmp_path)
    assert str(error.value) == "weights given by path replace one model, not several."
    assert error.value.hint == "Name each as KEY=PATH."


# What is installed


def test_installed__are_all_folders_with_weights(tmp_path):
    keep_weights(weights(key="B"), "beta", tmp_path)
    keep_weights(weights(key="A"), "alpha", tmp_path)
    (tmp_path / "annotations").mkdir()
    assert [(one.name, one.ensemble.spec.key) for one in installed(tmp_path)] == [("alpha", "A"), ("beta", "B")]
    assert list(installed(tmp_path / "none")) == []


@pytest.mark.parametrize("name", ["", "..", "a/b", "2x", "-x", "a=b"])
def test_check_name__is_that_of_a_folder(name):
    with pytest.raises(UsageError, match=f"^'{name}' is not a valid name for a model"):
        check_name(name, TOY)


def test_spec__keeps_all_it_says(toy, tmp_path):
    spec = NetworkSpec(
        "x", TOY.blocks, "X", "free", "tissues", ("no", "yes"), ("liver", "brain"), 6, "leaky_relu_0.1", 0.5, 4
    )
    path = tmp_path / "x.safetensors"
    path.write_bytes(Weights(spec, published.toy_tensors(spec)).to_safetensors())
    assert open_model(str(path), tmp_path).spec == spec
