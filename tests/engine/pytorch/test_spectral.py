"""Spectral convolutions equal the sum that defines a convolution."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from spliceai_cli.engine.folded import FoldedConvolution
from spliceai_cli.engine.pytorch.convolution import DirectConvolution
from spliceai_cli.engine.pytorch.kernels import Kernels
from spliceai_cli.engine.pytorch.spectral import Scratch, SpectralConvolution
from spliceai_cli.models.spec import BlockSpec
from spliceai_cli.settings.words import FAST, FLOAT32


def literal(x, weight, bias, dilation):
    """The definition, in float64: y[o, p] = bias[o] + sum over i and t of weight[o, i, t] x[i, p + t dilation]."""
    n_taps = weight.shape[-1]
    n_outputs = x.shape[1] - (n_taps - 1) * dilation
    y = np.zeros((len(x), n_outputs, len(weight))) + bias
    for t in range(n_taps):
        y += x[:, t * dilation : t * dilation + n_outputs] @ weight[:, :, 0, t].T
    return y


def layer(rng, n_features, kernel):
    weight = rng.standard_normal((n_features, n_features, 1, kernel)) / np.sqrt(n_features * kernel)
    return weight, rng.standard_normal(n_features)


def tensor(values):
    return torch.tensor(values, dtype=torch.float32)


@settings(deadline=None, max_examples=60)
@given(
    n_features=st.sampled_from([1, 3, 8]),
    kernel=st.sampled_from([1, 3, 8, 21, 41]),
    dilation=st.sampled_from([1, 2, 25]),
    n_sequences=st.integers(1, 9),
    n_outputs=st.integers(1, 3000),
    seed=st.integers(0, 9),
)
def test_spectral__equals_the_definition(n_features, kernel, dilation, n_sequences, n_outputs, seed):
    rng = np.random.default_rng(seed)
    weight, bias = layer(rng, n_features, kernel)
    x = rng.standard_normal((n_sequences, n_outputs + (kernel - 1) * dilation, n_features))
    convolve = SpectralConvolution(tensor(weight), tensor(bias), dilation, Scratch())
    found = convolve(tensor(x)).numpy()
    expected = literal(x, weight, bias, dilation)
    assert found.shape == expected.shape
    np.testing.assert_allclose(found, expected, rtol=0, atol=1e-5)


def test_spectral__rounds_about_as_little_as_direct():
    """At the size of the published networks, where every direct output is a sum of 1,312 rounded products.

    Which of the two rounds less depends on the processor: with AVX2 direct has 2.1e-6 and spectral 2.5e-6, with AVX-512
    it was 5e-6 and 1.9e-6.
    """
    rng = np.random.default_rng(0)
    weight, bias = layer(rng, 32, 41)
    x = rng.standard_normal((2, 1000 + 2100, 32))
    expected = literal(x, weight, bias, 25)
    spectral = SpectralConvolution(tensor(weight), tensor(bias), 25, Scratch())(tensor(x)).numpy()
    direct = DirectConvolution(tensor(weight), tensor(bias), 25)(tensor(x)).numpy()
    assert abs(spectral - expected).max() < 1.5 * abs(direct - expected).max()


def test_spectral__works_on_parts_of_longer_sequences():
    rng = np.random.default_rng(1)
    weight, bias = layer(rng, 4, 9)
    x = rng.standard_normal((3, 400, 4))
    convolve = SpectralConvolution(tensor(weight), tensor(bias), 3, Scratch())
    np.testing.assert_allclose(
        convolve(tensor(x)[:, 37:390]).numpy(), literal(x[:, 37:390], weight, bias, 3), rtol=0, atol=1e-5
    )


def test_spectral__results_survive_the_next_call():
    rng = np.random.default_rng(2)
    weight, bias = layer(rng, 4, 9)
    convolve = SpectralConvolution(tensor(weight), tensor(bias), 3, Scratch())
    first = convolve(tensor(rng.standard_normal((2, 300, 4))))
    kept = first.clone()
    convolve(tensor(rng.standard_normal((2, 300, 4))))
    assert torch.equal(first, kept)


@pytest.mark.parametrize(
    ("precision", "kernel", "dilation", "kind"),
    [
        (FLOAT32, 41, 25, SpectralConvolution),
        (FLOAT32, 21, 10, DirectConvolution),
        (FLOAT32, 41, 1, DirectConvolution),
        (FAST, 41, 25, DirectConvolution),
    ],
)
def test_kernels__spectral_for_long_dilated_float32(precision, kernel, dilation, kind):
    kernels = Kernels(torch.device("cpu"), precision)
    layer = FoldedConvolution(np.zeros((4, 4, 1, kernel), np.float32), np.zeros(4, np.float32), dilation)
    assert type(kernels.convolution(layer)) is kind
    direct = Kernels(torch.device("cpu"), FLOAT32).cost(BlockSpec(11, 1))
    assert direct == 11
    assert kernels.cost(BlockSpec(kernel, dilation)) <= kernel


def test_scratch__every_thread_has_its_own_memory():
    """Two threads used to write into the same values, since PyTorch lets both run at once."""
    scratch, like = Scratch(), torch.zeros(1)
    here = scratch.take("use", (4,), like)
    with ThreadPoolExecutor(1) as pool:
        there = pool.submit(scratch.take, "use", (4,), like).result()
    assert here.data_ptr() != there.data_ptr()
    assert here.data_ptr() == scratch.take("use", (2, 2), like).data_ptr()
