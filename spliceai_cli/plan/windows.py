"""Windows of records that are read before they are computed, so that neighbours share their REF pass.

Where a window ends must not change a score by as little as rounding: the same records have to be computed together
wherever the file, or the part of it that a worker was given, began. So a window ends only between *runs*, which are
records that share blocks (see ``plan.blocks``); a run that is too long for memory is cut by a count from its own first
record.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Generic, TypeVar

from spliceai_cli.plan.blocks import Block, block_of
from spliceai_cli.plan.planner import Plan

Tag = TypeVar("Tag")
Tagged = tuple[Tag, Sequence[Plan]]

# A window that ends has at least this many edits, so that batches are full.
MIN_EDITS = 1024

# A run that reaches one of these is cut.
MAX_EDITS = 8192
MAX_BYTES = 64 << 20


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

    def reach(self, n_edits: int) -> bool:
        """Whether there are ``n_edits``, or as many bytes as may wait."""
        return self.n_edits >= n_edits or self.n_bytes >= MAX_BYTES


def windows(
    planned: Iterable[Tagged[Tag]], n_bytes: Callable[[Tag, Sequence[Plan]], int], least: int | None = None
) -> Iterator[Sequence[Tagged[Tag]]]:
    """Consecutive windows of all records in order; a record without work is a window by itself if no run is open.

    Args:
        planned: pairs of a tag, such as a VCF record, and the plans of its variants.
        n_bytes: memory that a record takes while it waits.
        least: a window ends when it has so many edits; None for ``MIN_EDITS``. With 1, each run is a window.
    """
    # `ended` holds runs that share no block with one another, nor with `run`, which goes on.
    ended, run = _Records[Tag](), _Records[Tag]()
    least = least or MIN_EDITS
    for record in planned:
        tag, plans = record
        # A list instead of a generator, because up to 100,000 records outside genes pass here per second.
        n_edits = sum([len(plan.jobs) for plan in plans])
        if run.reach(MAX_EDITS):
            yield ended.records + run.records
            ended, run = _Records(), _Records()
        if not n_edits and not run.records:
            yield (record,)
            continue
        blocks = {block_of(job.edit) for plan in plans for job in plan.jobs}
        if n_edits and run.blocks.isdisjoint(blocks):
            ended.extend(run)
            run = _Records()
            if ended.reach(least):
                yield ended.records
                ended = _Records()
        # Blocks recur in a file that is not sorted, and where alleles of one record begin in different blocks.
        if not ended.blocks.isdisjoint(blocks):
            yield ended.records
            ended = _Records()
        run.add(record, blocks, n_edits, n_bytes(tag, plans))
    if run.records:
        yield ended.records + run.records
