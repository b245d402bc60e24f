"""Counts of alleles by outcome."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from spliceai_cli.genes.selection import Selection
from spliceai_cli.settings.words import CANONICAL
from spliceai_cli.text import counted, duration, rate, shortened
from spliceai_cli.variants.variant import Outcome, SkipReason, Variant

#: What has one score if each gene is one transcript, and there is one model.
ALLELE_ON_GENE = "allele×gene"


def unit_of_scores(selection: Selection, n_models: int) -> str:
    """What has one score, in words: ``allele×gene``, ``allele×transcript×model``.

    Args:
        selection: the transcripts that are scored.
        n_models: number of models.
    """
    unit = ALLELE_ON_GENE if selection.transcripts == CANONICAL else "allele×transcript"
    return unit if n_models == 1 else f"{unit}×model"


class Summary:
    """Counts every allele once: as scored, or under exactly one reason.

    Args:
        unit: what has one score, see ``unit_of_scores``.

    Attributes:
        n_records: records seen.
        n_scored: alleles with at least one score.
        n_scores: scores.
        reasons: unscored alleles by reason.
    """

    def __init__(self, unit: str = ALLELE_ON_GENE) -> None:
        self._unit = unit
        self.n_records = 0
        self.n_scored = 0
        self.n_scores = 0
        self.reasons: Counter[SkipReason] = Counter()
        self._first: dict[SkipReason, Outcome] = {}

    def count(self, outcomes: Iterable[Outcome]) -> None:
        """Add the alleles of one record."""
        self.n_records += 1
        for outcome in outcomes:
            if outcome.reason is None:
                self.n_scored += 1
                self.n_scores += len(outcome.scores)
            else:
                self.reasons[outcome.reason] += 1
                self._first.setdefault(outcome.reason, outcome)

    def count_predicted(self, outcomes: Iterable[Outcome], n_genes: int) -> None:
        """Add the alleles of one record that get probabilities rather than scores, on ``n_genes`` genes in total."""
        self.count(outcomes)
        self.n_scores += n_genes

    def add(self, other: Summary) -> None:
        """Add the counts of another run, whose records come after those of this one."""
        self.n_records += other.n_records
        self.n_scored += other.n_scored
        self.n_scores += other.n_scores
        self.reasons += other.reasons
        self._first = {**other._first, **self._first}

    @property
    def n_alleles(self) -> int:
        """All alleles; ``n_scored`` and the reasons add up to it."""
        return self.n_scored + self.reasons.total()

    def n_skipped(self, reasons: Iterable[SkipReason]) -> int:
        """Number of alleles skipped for any of the reasons."""
        return sum(self.reasons[reason] for reason in reasons)

    def example(self, reasons: Iterable[SkipReason]) -> Outcome | None:
        """The first allele under the first of the reasons that has any."""
        return next((self._first[reason] for reason in reasons if reason in self._first), None)

    def __str__(self) -> str:
        """``4,800 records, 5,020 alleles``, then a line for the scored ones and one for each reason."""
        return "\n".join([self._total, *self._parts()])

    @property
    def _total(self) -> str:
        return f"{counted(self.n_records, 'records')}, {counted(self.n_alleles, 'alleles')}"

    def _parts(self) -> Iterator[str]:
        """The lines below the total, with their numbers aligned: ``    180  outside genes (first: 19:60001 T>C)``."""
        width = len(f"{max(self.n_scored, *self.reasons.values(), 0):,}")
        yield f"  {self.n_scored:>{width},}  scored ({counted(self.n_scores, f'{self._unit} scores')})"
        for reason in SkipReason:
            if n := self.reasons[reason]:
                chrom, pos, ref, alt, _ = self._first[reason].variant
                yield f"  {n:>{width},}  {reason.phrase} (first: {chrom}:{pos} {shortened(ref)}>{shortened(alt)})"

    def counts(self) -> dict[str, int | dict[str, int]]:
        """The counts under stable names; ``reasons`` lists every reason, even those with a count of 0."""
        return {
            "records": self.n_records,
            "alleles": self.n_alleles,
            "scored": self.n_scored,
            "scores": self.n_scores,
            "reasons": {reason.code: self.reasons[reason] for reason in SkipReason},
        }

    def stored(self) -> dict[str, object]:
        """The counts with the first allele of each reason, from which ``restored`` makes an equal summary."""
        first = {reason.code: list(outcome.variant[:4]) for reason, outcome in self._first.items()}
        return {**self.counts(), "first": first}

    @classmethod
    def restored(cls, stored: Mapping[str, Any]) -> Summary:
        """The summary that ``stored`` describes."""
        summary = cls()
        summary.n_records, summary.n_scored, summary.n_scores = (stored[key] for key in ("records", "scored", "scores"))
        for reason in SkipReason:
            if n := stored["reasons"][reason.code]:
                summary.reasons[reason] = n
                summary._first[reason] = Outcome(Variant._make((*stored["first"][reason.code], None)), reason=reason)
        return summary

    def timed(self, elapsed_s: float) -> str:
        """The lines of ``__str__``, the first with the time taken, e.g. ``… in 12.3 s (408 alleles/s)``."""
        time = f"in {duration(elapsed_s)} ({rate(self.n_alleles, elapsed_s, 'alleles')})"
        return "\n".join([f"{self._total} {time}", *self._parts()])
