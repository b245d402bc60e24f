"""Accuracy of a ranking: top-k, average precision and AUROC, with bootstrap intervals."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from spliceai_cli.arrays import BoolArray, IntArray

_Floats = NDArray[np.float64]

# Bounds of an interval, in percent.
_LOW, _HIGH = 2.5, 97.5


class Estimate(NamedTuple):
    """A value with its bootstrap interval of 95 %.

    Attributes:
        value: estimate from all units.
        low, high: the interval; equal to ``value`` without resampling.
    """

    value: float
    low: float
    high: float

    def __str__(self) -> str:
        return f"{self.value:.3f} ({self.low:.3f}–{self.high:.3f})"


class Curve(NamedTuple):
    """Positions found at each threshold, in falling order of thresholds.

    Attributes:
        hits: (t,) number of sites at or above each threshold.
        called: (t,) number of positions at or above each threshold.
    """

    hits: _Floats
    called: _Floats

    @property
    def average_precision(self) -> float:
        """Sum over thresholds of precision times the increase of recall: the area under the precision–recall curve."""
        precision = self.hits / np.maximum(self.called, 1)
        return float((precision * np.diff(self.hits, prepend=0)).sum() / self.hits[-1])

    @property
    def border(self) -> tuple[int, float]:
        """Index of the threshold of the k-th largest score, and the share of its positions that fit into the top k."""
        k = self.hits[-1]
        i = int(np.searchsorted(self.called, k))
        above = self.called[i - 1] if i else 0.0
        return i, float((k - above) / (self.called[i] - above))

    @property
    def top_k(self) -> float:
        """Share of the k sites among the k positions of largest score; equal scores at the border count by share."""
        i, share = self.border
        above = self.hits[i - 1] if i else 0.0
        return float((above + share * (self.hits[i] - above)) / self.hits[-1])

    @property
    def auroc(self) -> float:
        """Probability that a site has a larger score than a position that is none; equal scores count half."""
        others = self.called - self.hits
        steps = np.diff(others, prepend=0) * (self.hits + np.concatenate(([0.0], self.hits[:-1]))) / 2
        return float(steps.sum() / (self.hits[-1] * others[-1]))


class Ranking:
    """Scored positions, sorted; positions of one unit are resampled together.

    Args:
        scores: (n,) score of each position.
        is_site: (n,) whether it is a site; at least one is.
        units: (n,) index of the unit that it belongs to, e.g. of its gene.
        sizes: (n,) number of equal positions that it stands for; None for 1 each.
    """

    def __init__(
        self, scores: NDArray[np.floating], is_site: BoolArray, units: IntArray, sizes: IntArray | None = None
    ) -> None:
        order = np.argsort(-scores, kind="stable")
        self._scores = scores[order]
        # The last of each run of equal scores.
        self._ends = np.flatnonzero(np.append(self._scores[1:] != self._scores[:-1], True))
        self._units = units[order]
        self._is_site = is_site[order]
        self._sizes = np.ones(len(order)) if sizes is None else sizes[order].astype(np.float64)
        self.n_units = int(units.max()) + 1

    def curve(self, counts: _Floats | None = None) -> Curve:
        """The curve; ``counts`` (units,) says how many times each unit counts, None for once."""
        sizes = self._sizes if counts is None else self._sizes * counts[self._units]
        hits = np.cumsum(sizes * self._is_site)[self._ends]
        return Curve(hits, np.cumsum(sizes)[self._ends])

    def among_top_k(self, scores: NDArray[np.floating]) -> _Floats:
        """How much of each position is among the k of largest score: 1, 0, or the share of ``Curve.border``.

        Args:
            scores: (m,) scores of some of the positions.
        """
        i, share = self.curve().border
        kth = self._scores[self._ends[i]]
        return np.where(scores == kth, share, (scores > kth).astype(np.float64))

    def estimates(
        self, measures: dict[str, Callable[[Curve], float]], n_resamples: int, seed: int
    ) -> dict[str, Estimate]:
        """Measures of the curve, with intervals from resampled units.

        Args:
            measures: name -> measure.
            n_resamples: samples of as many units, drawn with replacement; 0 for no interval.
            seed: seed of the draws.
        """
        random = np.random.default_rng(seed)
        whole = self.curve()
        values = {name: measure(whole) for name, measure in measures.items()}
        drawn: dict[str, list[float]] = {name: [] for name in measures}
        for _ in range(n_resamples):
            counts = random.multinomial(self.n_units, np.full(self.n_units, 1 / self.n_units)).astype(np.float64)
            curve = self.curve(counts)
            # A sample of units without a site, or of nothing else, has no accuracy.
            if 0 < curve.hits[-1] < curve.called[-1]:
                for name, measure in measures.items():
                    drawn[name].append(measure(curve))
        return {name: _estimate(values[name], drawn[name]) for name in measures}


def _estimate(value: float, drawn: list[float]) -> Estimate:
    if not drawn:
        return Estimate(value, value, value)
    low, high = np.percentile(drawn, [_LOW, _HIGH])
    return Estimate(value, float(low), float(high))
