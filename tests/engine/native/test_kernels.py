"""Native convolutions equal the sum that defines a convolution, in float64."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spliceai_cli.engine.native.interface import N_SIZES, NONE, RECTIFY
from spliceai_cli.engine.native.layer import Layer
from tests.support.native_layers import DIRECT, FUNCTIONS, Convolution, literal, random_input, random_layer

# Largest error at outputs of about 1. A direct sum has up to 201 * 32 terms; conv2d is off by as much.
TOLERANCE = {True: 3e-6, False: 1.5e-5}
PUBLISHED = [(11, 1), (11, 4), (21, 10), (41, 25)]


@pytest.mark.parametrize(("kernel", "dilation"), [*PUBLISHED, (3, 1), (5, 7), (15, 2), (63, 3)])
def test_convolution__equals_the_definition_at_every_size_and_tail(library, kernel, dilation):
    """Lengths around each multiple of what a block covers: one more, one less, a phase more, a phase less."""
    rng = np.random.default_rng(kernel)
    weight, bias = random_layer(rng, kernel)
    convolution = Convolution(library, weight, bias, dilation)
    n_checked = 0
    for size in [DIRECT, *range(N_SIZES)]:
        outputs = 60 if size == DIRECT else library.points(size) - kernel + 1
        if outputs < 1:
            continue
        span = outputs * dilation
        lengths = {1, 2, dilation, dilation + 1, span - 1, span, span + 1, span + dilation, 2 * span + 3, 3 * span - 1}
        for n_outputs in sorted(lengths - {0}):
            x = random_input(rng, 1, n_outputs + convolution.layer.reach)
            difference = convolution.by(size, x) - literal(x, weight, bias, dilation)
            assert abs(difference).max() <= TOLERANCE[size != DIRECT], (size, n_outputs)
            n_checked += 1
    assert n_checked > 20


@settings(deadline=None, max_examples=80)
@given(
    kernel=st.sampled_from([1, 3, 7, 11, 21, 41, 101, 201]),
    dilation=st.sampled_from([1, 2, 4, 10, 25, 300]),
    n=st.sampled_from([1, 2, 3, 5, 70]),
    n_outputs=st.integers(1, 900),
    seed=st.integers(0, 99),
)
def test_convolution__equals_the_definition(library, kernel, dilation, n, n_outputs, seed):
    rng = np.random.default_rng(seed)
    weight, bias = random_layer(rng, kernel)
    convolution = Convolution(library, weight, bias, dilation)
    n = min(n, 1 + 40_000 // (n_outputs + convolution.layer.reach))
    x = random_input(rng, n, n_outputs + convolution.layer.reach)
    np.testing.assert_allclose(convolution(x), literal(x, weight, bias, dilation), rtol=0, atol=5e-6 + 1e-7 * kernel)


@pytest.mark.parametrize("name", FUNCTIONS)
@pytest.mark.parametrize("n_outputs", [3, 500], ids=["direct", "transformed"])
def test_convolution__normalises_and_activates_on_the_way(library, name, n_outputs):
    kind, slope, function = FUNCTIONS[name]
    rng = np.random.default_rng(5)
    weight, bias = random_layer(rng, 11)
    scale, shift = rng.standard_normal((2, 32)).astype(np.float32)
    surrounded = {"entry": kind, "leave": kind, "slope": slope, "scale": scale, "shift": shift}
    convolution = Convolution(library, weight, bias, 4, **surrounded)
    x = random_input(rng, 3, n_outputs + 40)
    expected = function(literal(function(x.astype(np.float64) * scale + shift), weight, bias, 4))
    np.testing.assert_allclose(convolution(x), expected, rtol=0, atol=5e-6)


@pytest.mark.parametrize("n_outputs", [3, 500], ids=["direct", "transformed"])
def test_convolution__adds_what_the_block_began_with(library, n_outputs):
    rng = np.random.default_rng(6)
    weight, bias = random_layer(rng, 21)
    x = random_input(rng, 2, n_outputs + 200)
    residual = x[:, 100:-100]
    expected = literal(x, weight, bias, 10) + residual
    found = Convolution(library, weight, bias, 10)(x, residual)
    np.testing.assert_allclose(found, expected, rtol=0, atol=5e-6)


@pytest.mark.parametrize(("kernel", "dilation"), PUBLISHED)
@pytest.mark.parametrize("n_outputs", [5, 133, 1004, 3004])
def test_convolution__of_a_sequence_does_not_depend_on_those_beside_it(library, kernel, dilation, n_outputs):
    """To the last bit; their number, order and values do not matter, and NaN in one is none in another."""
    rng = np.random.default_rng(7)
    weight, bias = random_layer(rng, kernel)
    convolution = Convolution(library, weight, bias, dilation)
    x = random_input(rng, 7, n_outputs + convolution.layer.reach)
    alone = np.concatenate([convolution(x[i : i + 1]) for i in range(7)])
    np.testing.assert_array_equal(convolution(x), alone)
    np.testing.assert_array_equal(convolution(np.ascontiguousarray(x[::-1])), alone[::-1])
    x[3] = np.nan
    np.testing.assert_array_equal(np.delete(convolution(x), 3, axis=0), np.delete(alone, 3, axis=0))


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
@pytest.mark.parametrize("name", FUNCTIONS)
@pytest.mark.parametrize("n_outputs", [9, 700], ids=["direct", "transformed"])
def test_convolution__no_nan_is_lost(library, value, name, n_outputs):
    """Every output that the definition makes of it is not finite."""
    kind, slope, _ = FUNCTIONS[name]
    rng = np.random.default_rng(8)
    weight, bias = random_layer(rng, 11)
    convolution = Convolution(library, weight, bias, 4, leave=kind, slope=slope)
    x = random_input(rng, 1, n_outputs + 40)
    place = n_outputs // 2 + 20
    x[0, place, 5] = value
    found = convolution(x)[0]
    reached = [p for p in range(n_outputs) if (place - p) % 4 == 0 and 0 <= place - p <= 40]
    assert reached
    if np.isnan(value):
        assert np.isnan(found[reached]).all()
    else:
        assert not np.isfinite(found[reached]).all(axis=1).any()


def test_convolution__works_on_parts_of_longer_sequences(library):
    rng = np.random.default_rng(9)
    weight, bias = random_layer(rng, 11)
    x = random_input(rng, 3, 400)
    found = Convolution(library, weight, bias, 3)(x[:, 37:390])
    np.testing.assert_allclose(found, literal(x[:, 37:390], weight, bias, 3), rtol=0, atol=5e-6)


def test_layer__packs_only_what_is_used_and_has_a_limit(library):
    """The default model: 160 layers, 250 MB once every size has been used."""
    total = 0
    for kernel, dilation, n_layers in [(11, 1, 40), (11, 4, 40), (21, 10, 40), (41, 25, 40)]:
        weight, bias = random_layer(np.random.default_rng(0), kernel)
        layer = Layer(library, weight, bias, dilation)
        assert layer.packed_bytes == 0
        layer.prepare(3000)
        assert 0 < layer.packed_bytes <= layer.most_packed_bytes
        total += n_layers * (layer.most_packed_bytes + weight.nbytes)
    assert total <= 250e6


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"length": 40}, "shape"),
        ({"length": 1 << 50}, "shape"),
        ({"n": -1}, "shape"),
        ({"x": None}, "null"),
        ({"y": None}, "null"),
        ({"scratch": None}, "null"),
        ({"scratch_bytes": 100}, "scratch"),
        ({"taps": 0}, "shape"),
        ({"dilation": -3}, "shape"),
        ({"entry": 7}, "shape"),
        ({"entry": RECTIFY}, "null"),
        ({"bias": None}, "null"),
        ({"unpack": True}, "not packed"),
    ],
    ids=str,
)
def test_interface__refuses_what_it_cannot_do(library, change, message):
    change = dict(change)
    weight, bias = random_layer(np.random.default_rng(1), 11)
    convolution = Convolution(library, weight, bias, 4)
    x, y = random_input(np.random.default_rng(1), 2, 540), np.zeros((2, 500, 32), np.float32)
    convolution.layer.prepare(500)
    struct, stage = convolution.layer.struct, convolution.stage
    if change.pop("unpack", False):
        for size in range(N_SIZES):
            struct.spectral[size] = None
    for name in ("taps", "dilation", "bias"):
        setattr(struct, name, change.pop(name, getattr(struct, name)))
    stage.entry = change.pop("entry", NONE)
    given = {
        "x": x.ctypes.data, "n": 2, "length": 540, "y": y.ctypes.data, "scratch": convolution.scratch.ctypes.data,
        "scratch_bytes": convolution.scratch.nbytes, **change,
    }  # fmt: skip
    with pytest.raises(ValueError, match=message):
        library.call(
            "convolve", stage, given["x"], 540 * 32, given["n"], given["length"], None, 0,
            given["y"], 500 * 32, given["scratch"], given["scratch_bytes"],
        )  # fmt: skip
    assert not y.any()
