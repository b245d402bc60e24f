"""No bit of a score depends on how the work was divided: batches, windows, threads, parts of a file."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from support import builders, toy_networks

from spliceai_cli import Compute, Scorer, Settings, Variant
from spliceai_cli.engine import kernels
from spliceai_cli.engine.native import choice
from spliceai_cli.engine.native.choice import INSTRUCTION_SETS, Choice
from spliceai_cli.models.spec import BlockSpec, NetworkSpec
from spliceai_cli.plan import windows
from spliceai_cli.plan.blocks import BLOCK_BP, block_of
from spliceai_cli.plan.windows import LEAST_COST
from spliceai_cli.scores.tissues import TISSUES

# PLUS and OTHER overlap on one strand, MINUS overlaps both; FAR lies behind a gap that holds a border of blocks.
_GENES = [
    builders.gene("PLUS", "1", "+", 1_000, 18_000, (1_000, 1_400), (17_000, 18_000)),
    builders.gene("OTHER", "1", "+", 15_000, 20_000, (15_000, 20_000)),
    builders.gene("MINUS", "1", "-", 12_000, 30_000, (12_000, 13_000), (29_000, 30_000)),
    builders.gene("FAR", "1", "+", 34_000, 39_000, (34_000, 39_000)),
    builders.gene("FAR2", "1", "-", 36_000, 40_000, (36_000, 40_000)),
]
_GAP = 33_000
_BLOCKS = (BlockSpec(11, 1), BlockSpec(21, 4, is_tapped=True), BlockSpec(41, 2, is_tapped=True))
_SITES = NetworkSpec("sites", _BLOCKS, n_networks=2)
_TISSUES = NetworkSpec(
    "tissues", _BLOCKS[:2], key="Tissues", scoring=TISSUES.name, classes=("unused", "used"), groups=("a", "b"),
    activation="leaky_relu_0.1", n_networks=2,
)  # fmt: skip


@pytest.fixture(scope="module", params=list(INSTRUCTION_SETS))
def world(request, tmp_path_factory):
    """A scorer of two native models on one instruction set."""
    try:
        native = choice.load(request.param)
    except OSError as error:
        pytest.skip(str(error))
    if not _runs(request.param):
        pytest.skip(f"this processor has no {request.param}")
    folder = tmp_path_factory.mktemp("division")
    bases = builders.random_bases(41_000, seed=11)
    fasta = builders.write_fasta(folder / "genome.fa", {"1": bases})
    table = builders.write_table(folder / "genes.txt", _GENES)
    models = tuple(
        f"{spec.key}={toy_networks.save(folder / spec.name, spec, toy_networks.random_tensors(spec))}"
        for spec in (_SITES, _TISSUES)
    )

    def scorer():
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(kernels.choice, "choose", lambda: Choice(native, "under test"))
            return Scorer(
                reference=fasta,
                annotation=table,
                settings=Settings(models=models, distance=30),
                compute=Compute(device="cpu", kernels="native"),
            )

    return SimpleNamespace(bases=bases, scorer=scorer(), another=scorer())


def _runs(name):
    supported = choice.instruction_sets(tuple(choice.Path(folder) for folder in choice.native.__path__))
    return name in supported


# Around a few places, so that alleles share REF passes; borders of blocks and of genes are among them.
_PLACES = [1_010, 3_000, 12_500, 15_010, BLOCK_BP, 17_900, 19_990, 29_900, 2 * BLOCK_BP, 34_005, 38_000, 39_990]
_ALLELES = st.tuples(
    st.sampled_from(_PLACES), st.integers(-60, 60), st.sampled_from([1, 1, 1, 2, 9, 40]), st.sampled_from("ACGT"),
    st.sampled_from(["", "", "", "GA", "ACGTTGCA" * 4]),
)  # fmt: skip


def _variants(world, drawn):
    variants = []
    for place, offset, n_ref, first, more in drawn:
        pos = place + offset
        ref = world.bases[pos - 1 : pos - 1 + n_ref]
        alt = first + more
        variants.append(Variant("1", pos, ref, alt if alt != ref else f"{ref}C"))
    return variants


def _scores(scorer, variants, *, batch_size=8, n_threads=1, least=LEAST_COST["cpu"]):
    """Every number of every score, unrounded."""
    before = torch.get_num_threads()
    torch.set_num_threads(n_threads)
    for runner in scorer._station.runners:
        runner.engine._batch_size = batch_size
    try:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(Scorer, "_least_cost", least)
            return list(scorer.score(variants))
    finally:
        torch.set_num_threads(before)


@settings(deadline=None, max_examples=40)
@given(
    drawn=st.lists(_ALLELES, min_size=1, max_size=40),
    is_sorted=st.booleans(),
    batch_size=st.integers(1, 9),
    n_threads=st.integers(1, 3),
    least=st.sampled_from([1, 2, 7, 1024]),
    most=st.sampled_from([4, 50, windows.MAX_EDITS]),
)
def test_scores__do_not_depend_on_the_division_of_work(world, drawn, is_sorted, batch_size, n_threads, least, most):
    variants = _variants(world, drawn)
    if is_sorted:
        variants.sort(key=lambda variant: variant.pos)
    with pytest.MonkeyPatch.context() as patch:
        # This limit may matter: it is the same for both, and counts from the first record of a run.
        patch.setattr(windows, "MAX_EDITS", most)
        expected = _scores(world.scorer, variants)
        found = _scores(world.another, variants, batch_size=batch_size, n_threads=n_threads, least=least)
        assert found == expected
        if is_sorted:
            parts = [[v for v in variants if v.pos < _GAP], [v for v in variants if v.pos >= _GAP]]
            apart = [_scores(world.another, part, batch_size=batch_size, least=least) for part in parts]
            assert apart[0] + apart[1] == expected


def test_scores__of_one_place_are_shared_or_not_by_block_alone(world):
    """Of two alleles beside each other, in different blocks, each has the bytes that it has alone.

    Where windows were long they used to share a REF pass, and where a window ended between them they did not.
    """
    last, first = (Variant("1", pos, world.bases[pos - 1], _other(world, pos)) for pos in (BLOCK_BP, BLOCK_BP + 1))
    blocks = [{block_of(job.edit) for job in world.scorer.plan(variant).jobs} for variant in (last, first)]
    assert blocks[0].isdisjoint(blocks[1])
    together = _scores(world.scorer, [last, first])
    assert together == [*_scores(world.scorer, [last]), *_scores(world.scorer, [first])]
    assert all(outcome.scores for outcome in together)


def _other(world, pos):
    return "ACGT"[("ACGT".index(world.bases[pos - 1]) + 1) % 4]
