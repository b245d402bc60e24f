"""The intervals against a literal propagation of sets of positions."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from spliceai_cli.engine.reach import Geometry, block_reaches

geometries = st.builds(Geometry, st.integers(0, 20), st.integers(1, 12), st.integers(0, 20))
networks = st.lists(st.integers(1, 9), min_size=1, max_size=5)


def literal(reaches, geometry):
    """For each convolution the positions where it must run: changed by the edit, and needed by the scored ones."""
    scored = set(range(-geometry.left, geometry.changed + geometry.right))
    convolutions = [reach for reach in reaches for _ in range(2)]
    changed, all_changed = set(range(geometry.changed)), []
    for reach in convolutions:
        changed = {p + d for p in changed for d in range(-reach, reach + 1)}
        all_changed.append(changed)
    needed, all_needed = scored, []
    for reach in reversed(convolutions):
        all_needed.append(needed)
        needed = {p + d for p in needed for d in range(-reach, reach + 1)}
    return [one & other for one, other in zip(all_changed, reversed(all_needed), strict=True)]


def positions(interval):
    return set(range(interval.start, interval.end))


@given(networks, geometries)
def test_block_reaches__are_what_is_changed_and_needed(reaches, geometry):
    blocks = list(block_reaches(reaches, geometry))
    found = [positions(interval) for block in blocks for interval in (block.middle, block.out)]
    assert found == literal(reaches, geometry)


@given(networks, geometries)
def test_block_reaches__windows_feed_the_convolutions(reaches, geometry):
    source = None
    for reach, block in zip(reaches, block_reaches(reaches, geometry), strict=True):
        assert source is None or block.source == source
        assert (block.window.start, block.window.end) == (block.middle.start - reach, block.middle.end + reach)
        assert (block.middle_window.start, block.middle_window.end) == (block.out.start - reach, block.out.end + reach)
        # The residual sum reads the block's input where its output is.
        assert block.window.start <= block.out.start
        assert block.out.end <= block.window.end
        source = block.out


def test_block_reaches__spliceai_at_distance_50():
    """One SNV: the last convolution runs on the 101 scored positions, the first on 11."""
    reaches = [5] * 4 + [20] * 4 + [100] * 4 + [500] * 4
    blocks = list(block_reaches(reaches, Geometry(50, 1, 50)))
    assert blocks[0].middle.length == 11
    assert blocks[-1].out.length == 101
    kernels = [11] * 8 + [21] * 4 + [41] * 4
    taps = sum(k * (b.middle.length + b.out.length) for k, b in zip(kernels, blocks, strict=True))
    # 1.17 million position-taps, against 13.9 million for REF and ALT in full.
    assert 1.1e6 < taps < 1.2e6
