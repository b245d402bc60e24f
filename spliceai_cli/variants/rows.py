"""Rows of results, one per allele, gene and model, under the names that every output shares.

TSV writes the names in capitals; JSON nests the scores of an allele. Names of effects come from ``ScoreKind``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

from spliceai_cli.scores.consequence import EVENT_COLUMNS, MANE, Consequence, ExonInclusion
from spliceai_cli.scores.score import Score
from spliceai_cli.scores.value_text import value_text
from spliceai_cli.text import rounded
from spliceai_cli.variants.variant import Outcome, SkipReason, Variant

#: Columns before the effects: the allele, and the gene (fields of ``Score``).
ALLELE = ("chrom", "pos", "ref", "alt")
GENE = ("symbol", "gene_id", "transcript_id", "strand")

#: Columns after the effects.
END = ("max_score", "reason", "model_key")

#: Columns of a consequence, behind all others; a row has a line for each of its consequences.
CONSEQUENCE = ("mane", *EVENT_COLUMNS, "dlogit")


class Row(NamedTuple):
    """One allele in one gene for one model, or one allele without a score.

    Attributes:
        variant: the allele.
        reason: why there is no score; None if there is one, or if that is not known.
        score: the score; None if there is none. It may be missing (dots) beside a reason.
        reason_text: the reason in words.
        line: line of the record in its VCF, which tells apart two records of one allele; 0 without a VCF.
        consequences, inclusions: those of the allele in this gene by this model; empty unless they were looked for.
    """

    variant: Variant
    reason: SkipReason | None = None
    score: Score | None = None
    reason_text: str | None = None
    line: int = 0
    consequences: tuple[Consequence, ...] = ()
    inclusions: tuple[ExonInclusion, ...] = ()

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

    def lines(self, numbers: Iterable[str], *, has_consequences: bool) -> Iterator[tuple[str, ...]]:
        """The cells of a TSV below ``headings``, a line for each consequence; a dot where there is no value.

        Args:
            numbers: the cells below the numbers in ``headings``.
            has_consequences: as for ``headings``.
        """
        symbol, gene_id, transcript_id, strand = (value or "" for value in _gene(self.score).values())
        largest = "." if self.max_score is None else f"{max(0.0, self.max_score):.2f}"
        end = (value_text(strand), *numbers, largest, self.code or ".", self.model_key or ".")
        for one in self.consequences if has_consequences and self.consequences else (None,):
            # A VCF may give the transcript of consequences, but not of scores.
            transcript = transcript_id or (one.transcript_id if one else "")
            yield (
                symbol or ".",
                value_text(gene_id),
                value_text(transcript),
                *end,
                *(self._consequence_cells(one) if has_consequences else ()),
            )

    def _consequence_cells(self, one: Consequence | None) -> tuple[str, ...]:
        """The cells of ``CONSEQUENCE``; dots for None.

        DLOGIT is the smallest among the exons that the event touches, or of all if it touches none.
        """
        if one is None:
            return (".",) * len(CONSEQUENCE)
        changes = [inclusion.dlogit for inclusion in self.inclusions_of(one)]
        return (one.mane or ".", *one.cells(), rounded(min(changes), 3) if changes else ".")

    def inclusions_of(self, consequence: Consequence) -> tuple[ExonInclusion, ...]:
        """The inclusions of the exons that a consequence touches; of all its transcript's if it touches none."""
        first, last = consequence.first_exon, consequence.last_exon
        return tuple(
            one
            for one in self.inclusions
            if one.transcript_id == consequence.transcript_id and (not first or first <= one.exon <= last)
        )


def headings(numbers: Iterable[str], *, has_consequences: bool) -> tuple[str, ...]:
    """The columns of a TSV after those of the allele.

    Args:
        numbers: columns of ``ScoreKind``, which the TSV has in place of effects.
        has_consequences: whether there are the columns of ``CONSEQUENCE``.
    """
    return (*map(str.upper, GENE), *numbers, *map(str.upper, END), *map(str.upper, CONSEQUENCE * has_consequences))


def rows_of(outcome: Outcome, reason_text: str | None = None) -> Iterator[Row]:
    """One row per score, in their order; a single row without a score if there is none."""
    for score in outcome.scores or (None,):
        row = Row(outcome.variant, outcome.reason, score, reason_text)
        if score is not None and (outcome.consequences or outcome.inclusions):
            row = row._replace(
                consequences=tuple([one for one in outcome.consequences if _is_of(one, score)]),
                inclusions=tuple([one for one in outcome.inclusions if _is_of(one, score)]),
            )
        yield row


def mane_first(rows: Iterable[Row]) -> list[Row]:
    """Rows of an allele, those of MANE transcripts first; ties keep their order."""
    ranks = {mane: rank for rank, mane in enumerate(MANE)}
    return sorted(
        rows, key=lambda row: min((ranks.get(c.mane, len(MANE)) for c in row.consequences), default=len(MANE))
    )


def _is_of(predicted: Consequence | ExonInclusion, score: Score) -> bool:
    key, symbol, transcript_id = score.model_key, score.symbol, score.transcript_id
    return (predicted.model_key, predicted.symbol, predicted.transcript_id) == (key, symbol, transcript_id)


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
