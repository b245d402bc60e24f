"""Inputs that once failed under ``make fuzz``, or reach what no other reaches, without the fuzzer."""

from __future__ import annotations

import pytest
from fuzz import fuzz_targets


@pytest.mark.parametrize("name", fuzz_targets.TARGETS)
def test_seeds__raise_nothing(name):
    seeds = fuzz_targets.read_seeds(name)
    assert seeds
    for seed in seeds:
        try:
            fuzz_targets.TARGETS[name](seed)
        except Exception as error:
            raise AssertionError(f"{name}: {seed!r}") from error
