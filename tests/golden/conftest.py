"""Golden records: a seeded part of each file by default, all with ``--all-records``."""

from __future__ import annotations

import random

import pytest
from support import oracle_pangolin

from spliceai_cli import Compute, Scorer, Settings

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


@pytest.fixture(scope="session")
def pangolin(shared):
    """The folder of Pangolin's twelve networks."""
    return shared / "models" / "pangolin"


@pytest.fixture(scope="session")
def pangolin_nets(pangolin):
    """The oracle's."""
    return oracle_pangolin.nets_from_folder(pangolin)


@pytest.fixture(scope="session")
def make_pangolin(pangolin, store):
    """A scorer with Pangolin's networks by FASTA, annotation, distance and mask."""
    made = {}

    def make(reference, annotation="grch38", *, distance=50, mask=0):
        key = str(reference), str(annotation), distance, mask
        if key not in made:
            made[key] = Scorer(
                reference=reference,
                annotation=annotation,
                settings=Settings(distance=distance, mask=mask, models=(f"pangolin={pangolin}",)),
                compute=Compute(device="cpu", home=store.home),
            )
        return made[key]

    return make
