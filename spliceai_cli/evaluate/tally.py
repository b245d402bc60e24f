"""Predicted sites, as many as decide a ranking."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from spliceai_cli.arrays import BoolArray, FloatArray
from spliceai_cli.evaluate.ranking import Ranking

#: Smaller probabilities count as equal. It keeps a few percent of all positions in memory, and a site that is ranked
#: below so many others adds nothing to any measure.
FLOOR = 1e-4


class Tally:
    """Probabilities of one kind of site, unit by unit; a unit is e.g. a locus.

    Every site is kept, and every position with a probability of at least ``FLOOR``; the others are counted.
    """

    def __init__(self) -> None:
        self._scores: list[FloatArray] = []
        self._masks: list[BoolArray] = []
        self._n_below: list[int] = []

    def add(self, probabilities: FloatArray, is_site: BoolArray) -> None:
        """Add the next unit: (n,) probabilities, and whether each position is a site."""
        kept = is_site | (probabilities >= FLOOR)
        self._scores.append(np.where(probabilities < FLOOR, 0, probabilities)[kept])
        self._masks.append(is_site[kept])
        self._n_below.append(int((~kept).sum()))

    def ranking(self, units: Sequence[int] | None = None) -> Ranking:
        """Rank the positions of some units.

        Args:
            units: their indices, at least one; None for all.
        """
        units = range(len(self._scores)) if units is None else units
        numbers = np.arange(len(units))
        lengths = [len(self._scores[i]) for i in units]
        # Each unit ends with one entry that stands for its positions below the floor.
        return Ranking(
            np.concatenate([*(self._scores[i] for i in units), np.zeros(len(units), np.float32)]),
            np.concatenate([*(self._masks[i] for i in units), np.zeros(len(units), bool)]),
            np.concatenate([np.repeat(numbers, lengths), numbers]),
            np.concatenate([np.ones(sum(lengths), np.int64), [self._n_below[i] for i in units]]),
        )

    def of_sites(self, units: Sequence[int] | None = None) -> FloatArray:
        """(sites,) probabilities of the sites of some units, those below ``FLOOR`` as 0; None for all units."""
        units = range(len(self._scores)) if units is None else units
        return np.concatenate([self._scores[i][self._masks[i]] for i in units])
