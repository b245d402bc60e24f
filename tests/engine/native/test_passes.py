"""Native REF and ALT passes equal a network by its definition, in float64."""

from __future__ import annotations

import ctypes
import sys

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from support import native_networks as networks
from support import toy_networks

from spliceai_cli.engine.folded import fold
from spliceai_cli.engine.native.memory import Pool
from spliceai_cli.engine.native.network import NativeNetwork
from spliceai_cli.engine.softmax import softmax

# Largest error, as a part of the largest value of a layer. Values that grow from block to block round more.
TOLERANCE = 3e-6

SMALL = toy_networks.SPECS["native"]


def native(library, folded):
    return NativeNetwork(library, Pool(), folded)


def small(library, spec=SMALL):
    folded = networks.random_folded(spec, seed=3)
    return folded, native(library, folded)


def check(found, expected):
    """NaN is equal to nothing."""
    assert found.shape == expected.shape
    assert (abs(found - expected) <= TOLERANCE * max(1.0, abs(expected).max())).all()


def test_literal__is_the_network(library):
    """What the tests compare with is what PyTorch computes in float64, apart from constants folded in float32."""
    for name in ("native", "native leaky", "native gelu"):
        ensemble = toy_networks.random_ensemble(toy_networks.SPECS[name], 3)
        codes = networks.random_codes(np.random.default_rng(1), ensemble.spec.context + 50)
        folded = fold(ensemble.spec, ensemble.members[0])
        expected = ensemble.networks[0].double()(torch.from_numpy(codes)[None])[0].T.numpy()
        np.testing.assert_allclose(networks.literal_values(folded, codes).logits, expected, rtol=0, atol=2e-6)


@settings(deadline=None, max_examples=60)
@given(seed=st.integers(0, 2**32 - 1), n=st.sampled_from([1, 2, 3, 30, 33, 200, 701]))
def test_logits__equal_the_definition(library, seed, n):
    rng = np.random.default_rng(seed)
    spec = networks.random_spec(rng)
    folded = networks.random_folded(spec, seed)
    codes = networks.random_codes(rng, spec.context + n)
    check(native(library, folded).logits(codes), networks.literal_values(folded, codes).logits)


@settings(deadline=None, max_examples=40)
@given(seed=st.integers(0, 2**32 - 1), n=st.sampled_from([1, 30, 200]), start=st.sampled_from([-700, 0, 10_000]))
def test_reference__keeps_the_values_of_layers(library, seed, n, start):
    """Any part of any layer, at the ends of what is computed too; logits are those without anything kept."""
    rng = np.random.default_rng(seed)
    spec = networks.random_spec(rng)
    folded = networks.random_folded(spec, seed)
    network = native(library, folded)
    codes = networks.random_codes(rng, spec.context + n)
    expected = networks.literal_values(folded, codes)
    bounds = np.sort(rng.integers(-20, len(codes) + 20, (len(expected.layers), 2)), axis=1)
    reference = network.reference(codes, start, start + bounds)
    np.testing.assert_array_equal(reference.logits, network.logits(codes))
    check(reference.logits, expected.logits)
    kept = reference.kept
    for values, (first, end), *room in zip(expected.layers, bounds, kept.starts, kept.ends, kept.rows, strict=True):
        lost = (len(codes) - len(values)) // 2
        first, end = max(first, lost), min(end, len(codes) - lost)
        assert room[1] - room[0] == max(0, end - first)
        if end > first:
            assert room[0] == start + first
            found = kept.values[room[2] : room[2] + end - first]
            check(found, values[first - lost : end - lost])


EDITS = [(1, b"T"), (1, b"TA"), (2, b"T"), (0, b"GGGTC"), (30, b""), (3, b"ACGTAC"), (0, b"ACGT" * 40), (200, b"")]


@settings(deadline=None, max_examples=60)
@given(
    seed=st.integers(0, 2**32 - 1),
    distance=st.sampled_from([0, 1, 7, 50, 150]),
    edit=st.sampled_from(EDITS),
    place=st.sampled_from([0, 1, 40, 400, 570, 599]),
)
def test_alternate__equals_a_pass_over_the_whole_of_alt(library, seed, distance, edit, place):
    rng = np.random.default_rng(seed)
    spec = networks.random_spec(rng)
    folded = networks.random_folded(spec, seed)
    network = native(library, folded)
    strand = networks.Strand.random(rng, 600)
    placed = strand.edit(place, min(edit[0], 600 - place), edit[1], distance)
    batch = networks.batch_of(spec, [placed])
    kept = networks.reference_of(network, spec, [placed], batch).kept
    expected = networks.literal_values(folded, networks.alternate_codes(spec, placed)).logits
    check(network.alternate(batch, {0: kept})[0], expected)


@pytest.mark.parametrize("name", ["native", "native leaky", "native gelu"])
def test_alternate__edits_of_a_batch_do_not_influence_one_another(library, name):
    """To the last bit, for batches below, at and above what the library takes at a time."""
    spec = toy_networks.SPECS[name]
    folded, network = small(library, spec)
    rng = np.random.default_rng(4)
    strand = networks.Strand.random(rng, 900)
    edits = [strand.edit(100 + 40 * i, 1, b"ACGT"[i % 4 : i % 4 + 1] + b"AC", 20) for i in range(17)]
    assert len({placed.geometry for placed in edits}) == 1
    everything = networks.batch_of(spec, edits)
    kept = {0: networks.reference_of(network, spec, edits, everything).kept}
    alone = [network.alternate(networks.batch_of(spec, [placed]), kept)[0] for placed in edits]
    assert len({values.tobytes() for values in alone}) == 17
    for n in (1, 2, 8, 9, 17):
        order = rng.permutation(17)[:n]
        found = network.alternate(networks.batch_of(spec, [edits[i] for i in order]), kept)
        np.testing.assert_array_equal(found, [alone[i] for i in order])


def test_alternate__edits_of_several_tiles_are_one_batch(library):
    _, network = small(library)
    rng = np.random.default_rng(5)
    strands = [networks.Strand.random(rng, 900) for _ in range(2)]
    edits = [strand.edit(300 + 7 * i, 1, b"GAA", 20) for strand in strands for i in range(3)]
    batch = networks.batch_of(SMALL, edits, tiles=[0, 0, 0, 1, 1, 1])
    alone = {}
    for tile in (0, 1):
        members = edits[3 * tile : 3 * tile + 3]
        part = networks.batch_of(SMALL, members)
        alone[tile] = networks.reference_of(network, SMALL, members, part).kept
    expected = [network.alternate(networks.batch_of(SMALL, edits[3 * t : 3 * t + 3]), {0: alone[t]}) for t in (0, 1)]
    np.testing.assert_array_equal(network.alternate(batch, alone), np.concatenate(expected))


def test_alternate__says_what_was_not_kept(library):
    """The library is given addresses and would read what lies there."""
    _, network = small(library)
    strand = networks.Strand.random(np.random.default_rng(6), 900)
    placed = strand.edit(400, 1, b"T", 20)
    batch = networks.batch_of(SMALL, [placed])
    kept = networks.reference_of(network, SMALL, [placed], batch).kept
    network.alternate(batch, {0: kept})
    for layer in range(len(kept.starts)):
        for side in ("starts", "ends"):
            shorter = getattr(kept, side).copy()
            shorter[layer] += 1 if side == "starts" else -1
            with pytest.raises(ValueError, match="did not keep what an edit needs"):
                network.alternate(batch, {0: kept._replace(**{side: shorter})})


@pytest.mark.parametrize("place", ["stem", "scale", "shift", "first", "second", "first_bias", "bias"])
@pytest.mark.parametrize("value", [np.nan, np.inf])
@pytest.mark.parametrize("name", ["native", "native leaky", "native gelu"])
def test_passes__weights_that_are_not_finite_give_no_number(library, name, value, place):
    """One such weight: logits are NaN or infinite wherever it counts, so that the softmax is NaN."""
    spec = toy_networks.SPECS[name]
    folded = networks.random_folded(spec, seed=3)
    block = folded.blocks[1]
    array = {
        "stem": folded.stem,
        "scale": block.scale,
        "shift": block.shift,
        "first": block.first.weight,
        "second": block.second.weight,
        "first_bias": block.first.bias,
        "bias": block.second.bias,
    }[place]
    array.reshape(-1)[5] = value
    network = native(library, folded)
    strand = networks.Strand.random(np.random.default_rng(7), 900)
    placed = strand.edit(400, 1, b"TGA", 20)
    batch = networks.batch_of(spec, [placed])
    reference = networks.reference_of(network, spec, [placed], batch)
    for logits in (reference.logits, network.alternate(batch, {0: reference.kept})[0]):
        is_nan = np.isnan(softmax(logits))
        # A row of the stem is read where its base is: not everywhere.
        assert is_nan.all() if place != "stem" else is_nan.any()


def test_passes__treat_denormals_as_zero(library):
    """A processor takes a hundred times as long for them. The caller's own numbers stay as they are."""

    def outputs(stem):
        folded = networks.random_folded(SMALL, seed=3)
        folded.stem[:], folded.blocks[0].scale[:] = stem, 1e38
        network, strand = native(library, folded), networks.Strand.random(np.random.default_rng(9), 900)
        placed = strand.edit(400, 1, b"TGA", 20)
        batch = networks.batch_of(SMALL, [placed])
        reference = networks.reference_of(network, SMALL, [placed], batch)
        literal = networks.literal_values(folded, networks.alternate_codes(SMALL, placed)).logits
        return reference.logits, network.alternate(batch, {0: reference.kept})[0], literal

    *passes, literal = outputs(1e-40)
    *expected, literal_of_zero = outputs(0)
    for found, of_zero in zip(passes, expected, strict=True):
        np.testing.assert_array_equal(found, of_zero)
    # As they are written, they would count: 1e-40 of the stem times 1e38 is 0.01.
    assert abs(literal - literal_of_zero).max() > 1e-4
    assert sys.float_info.min / 2 > 0


class Call:
    """The arguments of one call of the library, to be spoilt."""

    def __init__(self, library, *, is_alternate):
        self.library = library
        _, self.network = small(library)
        self.is_alternate = is_alternate
        self.arguments = {}
        strand = networks.Strand.random(np.random.default_rng(8), 900)
        placed = strand.edit(400, 1, b"T", 20)
        self.batch = networks.batch_of(SMALL, [placed])
        self.network._library = self
        self.kept = networks.reference_of(self.network, SMALL, [placed], self.batch).kept
        if is_alternate:
            self.network.alternate(self.batch, {0: self.kept})
            self.edits, self.parts_of_edits = _edits_table(self)
            self.arguments["edits"] = self.edits.ctypes.data

    def count(self, *arguments):
        return self.library.count(*arguments)

    def reference_sizes(self, *arguments):
        return self.library.reference_sizes(*arguments)

    def call(self, name, *arguments):
        """As the library's, but first remembers."""
        names = {
            "reference": ("network", "codes", "length", "kept", "logits", "scratch", "scratch_bytes"),
            "alternate": ("network", "reaches", "scored", "edits", "n", "logits", "scratch", "scratch_bytes"),
        }[name]
        self.arguments = dict(zip(names, arguments, strict=True))
        self.name = name
        self.alive = np.zeros(self.arguments["scratch_bytes"] // 4 + 64, np.float32)
        self.logits = np.zeros(10_000, np.float32)
        self.library.call(name, *arguments)
        if name == "reference":
            self.codes = self._copy("codes", self.arguments["length"])
            self.table = self._copy("kept", (2 * len(SMALL.blocks) + 1) * 3 * np.int64().nbytes)

    def _copy(self, name, n_bytes):
        """Put a copy in the place of an array that the network gives back after the call."""
        values = np.frombuffer(ctypes.string_at(self.arguments[name], n_bytes), np.uint8).copy()
        self.arguments[name] = values.ctypes.data
        return values

    def n_outputs(self):
        """Of each layer."""
        if self.is_alternate:
            return [interval.length for reach in self.batch.edits.reaches for interval in (reach.middle, reach.out)]
        reaches = [2 * block.reach for block in SMALL.blocks for _ in range(2)]
        return (self.arguments["length"] - np.cumsum(reaches)).tolist()

    def again(self, **changed):
        # The memory of the first call may have been given back.
        given = {**self.arguments, "logits": self.logits.ctypes.data, "scratch": self.alive.ctypes.data, **changed}
        self.library.call(self.name, *given.values())


@pytest.fixture(params=[False, True], ids=["reference", "alternate"])
def call(library, request):
    return Call(library, is_alternate=request.param)


def _layer(call, i=1):
    return call.arguments["network"].blocks[i].first.contents


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (lambda c: setattr(c.arguments["network"], "stem", None), "null"),
        (lambda c: setattr(c.arguments["network"], "tap", None), "null"),
        (lambda c: setattr(c.arguments["network"], "bias", None), "null"),
        (lambda c: setattr(c.arguments["network"], "blocks", type(c.arguments["network"].blocks)()), "null"),
        (lambda c: setattr(c.arguments["network"].blocks[1], "scale", None), "null"),
        (lambda c: setattr(c.arguments["network"].blocks[1], "shift", None), "null"),
        (lambda c: setattr(_layer(c), "bias", None), "null"),
        (lambda c: setattr(_layer(c), "direct", None), "null"),
        (lambda c: setattr(c.arguments["network"], "n_blocks", 0), "shape"),
        (lambda c: setattr(c.arguments["network"], "n_blocks", -1), "shape"),
        (lambda c: setattr(c.arguments["network"], "n_classes", 0), "shape"),
        (lambda c: setattr(c.arguments["network"], "function", 0), "shape"),
        (lambda c: setattr(c.arguments["network"], "function", 3), "shape"),
        (lambda c: setattr(_layer(c), "taps", 10), "shape"),
        (lambda c: setattr(_layer(c), "taps", 13), "shape"),
        (lambda c: setattr(_layer(c), "taps", 0), "shape"),
        (lambda c: setattr(_layer(c), "dilation", 3), "shape"),
        (lambda c: setattr(_layer(c), "dilation", -4), "shape"),
        (lambda c: c.arguments.update(network=None), "null"),
        (lambda c: c.arguments.update(scratch_bytes=1000), "scratch"),
    ],
)
def test_interface__refuses_networks_and_scratch(call, spoil, message):
    call.again()
    spoil(call)
    call.logits[:] = 7
    with pytest.raises(ValueError, match=message):
        call.again()
    assert (call.logits == 7).all()


def test_interface__refuses_weights_that_are_not_packed(call):
    """Whichever layer it is; those of sizes that the pass does not use need not be there."""
    blocks = call.arguments["network"].blocks[: len(SMALL.blocks)]
    layers = [layer.contents for block in blocks for layer in (block.first, block.second)]
    n_refused = 0
    for layer, n_outputs in zip(layers, call.n_outputs(), strict=True):
        used = call.library.sizes(layer.taps, layer.dilation, n_outputs)
        for size, packed in enumerate(list(layer.spectral)):
            layer.spectral[size] = None
            if size in used:
                with pytest.raises(ValueError, match="not packed"):
                    call.again()
                n_refused += 1
            else:
                call.again()
            layer.spectral[size] = packed
    assert n_refused >= 4


@pytest.mark.parametrize("name", ["codes", "logits", "scratch"])
def test_reference__refuses_null(library, name):
    with pytest.raises(ValueError, match="null"):
        Call(library, is_alternate=False).again(**{name: None})


def test_reference__refuses_lengths_and_codes(library):
    call = Call(library, is_alternate=False)
    length = call.arguments["length"]
    codes = np.zeros(length, np.uint8)
    call.again(codes=codes.ctypes.data, kept=None)
    for wrong in (SMALL.context, 0, -1, -(1 << 62), 1 << 41):
        with pytest.raises(ValueError, match="shape"):
            call.again(codes=codes.ctypes.data, kept=None, length=wrong)
    for place in (0, length - 1):
        codes[:], codes[place] = 0, 5
        with pytest.raises(ValueError, match="shape"):
            call.again(codes=codes.ctypes.data, kept=None)


def test_reference__refuses_to_keep_what_it_does_not_compute(library):
    call = Call(library, is_alternate=False)
    codes = np.zeros(call.arguments["length"], np.uint8)
    reaches = [reach for block in SMALL.blocks for reach in (block.reach, block.reach)]
    lost = np.cumsum([0, *reaches])
    room = np.zeros((len(codes), 32), np.float32)
    most = 1 << 62
    for layer, n_lost in enumerate(lost.tolist()):
        computed = len(codes) - 2 * n_lost
        right = [(n_lost, computed, 1), (n_lost + 1, computed - 1, 1), (0, 0, 0), (most, 0, 0)]
        wrong = [
            (n_lost - 1, 1, 1), (n_lost, computed + 1, 1), (n_lost + 1, computed, 1), (n_lost, -1, 1), (n_lost, 1, 0),
            (most, 1, 1), (-most, 1, 1), (n_lost, most, 1), (n_lost, -most, 1),
        ]  # fmt: skip
        for cases, is_right in ((right, True), (wrong, False)):
            for first, n, has_room in cases:
                table = np.zeros((len(lost), 3), np.int64)
                table[layer] = first, n, room.ctypes.data if has_room else 0
                given = {"codes": codes.ctypes.data, "kept": table.ctypes.data}
                if is_right:
                    call.again(**given)
                    continue
                with pytest.raises(ValueError, match="shape"):
                    call.again(**given)


@pytest.mark.parametrize("name", ["reaches", "scored", "edits", "logits", "scratch"])
def test_alternate__refuses_null(library, name):
    with pytest.raises(ValueError, match="null"):
        Call(library, is_alternate=True).again(**{name: None})


def _edits_table(call, **changed):
    """One edit whose codes are A, and tables of addresses as the first call had them."""
    codes = np.full(call.batch.codes.shape[1], changed.pop("code", 0), np.uint8)
    left, right = call.batch.addresses({0: call.kept})
    parts = {"codes": codes.ctypes.data, "left": left.ctypes.data, "right": right.ctypes.data, **changed}
    table = np.array([list(parts.values())], np.int64)
    return table, (codes, left, right)


def test_alternate__refuses_edits(library):
    call = Call(library, is_alternate=True)
    for change, message in [
        ({}, None), ({"code": 5}, "shape"), ({"codes": 0}, "null"), ({"left": 0}, "null"), ({"right": 0}, "null"),
    ]:  # fmt: skip
        table, alive = _edits_table(call, **change)
        if message is None:
            call.again(edits=table.ctypes.data)
            continue
        with pytest.raises(ValueError, match=message):
            call.again(edits=table.ctypes.data)
        del alive


@pytest.mark.parametrize("n", [0, -1, -(1 << 62)])
def test_alternate__refuses_numbers_of_edits(library, n):
    call = Call(library, is_alternate=True)
    table, _alive = _edits_table(call)
    with pytest.raises(ValueError, match="shape"):
        call.again(edits=table.ctypes.data, n=n)


@pytest.mark.parametrize("scored", [(0, 0), (5, 4), (-(1 << 62), 1 << 62), (-(1 << 63), 0), (0, 1 << 41)], ids=str)
def test_alternate__refuses_scored_positions(library, scored):
    call = Call(library, is_alternate=True)
    table, _alive = _edits_table(call)
    values = np.array(scored, np.int64)
    with pytest.raises(ValueError, match="shape"):
        call.again(edits=table.ctypes.data, scored=values.ctypes.data)


def test_alternate__refuses_intervals_that_do_not_belong_together(library):
    """Each end of each interval of each block, one off and far off."""
    call = Call(library, is_alternate=True)
    table, _alive = _edits_table(call)
    reaches = call.batch.reaches.copy()
    call.again(edits=table.ctypes.data, reaches=reaches.ctypes.data)
    for index in np.ndindex(reaches.shape):
        for wrong in (1, -1, 1 << 41, -(1 << 41), 1 << 62, -(1 << 62)):
            spoilt = reaches.copy()
            spoilt[index] += wrong
            if index[:2] == (0, 0):
                # What the edit changes is given here; longer, the codes would end too soon.
                continue
            with pytest.raises(ValueError, match="shape"):
                call.again(edits=table.ctypes.data, reaches=spoilt.ctypes.data)


def test_pool__buffers_are_as_many_as_were_leased_together():
    pool = Pool()
    with pool.lease(100) as first, pool.lease(200) as second:
        assert first.nbytes >= 100
        assert second.nbytes >= 200
        assert not np.shares_memory(first, second)
    for n_bytes in (50, 400, 7, 1000, 0):
        with pool.lease(n_bytes) as buffer:
            assert buffer.nbytes >= n_bytes
            assert buffer.ctypes.data % 64 == 0
    assert len(pool._free) == 2
    with pytest.raises(RuntimeError), pool.lease(10):
        raise RuntimeError
    assert len(pool._free) == 2
