"""Finds out where an input can be cut, and how long each piece takes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from spliceai_cli.plan.planner import Plan
from spliceai_cli.scatter.spans import Spans
from spliceai_cli.scorer import Scorer
from spliceai_cli.vcf.reader import Record

# Records outside genes pass at 80,000/s (`benchmarks/parent.py outside`).
_RECORD_S = 1 / 80_000

Planned = tuple[Record, Sequence[Plan]]


class Piece(NamedTuple):
    """Records that stay together: those of a run, and the records without work behind them.

    Attributes:
        n_records: number of records.
        cost_s: predicted seconds on one core.
        spans: bases of the FASTA on which their scores can depend.
    """

    n_records: int
    cost_s: float
    spans: Spans


def survey(planned: Iterable[Planned], scorer: Scorer) -> Iterator[Piece]:
    """The pieces of an input, in order; all records are in exactly one.

    Args:
        planned: records with their plans.
        scorer: knows where runs end, and what they cost.
    """
    n_records, cost_s, spans = 0, 0.0, Spans(scorer.reference)
    has_work = False
    for run in scorer.runs(planned, n_bytes=lambda record: record.n_bytes):
        plans = [plan for _, of_record in run for plan in of_record]
        run_has_work = any(plan.jobs for plan in plans)
        if run_has_work and has_work:
            yield Piece(n_records, cost_s, spans)
            n_records, cost_s, spans = 0, 0.0, Spans(scorer.reference)
        has_work = has_work or run_has_work
        n_records += len(run)
        cost_s += _RECORD_S * len(run) + scorer.cost_s(plans)
        spans.add(plans)
    if n_records:
        yield Piece(n_records, cost_s, spans)
