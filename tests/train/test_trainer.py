"""Learning rates, counted by hand."""

from __future__ import annotations

from dataclasses import replace

import pytest

from spliceai_cli.train.config import PRESETS
from spliceai_cli.train.trainer import learning_rate


def test_rate__of_the_paper_is_halved_from_the_seventh_of_ten_epochs_on():
    rates = [learning_rate(step, 20, PRESETS["paper"]) for step in range(20)]
    assert rates == [1e-3] * 12 + [5e-4] * 2 + [2.5e-4] * 2 + [1.25e-4] * 2 + [6.25e-5] * 2


def test_rate__of_the_card_falls_by_the_same_factor():
    rates = [learning_rate(step, 5, PRESETS["card"]) for step in range(5)]
    assert rates == pytest.approx([1e-3, 3.1622777e-4, 1e-4, 3.1622777e-5, 1e-5])
    assert learning_rate(0, 1, PRESETS["card"]) == 1e-3


def test_rate__of_equal_ends_is_constant():
    config = replace(PRESETS["card"], last_rate=1e-3)
    assert [learning_rate(step, 3, config) for step in range(3)] == pytest.approx([1e-3] * 3)
