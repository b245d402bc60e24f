"""Treatment of records that already have scores (``--existing``)."""

from __future__ import annotations

from collections.abc import Callable

from spliceai_cli.errors import VcfError
from spliceai_cli.plan.planner import Plan
from spliceai_cli.scorer import Scorer
from spliceai_cli.settings import ERROR, KEEP, OVERWRITE
from spliceai_cli.variants.variant import SkipReason
from spliceai_cli.vcf.reader import Record


class RecordPlanner:
    """Plans the variants of records, in one of several ways.

    Args:
        scorer: makes the plans.
        name: of the input, for messages.
    """

    def __init__(self, scorer: Scorer, name: str) -> None:
        self._scorer = scorer
        self._name = name
        self._keys = [ensemble.spec.key for ensemble in scorer.models]

    def overwrite(self, record: Record) -> list[Plan]:
        """Score every record."""
        return [self._scorer.plan(variant) for variant in record.variants]

    def keep(self, record: Record) -> list[Plan]:
        """Leave what has scores of every model as it is."""
        if all(record.has_scores(key) for key in self._keys):
            return [Plan(variant, skip=SkipReason.KEPT) for variant in record.variants]
        return self.overwrite(record)

    def refuse(self, record: Record) -> list[Plan]:
        """Score what has no scores.

        Raises:
            VcfError: a record has some.
        """
        key = next((key for key in self._keys if record.has_scores(key)), None)
        if key is not None:
            raise VcfError(
                f"{self._name}, line {record.line_number} has INFO/{key} already.",
                "Choose --existing overwrite or keep.",
            )
        return self.overwrite(record)


#: ``AnnotateOptions.existing`` -> how a record is planned.
PLANNERS: dict[str, Callable[[RecordPlanner, Record], list[Plan]]] = {
    OVERWRITE: RecordPlanner.overwrite,
    KEEP: RecordPlanner.keep,
    ERROR: RecordPlanner.refuse,
}
