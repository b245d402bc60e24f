"""The mean of networks' outputs."""

from __future__ import annotations

from operator import truediv
from typing import Generic, TypeVar

#: Arrays of numpy or tensors of PyTorch.
Values = TypeVar("Values")


class GroupMean(Generic[Values]):
    """Averages the outputs of an ensemble's networks within groups; outputs are added one network at a time.

    Args:
        size: networks per group.
    """

    def __init__(self, size: int) -> None:
        self._size = size
        self._sums: list[Values] = []
        self._n_added = 0

    def add(self, answer: Values) -> None:
        """Add the next network's output; all have one shape. Takes ownership: the values may be modified in place."""
        if self._n_added % self._size:
            self._sums[-1] += answer  # type: ignore[operator] # both kinds of values have it
        else:
            self._sums.append(answer)
        self._n_added += 1

    def groups(self) -> list[Values]:
        """The mean of each group."""
        return [truediv(total, self._size) for total in self._sums]
