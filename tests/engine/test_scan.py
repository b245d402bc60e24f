"""Tiles of a long sequence equal one plain pass over all of it."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose
from support import toy_networks
from support.plain import one_pass

from spliceai_cli.engine.pytorch import passes
from spliceai_cli.engine.scan import Scanner
from spliceai_cli.errors import DeviceError, NumericError
from spliceai_cli.genome.bases import N, encode, reverse_complement
from spliceai_cli.genome.coords import Interval

CPU = torch.device("cpu")
TOLERANCE = 2e-6


class Bases:
    """A sequence in memory that counts what is asked of it."""

    def __init__(self, codes, strand="+"):
        self.strand = strand
        self._genomic = codes
        self.asked = []

    def codes(self, interval):
        self.asked.append(interval.length)
        start, end = interval if self.strand == "+" else (-interval.end, -interval.start)
        found = np.full(end - start, N, np.uint8)
        first, last = max(start, 0), min(end, len(self._genomic))
        if first < last:
            found[first - start : last - start] = self._genomic[first:last]
        return found if self.strand == "+" else reverse_complement(found)


def scanner(ensemble, max_tile, gap=None, device=CPU):
    found = Scanner(ensemble, device, 2 << 30)
    found.max_tile = max_tile
    found._gap = found._gap if gap is None else gap
    return found


@pytest.fixture(scope="module")
def ensembles():
    return {name: toy_networks.random_ensemble(spec) for name, spec in toy_networks.SPECS.items()}


@st.composite
def sequences(draw):
    """Runs of bases and of N."""
    runs = draw(st.lists(st.tuples(st.integers(1, 400), st.booleans()), min_size=1, max_size=4))
    rng = np.random.default_rng(draw(st.integers(0, 5)))
    return np.concatenate([rng.integers(0, 4, n) if has_bases else np.full(n, N) for n, has_bases in runs]).astype(
        np.uint8
    )


@settings(deadline=None, max_examples=100)
@given(
    codes=sequences(),
    cuts=st.lists(st.integers(0, 1600), max_size=8),
    strand=st.sampled_from("+-"),
    name=st.sampled_from(sorted(toy_networks.SPECS)),
    max_tile=st.sampled_from([1, 7, 130, 100_000]),
    gap=st.sampled_from([0, 50, None]),
)
def test_scan__equals_one_plain_pass(ensembles, codes, cuts, strand, name, max_tile, gap):
    bounds = sorted({min(cut, len(codes)) for cut in cuts}) or [0, len(codes)]
    wanted = [Interval(*pair) for pair in zip(bounds[::2], bounds[1::2], strict=False)]
    if max_tile < 100:
        wanted = [Interval(start, min(end, start + 40)) for start, end in wanted]
    expected = one_pass(ensembles[name], codes, strand)
    found = list(scanner(ensembles[name], max_tile, gap).predict(Bases(codes, strand), wanted))
    assert [interval for interval, _ in found] == wanted
    for interval, values in found:
        assert values.shape == (interval.length, toy_networks.SPECS[name].n_outputs)
        assert values.dtype == np.float32
        assert_allclose(values, expected[interval.start : interval.end], rtol=0, atol=TOLERANCE)


def test_scan__beyond_the_sequence_is_n(ensembles):
    codes = encode(b"ACGTTGCA")
    around = np.concatenate([np.full(30, N, np.uint8), codes, np.full(30, N, np.uint8)])
    expected = one_pass(ensembles["two blocks"], around)
    [(_, values)] = scanner(ensembles["two blocks"], 1000).predict(Bases(codes), [Interval(-30, 38)])
    assert_allclose(values, expected, rtol=0, atol=TOLERANCE)


def test_scan__what_is_n_alone_is_computed_once(ensembles, monkeypatch):
    codes = np.full(5000, N, np.uint8)
    codes[2000:2100] = 1
    lengths = []
    forward = Scanner._forward
    monkeypatch.setattr(Scanner, "_forward", lambda self, c: lengths.append(len(c)) or forward(self, c))
    expected = one_pass(ensembles["dilated"], codes)
    found = list(scanner(ensembles["dilated"], 100).predict(Bases(codes), [Interval(0, 5000)]))
    values = np.concatenate([stretch.probabilities for stretch in found])
    assert_allclose(values, expected, rtol=0, atol=TOLERANCE)
    # One base amid N; the tile of bases, and on either side those that still see them.
    context = toy_networks.SPECS["dilated"].context
    assert lengths.count(context + 1) == 1
    assert len(lengths) == 1 + 1 + 2 * -(-context // 2 // 100)


def test_scan__near_intervals_share_a_tile(ensembles):
    codes = np.random.default_rng(1).integers(0, 4, 4000).astype(np.uint8)
    bases = Bases(codes)
    near = [Interval(pos, pos + 1) for pos in range(100, 200, 10)]
    list(scanner(ensembles["two blocks"], 1000, gap=20).predict(bases, [*near, Interval(3000, 3005)]))
    assert bases.asked == [91 + 20, 5 + 20]


def test_scan__nothing_wanted_nothing_computed(ensembles):
    bases = Bases(encode(b"ACGT"))
    assert list(scanner(ensembles["two blocks"], 10).predict(bases, [])) == []
    assert list(scanner(ensembles["two blocks"], 10).predict(bases, [Interval(2, 2)])) == []
    assert bases.asked == []


@pytest.fixture
def small_device(monkeypatch):
    """Networks have memory for 100 positions; returns the lengths that were tried."""
    lengths = []

    def run(network, c, scored):
        lengths.append(scored.length)
        if scored.length > 100:
            raise torch.OutOfMemoryError("out of memory")
        return original(network, c, scored)

    original = passes.run_logits
    monkeypatch.setattr(passes, "run_logits", run)
    return lengths


def test_scan__splits_tiles_where_memory_runs_out(ensembles, small_device):
    codes = np.random.default_rng(2).integers(0, 4, 900).astype(np.uint8)
    [(interval, values)] = scanner(ensembles["dilated"], 100_000).predict(Bases(codes), [Interval(0, 900)])
    assert interval == (0, 900)
    assert_allclose(values, one_pass(ensembles["dilated"], codes), rtol=0, atol=TOLERANCE)
    # Halves are tried until one fits; no tile that is too long is tried again.
    assert [n for n in small_device if n > 100] == [900, 450, 225, 112]
    assert max(small_device[4:]) == 56


def test_scan__remembers_how_much_fitted(ensembles, small_device):
    """Further tiles of one call used to be tried at full length, each of them."""
    codes = np.random.default_rng(2).integers(0, 4, 900).astype(np.uint8)
    wanted = [Interval(start, start + 300) for start in (0, 300, 600)]
    found = list(scanner(ensembles["dilated"], 300).predict(Bases(codes), wanted))
    assert [interval for interval, _ in found] == wanted
    values = np.concatenate([values for _, values in found])
    assert_allclose(values, one_pass(ensembles["dilated"], codes), rtol=0, atol=TOLERANCE)
    assert [n for n in small_device if n > 100] == [300, 150]


def test_scan__no_memory_for_one_base_is_an_error(ensembles, monkeypatch):
    monkeypatch.setattr(passes, "run_logits", lambda *_: (_ for _ in ()).throw(torch.OutOfMemoryError("none left")))
    codes = np.random.default_rng(2).integers(0, 4, 900).astype(np.uint8)
    with pytest.raises(DeviceError, match="too little memory for one base"):
        list(scanner(ensembles["dilated"], 100_000).predict(Bases(codes), [Interval(0, 900)]))


def test_scan__a_value_that_is_no_number_is_an_error(ensembles, monkeypatch):
    monkeypatch.setattr(Scanner, "_forward", lambda self, c: np.full((len(c), 3), np.nan, np.float32))
    with pytest.raises(NumericError):
        list(scanner(ensembles["dilated"], 100).predict(Bases(encode(b"ACGT")), [Interval(0, 4)]))


def test_scan__is_full_float32_on_every_device(ensembles, device):
    codes = np.random.default_rng(3).integers(0, 4, 3000).astype(np.uint8)
    found = list(scanner(ensembles["spectral"], 700, device=device).predict(Bases(codes), [Interval(0, 3000)]))
    values = np.concatenate([stretch.probabilities for stretch in found])
    assert_allclose(values, one_pass(ensembles["spectral"], codes), rtol=0, atol=TOLERANCE)


@pytest.mark.weights
def test_scan__published_networks_have_no_seams(store, chr19):
    """A seam in the middle of LDLR, on both strands, N beside it."""
    from spliceai_cli.genome.fasta import Reference
    from spliceai_cli.plan.sequence import GeneSequence

    ensemble = store.load()
    span = Interval(11_104_500, 11_107_000)
    reference = Reference(chr19)
    codes = encode(reference.fetch("19", *span))
    for strand in "+-":
        sequence = GeneSequence(reference, "19", strand, span)
        expected = one_pass(ensemble, codes, strand)
        assert strand == "-" or expected[:, 1:].max() > 0.5
        found = list(scanner(ensemble, 1_300).predict(sequence, [span]))
        assert len(found) == 1
        values = np.concatenate([stretch.probabilities for stretch in found])
        largest = float(abs(values - expected).max())
        print(f"{strand}: largest difference {largest:.1e}")
        assert largest <= TOLERANCE


def test_budget__memory_bounds_a_tile(ensembles):
    from spliceai_cli.engine.budget import Budget
    from spliceai_cli.models.published import SPLICEAI

    assert Budget(SPLICEAI.spec, 2 << 30).max_scan == 131_072
    small = Budget(SPLICEAI.spec, 750 << 20).max_scan
    assert (small + SPLICEAI.spec.context) * 8 * 128 <= 50 << 20
    assert small > 30_000
    assert Budget(SimpleNamespace(channels=32, context=10_000), 0).max_scan == 1
