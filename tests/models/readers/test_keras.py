"""SpliceAI's Keras files, from toy ones with their names of layers."""

from __future__ import annotations

from dataclasses import replace

import h5py
import numpy as np
import pytest
from support import published

from spliceai_cli.errors import WeightsError
from spliceai_cli.models.load import build
from spliceai_cli.models.published import SPLICEAI
from spliceai_cli.models.readers.keras import read_keras

SPEC = replace(SPLICEAI.spec, channels=2, n_networks=2)
TENSORS = published.toy_tensors(SPEC)
FILES = [published.keras_file(published.member(TENSORS, number)) for number in (1, 2)]


def test_files__have_every_tensor_in_the_order_given():
    weights = read_keras(FILES, SPEC)
    assert weights.spec == SPEC
    assert weights.tensors.keys() == TENSORS.keys()
    for name, array in TENSORS.items():
        np.testing.assert_array_equal(weights.tensors[name], array, err_msg=name)
    assert build(weights, "toy").spec == SPEC
    other = read_keras(FILES[::-1], SPEC).tensors
    np.testing.assert_array_equal(other["1.head.weight"], TENSORS["2.head.weight"])


@pytest.mark.parametrize("raw", [b"", b"x" * 2000, FILES[1][: len(FILES[1]) // 2]], ids=["empty", "other", "cut"])
def test_other_file__is_told_by_its_number(raw):
    with pytest.raises(WeightsError, match="Keras file 2 of 2 does not hold spliceai: "):
        read_keras([FILES[0], raw], SPEC)


def test_fewer_layers__are_told(tmp_path):
    path = tmp_path / "less.h5"
    path.write_bytes(FILES[0])
    with h5py.File(path, "r+") as handle:
        del handle["model_weights/conv1d_38"]
    with pytest.raises(WeightsError, match="Keras file 1 of 1 does not hold spliceai: "):
        read_keras([path.read_bytes()], SPEC)
