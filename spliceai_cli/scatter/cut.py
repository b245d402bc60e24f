"""Cuts a sequence of pieces into parts of about the same cost."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from itertools import accumulate


def balanced_cuts(costs: Sequence[float], n_parts: int) -> list[int]:
    """Where parts end: the index behind the last piece of each, ascending.

    Each cut is the one nearest to its share of the total; where two are equally near, the earlier one. So a part costs
    at most its share and the most expensive piece. There are fewer parts than asked for if there are fewer pieces,
    since no part is empty; without pieces there are none.

    >>> balanced_cuts([5, 1, 1, 1, 1, 1], 2)
    [1, 6]
    >>> balanced_cuts([1, 1], 3)
    [1, 2]

    Args:
        costs: cost of each piece, 0 or more.
        n_parts: number of parts asked for, at least 1.
    """
    n_parts = min(n_parts, len(costs))
    before = [0.0, *accumulate(costs)]
    ends: list[int] = []
    for number in range(1, n_parts):
        share = before[-1] * number / n_parts
        end = bisect_left(before, share)
        if end and share - before[end - 1] <= before[end] - share:
            end -= 1
        # At least one piece for this part, and one for each that follows.
        least = ends[-1] + 1 if ends else 1
        ends.append(min(max(end, least), len(costs) - (n_parts - number)))
    return [*ends, len(costs)] if costs else []
