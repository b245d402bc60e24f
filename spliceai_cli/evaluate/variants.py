"""How well models distinguish variants that affect splicing from those that do not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from spliceai_cli.arrays import BoolArray, FloatArray
from spliceai_cli.errors import VariantError
from spliceai_cli.evaluate.labelled import Labelled
from spliceai_cli.evaluate.ranking import Curve, Estimate, Ranking
from spliceai_cli.evaluate.sites import Bootstrap
from spliceai_cli.scorer import Scorer
from spliceai_cli.variants.variant import Outcome

#: Cut-offs that are commonly used.
THRESHOLDS = (0.2, 0.5, 0.8)

#: Reason for a variant that is scored, but not on the gene of its row.
OTHER_GENE = "not on its gene"

#: Reason of a variant that an earlier row has as well.
REPEATED = "repeated"

_MEASURES: dict[str, Callable[[Curve], float]] = {
    "pr_auc": lambda curve: curve.average_precision,
    "auroc": lambda curve: curve.auroc,
}


class Cutoff(NamedTuple):
    """What calling variants by a cut-off gives.

    Attributes:
        threshold: the cut-off; variants with this score or a larger one are called.
        sensitivity: share of the affecting variants that are called.
        specificity: share of the others that are not called.
        precision: share of the called variants that affect splicing; None if none is called.
    """

    threshold: float
    sensitivity: float
    specificity: float
    precision: float | None


@dataclass(frozen=True)
class VariantAccuracy:
    """The accuracy of one model.

    Attributes:
        model: INFO key.
        n_variants, n_affecting: variants with a score, and how many of them affect splicing.
        unscored: reason -> number of variants that are left out for it; they count in no other attribute.
        pr_auc, auroc: accuracy of the ranking; intervals from resampled variants.
        cutoffs: ``THRESHOLDS``, then ``youden_threshold``.
    """

    model: str
    n_variants: int
    n_affecting: int
    unscored: dict[str, int]
    pr_auc: Estimate
    auroc: Estimate
    cutoffs: tuple[Cutoff, ...]


def evaluate_variants(
    scorer: Scorer,
    cases: Sequence[Labelled],
    *,
    bootstrap: Bootstrap,
    watch: Callable[[Outcome, int], None] = lambda *_: None,
) -> list[VariantAccuracy]:
    """Score variants, and compare the scores with the labels.

    A variant's score is the largest change that the model reports on the gene of its row, or on any gene if the row
    names none.

    Args:
        scorer: scores them.
        cases: variants of both labels.
        bootstrap: how intervals are estimated.
        watch: called after each variant with the number of variants done so far.

    Returns:
        The accuracy of each model, in the order of the scorer.

    Raises:
        VariantError: the variants that a model scores have one label only.
    """
    columns = [_ScoredLabels(ensemble.spec.key) for ensemble in scorer.models]
    outcomes = scorer.score(case.variant for case in cases)
    seen = set()
    for n, (case, outcome) in enumerate(zip(cases, outcomes, strict=True), 1):
        for column in columns:
            column.add(case, outcome, is_repeated=case.key in seen)
        seen.add(case.key)
        watch(outcome, n)
    return [column.accuracy(bootstrap) for column in columns]


class _ScoredLabels:
    """The scores that one model gives labelled variants.

    Args:
        key: INFO key of the model.
    """

    def __init__(self, key: str) -> None:
        self._key = key
        self._scores: list[float] = []
        self._labels: list[bool] = []
        self._unscored: Counter[str] = Counter()

    def add(self, case: Labelled, outcome: Outcome, *, is_repeated: bool) -> None:
        """Count a variant, or the reason why it does not count."""
        changes = [
            score.max_score
            for score in outcome.scores
            if score.model_key == self._key and not score.is_missing and case.gene in ("", *_names(score))
        ]
        if is_repeated:
            self._unscored[REPEATED] += 1
        elif changes:
            self._scores.append(max(changes))
            self._labels.append(case.is_affecting)
        else:
            self._unscored[outcome.reason.code if outcome.reason else OTHER_GENE] += 1

    def accuracy(self, bootstrap: Bootstrap) -> VariantAccuracy:
        """How well the scores tell the labels apart.

        Raises:
            VariantError: the variants that the model scores have one label only.
        """
        scores, labels = np.array(self._scores, np.float32), np.array(self._labels, bool)
        if not 0 < labels.sum() < len(labels):
            reasons = ", ".join(f"{reason} {n:,}" for reason, n in self._unscored.most_common()) or "none"
            raise VariantError(
                f"{self._key} scores {len(labels):,} variants, {labels.sum():,} of them affecting; both labels are "
                "needed.",
                f"Unscored variants by reason: {reasons}.",
            )
        ranking = Ranking(scores, labels, np.arange(len(scores)))
        thresholds = (*THRESHOLDS, youden_threshold(scores, labels))
        return VariantAccuracy(
            model=self._key,
            n_variants=len(scores),
            n_affecting=int(labels.sum()),
            unscored=dict(self._unscored.most_common()),
            cutoffs=tuple(cutoff(scores, labels, threshold) for threshold in thresholds),
            **ranking.estimates(_MEASURES, bootstrap.n_resamples, bootstrap.seed),
        )


def _names(score: object) -> tuple[str, ...]:
    return tuple(getattr(score, name) for name in ("symbol", "gene_id", "transcript_id"))


def cutoff(scores: FloatArray, labels: BoolArray, threshold: float) -> Cutoff:
    """Call variants by a cut-off, and compare with their labels.

    Args:
        scores: (n,) scores of variants.
        labels: (n,) whether each affects splicing; both kinds are there.
        threshold: the cut-off.
    """
    # As float32, like the scores: 0.2 is not the same number in both.
    called = scores >= np.float32(threshold)
    n_called = int(called.sum())
    return Cutoff(
        threshold=threshold,
        sensitivity=float(called[labels].mean()),
        specificity=float((~called[~labels]).mean()),
        precision=float(labels[called].mean()) if n_called else None,
    )


def youden_threshold(scores: FloatArray, labels: BoolArray) -> float:
    """The cut-off with the largest sum of sensitivity and specificity; the lowest if several have it.

    Args:
        scores: of variants.
        labels: whether each affects splicing; both labels occur.
    """
    thresholds = np.unique(scores)
    missed = np.searchsorted(np.sort(scores[labels]), thresholds) / labels.sum()
    spared = np.searchsorted(np.sort(scores[~labels]), thresholds) / (~labels).sum()
    return float(thresholds[np.argmax(spared - missed)])
