"""Items with the results of their tasks, in order, whoever computes them."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable
from concurrent.futures import Future
from contextlib import closing
from typing import Any, TypeVar

from spliceai_cli.parallel.ordered import ordered
from spliceai_cli.parallel.peeked import Peeked
from spliceai_cli.parallel.station import Station
from spliceai_cli.parallel.strategy import Strategy

Item = TypeVar("Item")


def side_by_side(
    items: Iterable[Item],
    station: Station[Any, Any],
    strategy: Strategy,
    task_of: Callable[[Item], Any],
    *,
    n_bytes: Callable[[Item], int],
    compute: Callable[[Item], Any] | None = None,
) -> Generator[tuple[Item, Any], None, None]:
    """Each item with the result of its task, or None if it has no task.

    Workers are started at the first task, and ended when this is read to its end or closed.

    Args:
        items: the items, read as late as possible.
        station: computes in this process.
        strategy: says who computes a long run.
        task_of: the task of an item; None if it has none.
        n_bytes: memory that an item takes while it waits.
        compute: computes the task of an item in this process; None has the station run it.

    Raises:
        Exception: whatever a task raises, when its turn comes.
        WorkerError: workers ended before a task was done.
    """
    here = compute or (lambda item: station.run(task_of(item)))
    peeked = Peeked(iter(items), lambda item: task_of(item) is not None)
    for item in peeked.until_first_task():
        yield item, None
    if not _is_worth_workers(strategy, peeked, n_bytes):
        for item in peeked:
            yield item, None if task_of(item) is None else here(item)
        return
    crew = strategy.hire(station)

    def submit(item: Item) -> Future[Any] | None:
        task = task_of(item)
        return None if task is None else crew.submit(task)

    try:
        with closing(ordered(peeked, submit, crew.result, n_bytes, strategy.limits)) as done:
            yield from done
    finally:
        crew.close()


def _is_worth_workers(strategy: Strategy, peeked: Peeked[Item], n_bytes: Callable[[Item], int]) -> bool:
    """Whether there are workers, and enough for them to do."""
    if strategy.is_certain:
        return True
    return strategy.n_workers > 1 and peeked.have(strategy.least_tasks, n_bytes, strategy.limits.n_bytes // 2)
