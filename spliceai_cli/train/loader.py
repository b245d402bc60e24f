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

# Steps prepared ahead.
_N_AHEAD = 2


class Batch(NamedTuple):
    """The examples that a process computes together.

    Attributes:
        codes: (N, window + context) codes of bases.
        labels: (N, window) see ``Example``.
    """

    codes: Codes
    labels: NDArray[np.uint8]


class Loader:
    """Gives the batches of a step, which depend on nothing but the recipe, the seed and the number of the step.

    Each epoch shows the examples in a new order, each at most once: all with a site, and the recipe's share of those
    without. A last batch that would be incomplete is left out.

    Args:
        windows: the examples.
        has_site: (examples,) whether each has a site.
        config: gives batch, accumulation, augmentation and epochs.
        seed: seed of order and augmentation.
        processes: this process takes its share of each batch.

    Raises:
        UsageError: the batch cannot be shared equally.

    Attributes:
        config: the recipe.
        processes: the processes that share each batch.
        batch: number of examples of a step, over all processes; less than the recipe's if there are not so many.
        steps_of_epoch: number of steps of an epoch.
        n_steps: number of steps of all epochs.
    """

    def __init__(
        self, windows: Windows, has_site: BoolArray, config: TrainConfig, seed: int, processes: Processes
    ) -> None:
        self._windows = windows
        self._full, self._empty = np.flatnonzero(has_site), np.flatnonzero(~has_site)
        self._n_empty = round(config.empty * len(self._empty))
        self.config = config
        self._seed = seed
        self.processes = processes
        # Every process needs equally many examples, or one would wait for the others forever.
        n_examples = len(self._full) + self._n_empty
        self.batch = min(config.batch, n_examples) // processes.n * processes.n
        check_batch(config, processes.n)
        if not self.batch:
            raise UsageError(f"{n_examples:,} examples cannot be shared by {processes.n} processes.", "Use fewer.")
        self.steps_of_epoch = n_examples // self.batch
        self.n_steps = self.steps_of_epoch * config.epochs
        self._order: tuple[int, NDArray[np.int64]] = (-1, np.empty(0, np.int64))

    def steps(self, first: int) -> Iterator[list[Batch]]:
        """The batches of each step from ``first`` (from 0) on, prepared on another thread; see ``step``."""
        with ThreadPoolExecutor(1) as ahead:
            waiting = [ahead.submit(self.step, step) for step in range(first, min(first + _N_AHEAD, self.n_steps))]
            for step in range(first, self.n_steps):
                batches = waiting.pop(0).result()
                if step + _N_AHEAD < self.n_steps:
                    waiting.append(ahead.submit(self.step, step + _N_AHEAD))
                yield batches

    def step(self, step: int) -> list[Batch]:
        """The batches of a step that this process computes one after the other, as many as ``accumulate`` says.

        Args:
            step: from 0.
        """
        epoch, place = divmod(step, self.steps_of_epoch)
        numbers = self._numbers(epoch)[place * self.batch : (place + 1) * self.batch]
        # Divided before they are shared: examples that are normalised together are then the same for any number of
        # processes.
        parts = np.array_split(numbers, min(self.config.accumulate, self.batch // self.processes.n))
        return [self._batch(epoch, part[self.processes.rank :: self.processes.n]) for part in parts]

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
        """An example as an epoch shows it, whatever else is in its batch."""
        if not self.config.shift and not self.config.reverse_complement:
            return self._windows.example(number)
        random = np.random.default_rng((self._seed, epoch, number))
        shift = int(random.integers(-self.config.shift, self.config.shift + 1))
        on_opposite = bool(random.integers(2)) and self.config.reverse_complement
        return self._windows.example(number, shift=shift, on_opposite=on_opposite)


def check_batch(config: TrainConfig, n_processes: int) -> None:
    """Refuse a batch that is not the same for one process and several.

    Raises:
        UsageError: processes would have unequal shares of it, or of one of its parts none.
    """
    if config.batch % n_processes:
        raise UsageError(
            f"a batch of {config.batch} cannot be shared by {n_processes} processes.",
            "Choose a multiple of the processes as batch.",
        )
    if config.accumulate * n_processes > config.batch:
        raise UsageError(
            f"a batch of {config.batch} has no {config.accumulate} parts for {n_processes} processes.",
            "Choose a smaller accumulate, or a larger batch.",
        )
