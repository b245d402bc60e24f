"""Golden records: a seeded part of each file by default, all with ``--all-records``."""

from __future__ import annotations

import random

import pytest

# Of each file without --all-records; chosen so that `make test` stays under its time on 2 cores.
N_SAMPLED = 30
SEED = 2026


@pytest.fixture
def sample(request):
    """Choose records: all of them, or the same seeded few at every run."""

    def choose(records: list, n: int = N_SAMPLED) -> list:
        if request.config.getoption("--all-records") or len(records) <= n:
            return records
        chosen = sorted(random.Random(SEED).sample(range(len(records)), n))
        return [records[i] for i in chosen]

    return choose
