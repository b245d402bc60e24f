"""What computes tasks, and how to open another of its kind in another process."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol, TypeVar

from spliceai_cli.genome.fasta import Reference

Task_ = TypeVar("Task_", contravariant=True)
Result_ = TypeVar("Result_", covariant=True)

#: Called with the amount of work just done; may raise to end a task early.
Advance = Callable[[float], None]


class Station(Protocol[Task_, Result_]):
    """A reference and networks, open in one process. Threads may share it.

    The result of a task depends on nothing but the task and what the station was opened with, so that any station may
    compute any task, in any order.

    Attributes:
        reference: the FASTA, for which tasks sent to this process stand in.
    """

    reference: Reference

    def run(self, task: Task_, advance: Advance = ...) -> Result_:
        """The result of a task."""


class Opening(Protocol):
    """Everything that opens a station in another process; it can be pickled."""

    def open(self) -> Station[Any, Any]:
        """Open the station.

        Raises:
            SpliceAICliError: it cannot be opened here, or would compute other numbers than the process that asks.
        """
