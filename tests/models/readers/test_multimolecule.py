"""Checkpoints of MultiMolecule, from toy ones and from the installed weights."""

from __future__ import annotations

import json

import numpy as np
import pytest
import safetensors.torch
import torch
from numpy.testing import assert_allclose
from support import published

from spliceai_cli.errors import WeightsError
from spliceai_cli.genome.bases import encode
from spliceai_cli.models.load import build
from spliceai_cli.models.readers.multimolecule import read_multimolecule
from spliceai_cli.models.spec import BlockSpec, NetworkSpec

STAGES = published.SMALL_STAGES
BLOCKS = (BlockSpec(3, 1), BlockSpec(3, 1, is_tapped=True), BlockSpec(5, 2, is_tapped=True))
SPEC = NetworkSpec(
    "multimolecule", BLOCKS, key="MultiMolecule", licence="CC BY-NC 4.0", channels=6, activation="gelu", n_networks=2
)
TENSORS = published.toy_tensors(SPEC)
CONFIG = published.multimolecule_config(STAGES, hidden_size=6)


@pytest.fixture
def checkpoint(tmp_path):
    """Write a checkpoint with some keys of its configuration or some tensors changed; None leaves one out."""

    def write(config=(), tensors=(), **layout):
        whole = published.multimolecule_tensors(TENSORS, STAGES, 2, **layout) | dict(tensors)
        known = {key: value for key, value in (CONFIG | dict(config)).items() if value is not None}
        kept = {name: array for name, array in whole.items() if array is not None}
        return published.write_multimolecule(tmp_path / "checkpoint", known, kept)

    return write


@pytest.mark.parametrize("prefix", ["members", "networks", "model.members", "model.networks"])
@pytest.mark.parametrize("n_bases", [4, 5])
def test_checkpoint__has_every_tensor_of_both_networks(checkpoint, prefix, n_bases):
    """Since 0.1.0 networks are members, and N is a fifth letter whose weights are zero."""
    weights = read_multimolecule(checkpoint(prefix=prefix, n_bases=n_bases))
    assert weights.spec == SPEC
    assert weights.tensors.keys() == TENSORS.keys()
    for name, array in TENSORS.items():
        np.testing.assert_array_equal(weights.tensors[name], array, err_msg=name)
    assert build(weights, "toy").spec.context == 24


def test_networks__are_in_the_order_of_their_numbers(tmp_path):
    """``members.10`` sorts before ``members.2`` as text."""
    spec = NetworkSpec("x", BLOCKS, channels=2, n_networks=11)
    tensors = published.toy_tensors(spec)
    config = published.multimolecule_config(STAGES, hidden_size=2)
    published.write_multimolecule(tmp_path, config, published.multimolecule_tensors(tensors, STAGES, 11))
    found = read_multimolecule(tmp_path)
    assert found.spec.n_networks == 11
    for number in range(1, 12):
        np.testing.assert_array_equal(found.tensors[f"{number}.head.bias"], tensors[f"{number}.head.bias"])


@pytest.mark.parametrize("activation", ["relu", "gelu"])
def test_activation__is_the_one_that_the_configuration_names(checkpoint, activation):
    assert read_multimolecule(checkpoint({"hidden_act": activation})).spec.activation == activation


def test_epsilon__is_that_of_the_configuration(checkpoint):
    assert read_multimolecule(checkpoint({"batch_norm_eps": 0.25})).spec.norm_eps == 0.25


NOT_SPLICEAI = {
    "another model": ({"model_type": "rnabert"}, "its model_type is rnabert, its hidden_act gelu"),
    "an activation": ({"hidden_act": "silu"}, "its model_type is spliceai, its hidden_act silu"),
    "no activation": ({"hidden_act": None}, "'hidden_act'"),
    "no stages": ({"stages": None}, "'stages'"),
    "stages of numbers": ({"stages": [4, 4]}, "not subscriptable"),
    "another context": ({"context": 26}, "its blocks make a context of 24, but it states 26"),
    "a kernel of text": ({"stages": [STAGES[0] | {"kernel_size": "3"}, STAGES[1]]}, "whole numbers"),
    # Of three stages there are two: the tensors of the third are looked for in vain.
    "one more stage": ({"stages": [*STAGES, STAGES[0]], "context": 32}, "members.0.encoder.stages.2"),
}


@pytest.mark.parametrize(("config", "said"), NOT_SPLICEAI.values(), ids=NOT_SPLICEAI)
def test_configuration__of_something_else_is_refused(checkpoint, config, said):
    folder = checkpoint(config)
    with pytest.raises(WeightsError) as error:
        read_multimolecule(folder)
    assert str(error.value).startswith(f"checkpoint {folder} is not one of SpliceAI: ")
    assert said in str(error.value)


@pytest.mark.parametrize("config", ["null", "[]", "3", '"spliceai"', "{}"])
def test_configuration__that_is_no_object_is_refused(checkpoint, config):
    folder = checkpoint()
    (folder / "config.json").write_text(config)
    with pytest.raises(WeightsError, match="is not one of SpliceAI"):
        read_multimolecule(folder)


def test_weights_for_n__are_refused(checkpoint):
    """N is all-zero here; fine-tuned networks may have learned something for it."""
    stem = published.multimolecule_tensors(TENSORS, STAGES, 2)["members.1.projection.weight"].copy()
    stem[3, 4] = 1e-3
    with pytest.raises(WeightsError, match="its first layer has weights for N, which is all-zero here"):
        read_multimolecule(checkpoint(tensors={"members.1.projection.weight": stem}))


@pytest.mark.parametrize("lost", ["members.1.prediction.bias", "members.0.encoder.stages.1.blocks.0.norm2.running_var"])
def test_lost_tensor__is_named(checkpoint, lost):
    with pytest.raises(WeightsError, match=f"is not one of SpliceAI: '{lost}'"):
        read_multimolecule(checkpoint(tensors={lost: None}))


@pytest.mark.parametrize("shape", [(), (6,), (6, 6)])
def test_kernel__of_another_rank_is_refused(checkpoint, shape):
    with pytest.raises(WeightsError, match="is not one of SpliceAI"):
        read_multimolecule(checkpoint(tensors={"members.0.encoder.conv.weight": np.zeros(shape, np.float32)}))


def test_checkpoint_without_networks__is_refused(tmp_path):
    folder = published.write_multimolecule(tmp_path, CONFIG, {"embeddings.weight": np.zeros(3, np.float32)})
    with pytest.raises(WeightsError, match="0 networks do not make 1 groups"):
        read_multimolecule(folder)


def test_float16__becomes_float32(checkpoint):
    whole = published.multimolecule_tensors(TENSORS, STAGES, 2)
    halves = {name: array.astype(np.float16) for name, array in whole.items() if array.dtype == np.float32}
    found = read_multimolecule(checkpoint(tensors=halves)).tensors
    assert {array.dtype for array in found.values()} == {np.dtype(np.float32)}


def test_bfloat16__is_told(checkpoint):
    folder = checkpoint()
    safetensors.torch.save_file({"a": torch.zeros(2, dtype=torch.bfloat16)}, folder / "model.safetensors")
    with pytest.raises(WeightsError, match="has tensors of a type that NumPy lacks: .*bfloat16"):
        read_multimolecule(folder)


@pytest.mark.parametrize("n_bytes", [0, 4, 300, -10])
def test_cut_file__is_refused(checkpoint, n_bytes):
    path = checkpoint() / "model.safetensors"
    path.write_bytes(path.read_bytes()[:n_bytes])
    with pytest.raises(WeightsError, match="^checkpoint .* is damaged: "):
        read_multimolecule(path.parent)


def test_broken_configuration__is_told(checkpoint):
    folder = checkpoint()
    for text in (json.dumps(CONFIG)[:-9], "", "\x00"):
        (folder / "config.json").write_text(text)
        with pytest.raises(WeightsError, match="is damaged"):
            read_multimolecule(folder)
    (folder / "config.json").write_bytes(b"\xff\xfe")
    with pytest.raises(WeightsError, match="is damaged"):
        read_multimolecule(folder)


def test_configuration_without_model__is_told(checkpoint):
    folder = checkpoint()
    (folder / "model.safetensors").unlink()
    with pytest.raises(WeightsError, match=f"checkpoint {folder} cannot be read: No such file or directory"):
        read_multimolecule(folder)


# As printed on the model card, for agcagucauuauggcgaa between 5,000 N: the mean of the networks' logits.
PRINTED = [
    (8.5123, -4.9607, -7.6787),
    (8.6559, -4.4936, -8.6357),
    (5.8514, -1.9375, -6.8030),
    (7.3739, -5.3444, -5.2559),
]


@pytest.mark.weights
@pytest.mark.parametrize(("prefix", "n_bases"), [("members", 5), ("networks", 4)])
def test_checkpoint_of_the_installed_weights__has_the_logits_of_the_card(store, tmp_path, prefix, n_bases):
    networks = store.load().networks
    ours = {
        f"{number}.{name}": tensor.contiguous().numpy()
        for number, network in enumerate(networks, 1)
        for name, tensor in network.state_dict().items()
    }
    stages = published.FULL_STAGES
    theirs = published.multimolecule_tensors(ours, stages, len(networks), prefix=prefix, n_bases=n_bases)
    folder = published.write_multimolecule(tmp_path, published.multimolecule_config(stages), theirs)
    found = read_multimolecule(folder)
    assert (found.spec.context, found.spec.activation, found.spec.n_networks) == (10_000, "gelu", 5)
    ensemble = build(found, "checkpoint")
    codes = torch.from_numpy(encode(b"N" * 5000 + b"AGCAGTCATTATGGCGAA" + b"N" * 5000).copy())[None]
    with torch.inference_mode():
        logits = sum(network(codes) for network in ensemble.networks) / len(ensemble.networks)
    assert_allclose(logits[0].T[:4].numpy(), PRINTED, rtol=0, atol=1e-4)
