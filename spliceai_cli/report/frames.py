"""Outcomes as pandas frames."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from spliceai_cli.scores.kinds import KINDS
from spliceai_cli.scores.score import Score
from spliceai_cli.scores.sites import SITES
from spliceai_cli.variants.variant import Outcome

if TYPE_CHECKING:
    import pandas as pd


def to_frame(outcomes: Iterable[Outcome]) -> pd.DataFrame:
    """A frame with one row per allele, gene and model, and one row per allele without a score.

    Columns: ``chrom``, ``pos``, ``ref``, ``alt``, ``model`` (INFO key), ``symbol``; for each effect of the models, its
    unrounded score and its offset (``acceptor_gain``, ``acceptor_gain_offset`` …; ``gain`` and ``loss`` for tissue
    models); ``max_score``; ``skip`` (code of the reason; missing if scored).

    >>> from spliceai_cli import DeltaScore, Outcome, Variant
    >>> score = DeltaScore.parse("T|RYR1|0.00|0.00|0.91|0.08|-28|-46|-2|-31")
    >>> frame = to_frame([Outcome(Variant("19", 38467722, "C", "T"), (score,))])
    >>> frame[["symbol", "donor_gain", "donor_gain_offset", "max_score"]].to_dict("records")
    [{'symbol': 'RYR1', 'donor_gain': 0.91, 'donor_gain_offset': -2, 'max_score': 0.91}]
    """
    import pandas as pd

    rows = [row for outcome in outcomes for row in _rows(outcome)]
    columns = ["chrom", "pos", "ref", "alt", "model", "symbol", "max_score", "skip"]
    every = dict.fromkeys(name for kind in KINDS.values() for name in kind.effects)
    # The columns of site models are always there, even if no allele was scored.
    named = [name for name in every if name in SITES.effects or any(name in row for row in rows)]
    pairs = [column for name in named for column in (name, f"{name}_offset")]
    frame = pd.DataFrame(rows, columns=[*columns[:6], *pairs, *columns[6:]])
    return frame.astype({f"{name}_offset": "Int64" for name in named})


def _rows(outcome: Outcome) -> Iterator[dict[str, Any]]:
    variant = outcome.variant
    place = {"chrom": variant.chrom, "pos": variant.pos, "ref": variant.ref, "alt": variant.alt}
    skip = {"skip": outcome.skip.code if outcome.skip else None}
    if not outcome.scores:
        yield place | skip
    for score in outcome.scores:
        yield place | {"model": score.key, "symbol": score.symbol} | _effects(score) | skip


def _effects(score: Score) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for name, effect in score.effects_by_name.items():
        values |= {name: effect.score, f"{name}_offset": effect.offset}
    return values | ({} if score.is_missing else {"max_score": score.max_score})
