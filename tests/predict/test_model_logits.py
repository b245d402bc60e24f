"""``Model.logits``, ``networks``, ``n_parameters`` and ``flops``."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from support import toy_networks

from spliceai_cli import Compute, Model, SpliceAICliError
from spliceai_cli.models.load import load_safetensors


@pytest.fixture
def ensemble(toy_weights):
    return load_safetensors(toy_weights / "weights.safetensors")


@pytest.fixture
def model(ensemble):
    return Model(ensemble, Compute(device="cpu"))


def test_logits__are_the_mean_of_the_networks(model, ensemble):
    """Against PyTorch's own forward pass, with N beyond the ends."""
    bases = "ACGTTGCAAN" * 3
    codes = torch.tensor([[4] * 10 + ["ACGTN".index(base) for base in bases] + [4] * 10])
    with torch.no_grad():
        expected = sum(network(codes)[0].T for network in ensemble.networks) / len(ensemble.networks)
    np.testing.assert_allclose(model.logits(bases), expected, rtol=0, atol=2e-6)


def test_logits__take_rna_and_lists(model):
    one, two = model.logits(["acguacgu", "GGGUAAGU"])
    np.testing.assert_array_equal(one, model.logits("ACGTACGT"))
    np.testing.assert_array_equal(two, model.logits("GGGTAAGT"))
    np.testing.assert_array_equal(model.logits("ACGTACGT", strand="-")[::-1], model.logits("ACGTACGT"))
    assert model.logits([]) == []
    assert model.logits("").shape == (0, 3)


def test_predict__is_as_before_after_logits(ensemble):
    fresh, used = Model(ensemble, Compute(device="cpu")), Model(ensemble, Compute(device="cpu"))
    used.logits("ACGTNACG")
    np.testing.assert_array_equal(used.predict("ACGTNACG"), fresh.predict("ACGTNACG"))


@pytest.mark.parametrize("sequences", [b"ACGT", None, "ACX", ["AC", 5]])
def test_logits__refuse_what_is_no_sequence(model, sequences):
    with pytest.raises(SpliceAICliError, match="sequence"):
        model.logits(sequences)


def test_networks__are_modules_apart_from_the_model(model):
    before = model.predict("ACGTACGT")
    assert [type(network).__mro__[1] for network in model.networks] == [torch.nn.Module] * 2
    for network in model.networks:
        assert not network.training
        for parameter in network.parameters():
            parameter.data.zero_()
    np.testing.assert_array_equal(model.predict("ACGTACGT"), before)
    np.testing.assert_array_equal(model.logits("ACGTACGT"), Model.logits(model, "ACGTACGT"))


def test_counts__by_hand(model):
    """Six features: stem 4 x 6, two blocks of kernels 3 and 5, two taps 6 x 6, head 6 x 3; two networks."""
    assert toy_networks.RANDOM_SPEC.channels == 6
    weights = 4 * 6 + 2 * 36 * 3 + 2 * 36 * 5 + 2 * 36 + 6 * 3
    biases_and_norms = 6 + 4 * 6 + 4 * 2 * 6 + 2 * 6 + 3
    assert model.n_parameters == 2 * (weights + biases_and_norms)
    assert model.flops(100) == 2 * 100 * 2 * weights
    with pytest.raises(SpliceAICliError, match="length"):
        model.flops(-1)
