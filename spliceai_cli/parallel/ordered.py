"""Results in the order of their tasks, whatever the order in which they are finished."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Generator, Iterable
from concurrent.futures import Future
from typing import Any, NamedTuple, TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")


class Limits(NamedTuple):
    """How far to go ahead of the oldest task that is not finished.

    Attributes:
        n_tasks: tasks that are submitted and not yet handed on.
        n_bytes: bytes of all items that wait.
    """

    n_tasks: int
    n_bytes: int


def ordered(
    items: Iterable[Item],
    submit: Callable[[Item], Future[Any] | None],
    result: Callable[[Future[Any]], Result],
    n_bytes: Callable[[Item], int],
    limits: Limits,
) -> Generator[tuple[Item, Result | None], None, None]:
    """Each item with its result, in the order of the items; when this is closed, tasks that are left are cancelled.

    Args:
        items: read only as far ahead as the limits allow, and never more than one item beyond them.
        submit: starts the task of an item; None if it has none.
        result: waits for the result of a task.
        n_bytes: memory that an item takes while it waits.
        limits: how far to go ahead.

    Raises:
        Exception: whatever a task raises, when its turn comes.
    """
    waiting: deque[tuple[Item, Future[Any] | None, int]] = deque()
    n_tasks = held = 0

    def oldest() -> tuple[Item, Result | None]:
        """Take out the oldest item, once it has its result; until then it waits, to be cancelled with the others."""
        nonlocal n_tasks, held
        item, future, size = waiting[0]
        value = None if future is None else result(future)
        waiting.popleft()
        n_tasks -= future is not None
        held -= size
        return item, value

    try:
        for item in items:
            future = submit(item)
            if future is None and not waiting:
                # The many records outside genes.
                yield item, None
                continue
            size = n_bytes(item)
            waiting.append((item, future, size))
            n_tasks += future is not None
            held += size
            while waiting and (_is_done(waiting[0][1]) or n_tasks >= limits.n_tasks or held >= limits.n_bytes):
                yield oldest()
        while waiting:
            yield oldest()
    finally:
        for _, pending, _ in waiting:
            if pending is not None:
                pending.cancel()


def _is_done(future: Future[Any] | None) -> bool:
    return future is None or future.done()
