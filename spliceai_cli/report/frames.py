"""Outcomes as pandas frames."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from spliceai_cli.errors import UsageError
from spliceai_cli.scores.kinds import KINDS
from spliceai_cli.scores.sites import SITES
from spliceai_cli.text import shown
from spliceai_cli.variants.rows import ALLELE, END, GENE, Row, rows_of
from spliceai_cli.variants.variant import Outcome

if TYPE_CHECKING:
    import pandas as pd


def to_frame(outcomes: Iterable[Outcome]) -> pd.DataFrame:
    """A frame with one row per allele, gene and model, and one row per allele without a score.

    Columns: ``chrom``, ``pos``, ``ref``, ``alt``; ``symbol``, ``gene_id``, ``transcript_id``, ``strand``; for each
    effect of the models, its unrounded score and its offset (``acceptor_gain``, ``acceptor_gain_offset`` …; ``gain``
    and ``loss`` for tissue models); ``max_score``; ``reason`` (its code; missing if scored); ``model_key``.

    >>> from spliceai_cli import DeltaScore, Outcome, Variant
    >>> score = DeltaScore.parse("T|RYR1|0.00|0.00|0.91|0.08|-28|-46|-2|-31")
    >>> frame = to_frame([Outcome(Variant("19", 38467722, "C", "T"), (score,))])
    >>> frame[["symbol", "donor_gain", "donor_gain_offset", "max_score"]].to_dict("records")
    [{'symbol': 'RYR1', 'donor_gain': 0.91, 'donor_gain_offset': -2, 'max_score': 0.91}]

    Raises:
        UsageError: ``outcomes`` is not an iterable of ``Outcome``, as ``Scorer.score`` returns it.
    """
    import pandas as pd

    rows = [_values(row) for outcome in _checked(outcomes) for row in rows_of(outcome)]
    every = dict.fromkeys(name for kind in KINDS.values() for name in kind.effects)
    # The columns of site models are always there, even if no allele was scored.
    named = [name for name in every if name in SITES.effects or any(name in row for row in rows)]
    pairs = [column for name in named for column in (name, f"{name}_offset")]
    frame = pd.DataFrame(rows, columns=[*ALLELE, *GENE, *pairs, *END])
    return frame.astype({f"{name}_offset": "Int64" for name in named})


def _checked(outcomes: object) -> Iterator[Outcome]:
    # An outcome is a tuple, so a single one would be read as several.
    listed = outcomes if isinstance(outcomes, Iterable) and not isinstance(outcomes, Outcome) else (outcomes,)
    for outcome in listed:
        if outcome is outcomes or not isinstance(outcome, Outcome):
            raise UsageError(
                f"an iterable of Outcomes expected, found {shown(outcome)}.", "Give what Scorer.score returns."
            )
        yield outcome


def _values(row: Row) -> dict[str, Any]:
    effects: dict[str, Any] = {}
    for name, effect in (row.score.effects_by_name if row.score else {}).items():
        effects |= {name: effect.score, f"{name}_offset": effect.offset}
    return row.values() | effects
