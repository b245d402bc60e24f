"""Consequences as JSON values; ``docs/schema/score.json`` describes them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from spliceai_cli.consequence.words import in_words
from spliceai_cli.scores.consequence import Consequence, ExonInclusion
from spliceai_cli.variants.rows import Row, mane_first


def described_consequences(rows: Iterable[Row]) -> dict[str, Any]:
    """The keys ``consequences`` and ``inclusions`` of an allele, MANE transcripts first; none of them without any.

    Args:
        rows: the rows of the allele.
    """
    ordered = mane_first(rows)
    consequences = [_described(one) for row in ordered for one in row.consequences]
    inclusions = [_included(one) for row in ordered for one in row.inclusions]
    return {"consequences": consequences, "inclusions": inclusions} if consequences or inclusions else {}


def _described(one: Consequence) -> dict[str, Any]:
    return {
        "model_key": one.model_key,
        "symbol": one.symbol,
        "transcript_id": one.transcript_id or None,
        "mane": one.mane or None,
        "event": one.event,
        "event_text": in_words(one),
        "weight": one.weight,
        "first_exon": one.first_exon or None,
        "last_exon": one.last_exon or None,
        "n_exons": one.n_exons or None,
        "size": one.size,
        "sites": [{"kind": kind, "pos": pos} for kind, pos in one.sites],
        "frame": one.frame,
        "aa_lost": one.aa_lost,
        "aa_gained": one.aa_gained,
        "codons_to_stop": one.codons_to_stop,
        "nmd": one.nmd or None,
        "rna": one.rna or None,
        "protein": one.protein or None,
        "evidence": list(one.evidence),
        "exons": None if one.exons is None else [{"start": start, "end": end} for start, end in one.exons],
    }


def _included(one: ExonInclusion) -> dict[str, Any]:
    return {
        "model_key": one.model_key,
        "symbol": one.symbol,
        "transcript_id": one.transcript_id or None,
        "exon": one.exon,
        "dlogit": one.dlogit,
        "acceptor": _pair(one.acceptor),
        "donor": _pair(one.donor),
    }


def _pair(pair: tuple[float, float] | None) -> dict[str, float] | None:
    return None if pair is None else {"ref": pair[0], "alt": pair[1]}
