"""Overlapping rows become one value a position."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from spliceai_cli.predict.overlay import overlay
from spliceai_cli.tracks.columns import Probabilities
from spliceai_cli.tracks.rows import Rows

COLUMNS = Probabilities(("a", "b"), 0.0)


@given(
    spans=st.lists(st.tuples(st.sampled_from("xy"), st.integers(0, 30), st.integers(1, 12)), max_size=12),
    seed=st.integers(0, 9),
)
def test_overlay__is_the_largest_at_every_position(spans, seed):
    rng = np.random.default_rng(seed)
    rows = [Rows(c, start, "+", rng.integers(0, 9, (n, 2)).astype(np.float32)) for c, start, n in sorted(spans)]
    expected: dict[tuple[str, int], np.ndarray] = {}
    for one in rows:
        for i, value in enumerate(one.values):
            place = one.chrom, one.start + i
            expected[place] = np.maximum(expected.get(place, value), value)
    found = list(overlay(rows, COLUMNS))
    places = [(one.chrom, one.start + i) for one in found for i in range(len(one.values))]
    assert places == sorted(expected)
    values = [tuple(value) for one in found for value in one.values]
    assert values == [tuple(expected[place]) for place in places]


def test_overlay__holds_no_more_than_what_may_still_be_overlapped():
    """A chain of overlaps along a whole contig used to be the case to fear."""
    given_rows = iter(Rows("x", start, "+", np.ones((10, 2), np.float32)) for start in range(0, 10_000, 5))
    found = overlay(given_rows, COLUMNS)
    assert next(found).interval == (0, 5)
    assert next(given_rows).start == 10
