from __future__ import annotations

from typing import NamedTuple

import toy_networks
from hypothesis import given
from hypothesis import strategies as st

from spliceai_cli.coords import Interval
from spliceai_cli.network import BlockSpec, NetworkSpec
from spliceai_cli.tile import cut_tiles, tile_cost
from spliceai_cli.weights.registry import SPLICEAI


class Item(NamedTuple):
    ref_hull: Interval


intervals = st.builds(lambda start, n: Item(Interval(start, start + n)), st.integers(-500, 500), st.integers(1, 60))


def test_tile_cost__counts_positions_that_convolutions_run_on():
    # Kernel 3, half-reach 2: the first convolution runs on 2 more positions on each side, the second on none.
    assert tile_cost(NetworkSpec("x", (BlockSpec(3, 2),))) == (6, 12)


def test_tile_cost__spliceai_splits_at_about_6_500_bp():
    cost = tile_cost(SPLICEAI.spec)
    assert cost.per_position == 672
    assert 6000 < cost.gap < 7000


@given(st.lists(st.tuples(st.integers(0, 60), st.integers(1, 9)), min_size=2, max_size=2, unique=True))
def test_gap__is_where_two_tiles_get_cheaper_than_one(pairs):
    """Literal cost of the REF pass, counted convolution by convolution, on either side of the gap."""
    spec = toy_networks.RANDOM_SPEC
    cost = tile_cost(spec)

    def literal(length):
        total, ahead = 0, spec.flank
        for block in spec.blocks:
            for _ in range(2):
                ahead -= block.reach
                total += block.kernel * (length + 2 * ahead)
        return total

    (gap, length), _ = pairs
    one, two = literal(2 * length + gap), 2 * literal(length)
    assert (two < one) == (gap * cost.per_position > cost.overhead)


@given(st.lists(intervals, max_size=30), st.integers(0, 100), st.integers(1, 300))
def test_cut_tiles__keeps_every_item_inside_its_tile(items, gap, max_length):
    tiles = list(cut_tiles(items, gap=gap, max_length=max_length))
    assert sorted(item for _, members in tiles for item in members) == sorted(items)
    for span, members in tiles:
        assert span.start == min(item.ref_hull.start for item in members)
        assert span.end == max(item.ref_hull.end for item in members)
        assert span.length <= max_length or len(members) == 1
        ends = sorted(members)
        reach = ends[0].ref_hull.end
        for item in ends[1:]:
            assert item.ref_hull.start - reach <= gap
            reach = max(reach, item.ref_hull.end)
