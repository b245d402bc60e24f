from __future__ import annotations

import dataclasses

import numpy as np
import pytest
import torch
from numpy.testing import assert_allclose
from support import oracle, toy_networks
from support.plain import probabilities

from spliceai_cli.genome.bases import encode
from spliceai_cli.models import spec as spec_module
from spliceai_cli.models.ensemble import tensor_shapes
from spliceai_cli.models.network import Network, answers
from spliceai_cli.models.published import PANGOLIN, SPLICEAI
from spliceai_cli.scores.tissues import TISSUES

# Logits on the MultiMolecule model card, mean of the five networks, for agcagucauuauggcgaa between 5,000 N; their
# configuration used GELU. The ReLU rows are this ensemble as published (computed with Keras).
PRINTED = {
    "gelu": [
        (8.5123, -4.9607, -7.6787),
        (8.6559, -4.4936, -8.6357),
        (5.8514, -1.9375, -6.8030),
        (7.3739, -5.3444, -5.2559),
    ],
    "relu": [
        (9.4171, -6.0439, -7.7146),
        (9.7264, -6.2066, -8.4807),
        (7.6808, -3.8292, -7.9092),
        (8.6769, -6.6038, -5.9117),
    ],
}


@pytest.mark.weights
@pytest.mark.parametrize("activation", PRINTED)
def test_network__reproduces_printed_logits(store, activation):
    spec = dataclasses.replace(SPLICEAI.spec, activation=activation)
    codes = torch.from_numpy(encode(b"N" * 5000 + b"AGCAGTCATTATGGCGAA" + b"N" * 5000).copy())[None]
    networks = store.load().networks
    with torch.inference_mode():
        logits = torch.zeros(1, 3, 18)
        for network in networks:
            for block in network.blocks:
                block.activate = {"relu": torch.relu, "gelu": torch.nn.functional.gelu}[spec.activation]
            logits += network(codes) / len(networks)
    assert_allclose(logits[0].T[:4].numpy(), PRINTED[activation], rtol=0, atol=1e-4)


ACTIVATIONS = {
    "relu": lambda x: x * (x > 0),
    "leaky_relu_0.1": lambda x: torch.where(x > 0, x, x / 10),
    # The exact form, not the approximation by tanh.
    "gelu": lambda x: x * (1 + torch.erf(x / 2**0.5)) / 2,
}


def literal_nets(spec, tensors):
    """The oracle's view of an ensemble, in double precision."""
    literal = {"blocks": [(b.kernel, b.dilation, b.is_tapped) for b in spec.blocks], "eps": spec.norm_eps}
    nets = [oracle.net_from_tensors(tensors, f"{i + 1}.", literal, torch.float64) for i in range(spec.n_networks)]
    return [dataclasses.replace(net, activate=ACTIVATIONS[spec.activation]) for net in nets]


@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize("norm_eps", [1e-3, 1e-5, 0.5])
def test_network__has_the_activation_and_epsilon_of_its_spec(activation, norm_eps):
    spec = dataclasses.replace(toy_networks.RANDOM_SPEC, activation=activation, norm_eps=norm_eps)
    tensors = toy_networks.random_tensors(spec)
    bases = "".join("ACGTN"[i] for i in np.random.default_rng(1).integers(0, 5, 60))
    expected = oracle.probabilities(bases, "+", literal_nets(spec, tensors), spec.flank)
    with torch.inference_mode():
        codes = torch.from_numpy(encode(bases.encode()).copy())[None]
        found = probabilities(toy_networks.ensemble_of(spec, tensors), codes)
    assert_allclose(found[0].T.numpy(), expected, rtol=0, atol=2e-6)


def test_activations__are_all_tried():
    assert set(ACTIVATIONS) == set(spec_module.ACTIVATIONS)


def test_ensemble__averages_within_groups():
    """Members 1 and 2 are those of the first group, 3 and 4 of the second, 5 and 6 of the third."""
    spec = dataclasses.replace(
        toy_networks.RANDOM_SPEC,
        scoring=TISSUES.name,
        classes=("neither", "splice"),
        groups=("a", "b", "c"),
        n_networks=6,
    )
    tensors = toy_networks.random_tensors(spec)
    bases = "".join("ACGT"[i] for i in np.random.default_rng(2).integers(0, 4, 50))
    nets = literal_nets(spec, tensors)
    groups = [oracle.probabilities(bases, "+", nets[i : i + 2], spec.flank) for i in (0, 2, 4)]
    apart = [oracle.probabilities(bases, "+", [net], spec.flank) for net in nets]
    with torch.inference_mode():
        ensemble = toy_networks.ensemble_of(spec, tensors)
        codes = torch.from_numpy(encode(bases.encode()).copy())[None]
        found, each = probabilities(ensemble, codes), answers(ensemble.networks, codes, 1)
    assert_allclose(found[0].T.numpy(), np.concatenate(groups, axis=1), rtol=0, atol=2e-6)
    assert_allclose(each[0].T.numpy(), np.concatenate(apart, axis=1), rtol=0, atol=2e-6)


@pytest.mark.parametrize("n", [21, 22, 60])
def test_network__equals_same_padding_and_cropping(n):
    """Valid convolutions on shrinking intervals give what the published 'same' networks give after cropping."""
    spec = toy_networks.RANDOM_SPEC
    tensors = toy_networks.random_tensors()
    bases = "".join("ACGTN"[i] for i in np.random.default_rng(n).integers(0, 5, n))
    expected = oracle.probabilities(bases, "+", literal_nets(spec, tensors), spec.flank)
    with torch.inference_mode():
        codes = torch.from_numpy(encode(bases.encode()).copy())[None]
        found = probabilities(toy_networks.random_ensemble(), codes)
    assert found.shape == (1, 3, n - spec.context)
    assert_allclose(found[0].T.numpy(), expected, rtol=0, atol=2e-6)


@pytest.mark.parametrize("spec", [*toy_networks.SPECS.values(), SPLICEAI.spec, PANGOLIN], ids=lambda spec: spec.name)
def test_tensor_shapes__are_those_of_the_module(spec):
    """Weights are checked against them before there is a module."""
    with torch.device("meta"):
        state = Network(spec).state_dict()
    expected = {name: tuple(tensor.shape) for name, tensor in state.items() if not name.endswith("num_batches_tracked")}
    assert tensor_shapes(spec) == expected
    assert spec.n_tensors == spec.n_networks * len(expected)


def test_toy__probabilities_are_spread_out():
    """A toy network that always says the same would test nothing."""
    codes = torch.from_numpy(np.random.default_rng(0).integers(0, 4, (1, 500), dtype=np.uint8))
    with torch.inference_mode():
        found = probabilities(toy_networks.random_ensemble(), codes)
    assert (found.amax(dim=2) - found.amin(dim=2) > 0.1).all()
