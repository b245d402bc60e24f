"""Treatment of records that already have scores (``--existing``)."""

from __future__ import annotations

from collections.abc import Callable

from spliceai_cli.errors import VcfError
from spliceai_cli.plan.planner import Plan
from spliceai_cli.scorer import Scorer
from spliceai_cli.settings import ERROR, KEEP, OVERWRITE
from spliceai_cli.variants.variant import SkipReason
from spliceai_cli.vcf.reader import Record

#: Plans the variants of a record.
RecordPlanner = Callable[[Record], list[Plan]]


class RecordPlanners:
    """The ways to plan a record.

    Args:
        scorer: plans the variants.
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
            VcfError: the record has some.
        """
        found = next((key for key in self._keys if record.has_scores(key)), None)
        if found is not None:
            raise VcfError(
                f"{self._name}, line {record.line_number} has INFO/{found} already.",
                "Choose --existing overwrite or keep.",
            )
        return self.overwrite(record)


#: ``AnnotateOptions.existing`` -> which of the ways.
PLANNERS: dict[str, Callable[[RecordPlanners], RecordPlanner]] = {
    OVERWRITE: lambda planners: planners.overwrite,
    KEEP: lambda planners: planners.keep,
    ERROR: lambda planners: planners.refuse,
}
