"""Windows of records that are read before they are computed, so that neighbours share their REF pass.

Where a window ends must not change a score by as little as rounding: the same records have to be computed together
wherever the file, or the part of it that a worker was given, began. So a window ends only between *runs*, which are
records that share blocks (see ``plan.blocks``); a run that is too long for memory is cut by a count from its own first
record.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, Generic, NamedTuple, TypeVar

from spliceai_cli.plan.blocks import Block, block_of
from spliceai_cli.plan.planner import Plan

Tag = TypeVar("Tag")
Tagged = tuple[Tag, Sequence[Plan]]

#: Kind of device -> cost of a window at least, in ALT passes of SNVs. On a CPU it fills the batches of a group of REF
#: passes, and takes seconds, so that windows can be shared out among workers; a GPU needs more for its larger batches.
LEAST_COST = {"cpu": 100, "cuda": 2048, "mps": 2048}

# A REF pass of a single edit costs as much as 6 ALT passes of SNVs at a distance of 50, that of a whole block as 15.
_BLOCK_COST = 12

# A run that reaches one of these is cut.
MAX_EDITS = 8192
MAX_BYTES = 64 << 20

# Records without work that are handed on together, because a window takes as long as reading a record.
_MOST_IDLE = 64


class Window(NamedTuple):
    """Records that are computed together.

    Attributes:
        records: pairs of a tag and the plans of its variants.
        n_jobs: jobs of all plans.
        n_bytes: memory that the records take while they wait; 0 without jobs.
    """

    records: Sequence[Tagged[Any]]
    n_jobs: int
    n_bytes: int


class _Records(Generic[Tag]):
    """Records that wait, with the blocks of their edits."""

    def __init__(self) -> None:
        self.records: list[Tagged[Tag]] = []
        self.blocks: set[Block] = set()
        self.n_edits = 0
        self.n_bytes = 0

    def add(self, record: Tagged[Tag], blocks: set[Block], n_edits: int, n_bytes: int) -> None:
        self.records.append(record)
        self.blocks |= blocks
        self.n_edits += n_edits
        self.n_bytes += n_bytes

    def extend(self, others: _Records[Tag]) -> None:
        self.records += others.records
        self.blocks |= others.blocks
        self.n_edits += others.n_edits
        self.n_bytes += others.n_bytes

    @property
    def cost(self) -> int:
        """Time that the edits take, in ALT passes."""
        return self.n_edits + _BLOCK_COST * len(self.blocks)

    @property
    def is_large(self) -> bool:
        """Whether there are as many edits or bytes as may wait."""
        return self.n_edits >= MAX_EDITS or self.n_bytes >= MAX_BYTES

    def window(self, others: _Records[Tag] | None = None) -> Window:
        """These records, followed by others."""
        if others is not None:
            self.extend(others)
        return Window(self.records, self.n_edits, self.n_bytes)


def windows(
    planned: Iterable[Tagged[Tag]], n_bytes: Callable[[Tag, Sequence[Plan]], int], least: int = LEAST_COST["cpu"]
) -> Iterator[Window]:
    """Consecutive windows of all records in order; those without work have windows of their own while no run is open.

    Args:
        planned: pairs of a tag, such as a VCF record, and the plans of its variants.
        n_bytes: memory that a record takes while it waits.
        least: cost of a window at least, except where records of one block follow those of others.
    """
    # `ended` holds runs that share no block with one another, nor with `run`, which goes on.
    ended, run = _Records[Tag](), _Records[Tag]()
    idle: list[Tagged[Tag]] = []
    for record in planned:
        tag, plans = record
        # A list instead of a generator, because up to 100,000 records outside genes pass here per second.
        n_edits = sum([len(plan.jobs) for plan in plans])
        if run.is_large:
            yield ended.window(run)
            ended, run = _Records(), _Records()
        is_idle = not n_edits and not run.records
        if idle and (not is_idle or len(idle) == _MOST_IDLE):
            yield Window(idle, 0, 0)
            idle = []
        if is_idle:
            idle.append(record)
            continue
        blocks = {block_of(job.edit) for plan in plans for job in plan.jobs}
        if n_edits and run.blocks.isdisjoint(blocks):
            ended.extend(run)
            run = _Records()
            if ended.cost >= least or ended.n_bytes >= MAX_BYTES:
                yield ended.window()
                ended = _Records()
        # Blocks recur in a file that is not sorted, and where alleles of one record begin in different blocks.
        if not ended.blocks.isdisjoint(blocks):
            yield ended.window()
            ended = _Records()
        run.add(record, blocks, n_edits, n_bytes(tag, plans))
    if idle:
        yield Window(idle, 0, 0)
    if run.records:
        yield ended.window(run)
