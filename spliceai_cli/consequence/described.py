"""Consequences as JSON values; the keys are documented and stable."""

from __future__ import annotations

from typing import Any

from spliceai_cli.consequence.words import in_words
from spliceai_cli.scores.consequence import Consequence, ExonInclusion
from spliceai_cli.variants.variant import Outcome


def described_consequences(outcome: Outcome) -> dict[str, Any]:
    """The keys ``consequences`` and ``exons``; none of them if no consequences were looked for."""
    if not outcome.consequences and not outcome.inclusions:
        return {}
    return {
        "consequences": [_described(found) for found in outcome.consequences],
        "exons": [_included(found) for found in outcome.inclusions],
    }


def _described(found: Consequence) -> dict[str, Any]:
    return {
        "model": found.key,
        "gene": found.symbol,
        "transcript_id": found.transcript_id or None,
        "mane": found.mane or None,
        "event": found.event,
        "weight": found.weight,
        "first_exon": found.first or None,
        "last_exon": found.last or None,
        "n_exons": found.n_exons,
        "size": found.size,
        "sites": [{"kind": kind, "pos": pos} for kind, pos in found.sites],
        "frame": found.frame,
        "aa_lost": found.lost,
        "aa_gained": found.gained,
        "codons_to_stop": found.codons_to_stop,
        "nmd": found.nmd or None,
        "rna": found.rna or None,
        "protein": found.protein or None,
        "evidence": list(found.hints),
        "exons": [list(exon) for exon in found.exons] if found.exons is not None else None,
        "text": in_words(found),
    }


def _included(found: ExonInclusion) -> dict[str, Any]:
    return {
        "model": found.key,
        "gene": found.symbol,
        "transcript_id": found.transcript_id or None,
        "exon": found.exon,
        "change": found.change,
        "acceptor": _pair(found.acceptor),
        "donor": _pair(found.donor),
    }


def _pair(pair: tuple[float, float] | None) -> dict[str, float] | None:
    return None if pair is None else {"ref": pair[0], "alt": pair[1]}
