"""The incremental engine equals the plain one."""

from __future__ import annotations

import weakref
from collections import defaultdict
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose
from support import builders, toy_networks

from spliceai_cli.engine.forward import PlainEngine
from spliceai_cli.engine.incremental import IncrementalEngine
from spliceai_cli.engine.kernels import fits
from spliceai_cli.engine.native import choice
from spliceai_cli.engine.pytorch import passes
from spliceai_cli.engine.pytorch.alternate import AlternateBatch
from spliceai_cli.errors import DeviceError
from spliceai_cli.genes.index import GeneIndex
from spliceai_cli.genome.fasta import Reference
from spliceai_cli.plan.rules import Rules
from spliceai_cli.variants.variant import Variant

CPU = torch.device("cpu")
TOLERANCE = 2e-6


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    genome = builders.small_genome(tmp_path_factory.mktemp("genome"))
    return genome, Reference(genome.fasta), GeneIndex(genome.genes)


@pytest.fixture(scope="module")
def ensembles():
    return {name: toy_networks.random_ensemble(spec) for name, spec in toy_networks.SPECS.items()}


@st.composite
def alleles(draw):
    """Place, REF length, ALT (its first letter is REF's where None)."""
    chrom, length = draw(st.sampled_from([("chr1", 1000), ("chr2", 300)]))
    pos = draw(st.integers(1, length))
    n_ref = draw(st.sampled_from([1, 1, 1, 2, 3, 20, 70]))
    return chrom, pos, min(n_ref, length - pos + 1), draw(st.none() | st.text("ACGTN", min_size=1, max_size=70))


def edits_of(world, chosen, distance):
    genome, reference, genes = world
    planner = builders.planner(reference, genes, Rules(distance, 1000))
    variants = []
    for chrom, pos, n_ref, alt in chosen:
        ref = genome.base(chrom, pos, n_ref)
        variants.append(Variant(chrom, pos, ref, ref[0] if alt is None else alt))
    return [job.edit for variant in variants for job in planner.plan(variant).jobs]


def _engine(ensemble, device, batch_size, max_tile=None, max_group=100_000):
    """An engine with plenty of memory, or with what lets tiles and groups of tiles have so many positions."""
    engine = IncrementalEngine(ensemble, device, batch_size, 4 << 30)
    if max_tile is not None:
        engine._budget = SimpleNamespace(
            max_tile=max_tile, max_group=max_group, batch_size=lambda length, most, n_layers: most
        )
    return engine


def check(found, expected):
    for ours, plain in zip(found, expected, strict=True):
        assert ours.ref.shape == plain.ref.shape
        assert ours.alt.shape == plain.alt.shape
        assert_allclose(ours.ref, plain.ref, rtol=0, atol=TOLERANCE)
        assert_allclose(ours.alt, plain.alt, rtol=0, atol=TOLERANCE)


@settings(deadline=None, max_examples=120)
@given(
    chosen=st.lists(alleles(), min_size=1, max_size=25),
    distance=st.sampled_from([0, 1, 7, 50, 400, 4999]),
    name=st.sampled_from(sorted(toy_networks.SPECS)),
    batch_size=st.sampled_from([1, 3, 16]),
    max_tile=st.sampled_from([1, 120, 100_000]),
    max_group=st.sampled_from([1, 700, 100_000]),
)
def test_incremental__equals_plain(world, ensembles, chosen, distance, name, batch_size, max_tile, max_group):
    edits = edits_of(world, chosen, distance)
    plain = PlainEngine(ensembles[name], CPU, 8, 4 << 30).predict(edits)
    check(_engine(ensembles[name], CPU, batch_size, max_tile, max_group).predict(edits), plain)


@pytest.mark.parametrize(("name", "n_answers"), [("leaky", 3), ("gelu", 3), ("tissues", 12)])
def test_incremental__equals_plain_for_every_kind_of_model(world, ensembles, name, n_answers):
    """Networks of tissues answer each for itself, those of sites with their mean."""
    places = [("chr1", pos) for pos in range(105, 890, 47)] + [("chr2", 2), ("chr2", 290)]
    chosen = [(chrom, pos, n_ref, alt) for chrom, pos in places for n_ref, alt in [(1, "T"), (1, "GCAT"), (9, None)]]
    edits = edits_of(world, chosen, 12)
    assert len(edits) > 50
    plain = PlainEngine(ensembles[name], CPU, 8, 4 << 30).predict(edits)
    assert {prediction.alt.shape[1] for prediction in plain} == {n_answers}
    assert max(float(np.ptp(prediction.alt)) for prediction in plain) > 0.1
    check(_engine(ensembles[name], CPU, 8).predict(edits), plain)


@pytest.mark.parametrize("name", ["two blocks", pytest.param("native leaky", marks=pytest.mark.slow)])
def test_incremental__equals_plain_on_20_000_edits(world, ensembles, each_kernels, name):
    """Every kind, place and distance once more, from a fixed seed, in numbers."""
    rng = np.random.default_rng(20)
    largest: dict[str, float] = defaultdict(float)
    n_edits = 0
    for distance in (0, 2, 10, 50, 100):
        chosen = []
        for _ in range(4300):
            chrom, length = (("chr1", 1000), ("chr2", 300))[rng.integers(2)]
            pos = int(rng.integers(1, length + 1))
            n_ref = int(min(rng.choice([1, 1, 2, 3, 12, 60]), length - pos + 1))
            alt = "".join(rng.choice(list("ACGT"), rng.choice([1, 1, 2, 5, 40])))
            chosen.append((chrom, pos, n_ref, None if rng.random() < 0.2 else alt))
        edits = edits_of(world, chosen, distance)
        plain = PlainEngine(ensembles[name], CPU, 64, 4 << 30).predict(edits)

        def compare(kernels, edits=edits, plain=plain):
            found = _engine(ensembles[name], CPU, 64).predict(edits)
            largest[kernels] = max(largest[kernels], _largest(found, plain))

        if fits(toy_networks.SPECS[name]):
            each_kernels(compare)
        else:
            compare("torch")
        n_edits += len(edits)
    print(f"{n_edits} edits, largest differences {dict(largest)}")
    assert n_edits >= 20_000
    assert max(largest.values()) <= TOLERANCE


@pytest.mark.parametrize("ref_and_alt", [("A", "A"), ("CA", "CA")])
def test_silent_edit__changes_nothing_whatever_is_beside_it(world, ensembles, each_kernels, ref_and_alt):
    """The offset of a change of 0.00 was that of the largest rounding error, which moved with the neighbours."""
    genome = world[0]
    pos = next(i for i in range(400, 900) if genome.base("chr1", i, len(ref_and_alt[0])) == ref_and_alt[0])
    silent = ("chr1", pos, len(ref_and_alt[0]), ref_and_alt[1])

    def compare(kernels):
        engine = _engine(ensembles["native"], CPU, 64)
        for beside in ([], [("chr1", pos - 60, 1, "CTT"), ("chr1", pos + 30, 1, "G")]):
            edits = edits_of(world, [silent, *beside], 20)
            for edit, prediction in zip(edits, engine.predict(edits), strict=True):
                assert np.array_equal(prediction.ref, prediction.alt) == edit.is_silent, kernels

    each_kernels(compare)


def _largest(found, plain):
    """Largest difference of a probability."""
    pairs = [(a, b) for ours, theirs in zip(found, plain, strict=True) for a, b in zip(ours, theirs, strict=True)]
    return max(float(abs(a - b).max()) for a, b in pairs)


def test_incremental__edits_of_different_tiles_fill_one_batch(world, ensembles, monkeypatch):
    """20 tiles of one edit each on both strands; alone they would run in 20 batches."""
    edits = edits_of(world, [("chr1", pos, 1, "CTT") for pos in range(120, 880, 38)], 5)
    plain = PlainEngine(ensembles["dilated"], CPU, 8, 4 << 30).predict(edits)
    engine = _engine(ensembles["dilated"], CPU, 8, max_tile=1)
    sizes = []
    run = AlternateBatch.run
    monkeypatch.setattr(
        AlternateBatch, "run", lambda batch, *rest: sizes.append(len(batch._codes)) or run(batch, *rest)
    )
    check(engine.predict(edits), plain)
    n_networks = toy_networks.SPECS["dilated"].n_networks
    assert sum(sizes) == n_networks * len(edits)
    assert len(sizes) == n_networks * -(-len(edits) // 8)


def test_incremental__order_and_repeats_do_not_matter(world, ensembles, device):
    chosen = [("chr1", pos, 1, alt) for pos in range(120, 880, 31) for alt in ("A", "CTT", "G")]
    edits = edits_of(world, chosen, 20)
    engine = _engine(ensembles["dilated"], device, 5)
    expected = engine.predict(edits)
    order = np.random.default_rng(3).permutation(len(edits))
    check(engine.predict([edits[i] for i in order]), [expected[i] for i in order])
    check(engine.predict(edits[:3] * 4), expected[:3] * 4)


def test_incremental__is_full_float32_whatever_the_caller_set(world, ensembles, device):
    edits = edits_of(world, [("chr1", 300, 1, "CA"), ("chr1", 420, 1, "T")], 20)
    expected = PlainEngine(ensembles["dilated"], CPU, 4, 4 << 30).predict(edits)
    flags = torch.backends.cuda.matmul, torch.backends.cudnn
    before = [flag.allow_tf32 for flag in flags]
    try:
        for flag in flags:
            flag.allow_tf32 = True
        check(_engine(ensembles["dilated"], device, 4).predict(edits), expected)
        assert all(flag.allow_tf32 for flag in flags)
    finally:
        for flag, was in zip(flags, before, strict=True):
            flag.allow_tf32 = was


def test_incremental__fast_is_near_but_not_equal(world, ensembles):
    edits = edits_of(world, [("chr1", pos, 1, "CA") for pos in range(120, 480, 11)], 20)
    plain = PlainEngine(ensembles["dilated"], CPU, 4, 4 << 30).predict(edits)
    fast = IncrementalEngine(ensembles["dilated"], CPU, 4, 4 << 30, "fast").predict(edits)
    largest = max(abs(ours.alt - theirs.alt).max() for ours, theirs in zip(fast, plain, strict=True))
    assert 1e-6 < largest < 0.03


def test_incremental__no_edits_no_predictions(ensembles):
    assert _engine(ensembles["two blocks"], CPU, 4).predict([]) == []


@pytest.fixture
def each_kernels(monkeypatch):
    """Calls a function for PyTorch's kernels, and for native ones of each instruction set of this processor."""

    def call(function):
        names = choice.instruction_sets([Path(folder) for folder in choice.native.__path__])
        natives = [] if isinstance(names, str) else [choice.load(name) for name in names]
        for native in (None, *natives):
            monkeypatch.setattr(choice, "choose", lambda native=native: choice.Choice(native, "under test"))
            function(native.instruction_set if native else "torch")

    return call


class SmallDevice:
    """Stands for a GPU: REF passes fail while those that are held have more than ``most`` positions in all."""

    def __init__(self, run, most):
        self.run, self.most, self.n_failed = run, most, 0
        self.held = []

    def __call__(self, network, codes, scored):
        if sum(length for logits, length in self.held if logits() is not None) + scored.length > self.most:
            self.n_failed += 1
            raise torch.OutOfMemoryError("out of memory")
        found = self.run(network, codes, scored)
        self.held.append((weakref.ref(found.logits), scored.length))
        return found


def test_incremental__splits_tiles_where_memory_runs_out(world, ensembles, monkeypatch):
    edits = edits_of(world, [("chr1", pos, 1, "CA") for pos in range(120, 480, 11)], 20)
    expected = _engine(ensembles["dilated"], CPU, 4).predict(edits)
    device = SmallDevice(passes.run_reference, most=300)
    monkeypatch.setattr(passes, "run_reference", device)
    check(_engine(ensembles["dilated"], CPU, 4).predict(edits), expected)
    assert device.n_failed > 2


def test_incremental__keeps_fewer_tiles_where_memory_runs_out(world, ensembles, monkeypatch):
    """What a failed run held used to stay in memory while it was tried again."""
    edits = edits_of(world, [("chr1", pos, 1, "CTT") for pos in range(120, 880, 38)], 5)
    expected = _engine(ensembles["dilated"], CPU, 8).predict(edits)
    device = SmallDevice(passes.run_reference, most=100)
    monkeypatch.setattr(passes, "run_reference", device)
    engine = _engine(ensembles["dilated"], CPU, 8, max_tile=1)
    check(engine.predict(edits), expected)
    assert device.n_failed > 0
    assert engine._batch_size == 8


def test_incremental__one_allele_that_does_not_fit_is_an_error(world, ensembles, monkeypatch):
    edits = edits_of(world, [("chr1", 300, 1, "CA")], 20)
    monkeypatch.setattr(passes, "run_reference", SmallDevice(passes.run_reference, most=10))
    with pytest.raises(DeviceError, match="too little memory for one allele"):
        _engine(ensembles["dilated"], CPU, 4).predict(edits)


@pytest.mark.weights
@pytest.mark.golden
@pytest.mark.parametrize("distance", [50, 500])
def test_incremental__equals_plain_on_the_published_networks(distance, store, chr19, request, each_kernels):
    """All kinds of edits around exons of genes on both strands; with ``--all-records`` 1,000 of them."""
    from spliceai_cli import Compute, Scorer, Settings

    compute = Compute(device="cpu", home=store.home)
    scorer = Scorer(reference=chr19, annotation="grch38", settings=Settings(distance=distance), compute=compute)
    rng = np.random.default_rng(distance)
    n_wanted = 500 if request.config.getoption("--all-records") else 30
    genes = [gene for gene in scorer.genes.genes if gene.chrom == "19" and gene.end - gene.start > 2000]
    edits = []
    while len(edits) < n_wanted:
        gene = genes[rng.integers(len(genes))]
        pos = max(1, int(rng.choice(gene.edges)) + int(rng.integers(-8, 9)))
        # Several alleles close together, as in real data: they share a tile.
        for _ in range(5):
            n_ref = int(rng.choice([1, 1, 1, 2, 4, 30, 80, 700]))
            ref = scorer.reference.fetch("19", pos - 1, pos - 1 + n_ref).decode()
            alt = "".join(rng.choice(list("ACGT"), rng.choice([1, 1, 2, 6, 40])))
            plan = scorer.plan(Variant("19", pos, ref, ref[0] if rng.random() < 0.3 else alt))
            edits += [job.edit for job in plan.jobs]
            pos += int(rng.integers(1, 400))
    plain = PlainEngine(scorer.models[0], CPU, 8, 4 << 30).predict(edits)

    def compare(kernels):
        found = IncrementalEngine(scorer.models[0], CPU, 8, 4 << 30).predict(edits)
        print(f"D={distance}: {len(edits)} edits, {kernels}: largest difference {_largest(found, plain):.1e}")
        check(found, plain)

    each_kernels(compare)
