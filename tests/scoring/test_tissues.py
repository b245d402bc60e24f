"""Scores of models of tissues, by hand."""

from __future__ import annotations

import numpy as np
import pytest
from support import builders

from spliceai_cli import Settings, Variant
from spliceai_cli.errors import NumericError, UsageError
from spliceai_cli.genome.coords import Interval
from spliceai_cli.models.spec import BlockSpec, NetworkSpec
from spliceai_cli.plan.alignment import Alignment
from spliceai_cli.plan.edit import Prediction
from spliceai_cli.plan.planner import Job
from spliceai_cli.scores.effect import Effect
from spliceai_cli.scores.tissues import TISSUES, TissueScore
from spliceai_cli.scoring.mask import TISSUE_MASKS
from spliceai_cli.scoring.scoring import SCORINGS
from spliceai_cli.scoring.tissues import TissueScoring, tissue_score

# Two tissues with two replicates each, those of a tissue side by side.
SPEC = NetworkSpec(
    "hand",
    (BlockSpec(3, 1),),
    "Hand",
    scoring=TISSUES.name,
    classes=("neither", "splice"),
    groups=("liver", "brain"),
    n_networks=4,
)
SNV = Variant("1", 101, "A", "C")
PLUS = builders.gene("G", "1", "+", 0, 1000)
MINUS = builders.gene("G", "1", "-", 0, 1000)
GENES = pytest.mark.parametrize("gene", [PLUS, MINUS], ids=["plus", "minus"])


def answers(values, gene):
    """(W, 4) probabilities of a splice site in genomic order -> what an engine answers, in transcript order."""
    splice = np.array(values, np.float32)
    both = np.stack((1 - splice, splice), axis=2).reshape(len(splice), 8)
    return both if gene.strand == "+" else both[::-1]


def score(ref, alt, *, gene=PLUS, mask=0, n_ref=1, n_alt=1, n_trimmed=0):
    """POS is third of the positions given: 2 bp are scored on either side."""
    alignment = Alignment(pos=101, n_trimmed=n_trimmed, n_ref=n_ref, n_alt=n_alt, anchor=2, width=len(ref))
    prediction = Prediction(answers(ref, gene), answers(alt, gene))
    return tissue_score(SNV, Job(0, gene, None, alignment), prediction, spec=SPEC, mask=TISSUE_MASKS[mask])


def changed(changes, n=5, base=0.5):
    """n positions of 1/2, some of them other: {offset: four values}."""
    values = np.full((n, 4), base, np.float32)
    for offset, row in changes.items():
        values[offset + 2] = row
    return values


HALF = changed({})


# Arithmetic


@GENES
def test_score__is_of_the_tissue_that_changes_most(gene):
    # At +1 liver gains (0.1 + 0.3) / 2, brain 0.4; at -2 liver loses (0.4 + 0.2) / 2, brain 0.1.
    alt = changed({1: (0.6, 0.8, 0.9, 0.9), -2: (0.1, 0.3, 0.4, 0.4)})
    found = score(HALF, alt, gene=gene)
    assert str(found) == "G|1:0.40|-2:-0.30|Warnings:"
    assert (found.gain.ref, found.gain.alt) == pytest.approx((0.5, 0.9))
    assert (found.loss.ref, found.loss.alt) == pytest.approx((0.5, 0.2))
    assert (found.model_key, found.allele, found.max_score) == ("Hand", "C", pytest.approx(0.4))


def test_score__is_of_the_mean_over_replicates():
    """One replicate of liver alone gains 0.4 at -1, both of brain gain 0.3 at 2."""
    found = score(HALF, changed({-1: (0.9, 0.5, 0.5, 0.5), 2: (0.5, 0.5, 0.8, 0.8)}))
    assert str(found) == "G|2:0.30|-2:0.00|Warnings:"


def test_score__gain_and_loss_may_be_at_one_position():
    found = score(HALF, changed({0: (0.9, 0.9, 0.1, 0.1)}))
    assert str(found) == "G|0:0.40|0:-0.40|Warnings:"


@GENES
def test_tie__takes_the_lowest_coordinate(gene):
    row_up, row_down = (0.75, 0.75, 0.5, 0.5), (0.5, 0.5, 0.25, 0.25)
    found = score(HALF, changed({-1: row_up, 1: row_up, 0: row_down, 2: row_down}), gene=gene)
    assert (found.gain.offset, found.loss.offset) == (-1, 0)


def test_tie__of_tissues_takes_the_first():
    found = score(changed({0: (0.5, 0.5, 0.25, 0.25)}), changed({0: (0.75, 0.75, 0.5, 0.5)}))
    assert (found.gain.ref, found.gain.alt) == (0.5, 0.75)


def test_score__is_never_negative():
    """Everything is lost, least of it at -1: that is where the gain of nothing is."""
    found = score(HALF, changed({-1: (0.4, 0.4, 0.4, 0.4)}, base=0.25))
    assert (found.gain, str(found)) == (
        Effect(0.0, -1, 0.5, pytest.approx(0.4)),
        "G|-1:0.00|-2:-0.25|Warnings:",
    )


def test_offset__counts_from_the_records_pos():
    found = score(HALF, changed({1: (0.9, 0.9, 0.9, 0.9)}), n_trimmed=3)
    assert str(found) == "G|4:0.40|1:0.00|Warnings:"


@GENES
def test_insertion__takes_the_maximum_before_the_mean(gene):
    """The two networks of liver see the site at different inserted bases: 0.9 each, not (0.9 + 0.1) / 2."""
    low = (0.1,) * 4
    inserted = [(0.1, 0.9, 0.3, 0.1), (0.9, 0.1, 0.3, 0.1), low]
    found = score([low] * 5, [low, low, *inserted, low, low], gene=gene, n_alt=3)
    assert str(found) == "G|0:0.80|-2:0.00|Warnings:"


@GENES
def test_deletion__has_zeros_for_the_deleted_bases(gene):
    """What is predicted of ordinary bases is about 0.05, and that is lost with them."""
    floor = (0.05,) * 4
    ref = [floor, floor, floor, floor, (0.05, 0.05, 0.05, 0.65), floor, floor]
    found = score(ref, [floor] * 5, gene=gene, n_ref=3)
    # Of the deleted +1 and +2 the second has more to lose: (0.05 + 0.65) / 2.
    assert str(found) == "G|-2:0.00|2:-0.35|Warnings:"
    flat = score([floor] * 7, [floor] * 5, gene=gene, n_ref=3)
    assert str(flat) == "G|-2:0.00|1:-0.05|Warnings:"


@pytest.mark.parametrize(("value", "text"), [(0.504, "-2:0.00"), (0.496, "-2:0.00"), (0.494, "0:-0.01")])
def test_text__has_no_minus_zero(value, text):
    found = score(HALF, changed({0: (value,) * 4}))
    assert "-0.00" not in str(found)
    assert text.rpartition(":")[2] == str(found).split("|")[2].rpartition(":")[2]


def test_nan__is_an_error():
    with pytest.raises(NumericError, match="1:101 A>C in G"):
        score(HALF, changed({1: (0.5, 0.5, 0.5, np.nan)}))


# Masks


EXONS = builders.gene("G", "1", "+", 0, 200, (0, 100), (103, 110), (150, 200))
EXONS_MINUS = builders.gene("G", "1", "-", 0, 200, (0, 100), (103, 110), (150, 200))
EXON_GENES = pytest.mark.parametrize("gene", [EXONS, EXONS_MINUS], ids=["plus", "minus"])


@EXON_GENES
def test_mask__takes_effect_before_the_maximum(gene):
    """POS 100, -1, is the last base of the first exon: there gains are no news and elsewhere losses are none."""
    alt = changed({-1: (0.9,) * 4, 1: (0.8,) * 4, -2: (0.1,) * 4})
    assert str(score(HALF, alt, gene=gene)) == "G|-1:0.40|-2:-0.40|Warnings:"
    lost_at_site = changed({-1: (0.3,) * 4, 1: (0.8,) * 4, -2: (0.1,) * 4})
    for mask in (1, 2):
        # The only candidate of a loss is -1, which gains.
        assert str(score(HALF, alt, gene=gene, mask=mask)) == "G|1:0.30|-1:0.00|Warnings:"
        assert str(score(HALF, lost_at_site, gene=gene, mask=mask)) == "G|1:0.30|-1:-0.20|Warnings:"


@EXON_GENES
def test_mask__of_nothing_left_is_0_at_0(gene):
    """An SNV in the middle of a long exon: no site is in sight."""
    far = builders.gene("G", "1", gene.strand, 0, 1000, (0, 500), (600, 1000))
    found = score(HALF, changed({1: (0.1,) * 4}), gene=far, mask=1)
    assert (str(found), found.loss) == ("G|-2:0.00|0:0.00|Warnings:", Effect(0.0, 0))
    assert found.raw == "C|G|0.5000|0.5000|.|."


@pytest.mark.parametrize("strand", "+-")
def test_masks__differ_at_the_ends_of_the_transcript(strand):
    """1 hides by all ends of exons, as Pangolin does; 2 by sites, and a transcript does not begin with one."""
    gene = builders.gene("G", "1", strand, 99, 200, (99, 110), (150, 200))
    # POS 100, -1, is where the gene begins on the plus strand and ends on the minus strand.
    gained, lost = changed({-1: (0.9,) * 4}), changed({-1: (0.1,) * 4})
    assert str(score(HALF, gained, gene=gene, mask=1)) == "G|-2:0.00|-1:0.00|Warnings:"
    assert str(score(HALF, gained, gene=gene, mask=2)) == "G|-1:0.40|0:0.00|Warnings:"
    assert str(score(HALF, lost, gene=gene, mask=1)) == "G|-2:0.00|-1:-0.40|Warnings:"
    assert str(score(HALF, lost, gene=gene, mask=2)) == "G|-2:0.00|0:0.00|Warnings:"


@EXON_GENES
@pytest.mark.parametrize(("mask", "sites"), [(1, {1, 100, 104, 110, 151, 200}), (2, {100, 104, 110, 151})])
def test_candidates__are_sites_for_losses_and_the_rest_for_gains(gene, mask, sites):
    found = TISSUE_MASKS[mask].candidates(gene, Interval(0, 250))
    assert {int(i) + 1 for i in np.flatnonzero(found.loss)} == sites
    assert (found.gain == ~found.loss).all()


def test_candidates__without_mask_are_everywhere():
    found = TISSUE_MASKS[0].candidates(EXONS, Interval(98, 103))
    assert found.gain.tolist() == found.loss.tolist() == [True] * 5
    assert sorted(TISSUE_MASKS) == [0, 1, 2]


def test_scoring__has_no_compat_mode():
    with pytest.raises(UsageError, match="--compat 1.3.1 is about SpliceAI's scores; hand has others"):
        TissueScoring(SPEC, Settings(compat="1.3.1"))
    assert SCORINGS[TISSUES.name] is TissueScoring


# The text


def test_header__is_pangolins():
    assert TISSUES.header("Pangolin") == (
        '##INFO=<ID=Pangolin,Number=.,Type=String,Description="Pangolin splice scores. '
        'Format: gene|pos:score_change|pos:score_change|warnings,...">'
    )


def test_text__names_the_allele_where_there_are_several():
    """Pangolin scores the first ALT alone, and its text says of none."""
    found = TissueScore("CT", "RYR1", Effect(0.914, 3, 0.05, 0.964), Effect(0.2, -12, 0.5, 0.3))
    assert str(found) == "RYR1|3:0.91|-12:-0.20|Warnings:"
    assert found.named == "RYR1|3:0.91|-12:-0.20|Warnings:ALT=CT"
    assert found.numbers == ("0.91", "-0.20", "3", "-12")
    assert found.raw == "CT|RYR1|0.0500|0.9640|0.5000|0.3000"
    assert not found.is_missing
