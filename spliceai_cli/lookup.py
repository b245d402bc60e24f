"""Look up single variants, with the outcome of each."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

from spliceai_cli.consequence.described import described_consequences
from spliceai_cli.notation.text import WrittenVariant
from spliceai_cli.plan.planner import Plan
from spliceai_cli.scorer import Scorer
from spliceai_cli.scoring.profile import Profile
from spliceai_cli.scoring.watcher import NoWatcher, Watcher
from spliceai_cli.text import shortened
from spliceai_cli.variants.rows import allele_object, rows_of
from spliceai_cli.variants.variant import Outcome, SkipReason, Variant


class Answer(NamedTuple):
    """The outcome of a variant that the user asked about.

    Attributes:
        text: the variant as the user wrote it.
        plan: the work planned for it.
        outcome: the scores, or the reason why there are none.
    """

    text: str
    plan: Plan
    outcome: Outcome

    @property
    def reason(self) -> str | None:
        """Reason in words why the variant has no score; None if it has one."""
        return reason_in_words(self.plan)


def reason_in_words(plan: Plan) -> str | None:
    """Reason in words why a variant has no score; None if it has one."""
    variant = plan.variant
    if plan.cause is not None:
        return plan.cause.value.format(chrom=variant.chrom)
    if plan.reason is SkipReason.REF_MISMATCH:
        return f"REF is {shortened(variant.ref)} but the FASTA has {shortened(plan.fasta_bases)}"
    return plan.reason.phrase if plan.reason else None


def outcome_of(scorer: Scorer, variant: Variant, profiles: Iterable[Profile]) -> Outcome:
    """The outcome of a variant with these profiles."""
    plan = scorer.plan(variant)
    return Outcome(variant, tuple(profile.score for profile in profiles) or plan.unscored, plan.reason)


def answer(scorer: Scorer, asked: Iterable[WrittenVariant], watcher: Watcher | None = None) -> Iterator[Answer]:
    """Score variants, in the order given; ``watcher`` follows."""
    plans = ((text, scorer.plan(variant)) for text, variant in asked)
    planned = (((text, plan), (plan,)) for text, plan in plans)
    for (text, plan), (outcome,) in scorer.stream(planned, watcher=watcher or NoWatcher()):
        yield Answer(text, plan, outcome)


def answers_json(answers: Sequence[Answer]) -> str:
    """A JSON array with one object per answer; ``docs/schema/score.json`` describes it."""
    return json.dumps([_object(answer) for answer in answers], indent=2, ensure_ascii=False)


def _object(answer: Answer) -> dict[str, Any]:
    rows = list(rows_of(answer.outcome, answer.reason))
    return {"input": answer.text, **allele_object(rows), **described_consequences(rows)}
