"""Treatment of records that already have scores (``--existing``)."""

from __future__ import annotations

import re
from collections.abc import Callable

from spliceai_cli.errors import VcfError
from spliceai_cli.plan.planner import Plan
from spliceai_cli.scorer import Scorer
from spliceai_cli.variants.variant import SkipReason
from spliceai_cli.vcf.reader import Record

# INFO/Pangolin: a gene, then offsets with scores.
_TISSUES = re.compile(r"[^|]*\|-?\d+:")

#: Plans the variants of a record.
RecordPlanner = Callable[[Record], list[Plan]]


def overwriting(scorer: Scorer, name: str) -> RecordPlanner:  # noqa: ARG001 (as the others)
    """Score every record."""
    return lambda record: [scorer.plan(variant) for variant in record.variants]


def keeping(scorer: Scorer, name: str) -> RecordPlanner:
    """Leave a record as it is if no more of its alleles can be scored: each has scores of every model, or cannot."""
    score = overwriting(scorer, name)
    keys = _keys(scorer)

    def plan(record: Record) -> list[Plan]:
        if not all(record.has_scores(key) for key in keys):
            return score(record)
        names = [_alleles(record, key) for key in keys]
        plans = []
        for variant in record.variants:
            is_named = all(variant.alt.upper() in named for named in names)
            plans.append(Plan(variant, skip=SkipReason.KEPT) if is_named else scorer.plan(variant))
        if any(plan.skip is None for plan in plans):
            return score(record)
        # Values that name none of the alleles stay as well. REF of what stays is not judged.
        is_kept = any(plan.skip is SkipReason.KEPT for plan in plans)
        return [Plan(plan.variant, skip=plan.skip if is_kept else SkipReason.KEPT) for plan in plans]

    return plan


def _alleles(record: Record, key: str) -> set[str]:
    """The alleles that the values of an INFO key name, in upper case; ALT itself where Pangolin's do not name one."""
    named = set()
    for value in record.values(key):
        gene, _, allele = value.partition("|Warnings:ALT=")
        if not allele and _TISSUES.match(gene):
            allele = record.alts[0] if len(record.alts) == 1 else ""
        named.add((allele or value.partition("|")[0]).upper())
    return named


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
