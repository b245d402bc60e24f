"""Calibration: whether a probability of 0.7 means that 70 % are sites."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from spliceai_cli.arrays import BoolArray, FloatArray

_N_BINS = 20


class Bin(NamedTuple):
    """The positions with probabilities in one range.

    Attributes:
        n_positions: number of positions.
        mean: their mean probability.
        observed: share of them that are sites.
    """

    n_positions: int
    mean: float
    observed: float


class Reliability:
    """Counts positions and sites in 20 bins of equal width.

    Nearly all positions have a probability near 0 and are not sites, which makes every model look calibrated. So the
    error is also given without the first bin. For the measures see Guo et al. 2017, "On calibration of modern neural
    networks", and Brier 1950.
    """

    def __init__(self) -> None:
        self._n = np.zeros(_N_BINS, np.int64)
        self._sums = np.zeros(_N_BINS)
        self._sites = np.zeros(_N_BINS)
        self._squares = 0.0

    def add(self, probabilities: FloatArray, is_site: BoolArray) -> None:
        """Add positions: (n,) probabilities, and whether each is a site."""
        values = probabilities.astype(np.float64)
        bins = np.minimum((values * _N_BINS).astype(np.int64), _N_BINS - 1)
        self._n += np.bincount(bins, minlength=_N_BINS)
        self._sums += np.bincount(bins, values, minlength=_N_BINS)
        self._sites += np.bincount(bins, is_site, minlength=_N_BINS)
        self._squares += float(((values - is_site) ** 2).sum())

    @property
    def bins(self) -> tuple[Bin, ...]:
        """The bins that have positions, ascending."""
        return tuple(
            Bin(int(n), float(total / n), float(sites / n))
            for n, total, sites in zip(self._n, self._sums, self._sites, strict=True)
            if n
        )

    @property
    def brier(self) -> float:
        """Mean square of the difference between probability and truth."""
        return self._squares / float(self._n.sum())

    @property
    def expected_error(self) -> float:
        """Expected calibration error (ECE): the mean over positions of the difference in their bin."""
        return self._error(0)

    @property
    def expected_error_of_calls(self) -> float:
        """The same without the first bin, i.e. of positions with a probability of 0.05 or more; 0 if there are none."""
        return self._error(1)

    def _error(self, first: int) -> float:
        n = int(self._n[first:].sum())
        return float(np.abs(self._sums - self._sites)[first:].sum()) / n if n else 0.0
