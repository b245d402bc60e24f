"""A look ahead, to find out whether a run is long."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import chain
from typing import Generic, TypeVar

Item = TypeVar("Item")


class Peeked(Generic[Item]):
    """Items of which some are read in advance, to find out whether there are many.

    Args:
        items: the items.
        is_task: whether an item has something to compute.
    """

    def __init__(self, items: Iterator[Item], is_task: Callable[[Item], bool]) -> None:
        self._items = items
        self._is_task = is_task

    def until_first_task(self) -> Iterator[Item]:
        """Items before the first task; that one is kept."""
        for item in self._items:
            if self._is_task(item):
                self._items = chain([item], self._items)
                return
            yield item

    def have(self, n_tasks: int, n_bytes: Callable[[Item], int], most_bytes: int) -> bool:
        """Whether there are this many tasks, or so many bytes before they are that the run will be long anyway."""
        held: list[Item] = []
        n = size = 0
        for item in self._items:
            held.append(item)
            n += self._is_task(item)
            size += n_bytes(item)
            if n >= n_tasks or size >= most_bytes:
                break
        self._items = chain(held, self._items)
        return n >= n_tasks or size >= most_bytes

    def __iter__(self) -> Iterator[Item]:
        return self._items
