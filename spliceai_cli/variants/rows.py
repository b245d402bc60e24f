"""Rows of results, one per allele, gene and model, under the names that every output shares.

TSV writes the names in capitals; JSON nests the scores of an allele. Names of effects come from ``ScoreKind``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from spliceai_cli.scores.score import Score
from spliceai_cli.variants.variant import Outcome, SkipReason, Variant

#: Columns before the effects: the allele, and the gene (fields of ``Score``).
ALLELE = ("chrom", "pos", "ref", "alt")
GENE = ("symbol", "gene_id", "transcript_id", "strand")

#: Columns after the effects.
END = ("max_score", "reason", "model_key")


class Row(NamedTuple):
    """One allele in one gene for one model, or one allele without a score.

    Attributes:
        variant: the allele.
        reason: why there is no score; None if there is one.
        score: the score; None if there is none. It may be missing (dots) beside a reason.
    """

    variant: Variant
    reason: SkipReason | None = None
    score: Score | None = None

    def values(self) -> dict[str, Any]:
        """Values by column, without the effects; None where there is none."""
        score = self.score
        end = (max_score(score), self.reason.code if self.reason else None, score.model_key if score else None)
        return {**allele_values(self.variant), **gene_values(score), **dict(zip(END, end, strict=True))}


def rows_of(outcome: Outcome) -> Iterator[Row]:
    """One row per score, in their order; a single row without a score if there is none."""
    for score in outcome.scores or (None,):
        yield Row(outcome.variant, outcome.reason, score)


def allele_values(variant: Variant) -> dict[str, Any]:
    """Values of the columns ``ALLELE``."""
    return dict(zip(ALLELE, variant[:4], strict=True))


def gene_values(score: Score | None) -> dict[str, str | None]:
    """Values of the columns ``GENE``; None where the annotation or the score has none."""
    return {name: getattr(score, name, None) or None for name in GENE}


def max_score(score: Score | None) -> float | None:
    """The largest score of the row; None without a score."""
    return None if score is None or score.is_missing else score.max_score


def allele_object(
    variant: Variant, scores: Iterable[Score], reason: SkipReason | None, reason_text: str | None
) -> dict[str, Any]:
    """An allele with its scores as a JSON object; rows of dots are left out.

    Args:
        variant: the allele.
        scores: its scores.
        reason: why it has none; None if it has.
        reason_text: the reason in words.
    """
    return {
        **allele_values(variant),
        "reason": reason.code if reason else None,
        "reason_text": reason_text,
        "scores": [_score_object(variant, score) for score in scores if not score.is_missing],
    }


def _score_object(variant: Variant, score: Score) -> dict[str, Any]:
    effects = {
        name: {
            "score": effect.score,
            "offset": effect.offset,
            "pos": variant.pos + effect.offset,
            "ref": effect.ref,
            "alt": effect.alt,
        }
        for name, effect in score.effects_by_name.items()
    }
    return {
        "model_key": score.model_key,
        **gene_values(score),
        "text": str(score),
        "max_score": score.max_score,
        "effects": effects,
    }
