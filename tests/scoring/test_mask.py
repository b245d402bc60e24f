"""Masks, by hand: exons at POS 11-20, 31-40 and 51-60."""

from __future__ import annotations

import numpy as np
import pytest
from support import builders

from spliceai_cli.genome.coords import Interval
from spliceai_cli.plan.alignment import Alignment
from spliceai_cli.plan.edit import Prediction
from spliceai_cli.plan.planner import Job
from spliceai_cli.plan.rules import Rules
from spliceai_cli.scores.effect import Effect
from spliceai_cli.scoring.mask import MASKS, Effects, ExactMask, NearestEdgeMask, NoMask
from spliceai_cli.scoring.sites import delta_score
from spliceai_cli.variants.variant import Variant

EXONS = ((10, 20), (30, 40), (50, 60))
PLUS = builders.gene("G", "1", "+", 0, 100, *EXONS)
MINUS = builders.gene("G", "1", "-", 0, 100, *EXONS)
GENES = pytest.mark.parametrize("gene", [PLUS, MINUS], ids=["plus", "minus"])


def test_masks__are_those_of_the_option():
    assert [type(MASKS[number]) for number in (0, 1, 2)] == [NoMask, NearestEdgeMask, ExactMask]
    assert len(MASKS) == 3


def test_gene__sites_are_in_transcript_order_not_genome_order():
    # On the plus strand exons begin with an acceptor, but for the first; on the minus strand they end with one.
    assert (PLUS.acceptors, PLUS.donors) == ((31, 51), (20, 40))
    assert (MINUS.acceptors, MINUS.donors) == ((20, 40), (31, 51))


@GENES
def test_gene__of_one_exon_or_none_has_no_sites(gene):
    for exons in ((), ((10, 20),)):
        single = builders.Gene("G", "1", gene.strand, 0, 100, tuple(Interval(*exon) for exon in exons))
        assert single.acceptors == single.donors == ()


@GENES
@pytest.mark.parametrize("number", [0, 1])
def test_candidates__are_all_positions_without_an_exact_mask(gene, number):
    for at in MASKS[number].candidates(gene, Interval(10, 60)):
        assert at.shape == (50,)
        assert at.all()


@GENES
def test_candidates__exact(gene):
    # POS 31 to 40, so 0-based 30 to 40: the second exon with both of its sites at the ends.
    first, last = [True] + [False] * 9, [False] * 9 + [True]
    acceptor, donor = (first, last) if gene.strand == "+" else (last, first)
    found = ExactMask().candidates(gene, Interval(30, 40))
    assert found.acceptor_loss.tolist() == acceptor
    assert found.donor_loss.tolist() == donor
    assert (found.acceptor_gain == ~found.acceptor_loss).all()
    assert (found.donor_gain == ~found.donor_loss).all()


@pytest.mark.parametrize(("scored", "n_sites"), [((20, 30), 0), ((19, 30), 1), ((20, 31), 1), ((19, 31), 2)])
def test_candidates__exact_counts_sites_at_the_ends_of_what_is_scored(scored, n_sites):
    found = ExactMask().candidates(PLUS, Interval(*scored))
    assert found.acceptor_loss.sum() + found.donor_loss.sum() == n_sites


def score(gene, changes, *, number, pos=35, distance=6, n_trimmed=0):
    """The text after ALLELE|SYMBOL for changes {POS: (acceptor, donor)} of the probabilities.

    REF has 1/2 everywhere, so that there is room to gain and to lose.
    """
    width = 2 * distance + 1
    ref = np.full((width, 3), 0.5, np.float32)
    alt = ref.copy()
    for at, change in changes.items():
        alt[at - pos + distance, 1:] += change
    alignment = Alignment(pos=pos, n_trimmed=n_trimmed, n_ref=1, n_alt=1, anchor=distance, width=width)
    order = 1 if gene.strand == "+" else -1
    prediction = Prediction(ref[::order], alt[::order])
    variant = Variant("1", pos, "A", "C")
    found = delta_score(
        variant, Job(0, gene, None, alignment), prediction, rules=Rules(distance, 100), mask=MASKS[number]
    )
    assert not any(effect.score < 0 for effect in found.effects)
    return str(found).removeprefix("C|G|")


# POS 35 sees 29 to 41: acceptor 31 and donor 40 of the second exon on the plus strand, the other way on the minus.
UP, DOWN = 0.25, -0.25


def turned(gene, changes):
    """Acceptor and donor swapped on the minus strand, where the sites are."""
    if gene.strand == "+":
        return changes
    return {at: (donor, acceptor) for at, (acceptor, donor) in changes.items()}


def swapped(gene, text):
    """AG|AL|DG|DL with acceptor and donor swapped on the minus strand."""
    if gene.strand == "+":
        return text
    fields = text.split("|")
    return "|".join(fields[2:4] + fields[0:2] + fields[6:8] + fields[4:6])


@GENES
def test_exact__excluded_positions_take_effect_before_the_maximum(gene):
    """``-M 1`` hides the largest and is done; ``-M 2`` finds the largest of what may be shown."""
    changes = {
        31: (0.4, 0),  # gain at an acceptor: confirms the annotation
        33: (0.25, 0),  # gain elsewhere
        34: (-0.4, -0.4),  # losses at no site
        40: (0, -0.25),  # loss at a donor
        41: (0, 0.1),
    }
    changes = turned(gene, changes)
    assert score(gene, changes, number=0) == swapped(gene, "0.40|0.40|0.10|0.40|-4|-1|6|-1")
    # The edge nearest to 35 is 31, at -4: the acceptor gain there goes, and the losses, which are not at -4.
    assert score(gene, changes, number=1) == swapped(gene, "0.00|0.00|0.10|0.00|-4|-1|6|-1")
    # Acceptor loss has but one candidate, POS 31, which loses nothing.
    assert score(gene, changes, number=2) == swapped(gene, "0.25|0.00|0.10|0.25|-2|-4|6|5")


@GENES
def test_exact__sites_of_the_other_class_are_no_sites(gene):
    """A donor gained at an acceptor is news; 1.3.1 takes it for the annotated site. Both ends of an exon count."""
    changes = turned(gene, {31: (DOWN, UP), 40: (UP, DOWN)})
    assert score(gene, changes, number=2) == swapped(gene, "0.25|0.25|0.25|0.25|5|-4|-4|5")
    assert score(gene, changes, number=1) == swapped(gene, "0.25|0.25|0.00|0.00|5|-4|-4|5")


@GENES
def test_exact__both_ends_of_an_exon_are_seen(gene):
    """``-M 1`` knows one edge, so the other end's loss was hidden."""
    changes = turned(gene, {31: (-0.4, 0), 40: (0, -0.3)})
    # No gain is left but at a position that does not change: the lowest, 29.
    assert score(gene, changes, number=2) == swapped(gene, "0.00|0.40|0.00|0.30|-6|-4|-6|5")
    assert score(gene, changes, number=1) == swapped(gene, "0.00|0.40|0.00|0.00|-6|-4|-6|5")


@GENES
def test_exact__nothing_left_is_0_at_0(gene):
    """POS 25 sees 23 to 27, where no site is: losses have no candidate."""
    changes = {at: (DOWN, DOWN) for at in range(23, 28)}
    changes[24] = (-0.1, -0.1)
    # Gains are largest where least is lost, 24, and never below 0.
    assert score(gene, changes, number=2, pos=25, distance=2) == "0.00|0.00|0.00|0.00|-1|0|-1|0"
    assert score(gene, changes, number=0, pos=25, distance=2) == "0.00|0.25|0.00|0.25|-1|-2|-1|-2"


def test_exact__nothing_left_for_a_gain_is_0_at_0():
    """D = 0 at an acceptor: the gain's only position is excluded, and its raw probabilities are unknown."""
    assert score(PLUS, {31: (UP, UP)}, number=2, pos=31, distance=0) == "0.00|0.00|0.25|0.00|0|0|0|0"
    assert score(PLUS, {31: (UP, UP)}, number=2, pos=31, distance=0, n_trimmed=3) == "0.00|0.00|0.25|0.00|0|3|3|0"


def test_exact__what_the_mask_left_out_has_no_raw_probabilities():
    ref = np.full((1, 3), 0.5, np.float32)
    alignment = Alignment(pos=25, n_trimmed=0, n_ref=1, n_alt=1, anchor=0, width=1)
    found = delta_score(
        Variant("1", 25, "A", "C"),
        Job(0, PLUS, None, alignment),
        Prediction(ref, ref),
        rules=Rules(0, 100),
        mask=MASKS[2],
    )
    assert found.raw == "C|G|0.5000|0.5000|.|.|0.5000|0.5000|.|."


@pytest.mark.parametrize("number", [0, 1, 2])
def test_hide__without_hiding_changes_nothing(number):
    # The edge nearest to POS 31 is POS 31; gains away from it and losses on it are shown by all masks.
    effects = Effects(Effect(0.5, 3, 0.1, 0.6), Effect(0.4, 0, 0.5, 0.1), Effect(0.3, -2), Effect(0.2, 0))
    assert MASKS[number].hide(effects, PLUS, 31) == effects


def test_hide__keeps_offset_and_probabilities():
    effects = Effects(Effect(0.5, 0, 0.1, 0.6), Effect(0.4, 2, 0.5, 0.1), Effect(0.3, -2), Effect(0.2, 0))
    hidden = Effects(Effect(0.0, 0, 0.1, 0.6), Effect(0.0, 2, 0.5, 0.1), Effect(0.3, -2), Effect(0.2, 0))
    assert MASKS[1].hide(effects, PLUS, 31) == hidden
