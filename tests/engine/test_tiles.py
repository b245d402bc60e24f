from __future__ import annotations

import itertools
from typing import NamedTuple

from hypothesis import given
from hypothesis import strategies as st
from support import toy_networks

from spliceai_cli.engine.tiles import Tile, cut_tiles, group_tiles, tile_cost
from spliceai_cli.genome.coords import Interval
from spliceai_cli.models.published import SPLICEAI
from spliceai_cli.models.spec import BlockSpec, NetworkSpec


class Item(NamedTuple):
    ref_hull: Interval


intervals = st.builds(lambda start, n: Item(Interval(start, start + n)), st.integers(-500, 500), st.integers(1, 60))


def taps(block: BlockSpec) -> int:
    """Cost of a direct convolution."""
    return block.kernel


def test_tile_cost__counts_positions_that_convolutions_run_on():
    # Kernel 3, half-reach 2: the first convolution runs on 2 more positions on each side, the second on none.
    assert tile_cost(NetworkSpec("x", (BlockSpec(3, 2),)), taps) == (6, 12)


def test_tile_cost__spliceai_splits_at_about_6_500_bp():
    cost = tile_cost(SPLICEAI.spec, taps)
    assert cost.per_position == 672
    assert 6000 < cost.gap < 7000


@given(st.integers(0, 60), st.integers(1, 9))
def test_gap__is_where_two_tiles_get_cheaper_than_one(gap, length):
    """Literal cost of the REF pass, counted convolution by convolution, on either side of the gap."""
    spec = toy_networks.RANDOM_SPEC

    def literal(n_scored):
        # The sequence is n_scored and the flanks long; each convolution shortens it.
        n, total = n_scored + spec.context, 0
        for block in spec.blocks:
            for _ in range(2):
                n -= 2 * block.reach
                total += block.kernel * n
        return total

    one, two = literal(2 * length + gap), 2 * literal(length)
    assert (two < one) == (gap > tile_cost(spec, taps).gap)


@given(st.lists(intervals, max_size=30), st.integers(0, 100), st.integers(1, 300))
def test_cut_tiles__keeps_every_item_inside_its_tile(items, gap, max_length):
    tiles = list(cut_tiles(items, gap=gap, max_length=max_length))
    assert sorted(item for tile in tiles for item in tile.items) == sorted(items)
    for tile in tiles:
        span, members = tile.span, tile.items
        assert span.start == min(item.ref_hull.start for item in members)
        assert span.end == max(item.ref_hull.end for item in members)
        assert span.length <= max_length or len(members) == 1
        ends = sorted(members)
        reach = ends[0].ref_hull.end
        for item in ends[1:]:
            assert item.ref_hull.start - reach <= gap
            reach = max(reach, item.ref_hull.end)
    for before, after in itertools.pairwise(tiles):
        hull = after.items[0].ref_hull
        assert hull.start - before.span.end > gap or max(before.span.end, hull.end) - before.span.start > max_length
        assert after.span.start == hull.start


@given(st.lists(intervals, max_size=30), st.integers(0, 50), st.integers(1, 300))
def test_group_tiles__are_full_but_not_over_full(items, context, max_length):
    tiles = [Tile(item.ref_hull, [item]) for item in items]
    groups = list(group_tiles(tiles, context=context, max_length=max_length))
    assert [tile for group in groups for tile in group] == tiles

    def length(group):
        return sum(tile.span.length + context for tile in group)

    assert all(length(group) <= max_length or len(group) == 1 for group in groups)
    assert all(length([*one, two[0]]) > max_length for one, two in itertools.pairwise(groups))
