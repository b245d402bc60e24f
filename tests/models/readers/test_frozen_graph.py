"""CI-SpliceAI's frozen graph, from graphs written byte by byte."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from support import published

from spliceai_cli.errors import WeightsError
from spliceai_cli.models.load import build
from spliceai_cli.models.published import CISPLICEAI
from spliceai_cli.models.readers.frozen_graph import read_frozen_graph

SPEC = replace(CISPLICEAI.spec, channels=2, n_networks=2)
TENSORS = published.toy_tensors(SPEC)


@pytest.fixture
def constants():
    return published.graph_constants(TENSORS, 2, SPEC.norm_eps)


def read(raw: bytes):
    return read_frozen_graph(raw, SPEC, "toy.pb")


def check(found, expected):
    assert found.keys() == expected.keys()
    for name, array in expected.items():
        np.testing.assert_array_equal(found[name], array, err_msg=name)
        assert found[name].dtype == np.float32


def test_graph__has_every_tensor_of_both_networks(constants):
    weights = read(published.graph(constants))
    assert weights.spec == SPEC
    check(weights.tensors, TENSORS)
    assert build(weights, "toy").spec == SPEC


@pytest.mark.parametrize("how", ["values", "one"])
def test_constant__may_be_a_list_of_values_or_one_for_all(constants, how):
    """TensorFlow writes a tensor of equal values as one, which must fill the tensor, and be writable for PyTorch."""
    name = "model_1/batch_normalization_5/batchnorm_1/ReadVariableOp_2/resource"
    constants[name] = np.full(2, 0.25, np.float32)
    raw = published.graph({other: array for other, array in constants.items() if other != name})
    weights = read(published.constant(name, constants[name], how=how) + raw)
    np.testing.assert_array_equal(weights.tensors["2.blocks.2.norm1.bias"], [0.25, 0.25])
    build(weights, "toy")


def test_graph__of_other_normalisations_is_refused(constants):
    """Another epsilon would change every score a little and be seen by no one."""
    constants["model_1/batch_normalization_1/batchnorm_1/add/y"] = np.float32(1e-5)
    with pytest.raises(WeightsError, match=r"toy\.pb: epsilon of the normalisations is 1e-05, 0\.001 expected"):
        read(published.graph(constants))


@pytest.mark.parametrize(
    "name",
    [
        "model_1/conv1d_39/conv1d/ExpandDims_1/ReadVariableOp/resource",
        "model_1/conv1d_38/BiasAdd_1/ReadVariableOp/resource",
        "model_1/batch_normalization_32/batchnorm_1/mul/ReadVariableOp/resource",
    ],
)
def test_graph__without_a_constant_names_it(constants, name):
    del constants[name]
    with pytest.raises(WeightsError, match=f"toy.pb does not hold cispliceai: it has no constant {name}"):
        read(published.graph(constants))


def test_constant__of_another_type_does_not_count(constants):
    name = "model_1/conv1d_39/BiasAdd/ReadVariableOp/resource"
    bias = published.constant(name, constants.pop(name), dtype=3)
    with pytest.raises(WeightsError, match=f"has no constant {name}"):
        read(bias + published.graph(constants))


@pytest.mark.parametrize("raw", [b"", b"\x89HDF\r\n\x1a\n" + bytes(100), b"\xff" * 40], ids=["empty", "hdf5", "ff"])
def test_other_file__is_refused(raw):
    with pytest.raises(WeightsError, match=r"toy\.pb (is not a TensorFlow graph|does not hold cispliceai)"):
        read(raw)


def test_cut_graph__is_refused(constants):
    raw = published.graph(constants)
    for n in (1, 1000, len(raw) // 2):
        with pytest.raises(WeightsError, match="is not a TensorFlow graph|does not hold"):
            read(raw[:-n])


def test_tensor__that_does_not_fill_its_shape_is_refused(constants):
    name = "model_1/conv1d_39/BiasAdd/ReadVariableOp/resource"
    short = published.constant(name, constants.pop(name)).replace(
        published.field(2, published.field(2, published.field(1, 3))),
        published.field(2, published.field(2, published.field(1, 4))),
    )
    with pytest.raises(WeightsError, match="is not a TensorFlow graph"):
        read(short + published.graph(constants))
