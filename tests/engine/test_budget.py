from __future__ import annotations

import pytest

from spliceai_cli.engine.budget import Budget
from spliceai_cli.models.published import SPLICEAI

GB = 1 << 30


def budget(memory):
    return Budget(SPLICEAI.spec, int(memory))


def test_budget__a_position_of_ref_keeps_two_layers_of_16_blocks():
    # 32 kept and 8 alive, of 32 channels of 4 bytes.
    assert budget(4 * GB).tile_bytes == 40 * 128


def test_budget__tiles_shrink_with_memory():
    assert budget(24 * GB).max_tile == 32_768
    assert 1 <= budget(0.9 * GB).max_tile < 32_768
    assert budget(0).max_tile == 1


def test_budget__groups_of_tiles_stay_below_half_of_what_is_free():
    # 8 tiles of one SNV at a distance of 50: 132 scored positions and 10,000 of context each.
    assert 8 * 10_132 <= budget(24 * GB).max_group < 9 * 10_132
    free = 1.2 * GB - (700 << 20)
    n = budget(1.2 * GB).max_group
    assert n * 40 * 128 <= free / 2 < (n + 1) * 40 * 128


@pytest.mark.parametrize("length", [5_000, 20_000, 400_000])
def test_budget__batches_stay_below_half_of_what_is_free(length):
    n = budget(4 * GB).batch_size(length, 1000)
    used = n * length * 128 * 8
    assert used <= 2 * GB
    assert n == 1000 or used + length * 128 * 8 > (4 * GB - (700 << 20)) / 2


def test_budget__a_distance_that_cannot_fit():
    assert budget(1.5 * GB).fits(20_000)
    assert not budget(1.5 * GB).fits(400_000)
