"""The change of an exon's inclusion, from the probabilities of both its sites."""

from __future__ import annotations

import math

from spliceai_cli.consequence.support import Support, Usage
from spliceai_cli.consequence.transcript import ACCEPTOR, DONOR

# Added on both sides of the odds, so that a probability of 0 or 1 has finite ones.
_SOFT = 1e-3


def logit(probability: float) -> float:
    """Log-odds, softened at 0 and 1.

    >>> logit(0.5), round(logit(1.0), 3), round(logit(0.0), 3)
    (0.0, 6.909, -6.909)
    """
    return math.log((probability + _SOFT) / (1 - probability + _SOFT))


def change_of_logit(usage: Usage) -> float:
    """Log-odds of ALT minus those of REF."""
    return logit(usage.alt) - logit(usage.ref)


def less_included(change: float, included: float) -> float:
    """The share of transcripts that lose an exon when its log-odds change; 0 if they rise.

    Args:
        change: log-odds of ALT minus those of REF.
        included: the share of transcripts that have the exon with REF.

    >>> round(less_included(-3.0, 0.98), 2), less_included(1.0, 0.98)
    (0.27, 0.0)
    """
    odds = included / (1 - included) * math.exp(min(0.0, change))
    return max(0.0, included - odds / (1 + odds))


def inclusion(support: Support, exon: int) -> tuple[float, Usage | None, Usage | None] | None:
    """The change of an exon's log-odds, with the probabilities of its acceptor and donor.

    None if the exon has no site, as that of a transcript with one exon, or if one of its sites was not seen.
    """
    n_last = len(support.transcript.exons) - 1
    kinds = [kind for kind, is_there in ((ACCEPTOR, exon > 0), (DONOR, exon < n_last)) if is_there]
    usages = {kind: support.own.get((kind, exon)) for kind in kinds}
    known = [usage for usage in usages.values() if usage is not None]
    if not known or len(known) < len(kinds):
        return None
    return sum(map(change_of_logit, known)), usages.get(ACCEPTOR), usages.get(DONOR)
