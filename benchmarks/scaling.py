"""What many workers would give, by the program's own order and limits on a simulated clock.

    python benchmarks/scaling.py dense --seconds 0.0234 --alleles 500000

The windows are those of a case, again and again until there are enough alleles. What the parent does for an allele is
measured here; what a worker takes for one is measured beforehand, and varies between windows (log-normal, sigma 0.3).
"""

from __future__ import annotations

import argparse
import heapq
import itertools
import random
from collections.abc import Iterator
from concurrent.futures import Future
from typing import Any, NamedTuple, cast

import cases
from parent import Measured, measured

from spliceai_cli.parallel.ordered import ordered
from spliceai_cli.parallel.strategy import limits_of

_WORKERS = (1, 2, 4, 8, 16, 32, 64, 128, 256)
_SIGMA = 0.3


class Task(NamedTuple):
    """One window.

    Attributes:
        before_s, after_s: what the parent takes before it is sent, and after its answer has come.
        worker_s: what a worker takes.
        n_bytes: memory of its records.
    """

    before_s: float
    worker_s: float
    after_s: float
    n_bytes: int


class Answer:
    """Stands for a future.

    Args:
        clock: the simulated time.
        at_s: when the answer comes.
    """

    def __init__(self, clock: Clock, at_s: float) -> None:
        self._clock = clock
        self.at_s = at_s

    def done(self) -> bool:
        """Whether that time has come."""
        return self._clock.now_s >= self.at_s


class Clock:
    """Simulated time of the parent and its workers.

    Args:
        n_workers: workers, all free at time 0.
    """

    def __init__(self, n_workers: int) -> None:
        self.now_s = 0.0
        self._free = [0.0] * n_workers

    def submit(self, task: Task) -> Answer:
        """The parent plans and packs a window; the worker that is free first takes it."""
        self.now_s += task.before_s
        end_s = max(self.now_s, heapq.heappop(self._free)) + task.worker_s
        heapq.heappush(self._free, end_s)
        return Answer(self, end_s)

    def wait(self, answer: Answer) -> None:
        """The parent waits for an answer."""
        self.now_s = max(self.now_s, answer.at_s)


def main() -> None:
    """Print a line for each number of workers."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("case", choices=cases.NAMES)
    parser.add_argument("--seconds", type=float, required=True, help="of a worker for an allele")
    parser.add_argument("--alleles", type=int, default=500_000)
    chosen = parser.parse_args()
    parent = measured(chosen.case)
    tasks = list(_tasks(parent, chosen.seconds, chosen.alleles))
    work_s = sum(task.worker_s for task in tasks)
    busy_s = sum(task.before_s + task.after_s for task in tasks)
    print(f"{chosen.case}: {len(tasks)} windows, {work_s / 3600:.1f} core-hours, parent {busy_s:.0f} s")
    print("workers\tminutes\tefficiency\tparent busy")
    for n_workers in _WORKERS:
        total_s = elapsed_s(tasks, n_workers)
        print(f"{n_workers}\t{total_s / 60:.1f}\t{work_s / total_s / n_workers:.1%}\t{busy_s / total_s:.0%}")


def elapsed_s(tasks: list[Task], n_workers: int) -> float:
    """Simulated seconds from the first record read to the last one written."""
    clock = Clock(n_workers)
    done = ordered(
        tasks,
        lambda task: cast("Future[Any]", clock.submit(task)),
        lambda answer: clock.wait(cast("Answer", answer)),
        lambda task: task.n_bytes,
        limits_of(n_workers),
    )
    for task, _ in done:
        clock.now_s += task.after_s
    return clock.now_s


def _tasks(parent: Measured, seconds: float, n_alleles: int) -> Iterator[Task]:
    draw = random.Random(1)
    left = n_alleles
    for window in itertools.cycle(parent.windows):
        if left <= 0:
            return
        left -= window.n_alleles
        yield Task(
            window.n_alleles * (parent.plan_s + parent.pack_s),
            window.n_alleles * seconds * draw.lognormvariate(-(_SIGMA**2) / 2, _SIGMA),
            window.n_alleles * (parent.unpack_s + parent.write_s),
            window.n_bytes,
        )


if __name__ == "__main__":
    main()
