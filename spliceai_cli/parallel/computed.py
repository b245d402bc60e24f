"""Windows of records with the outcomes of their plans, in order, whoever computes them."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from contextlib import closing

from spliceai_cli.parallel.scoring import ScoringStation, unscored
from spliceai_cli.parallel.side_by_side import side_by_side
from spliceai_cli.parallel.strategy import Strategy
from spliceai_cli.plan.planner import Plan
from spliceai_cli.plan.windows import Window
from spliceai_cli.scoring.watcher import Watcher
from spliceai_cli.variants.variant import Outcome, Variant

Computed = tuple[Window, Iterator[Outcome]]


def computed(
    cut: Iterable[Window], station: ScoringStation, strategy: Strategy, watcher: Watcher
) -> Generator[Computed, None, None]:
    """Each window with the outcomes of its plans.

    Args:
        cut: the windows.
        station: computes in this process.
        strategy: says who computes a long run.
        watcher: follows the run.

    Raises:
        Exception: see ``side_by_side``.
    """

    def compute(window: Window) -> Iterator[Outcome]:
        plans = _plans(window)
        variants = [plan.variant for plan in plans]
        return station.outcomes(plans, follow(variants, window.n_jobs, len(window.records), watcher))

    done = side_by_side(cut, station, strategy, _task, n_bytes=_n_bytes, compute=compute)
    with closing(done):
        for window, outcomes in done:
            yield window, _merged(window, iter(outcomes or ()))


def _merged(window: Window, scored: Iterator[Outcome]) -> Iterator[Outcome]:
    """The outcomes of all plans, from those of the plans with jobs."""
    if not window.n_jobs:
        return iter([unscored(plan) for _, plans in window.records for plan in plans])
    return (next(scored) if plan.jobs else unscored(plan) for _, plans in window.records for plan in plans)


def _plans(window: Window) -> list[Plan]:
    """The plans with jobs."""
    return [plan for _, plans in window.records for plan in plans if plan.jobs]


def _task(window: Window) -> list[Plan] | None:
    return _plans(window) if window.n_jobs else None


def _n_bytes(window: Window) -> int:
    return window.n_bytes


def follow(variants: Sequence[Variant], n_jobs: int, n_records: int, watcher: Watcher) -> Callable[[float], None]:
    """Start a watcher on variants that were read ahead; returns a function to call with the number of jobs just done.

    Models and genes are computed in turn, so the variant that is named is an estimate: the share of variants before it
    is the share of jobs done.

    Args:
        variants: the variants with jobs.
        n_jobs: jobs of all of them.
        n_records: records that they are of.
        watcher: is told how far the run is.
    """
    n_done = 0.0

    def advance(n: float) -> None:
        nonlocal n_done
        # Work that is done again, after the device ran out of memory, counts twice.
        n_done = min(n_done + n, n_jobs)
        share = n_done / n_jobs
        at = variants[min(int(share * len(variants)), len(variants) - 1)]
        watcher.computing(at, share * n_records, share * len(variants))

    if n_jobs:
        advance(0)
    return advance
