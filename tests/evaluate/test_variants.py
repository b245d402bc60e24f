"""Cut-offs of labelled scores, counted by hand."""

from __future__ import annotations

import numpy as np
import pytest

from spliceai_cli.evaluate.variants import cutoff, youden_threshold


def test_youden_threshold__by_hand():
    """At 0.5 two of three are found and one of two is spared; at 0.7 the same number less is found and both spared."""
    scores = np.array([0.9, 0.7, 0.2, 0.5, 0.1], np.float32)
    labels = np.array([True, True, True, False, False])
    assert youden_threshold(scores, labels) == pytest.approx(0.7)


def test_youden_threshold__takes_the_lowest_of_equal_ones():
    scores, labels = np.array([0.8, 0.4, 0.6, 0.2], np.float32), np.array([True, True, False, False])
    # 1 + 1/2 at 0.4, 1/2 + 1 at 0.8.
    assert youden_threshold(scores, labels) == pytest.approx(0.4)


def test_youden_threshold__equals_trying_each():
    """And takes no time that grows with the square of the variants."""
    random = np.random.default_rng(1)
    scores, labels = random.random(500).round(2).astype(np.float32), random.random(500) < 0.3
    tried = {float(t): cutoff(scores, labels, float(t)) for t in np.unique(scores)}
    sums = {threshold: at.sensitivity + at.specificity for threshold, at in tried.items()}
    assert sums[youden_threshold(scores, labels)] == pytest.approx(max(sums.values()))
