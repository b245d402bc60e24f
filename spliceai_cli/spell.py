"""Symbolic alleles written as sequence."""

from __future__ import annotations

import re

from spliceai_cli.encode import reverse_complement_text
from spliceai_cli.fasta import Reference
from spliceai_cli.variant import Variant

_NOT_BASE = re.compile(r"[^ACGTN]")


def spell(variant: Variant, reference: Reference, chrom: str) -> Variant:
    """A variant with its symbolic allele written as sequence; POS is the base before what changes.

    A duplication is the insertion of a second copy after POS. FASTA letters other than A C G T are N.

    Args:
        variant: with a structure.
        reference: the FASTA.
        chrom: contig as the FASTA names it.
    """
    structure = variant.structure
    assert structure is not None
    start = variant.pos - 1
    fetched = reference.fetch(chrom, start, start + 1 + structure.length).decode("ascii").upper()
    bases = _NOT_BASE.sub("N", fetched)
    base, body = bases[:1], bases[1:]
    ref, alt = {
        "DEL": (bases, base),
        "INV": (bases, base + reverse_complement_text(body)),
        "DUP": (base, base + body),
        "INS": (base, base + structure.inserted),
    }[structure.kind]
    return variant._replace(ref=ref, alt=alt)
