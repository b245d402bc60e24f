"""Treatment of records that already have scores (``--existing``)."""

from __future__ import annotations

from collections.abc import Callable

from spliceai_cli.errors import VcfError
from spliceai_cli.plan.planner import Plan
from spliceai_cli.scorer import Scorer
from spliceai_cli.variants.variant import SkipReason
from spliceai_cli.vcf.reader import Record

#: Plans the variants of a record.
RecordPlanner = Callable[[Record], list[Plan]]


def overwriting(scorer: Scorer, name: str) -> RecordPlanner:  # noqa: ARG001 (as the others)
    """Score every record."""
    return lambda record: [scorer.plan(variant) for variant in record.variants]


def keeping(scorer: Scorer, name: str) -> RecordPlanner:
    """Leave what has scores of every model as it is."""
    score = overwriting(scorer, name)
    keys = _keys(scorer)

    def plan(record: Record) -> list[Plan]:
        if all(record.has_scores(key) for key in keys):
            return [Plan(variant, skip=SkipReason.KEPT) for variant in record.variants]
        return score(record)

    return plan


def refusing(scorer: Scorer, name: str) -> RecordPlanner:
    """Score what has no scores.

    Raises:
        VcfError: a record has some.
    """
    score = overwriting(scorer, name)
    keys = _keys(scorer)

    def plan(record: Record) -> list[Plan]:
        found = next((key for key in keys if record.has_scores(key)), None)
        if found is not None:
            raise VcfError(
                f"{name}, line {record.line_number} has INFO/{found} already.",
                "Choose --existing overwrite or keep.",
            )
        return score(record)

    return plan


def _keys(scorer: Scorer) -> list[str]:
    """INFO keys of the models."""
    return [ensemble.spec.key for ensemble in scorer.models]


#: ``--existing`` value -> from scorer and name of the input to what plans its records.
EXISTING: dict[str, Callable[[Scorer, str], RecordPlanner]] = {
    "overwrite": overwriting,
    "keep": keeping,
    "error": refusing,
}
