"""Look up single variants, with the outcome of each."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

from spliceai_cli.consequence.described import described_consequences
from spliceai_cli.genes.gene import Gene
from spliceai_cli.notation.text import WrittenVariant
from spliceai_cli.plan.planner import Plan
from spliceai_cli.scorer import Scorer
from spliceai_cli.scores.score import Score
from spliceai_cli.text import shortened
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
    def scored(self) -> tuple[tuple[Score, Gene | None], ...]:
        """The scores with their genes; the gene is None for a score that prints as dots."""
        scores = self.outcome.scores
        genes: Sequence[Gene | None] = [job.gene for job in self.plan.jobs] or [None] * len(scores)
        return tuple(zip(scores, genes, strict=True))

    @property
    def reason(self) -> str | None:
        """Reason in words why the variant has no score; None if it has one."""
        return reason_in_words(self.plan)


def reason_in_words(plan: Plan) -> str | None:
    """Reason in words why a variant has no score; None if it has one."""
    variant = plan.variant
    if plan.cause is not None:
        return plan.cause.value.format(chrom=variant.chrom)
    if plan.skip is SkipReason.REF_MISMATCH:
        return f"REF is {shortened(variant.ref)} but the FASTA has {shortened(plan.fasta_bases)}"
    return plan.skip.phrase if plan.skip else None


def answer(scorer: Scorer, asked: Iterable[WrittenVariant]) -> Iterator[Answer]:
    """Score variants, in the order given."""
    plans = ((text, scorer.plan(variant)) for text, variant in asked)
    for (text, plan), (outcome,) in scorer.stream(((text, plan), (plan,)) for text, plan in plans):
        yield Answer(text, plan, outcome)


def answers_json(answers: Sequence[Answer]) -> str:
    """A JSON array with one object per answer; the keys are documented and stable."""
    return json.dumps([_described(answer) for answer in answers], indent=2, ensure_ascii=False)


def _described(answer: Answer) -> dict[str, Any]:
    variant, skip = answer.outcome.variant, answer.outcome.skip
    return {
        "input": answer.text,
        "chrom": variant.chrom,
        "pos": variant.pos,
        "ref": variant.ref,
        "alt": variant.alt,
        "skip": skip.code if skip else None,
        "reason": answer.reason,
        "scores": [
            _described_score(variant, score, gene) for score, gene in answer.scored if gene and not score.is_missing
        ],
        **described_consequences(answer.outcome),
    }


def _described_score(variant: Variant, score: Score, gene: Gene) -> dict[str, Any]:
    return {
        "model": score.key,
        "gene": score.symbol,
        "gene_id": gene.gene_id or None,
        "transcript_id": gene.transcript_id or None,
        "strand": gene.strand,
        "text": str(score),
        "effects": {
            name: {
                "score": effect.score,
                "offset": effect.offset,
                "pos": variant.pos + effect.offset,
                "ref": effect.ref,
                "alt": effect.alt,
            }
            for name, effect in score.effects_by_name.items()
        },
    }
