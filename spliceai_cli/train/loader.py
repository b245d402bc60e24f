"""Batches in a seeded order, made while the networks compute."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from spliceai_cli.arrays import BoolArray
from spliceai_cli.errors import UsageError
from spliceai_cli.genome.bases import Codes
from spliceai_cli.train.config import TrainConfig
from spliceai_cli.train.processes import Processes
from spliceai_cli.train.windows import Example, Windows

_N_AHEAD = 2


class Batch(NamedTuple):
    """The examples of one process in one part of a step.

    Attributes:
        codes: (n, window + context).
        labels: (n, window).
    """

    codes: Codes
    labels: NDArray[np.uint8]


class Loader:
    """Gives the batches of a step. What a step sees depends on the seed and its number alone.

    Each epoch shows every example once, in a new order, except for those too few for a last batch, and of those without
    a site only the share that the recipe says.

    Args:
        windows: the examples.
        has_site: (examples,) whether each has a site.
        config: gives batch, accumulation, augmentation and epochs.
        seed: of order and augmentation.
        processes: this process takes its share of each batch.

    Raises:
        UsageError: the batch cannot be shared equally.
    """

    def __init__(
        self, windows: Windows, has_site: BoolArray, config: TrainConfig, seed: int, processes: Processes
    ) -> None:
        self._windows = windows
        self._full, self._empty = np.flatnonzero(has_site), np.flatnonzero(~has_site)
        self._n_empty = round(config.empty * len(self._empty))
        self._config = config
        self._seed = seed
        self._processes = processes
        # Every process gets as many examples, so that all of them talk as often.
        n_examples = len(self._full) + self._n_empty
        self.batch = min(config.batch, n_examples) // processes.n * processes.n
        if not self.batch or config.batch % processes.n:
            raise UsageError(
                f"a batch of {config.batch} of {n_examples:,} examples cannot be shared by {processes.n} processes.",
                "Choose a multiple of the processes as batch.",
            )
        self.steps_of_epoch = n_examples // self.batch
        self.n_steps = self.steps_of_epoch * config.epochs
        self._order: tuple[int, NDArray[np.int64]] = (-1, np.empty(0, np.int64))

    def steps(self, first: int) -> Iterator[list[Batch]]:
        """The batches of each step from ``first`` on, in as many parts as are accumulated."""
        with ThreadPoolExecutor(1) as ahead:
            waiting = [ahead.submit(self.step, step) for step in range(first, min(first + _N_AHEAD, self.n_steps))]
            for step in range(first, self.n_steps):
                batches = waiting.pop(0).result()
                if step + _N_AHEAD < self.n_steps:
                    waiting.append(ahead.submit(self.step, step + _N_AHEAD))
                yield batches

    def step(self, step: int) -> list[Batch]:
        """The batches of a step that this process computes."""
        epoch, place = divmod(step, self.steps_of_epoch)
        numbers = self._numbers(epoch)[place * self.batch : (place + 1) * self.batch]
        own = numbers[self._processes.rank :: self._processes.n]
        parts = np.array_split(own, min(self._config.accumulate, len(own)))
        return [self._batch(epoch, part) for part in parts]

    def _numbers(self, epoch: int) -> NDArray[np.int64]:
        if self._order[0] != epoch:
            random = np.random.default_rng((self._seed, epoch))
            shown = np.concatenate((self._full, random.permutation(self._empty)[: self._n_empty]))
            self._order = (epoch, random.permutation(shown))
        return self._order[1]

    def _batch(self, epoch: int, numbers: NDArray[np.int64]) -> Batch:
        examples = [self._example(epoch, int(number)) for number in numbers]
        return Batch(
            np.stack([example.codes for example in examples]), np.stack([example.labels for example in examples])
        )

    def _example(self, epoch: int, number: int) -> Example:
        """An example as an epoch shows it, which does not depend on the other examples of its batch."""
        if not self._config.shift and not self._config.reverse_complement:
            return self._windows.example(number)
        random = np.random.default_rng((self._seed, epoch, number))
        shift = int(random.integers(-self._config.shift, self._config.shift + 1))
        is_reversed = bool(random.integers(2)) and self._config.reverse_complement
        return self._windows.example(number, shift=shift, is_reversed=is_reversed)
