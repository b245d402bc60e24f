"""Runs of equal neighbours hold the same values."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from spliceai_cli.tracks.rows import runs


@given(
    start=st.integers(0, 50),
    positions=st.lists(st.tuples(st.sampled_from([0.0, 0.25, 0.5]), st.booleans()), max_size=40),
)
def test_runs__hold_what_is_kept_and_no_more(start, positions):
    values = np.array([value for value, _ in positions], np.float32)
    kept = np.array([is_kept for _, is_kept in positions], bool)
    found = runs(start, values, kept)
    expanded = {
        pos: value
        for first, end, value in zip(found.starts, found.ends, found.values, strict=True)
        for pos in range(first, end)
    }
    assert expanded == {start + i: value for i, (value, is_kept) in enumerate(positions) if is_kept}
    assert found.n_bases == kept.sum()
    # As few as possible: neighbours differ or do not touch.
    for i in range(1, len(found.starts)):
        assert found.ends[i - 1] < found.starts[i] or found.values[i - 1] != found.values[i]


def test_runs__by_hand():
    values = np.array([0.5, 0.5, 0.25, 0.25, 0.25], np.float32)
    found = runs(10, values, np.array([True, True, True, False, True]))
    assert list(zip(*found, strict=True)) == [(10, 12, 0.5), (12, 13, 0.25), (14, 15, 0.25)]
