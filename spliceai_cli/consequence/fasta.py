"""Predicted transcripts and proteins as FASTA."""

from __future__ import annotations

from collections.abc import Iterator

from spliceai_cli.scores.consequence import Consequence
from spliceai_cli.variants.variant import Outcome

_WIDTH = 60


def fasta_of(outcome: Outcome) -> Iterator[str]:
    """An entry for every predicted transcript of an allele, and one for its protein.

    The name has no blank: ``CHROM:POS:REF:ALT|SYMBOL|TRANSCRIPT|EVENT:EXON|rna`` or ``protein``; the description after
    it is HGVS. A transcript is written with T for U, from its first base to its last; a protein up to its stop.
    """
    chrom, pos, ref, _, _ = outcome.variant
    for found in outcome.consequences:
        name = f"{chrom}:{pos}:{ref}:{found.allele}|{_named(found)}"
        if found.bases:
            yield _entry(f"{name}|rna {found.rna}", found.bases)
        if found.amino_acids:
            yield _entry(f"{name}|protein {found.protein}", found.amino_acids)


def _named(found: Consequence) -> str:
    event = f"{found.event}:{found.exon_text}" + "".join(f":{site}" for site in found.site_texts)
    return "|".join((found.symbol, found.transcript_id or ".", event))


def _entry(name: str, letters: str) -> str:
    lines = (letters[i : i + _WIDTH] for i in range(0, len(letters), _WIDTH))
    return "\n".join((f">{name}", *lines, ""))
