"""Predicted times of passes."""

from __future__ import annotations

import pytest
from support import builders, toy_networks

from spliceai_cli import Compute, Scorer, Settings, Variant
from spliceai_cli.engine.cost import PassCost
from spliceai_cli.models.spec import BlockSpec, NetworkSpec

# Half-reaches of 1 and 4, hence a flank of 2 * 1 + 2 * 4 = 10.
SPEC = NetworkSpec("two", (BlockSpec(3, 1), BlockSpec(5, 2)), n_networks=3)


def test_whole_pass__runs_on_what_is_still_ahead_of_each_convolution():
    """On 5 scored positions: 5 + 2 * 9, 5 + 2 * 8, 5 + 2 * 4 and 5 positions, of a kernel of 3 and one of 5."""
    cost = PassCost(SPEC, lambda block: block.kernel, unit_s=2.0)
    assert cost.whole_s(5) == pytest.approx(2.0 * 3 * (3 * (23 + 21) + 5 * (13 + 5)))


@pytest.fixture
def scorer(tmp_path):
    bases = builders.random_bases(120_000, seed=4)
    fasta = builders.write_fasta(tmp_path / "genome.fa", {"1": bases})
    genes = [builders.gene("LONG", "1", "+", 1_000, 110_000), builders.gene("INNER", "1", "-", 40_000, 50_000)]
    table = builders.write_table(tmp_path / "genes.txt", genes)
    weights = toy_networks.save(tmp_path / "toy", toy_networks.RANDOM_SPEC, toy_networks.random_tensors())

    def make(engine="incremental", distance=50):
        return Scorer(
            reference=fasta,
            annotation=table,
            settings=Settings(distance=distance),
            compute=Compute(device="cpu", engine=engine, weights=weights),
        )

    def snvs(*places):
        alts = {pos: "ACGT"[("ACGT".index(bases[pos - 1]) + 1) % 4] for pos in places}
        return [Variant("1", pos, bases[pos - 1], alt) for pos, alt in alts.items()]

    return make, snvs


def cost_of(scorer, variants):
    return scorer.cost_s([scorer.plan(variant) for variant in variants])


@pytest.mark.parametrize("engine", ["incremental", "plain"])
def test_cost__adds_up_over_blocks_and_over_genes(scorer, engine):
    make, snvs = scorer
    one, far, in_two = snvs(2_000), snvs(90_000), snvs(45_000)
    made = make(engine)
    single = cost_of(made, one)
    assert single > 0
    assert cost_of(made, far) == pytest.approx(single)
    assert cost_of(made, one + far) == pytest.approx(2 * single)
    assert cost_of(made, in_two) == pytest.approx(2 * single)
    assert cost_of(made, snvs(500)) == 0


def test_cost__of_neighbours_is_less_than_apart_because_they_share_ref(scorer):
    make, snvs = scorer
    made = make()
    neighbours = snvs(*range(2_000, 2_040))
    assert cost_of(made, neighbours) < sum(cost_of(made, [variant]) for variant in neighbours)
    assert cost_of(make(distance=500), neighbours) > cost_of(made, neighbours)
    assert cost_of(make("plain"), neighbours) > cost_of(made, neighbours)
