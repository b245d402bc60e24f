"""Top-k, average precision and AUROC, by hand and as scikit-learn has them."""

from __future__ import annotations

import numpy as np
import pytest

from spliceai_cli.evaluate.ranking import Ranking


def ranking(scores, is_site, units=None, sizes=None):
    units = np.arange(len(scores)) if units is None else np.array(units)
    sizes = None if sizes is None else np.array(sizes)
    return Ranking(np.array(scores, np.float32), np.array(is_site, bool), units, sizes)


def test_curve__by_hand():
    curve = ranking([0.9, 0.1, 0.8, 0.6, 0.2], [True, False, False, True, True]).curve()
    # 0.9, 0.8 and 0.6 are the top three; two of them are sites.
    assert curve.top_k == pytest.approx(2 / 3)
    # Thresholds 0.9, 0.6 and 0.2 find one site each, with precisions 1, 2/3 and 3/4.
    assert curve.average_precision == pytest.approx((1 + 2 / 3 + 3 / 4) / 3)
    # Of six pairs, 0.6 and 0.2 lose against 0.8.
    assert curve.auroc == pytest.approx(4 / 6)


@pytest.mark.parametrize("is_site", [[True, False], [False, True]])
def test_curve__of_equal_scores_does_not_depend_on_their_order(is_site):
    curve = ranking([0.5, 0.5], is_site).curve()
    assert (curve.average_precision, curve.top_k, curve.auroc) == (0.5, 0.5, 0.5)


def test_curve__shares_a_tie_at_the_border_of_top_k():
    # k is 2: 0.9 is in, and one of the four at 0.5, of which one is a site.
    curve = ranking([0.9, 0.5, 0.5, 0.5, 0.5], [True, True, False, False, False]).curve()
    assert curve.top_k == pytest.approx((1 + 1 / 4) / 2)


def test_sizes__stand_for_as_many_positions():
    few = ranking([0.9, 0.8, 0.7, 0.0], [False, True, True, False], sizes=[1, 1, 1, 5]).curve()
    many = ranking([0.9, 0.8, 0.7, *[0.0] * 5], [False, True, True, *[False] * 5]).curve()
    assert few.average_precision == many.average_precision == pytest.approx((1 / 2 + 2 / 3) / 2)
    assert few.auroc == many.auroc == pytest.approx(10 / 12)


def test_among_top_k__by_hand():
    """Three sites: 0.9 is among the top three, and each of the four at 0.4 has half of the two other places."""
    given = ranking([0.9, 0.4, 0.4, 0.4, 0.4, 0.1], [True, True, True, False, False, False])
    assert given.among_top_k(np.float32([0.9, 0.4, 0.1])).tolist() == [1, 0.5, 0]
    assert given.curve().top_k == pytest.approx((1 + 0.5 + 0.5) / 3)


def test_curve__equals_scikit_learn():
    metrics = pytest.importorskip("sklearn.metrics", reason="scikit-learn is not installed")
    random = np.random.default_rng(3)
    is_site = random.random(3000) < 0.1
    # Rounded, so that many scores are equal.
    scores = np.round(random.random(3000) * 0.6 + 0.4 * is_site * random.random(3000), 2).astype(np.float32)
    curve = ranking(scores, is_site).curve()
    assert curve.average_precision == pytest.approx(metrics.average_precision_score(is_site, scores), abs=1e-12)
    assert curve.auroc == pytest.approx(metrics.roc_auc_score(is_site, scores), abs=1e-12)


def test_estimates__resample_units_together():
    """Two units, one perfect and one without a hit: the interval spans from one to the other."""
    both = ranking([0.9, 0.1, 0.2, 0.8], [True, False, True, False], units=[0, 0, 1, 1])
    estimate = both.estimates({"ap": lambda curve: curve.average_precision}, 200, seed=1)["ap"]
    # All four: 0.9 is a site, 0.8 is none, 0.2 is the second of three.
    assert estimate.value == pytest.approx((1 + 2 / 3) / 2)
    assert (estimate.low, estimate.high) == (0.5, 1.0)
    assert both.estimates({"ap": lambda curve: curve.average_precision}, 200, seed=1)["ap"] == estimate


def test_estimates__without_resampling_have_no_interval():
    estimate = ranking([0.9, 0.1], [True, False]).estimates({"auroc": lambda curve: curve.auroc}, 0, 1)["auroc"]
    assert estimate == (1, 1, 1)
