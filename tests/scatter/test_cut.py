"""Cuts of a sequence of pieces."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spliceai_cli.scatter.cut import balanced_cuts


@pytest.mark.parametrize(
    ("costs", "n_parts", "ends"),
    [
        ([], 3, []),
        ([7], 3, [1]),
        ([1, 1, 1, 1], 2, [2, 4]),
        # One expensive piece is a part by itself.
        ([1, 1, 8, 1, 1], 3, [2, 3, 5]),
        # Pieces without any cost are parts if nothing else is left.
        ([0, 0, 0], 2, [1, 3]),
        # The cut that is nearer to half.
        ([4, 3, 4], 2, [1, 3]),
    ],
)
def test_cuts__by_hand(costs, n_parts, ends):
    assert balanced_cuts(costs, n_parts) == ends


@given(st.lists(st.floats(0, 1e6), min_size=1, max_size=200), st.integers(1, 50))
def test_cuts__make_parts_that_are_not_empty_and_little_longer_than_their_share(costs, n_parts):
    ends = balanced_cuts(costs, n_parts)
    assert len(ends) == min(n_parts, len(costs))
    assert ends[-1] == len(costs)
    assert all(start < end for start, end in pairwise([0, *ends]))
    parts = [sum(costs[start:end]) for start, end in pairwise([0, *ends])]
    # No part is empty, so that one that needs no piece of its own may push the next.
    assert max(parts) <= sum(costs) / len(ends) + max(costs) + 1e-6
