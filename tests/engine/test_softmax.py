"""Probabilities from logits, as PyTorch computes them."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from spliceai_cli.engine.softmax import softmax


@pytest.mark.parametrize("shape", [(0, 3), (1, 3), (501, 3), (4, 101, 3), (2, 7, 5), (3, 2)])
@pytest.mark.parametrize("scale", [0.1, 5, 100])
def test_softmax__is_that_of_pytorch(shape, scale):
    """Rounded once; PyTorch rounds each step."""
    logits = (scale * np.random.default_rng(1).standard_normal(shape)).astype(np.float32)
    before = logits.copy()
    found = softmax(logits)
    np.testing.assert_array_equal(logits, before)
    exact = torch.softmax(torch.from_numpy(logits).double(), dim=-1).numpy()
    assert (found.dtype, found.shape, found.flags.c_contiguous) == (np.float32, shape, True)
    np.testing.assert_array_equal(found, np.where(exact < 2.0**-126, 0, exact).astype(np.float32))
    np.testing.assert_allclose(found, torch.softmax(torch.from_numpy(logits), dim=-1), rtol=1e-5, atol=1.2e-38)


def test_softmax__by_hand():
    np.testing.assert_array_equal(softmax(np.float32([[0, 0, 0, 0]])), [[0.25] * 4])
    # exp(-90) is 8e-40, which float32 holds only as a denormal; exp(-87) is 1.6e-38.
    np.testing.assert_array_equal(softmax(np.float32([[0, -90]])), [[1, 0]])
    assert softmax(np.float32([[0, -87]]))[0, 1] == np.float32(np.exp(-87.0))


@pytest.mark.parametrize("row", [[np.nan, 0, 0], [np.inf, 0, 0], [-np.inf] * 3])
def test_softmax__of_what_is_not_finite_is_no_number(row):
    assert np.isnan(softmax(np.float32([row, [1, 2, 3]]))).tolist() == [[True] * 3, [False] * 3]
