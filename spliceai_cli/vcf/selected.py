"""The records that regions and targets select."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from spliceai_cli.genome.regions import Targets
from spliceai_cli.vcf.reader import Record


def selected(records: Iterable[Record], regions: Targets | None, targets: Targets | None) -> Iterator[Record]:
    """Records that overlap ``regions`` and whose POS is in ``targets``; None selects all."""
    if regions is not None:
        records = (r for r in records if regions.overlaps(r.chrom, _first(r), max(r.last_pos, 1)))
    if targets is not None:
        records = (r for r in records if targets.overlaps(r.chrom, _first(r), _first(r) + 1))
    return iter(records)


def _first(record: Record) -> int:
    """0-based POS; a POS of 0, the telomere, counts as the first base."""
    return max(record.pos, 1) - 1
