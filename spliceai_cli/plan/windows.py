"""Windows of records that are read before they are computed, so that neighbours share their REF pass.

Where a window ends must not change a score by as little as rounding: the same records have to be computed together
wherever the file, or the part of it that a worker was given, began. So a window ends only between *runs*, which are
records that share blocks (see ``plan.blocks``); a run that is too long for memory is cut by a count from its own first
record.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TypeVar

from spliceai_cli.plan.blocks import Block, block_of
from spliceai_cli.plan.planner import Plan

Tag = TypeVar("Tag")
Tagged = tuple[Tag, Sequence[Plan]]

# A window that ends has at least this many edits, so that batches are full.
MIN_EDITS = 1024

# A run that reaches one of these is cut.
MAX_EDITS = 8192
MAX_BYTES = 64 << 20


class _Extent:
    """What has been read of a window, or of a run."""

    def __init__(self) -> None:
        self.blocks: set[Block] = set()
        self.n_edits = 0
        self.n_bytes = 0

    def add(self, blocks: set[Block], n_edits: int, n_bytes: int) -> None:
        self.blocks |= blocks
        self.n_edits += n_edits
        self.n_bytes += n_bytes


def windows(
    planned: Iterable[Tagged[Tag]], n_bytes: Callable[[Tag, Sequence[Plan]], int]
) -> Iterator[Sequence[Tagged[Tag]]]:
    """Consecutive windows with all records in order; records without work, where none wait, pass one by one.

    Args:
        planned: pairs of a tag, such as a VCF record, and the plans of its variants.
        n_bytes: memory that a record takes while it waits.
    """
    window: list[Tagged[Tag]] = []
    read, run = _Extent(), _Extent()
    for tag, plans in planned:
        # A list instead of a generator, because up to 100,000 records outside genes pass here per second.
        n_edits = sum([len(plan.jobs) for plan in plans])
        if not n_edits and not window:
            yield ((tag, plans),)
            continue
        blocks = {block_of(job.edit) for plan in plans for job in plan.jobs}
        starts_run = n_edits > 0 and run.blocks.isdisjoint(blocks)
        if _ends(read, run, blocks, starts_run=starts_run):
            yield window
            window, read, run = [], _Extent(), _Extent()
        elif starts_run:
            run = _Extent()
        window.append((tag, plans))
        size = n_bytes(tag, plans)
        read.add(blocks, n_edits, size)
        run.add(blocks, n_edits, size)
    if window:
        yield window


def _ends(read: _Extent, run: _Extent, blocks: set[Block], *, starts_run: bool) -> bool:
    """Whether a window ends before a record with edits in ``blocks``."""
    if run.n_edits >= MAX_EDITS or run.n_bytes >= MAX_BYTES:
        return True
    is_full = read.n_edits >= MIN_EDITS or read.n_bytes >= MAX_BYTES
    # In a file that is not sorted, the blocks of an earlier run can come again.
    return starts_run and (is_full or not read.blocks.isdisjoint(blocks))
