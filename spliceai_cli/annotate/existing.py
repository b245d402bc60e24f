"""Treatment of records that are already scored (``--existing``)."""

from __future__ import annotations

from collections.abc import Callable

from spliceai_cli.errors import VcfError
from spliceai_cli.plan.planner import Plan
from spliceai_cli.scorer import Scorer
from spliceai_cli.scores.kinds import named_allele
from spliceai_cli.settings.words import ERROR, KEEP, OVERWRITE
from spliceai_cli.variants.variant import SkipReason
from spliceai_cli.vcf.reader import Record


class RecordPlanner:
    """Plans the variants of records, in one of several ways.

    Args:
        scorer: makes the plans.
        name: name of the input, for messages.
    """

    def __init__(self, scorer: Scorer, name: str) -> None:
        self._scorer = scorer
        self._name = name
        self._keys = [ensemble.spec.key for ensemble in scorer.models]

    def overwrite(self, record: Record) -> list[Plan]:
        """Score every record."""
        return [self._scorer.plan(variant) for variant in record.variants]

    def keep(self, record: Record) -> list[Plan]:
        """Leave a record as it is if each of its alleles either has scores of every model or cannot be scored."""
        if not all(record.has_scores(key) for key in self._keys):
            return self.overwrite(record)
        names = [_alleles(record, key) for key in self._keys]
        plans = []
        for variant in record.variants:
            is_named = all(variant.alt.upper() in named for named in names)
            plans.append(Plan(variant, reason=SkipReason.KEPT) if is_named else self._scorer.plan(variant))
        if any(plan.reason is None for plan in plans):
            return self.overwrite(record)
        # Values that name none of the alleles are kept as well. The REF of kept records is not checked.
        is_kept = any(plan.reason is SkipReason.KEPT for plan in plans)
        return [Plan(plan.variant, reason=plan.reason if is_kept else SkipReason.KEPT) for plan in plans]

    def refuse(self, record: Record) -> list[Plan]:
        """Score a record that has no scores yet.

        Raises:
            VcfError: the record already has scores.
        """
        key = next((key for key in self._keys if record.has_scores(key)), None)
        if key is not None:
            raise VcfError(
                f"{self._name}, line {record.line_number} already has INFO/{key}.",
                "Choose --existing overwrite or keep.",
            )
        return self.overwrite(record)


def _alleles(record: Record, key: str) -> set[str]:
    """The alleles that the values of an INFO key name, in upper case.

    A value that names no allele counts for ALT if the record has only one.
    """
    only = record.alts[0] if len(record.alts) == 1 else ""
    return {(named_allele(value) or only).upper() for value in record.values(key)}


#: ``AnnotateOptions.existing`` -> method that plans a record.
PLANNERS: dict[str, Callable[[RecordPlanner, Record], list[Plan]]] = {
    OVERWRITE: RecordPlanner.overwrite,
    KEEP: RecordPlanner.keep,
    ERROR: RecordPlanner.refuse,
}
