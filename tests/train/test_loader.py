"""Which examples a step shows."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from support import builders

from spliceai_cli.errors import UsageError
from spliceai_cli.genome.fasta import Reference
from spliceai_cli.train.config import TrainConfig
from spliceai_cli.train.loader import Loader
from spliceai_cli.train.processes import Processes
from spliceai_cli.train.windows import Windows, survey

CONFIG = TrainConfig(context=80, window=10, margin=0, batch=4, epochs=2)


@pytest.fixture
def windows(tmp_path):
    """21 examples that differ, 5 of them with a site."""
    reference = Reference(builders.write_fasta(tmp_path / "g.fa", {"chr1": builders.random_bases(300, 4)}))
    genes = [
        builders.gene("P", "1", "+", 20, 90, (20, 30), (50, 70), (80, 90)),
        builders.gene("S", "1", "+", 100, 240, (100, 170), (200, 240)),
    ]
    return Windows(genes, reference, CONFIG, flank=5)


def loader(windows, processes=Processes(), **changes):  # noqa: B008 (a named tuple)
    config = replace(CONFIG, **changes)
    return Loader(windows, survey(windows).has_site, config, seed=1, processes=processes)


def codes(batches):
    return [row.tobytes() for batch in batches for row in batch.codes]


def test_epoch__shows_examples_once_in_another_order(windows):
    loading = loader(windows)
    assert (loading.batch, loading.steps_of_epoch, loading.n_steps) == (4, 5, 10)
    epochs = [[row for step in range(5 * e, 5 * e + 5) for row in codes(loading.step(step))] for e in (0, 1)]
    assert [len(set(rows)) for rows in epochs] == [20, 20]
    assert epochs[0] != epochs[1]


def test_steps__from_the_middle_are_those_of_a_whole_run(windows):
    whole = [codes(batches) for batches in loader(windows).steps(0)]
    assert [codes(batches) for batches in loader(windows).steps(3)] == whole[3:]


def test_processes__share_a_batch(windows):
    whole = codes(loader(windows).step(2))
    parts = [codes(loader(windows, Processes(rank, 2)).step(2)) for rank in (0, 1)]
    assert [len(part) for part in parts] == [2, 2]
    assert sorted(parts[0] + parts[1]) == sorted(whole)


def test_accumulation__divides_a_batch(windows):
    parts = loader(windows, accumulate=2).step(2)
    assert [len(part.codes) for part in parts] == [2, 2]
    assert codes(parts) == codes(loader(windows).step(2))


def test_processes__share_every_part_of_a_batch(windows):
    """Six examples in two parts of three, of which one process has two and the other one."""
    whole = loader(windows, batch=6, accumulate=2).step(1)
    shared = [loader(windows, Processes(rank, 2), batch=6, accumulate=2).step(1) for rank in (0, 1)]
    assert [[len(part.codes) for part in own] for own in shared] == [[2, 2], [1, 1]]
    for part, *own in zip(whole, *shared, strict=True):
        assert sorted(codes(own)) == sorted(codes([part]))


def test_empty__shows_a_share_of_the_examples_without_a_site(windows):
    loading = loader(windows, empty=0.25, batch=1)
    has_site = survey(windows).has_site
    n_sites, n_empty = int(has_site.sum()), int((~has_site).sum())
    assert loading.steps_of_epoch == n_sites + round(n_empty / 4)
    shown = [np.isin(loading.step(step)[0].labels, (1, 2)).any() for step in range(loading.steps_of_epoch)]
    assert sum(shown) == n_sites


def test_batch__has_parts_for_all_processes(windows):
    """In one process its six parts would be normalised by themselves, in two processes three pairs."""
    assert len(loader(windows, batch=6, accumulate=6).step(0)) == 6
    with pytest.raises(UsageError, match="a batch of 6 has no 6 parts for 2 processes"):
        loader(windows, Processes(0, 2), batch=6, accumulate=6)


def test_batch__has_to_be_shared_equally(windows):
    with pytest.raises(UsageError, match="cannot be shared by 3 processes"):
        loader(windows, Processes(0, 3))
