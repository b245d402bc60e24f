"""Accuracy as text: Markdown tables, which can be read as they are, and JSON."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, is_dataclass
from typing import Any

from spliceai_cli.evaluate.ranking import Estimate
from spliceai_cli.evaluate.sites import SiteAccuracy, Stratum
from spliceai_cli.evaluate.variants import VariantAccuracy

_SITES = ("model", "genes", "site", "sites", "positions", "AG/GT", "> 0.5", "top-k (95 %)", "PR-AUC (95 %)")
_CALIBRATION = ("model", "site", "Brier", "ECE", "ECE from 0.05")
_STRATA = ("model", "site", "of", "sites", "> 0.5", "top-k", "PR-AUC")
_VARIANTS = ("model", "variants", "affecting", "unscored", "AUC-PR (95 %)", "AUROC (95 %)")
_CUTOFFS = ("model", "cut-off", "sensitivity", "specificity", "precision")


def site_tables(found: Sequence[SiteAccuracy]) -> Iterator[str]:
    """Lines: the accuracy of each model and site, its calibration, its parts."""
    yield from _table(_SITES, (_site_row(one) for one in found))
    yield ""
    yield from _table(
        _CALIBRATION,
        ((one.model, one.site, f"{one.brier:.2e}", f"{one.ece:.2e}", f"{one.ece_of_calls:.3f}") for one in found),
    )
    yield ""
    parts = ((one, stratum) for one in found for stratum in (*one.by_strength, *one.by_class))
    yield from _table(_STRATA, (_stratum_row(one, stratum) for one, stratum in parts))


def variant_tables(found: Sequence[VariantAccuracy]) -> Iterator[str]:
    """Lines: the accuracy of each model, and what cut-offs do."""
    yield from _table(_VARIANTS, (_variant_row(one) for one in found))
    yield ""
    yield from _table(
        _CUTOFFS,
        (
            (
                one.model,
                f"{at.threshold:.2f}" + (" (best)" if i == len(one.cutoffs) - 1 else ""),
                f"{at.sensitivity:.3f}",
                f"{at.specificity:.3f}",
                "–" if at.precision is None else f"{at.precision:.3f}",
            )
            for one in found
            for i, at in enumerate(one.cutoffs)
        ),
    )


def to_json(found: Sequence[SiteAccuracy] | Sequence[VariantAccuracy], facts: Mapping[str, object]) -> str:
    """JSON with everything that the tables have, and what made it."""
    return json.dumps({**facts, "accuracy": [_plain(one) for one in found]}, indent=2)


def _plain(value: Any) -> Any:  # noqa: ANN401 (any value of a report)
    """Named tuples and data classes as objects, so that JSON has the names."""
    if is_dataclass(value) and not isinstance(value, type):
        return {name: _plain(getattr(value, name)) for name in asdict(value)}
    if isinstance(value, tuple) and hasattr(value, "_asdict"):
        return {name: _plain(member) for name, member in value._asdict().items()}
    if isinstance(value, (tuple, list)):
        return [_plain(member) for member in value]
    return value


def _site_row(one: SiteAccuracy) -> tuple[str, ...]:
    return (
        one.model,
        f"{one.n_genes:,}",
        one.site,
        f"{one.n_sites:,}",
        f"{one.n_positions:,}",
        f"{one.consensus:.3f}",
        f"{one.likely:.3f}",
        _estimate(one.top_k),
        _estimate(one.pr_auc),
    )


def _stratum_row(one: SiteAccuracy, part: Stratum) -> tuple[str, ...]:
    pr_auc = "–" if part.pr_auc is None else f"{part.pr_auc:.3f}"
    return one.model, one.site, part.name, f"{part.n_sites:,}", f"{part.likely:.3f}", f"{part.top_k:.3f}", pr_auc


def _variant_row(one: VariantAccuracy) -> tuple[str, ...]:
    unscored = ", ".join(f"{reason} {n:,}" for reason, n in one.unscored.items()) or "0"
    return (
        one.model,
        f"{one.n_variants:,}",
        f"{one.n_affecting:,}",
        unscored,
        _estimate(one.pr_auc),
        _estimate(one.auroc),
    )


def _estimate(estimate: Estimate) -> str:
    return str(estimate) if estimate.low < estimate.high else f"{estimate.value:.3f}"


def _table(heading: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    yield f"| {' | '.join(heading)} |"
    yield f"|{'---|' * len(heading)}"
    for row in rows:
        yield f"| {' | '.join(row)} |"
