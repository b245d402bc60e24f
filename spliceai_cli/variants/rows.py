"""Rows of results, one per allele, gene and model, under the names that every output shares.

TSV writes the names in capitals; JSON nests the scores of an allele. Names of effects come from ``ScoreKind``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

from spliceai_cli.scores.score import Score
from spliceai_cli.scores.value_text import value_text
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
        reason: why there is no score; None if there is one, or if that is not known.
        score: the score; None if there is none. It may be missing (dots) beside a reason.
        reason_text: the reason in words.
        line: line of the record in its VCF, which tells apart two records of one allele; 0 without a VCF.
    """

    variant: Variant
    reason: SkipReason | None = None
    score: Score | None = None
    reason_text: str | None = None
    line: int = 0

    @property
    def max_score(self) -> float | None:
        """The largest score; None if there is none."""
        return None if self.score is None or self.score.is_missing else self.score.max_score

    @property
    def code(self) -> str | None:
        """Code of the reason."""
        return self.reason.code if self.reason else None

    @property
    def model_key(self) -> str | None:
        """INFO key of the model; None without a score."""
        return self.score.model_key if self.score else None

    def values(self) -> dict[str, Any]:
        """Values by column, without the effects; None where there is none."""
        end = (self.max_score, self.code, self.model_key)
        return {**_allele(self.variant), **_gene(self.score), **dict(zip(END, end, strict=True))}

    def cells(self, numbers: Iterable[str]) -> tuple[str, ...]:
        """The cells of a TSV below ``headings``; a dot where there is no value.

        Args:
            numbers: the cells below the numbers in ``headings``.
        """
        symbol, *ids = (value or "" for value in _gene(self.score).values())
        largest = "." if self.max_score is None else f"{max(0.0, self.max_score):.2f}"
        return (symbol or ".", *map(value_text, ids), *numbers, largest, self.code or ".", self.model_key or ".")


def headings(numbers: Iterable[str]) -> tuple[str, ...]:
    """The columns of a TSV after those of the allele.

    Args:
        numbers: columns of ``ScoreKind``, which the TSV has in place of effects.
    """
    return (*map(str.upper, GENE), *numbers, *map(str.upper, END))


def rows_of(outcome: Outcome, reason_text: str | None = None) -> Iterator[Row]:
    """One row per score, in their order; a single row without a score if there is none."""
    for score in outcome.scores or (None,):
        yield Row(outcome.variant, outcome.reason, score, reason_text)


def allele_object(rows: Sequence[Row]) -> dict[str, Any]:
    """The rows of one allele as a JSON object; a row of dots gives its reason only."""
    variant = rows[0].variant
    unscored = next((row for row in rows if row.max_score is None), Row(variant))
    return {
        **_allele(variant),
        "reason": unscored.code,
        "reason_text": unscored.reason_text,
        "scores": [_score_object(variant, row.score) for row in rows if row.score and not row.score.is_missing],
    }


def _allele(variant: Variant) -> dict[str, Any]:
    return dict(zip(ALLELE, variant[:4], strict=True))


def _gene(score: Score | None) -> dict[str, str | None]:
    return {name: getattr(score, name, None) or None for name in GENE}


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
        **_gene(score),
        "text": str(score),
        "max_score": score.max_score,
        "effects": effects,
    }
