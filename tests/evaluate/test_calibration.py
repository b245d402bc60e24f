from __future__ import annotations

import numpy as np
import pytest

from spliceai_cli.evaluate.calibration import Reliability


def test_reliability__by_hand():
    """Ten positions at 0.02 without a site; four at 0.72, three of which are sites."""
    reliability = Reliability()
    reliability.add(np.full(10, 0.02, np.float32), np.zeros(10, bool))
    reliability.add(np.full(4, 0.72, np.float32), np.array([True, True, True, False]))
    assert [(b.n_positions, round(b.mean, 3), b.observed) for b in reliability.bins] == [(10, 0.02, 0), (4, 0.72, 0.75)]
    assert reliability.expected_error == pytest.approx((10 * 0.02 + 4 * 0.03) / 14)
    assert reliability.expected_error_of_calls == pytest.approx(0.03)
    assert reliability.brier == pytest.approx((10 * 0.02**2 + 3 * 0.28**2 + 0.72**2) / 14)


def test_reliability__has_a_place_for_one():
    reliability = Reliability()
    reliability.add(np.ones(2, np.float32), np.ones(2, bool))
    assert reliability.bins == ((2, 1.0, 1.0),)
    assert reliability.brier == reliability.expected_error == 0


def test_reliability__without_calls_has_no_error_of_them():
    reliability = Reliability()
    reliability.add(np.array([0.01], np.float32), np.array([True]))
    assert reliability.expected_error_of_calls == 0
