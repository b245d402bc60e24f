"""Positions beyond those of the scores: which there are, and that the scores do not see them."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from support import builders

from spliceai_cli.genome.coords import Interval
from spliceai_cli.genome.fasta import Reference
from spliceai_cli.plan.edit import Prediction
from spliceai_cli.plan.planner import ModelInput, Planner
from spliceai_cli.plan.rules import Rules
from spliceai_cli.plan.widened import cropped, widened
from spliceai_cli.variants.variant import Variant


@pytest.mark.parametrize(
    ("pos", "left", "right"),
    [
        # Exon 101-300 and D = 10: the scored positions end 10 bp from POS, or at the exon's end if that is farther.
        (201, 100, 99),
        (101, 10, 199),
        (300, 199, 10),
        (320, 219, 10),  # in the intron, 20 bp after the exon
        (395, 10, 55),  # nearer to the next exon, 401-450
    ],
)
def test_widened__reaches_both_ends_of_the_own_exon(pos, left, right):
    gene = builders.gene("G", "1", "+", 0, 500, (100, 300), (400, 450))
    narrow = Rules(10, 100).alignment(Variant("1", pos, "A", "C"))
    wide = widened(narrow, gene)
    assert (wide.pos, wide.anchor, wide.width) == (pos, left, left + 1 + right)


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    folder = tmp_path_factory.mktemp("widened")
    bases = builders.random_bases(600, seed=3)
    genes = [builders.gene(strand, "1", strand, 0, 600, (100, 300)) for strand in "+-"]
    fasta = Reference(builders.write_fasta(folder / "a.fa", {"1": bases}))
    narrow, far = (Rules(distance, 100) for distance in (7, 40))
    plans = [Planner(fasta, builders.GeneIndex(genes), [ModelInput(narrow, reach=reach)]) for reach in (None, far)]
    return bases, plans


@given(st.data())
def test_cropped__is_what_the_narrow_job_has(world, data):
    bases, (plain, wide) = world
    start, n = data.draw(st.integers(90, 310)), data.draw(st.integers(1, 30))
    ref = bases[start : start + n]
    alt = data.draw(st.text("ACGT", min_size=1, max_size=30).filter(lambda text: text != ref))
    variant = Variant("1", start + 1, ref, alt)
    for narrow, far in zip(plain.plan(variant).jobs, wide.plan(variant).jobs, strict=True):
        assert narrow.alignment == far.alignment
        assert far.edit.ref_scored.length >= 81

        def positions(span: Interval) -> np.ndarray:
            return np.arange(*span)[:, None]

        both = [Prediction(positions(job.edit.ref_scored), positions(job.edit.alt_scored)) for job in (narrow, far)]
        near = cropped(both[1], far.edit, far.alignment)
        assert near.ref.tolist() == both[0].ref.tolist()
        assert near.alt.tolist() == both[0].alt.tolist()
        reach = cropped(both[1], far.edit, far.reach)
        assert len(reach.ref) == far.reach.width
        assert len(reach.alt) == far.reach.alt_width
