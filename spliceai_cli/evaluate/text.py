"""Accuracy as text: Markdown tables, which are readable as they are, or JSON."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import fields, is_dataclass
from typing import Any

from spliceai_cli.evaluate.ranking import Estimate
from spliceai_cli.evaluate.sites import SiteAccuracy, Stratum
from spliceai_cli.evaluate.variants import VariantAccuracy

_SITES = ("model", "genes", "site", "sites", "positions", "AG/GT", "recall at 0.5", "top-k (95 %)", "PR-AUC (95 %)")
_CALIBRATION = ("model", "site", "Brier", "ECE", "ECE from 0.05")
_STRATA = ("model", "site", "of", "sites", "recall at 0.5", "top-k", "PR-AUC")
_VARIANTS = ("model", "variants", "affecting", "unscored", "PR-AUC (95 %)", "AUROC (95 %)")
_CUTOFFS = ("model", "cut-off", "sensitivity", "specificity", "precision")


def site_tables(accuracies: Sequence[SiteAccuracy]) -> Iterator[str]:
    """Lines of three tables: the accuracy of each model and site, its calibration, and its strata."""
    yield from _table(_SITES, map(_site_row, accuracies))
    yield ""
    yield from _table(
        _CALIBRATION,
        ((a.model, a.site, f"{a.brier:.2e}", f"{a.ece:.2e}", f"{a.ece_of_calls:.3f}") for a in accuracies),
    )
    yield ""
    strata = ((accuracy, stratum) for accuracy in accuracies for stratum in (*accuracy.by_strength, *accuracy.by_class))
    yield from _table(_STRATA, (_stratum_row(*pair) for pair in strata))


def variant_tables(accuracies: Sequence[VariantAccuracy]) -> Iterator[str]:
    """Lines of two tables: the accuracy of each model, and what cut-offs do."""
    yield from _table(_VARIANTS, map(_variant_row, accuracies))
    yield ""
    yield from _table(_CUTOFFS, (row for accuracy in accuracies for row in _cutoff_rows(accuracy)))


def to_json(accuracies: Sequence[SiteAccuracy] | Sequence[VariantAccuracy], facts: Mapping[str, object]) -> str:
    """JSON with everything that the tables have.

    Args:
        accuracies: of one kind.
        facts: what made them, e.g. models and options; written before them.
    """
    return json.dumps({**facts, "accuracy": [_plain(accuracy) for accuracy in accuracies]}, indent=2)


def _plain(value: Any) -> Any:  # noqa: ANN401 (any value of a report)
    """Named tuples and data classes as objects, so that JSON has the names."""
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, tuple) and hasattr(value, "_asdict"):
        return {name: _plain(member) for name, member in value._asdict().items()}
    if isinstance(value, (tuple, list)):
        return [_plain(member) for member in value]
    return value


def _site_row(accuracy: SiteAccuracy) -> tuple[str, ...]:
    return (
        accuracy.model,
        f"{accuracy.n_genes:,}",
        accuracy.site,
        f"{accuracy.n_sites:,}",
        f"{accuracy.n_positions:,}",
        f"{accuracy.consensus:.3f}",
        f"{accuracy.recall:.3f}",
        _estimate(accuracy.top_k),
        _estimate(accuracy.pr_auc),
    )


def _stratum_row(accuracy: SiteAccuracy, stratum: Stratum) -> tuple[str, ...]:
    return (
        accuracy.model,
        accuracy.site,
        stratum.name,
        f"{stratum.n_sites:,}",
        f"{stratum.recall:.3f}",
        f"{stratum.top_k:.3f}",
        _or_dash(stratum.pr_auc),
    )


def _variant_row(accuracy: VariantAccuracy) -> tuple[str, ...]:
    return (
        accuracy.model,
        f"{accuracy.n_variants:,}",
        f"{accuracy.n_affecting:,}",
        ", ".join(f"{reason} {n:,}" for reason, n in accuracy.unscored.items()) or "0",
        _estimate(accuracy.pr_auc),
        _estimate(accuracy.auroc),
    )


def _cutoff_rows(accuracy: VariantAccuracy) -> Iterator[tuple[str, ...]]:
    *fixed, youden = accuracy.cutoffs
    for cutoff, note in (*((cutoff, "") for cutoff in fixed), (youden, " (Youden)")):
        yield (
            accuracy.model,
            f"{cutoff.threshold:.2f}{note}",
            f"{cutoff.sensitivity:.3f}",
            f"{cutoff.specificity:.3f}",
            _or_dash(cutoff.precision),
        )


def _or_dash(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}"


def _estimate(estimate: Estimate) -> str:
    return str(estimate) if estimate.low < estimate.high else f"{estimate.value:.3f}"


def _table(heading: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    yield f"| {' | '.join(heading)} |"
    yield f"|{'---|' * len(heading)}"
    for row in rows:
        yield f"| {' | '.join(row)} |"
