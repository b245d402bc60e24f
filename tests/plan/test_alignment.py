from __future__ import annotations

import numpy as np
import pytest

from spliceai_cli.genome.coords import Interval
from spliceai_cli.plan.alignment import Alignment
from spliceai_cli.plan.compat import CompatAlignment


def alignment(n_ref, n_alt, *, anchor=2, width=5, kind=Alignment):
    return kind(pos=11, n_trimmed=0, n_ref=n_ref, n_alt=n_alt, anchor=anchor, width=width)


def lay(a, numbers):
    """Lay a column of numbers; every class gets the same."""
    out = a.lay(np.repeat(np.array(numbers, np.float32)[:, None], 3, axis=1))
    assert (out == out[:, :1]).all()
    return out[:, 0].tolist()


def test_alignment__scored_positions_start_left_of_pos():
    assert alignment(1, 1).ref_scored == Interval(8, 13)


# REF positions -2…2 of an anchor at index 2; ALT numbers are 1, 2, 3, … from the left.
@pytest.mark.parametrize(
    ("n_ref", "n_alt", "expected"),
    [
        (1, 1, [1, 2, 3, 4, 5]),
        (2, 1, [1, 2, 3, 0, 4]),
        (3, 1, [1, 2, 3, 0, 0]),
        (1, 3, [1, 2, 5, 6, 7]),
        (2, 2, [1, 2, 3, 4, 5]),
        (3, 2, [1, 2, 3, 4, 0]),
        (2, 4, [1, 2, 3, 6, 7]),
    ],
    ids=["snv", "del1", "del2", "ins2", "mnv", "delins3>2", "delins2>4"],
)
def test_alignment__lays_alt_on_ref(n_ref, n_alt, expected):
    a = alignment(n_ref, n_alt)
    numbers = list(range(1, a.alt_width + 1))
    assert lay(a, numbers) == expected


def test_alignment__takes_the_maximum_per_class_over_inserted_bases():
    a = alignment(1, 3, anchor=0, width=1)
    alt = np.array([[0.1, 0.9, 0.0], [0.8, 0.2, 0.0], [0.1, 0.3, 0.6]], np.float32)
    np.testing.assert_array_equal(a.lay(alt), np.array([[0.8, 0.9, 0.6]], np.float32))


def test_alignment__sees_both_ends_of_a_long_deletion():
    # 4 bases deleted, 1 scored on the left, 4 + 1 on the right.
    a = alignment(5, 1, anchor=1, width=7)
    assert a.alt_width == 3
    assert lay(a, [1, 2, 3]) == [1, 2, 0, 0, 0, 0, 3]


def test_alignment__ends_inside_a_long_mnv():
    a = alignment(6, 6, anchor=1, width=3)
    assert a.alt_width == 3
    assert lay(a, [1, 2, 3]) == [1, 2, 3]


def test_alignment__insertion_with_distance_0_scores_pos_alone():
    a = alignment(1, 4, anchor=0, width=1)
    assert a.alt_width == 4
    assert lay(a, [1, 5, 2, 3]) == [5]


def test_compat_alignment__long_deletion_zeroes_intact_bases():
    # 1.3.1 has 2 * 2 + 1 - 3 = 2 ALT positions, both left of POS, and fills up with the 3 deleted ones.
    a = alignment(4, 1, kind=CompatAlignment)
    assert a.alt_width == 2
    assert lay(a, [1, 2]) == [1, 2, 0, 0, 0]


@pytest.mark.parametrize(("n_ref", "n_alt"), [(1, 1), (3, 1), (1, 4)])
def test_compat_alignment__is_the_same_for_all_else(n_ref, n_alt):
    ours, theirs = alignment(n_ref, n_alt), alignment(n_ref, n_alt, kind=CompatAlignment)
    numbers = list(range(1, ours.alt_width + 1))
    assert ours.alt_width == theirs.alt_width
    assert lay(ours, numbers) == lay(theirs, numbers)
