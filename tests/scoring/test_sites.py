from __future__ import annotations

import numpy as np
import pytest
from support import builders

from spliceai_cli.errors import NumericError
from spliceai_cli.plan.alignment import Alignment
from spliceai_cli.plan.compat import CompatRules
from spliceai_cli.plan.edit import Prediction
from spliceai_cli.plan.planner import Job
from spliceai_cli.plan.rules import Rules
from spliceai_cli.scoring.mask import MASKS
from spliceai_cli.scoring.sites import delta_score
from spliceai_cli.variants.variant import Variant

SNV = Variant("1", 101, "A", "C")


def score(ref, alt, *, strand="+", mask=MASKS[0], rules=None, gene=None, shift=0):
    """Acceptor and donor columns of 5 positions, POS in the middle, in genomic order."""
    gene = gene or builders.gene("G", "1", strand, 0, 1000)
    alignment = Alignment(pos=101, n_trimmed=shift, n_ref=1, n_alt=1, anchor=2, width=5)
    arrays = [np.array(a, np.float32).reshape(5, 2) for a in (ref, alt)]
    arrays = [np.column_stack((1 - a.sum(axis=1), a)).astype(np.float32) for a in arrays]
    order = 1 if strand == "+" else -1
    prediction = Prediction(*(a[::order] for a in arrays))
    return delta_score(SNV, Job(0, gene, None, alignment), prediction, rules=rules or Rules(2, 100), mask=mask)


ZERO = [(0, 0)] * 5


@pytest.mark.parametrize("strand", "+-")
def test_delta_score__finds_gains_and_losses_in_genome_orientation(strand):
    ref = [(0, 0), (0.75, 0), (0, 0), (0, 0), (0, 0.5)]
    alt = [(0.25, 0), (0.25, 0), (0, 0), (0, 0.75), (0, 0.5)]
    assert str(score(ref, alt, strand=strand)) == "C|G|0.25|0.50|0.75|0.00|-2|-1|1|-2"


@pytest.mark.parametrize("strand", "+-")
def test_delta_score__ties_take_the_lowest_coordinate(strand):
    alt = [(0, 0), (0.5, 0), (0, 0), (0.5, 0), (0, 0)]
    found = score(ZERO, alt, strand=strand)
    assert found.acceptor_gain.offset == -1
    assert found.donor_gain.offset == -2


def test_delta_score__is_never_negative():
    everywhere_lower = score([(0.5, 0.5)] * 5, [(0.25, 0.25)] * 5)
    assert everywhere_lower.acceptor_gain.score == 0.0
    assert str(everywhere_lower) == "C|G|0.00|0.25|0.00|0.25|-2|-2|-2|-2"


def test_delta_score__compat_prints_what_was_found():
    lower = score([(0.5, 0.5)] * 5, [(0.48, 0.4999)] * 5, rules=CompatRules(2, 100))
    assert str(lower) == "C|G|-0.02|0.02|-0.00|0.00|-2|-2|-2|-2"


def test_delta_score__has_the_probabilities_behind_each_effect():
    ref = [(0, 0), (0.75, 0), (0, 0), (0, 0), (0, 0.5)]
    alt = [(0.25, 0), (0.25, 0), (0, 0), (0, 0.75), (0, 0.5)]
    found = score(ref, alt)
    assert [(effect.ref, effect.alt) for effect in found.effects] == [(0, 0.25), (0.75, 0.25), (0, 0.75), (0, 0)]
    assert found.raw == "C|G|0.0000|0.2500|0.7500|0.2500|0.0000|0.7500|0.0000|0.0000"


def test_delta_score__offsets_count_from_the_records_pos():
    alt = [(0, 0), (0, 0), (0.5, 0), (0, 0), (0, 0)]
    assert score(ZERO, alt, shift=3).acceptor_gain.offset == 3


def test_delta_score__nan_is_an_error():
    with pytest.raises(NumericError, match="1:101 A>C in G"):
        score(ZERO, [(np.nan, 0)] * 5)


# Exon edges at POS 100 and 103: -1 and +2 from POS 101.
GENE = builders.gene("G", "1", "+", 0, 1000, (99, 103))


def test_mask__hides_gain_at_the_nearest_edge_and_loss_elsewhere():
    ref = [(0.75, 0), (0, 0.5), (0, 0), (0, 0), (0, 0)]
    alt = [(0, 0), (0.25, 0), (0, 0), (0, 0), (0, 0.5)]
    unmasked = score(ref, alt, gene=GENE)
    assert str(unmasked) == "C|G|0.25|0.75|0.50|0.50|-1|-2|2|-1"
    # Edge -1 is nearer than +2: acceptor gain there and acceptor loss at -2 are hidden, offsets stay.
    assert str(score(ref, alt, gene=GENE, mask=MASKS[1])) == "C|G|0.00|0.00|0.50|0.50|-1|-2|2|-1"


def test_mask__hidden_negative_score_is_minus_zero_in_compat():
    lower = score([(0.5, 0)] * 5, [(0.25, 0)] * 5, gene=GENE, mask=MASKS[1], rules=CompatRules(2, 100))
    # The gain's first maximum is at -2, not at the edge, so it shows; the loss at -2 is hidden.
    assert str(lower) == "C|G|-0.25|0.00|0.00|0.00|-2|-2|-2|-2"


@pytest.mark.parametrize(
    ("pos", "expected"),
    [(1, 0), (5, -4), (6, -5), (40, 11), (51, 0), (56, 4), (55, -4), (60, 0), (61, -1), (5000, -4940)],
)
def test_nearest_edge__tie_goes_to_the_lower_coordinate(pos, expected):
    # Edges 1, 51 and 60; pos 26 is 25 from both 1 and 51.
    gene = builders.gene("G", "1", "+", 0, 60, (0, 1), (50, 60))
    assert gene.nearest_edge(pos) == expected
    assert gene.nearest_edge(26) == -25
