"""Log-odds of inclusion on hand-made profiles; both strands."""

from __future__ import annotations

import math

import pytest

from spliceai_cli.scores.consequence import ExonInclusion

A, D = "acceptor", "donor"

# log((p + 0.001) / (1 - p + 0.001)) on paper.
LOGIT_09 = math.log(0.901 / 0.101)
LOGIT_1 = math.log(1.001 / 0.001)


def logit(p):
    return math.log((p + 0.001) / (1.001 - p))


def test_inclusion__adds_both_sites(toy):
    (only,) = toy.inclusions(toy.variant(201, "T", "A"), alt={(A, 160): 0.5, (D, 219): 0.8})
    assert (only.exon, only.acceptor, only.donor) == (2, pytest.approx((0.9, 0.5)), pytest.approx((0.9, 0.8)))
    assert only.dlogit == pytest.approx((logit(0.5) - LOGIT_09) + (logit(0.8) - LOGIT_09), abs=1e-5)
    assert str(only).startswith("A|TOY|2|" if toy.strand == "+" else "T|TOY|2|")


def test_inclusion__is_0_where_nothing_changes(toy):
    (only,) = toy.inclusions(toy.variant(201, "T", "A"), alt={})
    assert only.dlogit == 0


def test_inclusion__of_sites_at_0_and_at_1(toy):
    (only,) = toy.inclusions(
        toy.variant(201, "T", "A"), ref={(A, 160): 1.0, (D, 219): 0.0}, alt={(A, 160): 0.0, (D, 219): 1.0}
    )
    assert only.dlogit == pytest.approx(-2 * LOGIT_1 + 2 * LOGIT_1, abs=1e-5)
    (only,) = toy.inclusions(
        toy.variant(201, "T", "A"), ref={(A, 160): 1.0, (D, 219): 0.9}, alt={(A, 160): 0.999, (D, 219): 0.9}
    )
    # From 1 to 0.999 the delta is 0.001, which no DS shows; the log-odds halve the odds.
    assert only.dlogit == pytest.approx(math.log(1.0 / 0.002) - LOGIT_1, abs=1e-3)


def test_deleted_site__counts_as_0(toy):
    # All of AGGGT around acceptor 2: bases 158 to 162. The next base of exon 2 is no site.
    variant = toy.variant(157, "TAGGGT", "T")
    own = next(i for i in toy.inclusions(variant, alt={(A, 158): 0.0}) if i.exon == 2)
    assert own.acceptor == pytest.approx((0.9, 0.0))
    assert own.dlogit == pytest.approx(logit(0.0) - LOGIT_09, abs=1e-5)


def test_inserted_bases__move_the_donor(toy):
    own = next(i for i in toy.inclusions(toy.variant(199, "G", "GACAC"), alt={(D, 223): 0.6}) if i.exon == 2)
    assert own.donor == pytest.approx((0.9, 0.6))


@pytest.mark.parametrize(("at", "exon", "missing"), [(40, 1, "acceptor"), (500, 4, "donor")])
def test_end_exons__have_one_site(toy, at, exon, missing):
    bases = {40: "C", 500: "T"}
    (only,) = toy.inclusions(toy.variant(at, bases[at], "A" if bases[at] != "A" else "C"), alt={})
    assert (only.exon, getattr(only, missing)) == (exon, None)
    assert ".|." in str(only)


def test_intronic_variant__belongs_to_the_nearest_exon_and_events_add_theirs(toy):
    found = toy.inclusions(toy.variant(225, "T", "A"), alt={(A, 320): 0.1, (D, 369): 0.2})
    assert [i.exon for i in found] == [2, 3]


def test_text__of_a_change_that_rounds_to_0_has_no_sign():
    """It used to be -0.000 or 0.000, by the last bits of a probability."""
    one = ExonInclusion("T", "G", "SpliceAI", "", 2, -1e-7, (0.9, 0.9), (0.9, 0.9))
    assert str(one) == "T|G|2|0.000|0.9000|0.9000|0.9000|0.9000"
