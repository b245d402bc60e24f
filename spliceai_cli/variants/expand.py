"""Expands alleles to plain sequence with bases of the FASTA."""

from __future__ import annotations

import re
from collections.abc import Callable

from spliceai_cli.genome.bases import agrees, reverse_complement_text
from spliceai_cli.genome.fasta import Reference
from spliceai_cli.variants.structure import n_unknown_anchors
from spliceai_cli.variants.variant import Variant

#: (start, end), 0-based half-open -> bases of a contig.
Fetch = Callable[[int, int], str]

_NOT_BASE = re.compile(r"[^ACGTN]")


def to_sequence(variant: Variant, reference: Reference, chrom: str) -> Variant:
    """Expand a symbolic allele to sequence; POS is the base before the change.

    A duplication is written as the insertion of a second copy after POS. FASTA letters other than A C G T are N.

    Args:
        variant: a variant with a structure.
        reference: the FASTA.
        chrom: contig as the FASTA names it.
    """
    structure = variant.structure
    assert structure is not None
    start = variant.pos - 1
    fetched = reference.fetch(chrom, start, start + 1 + structure.length).decode("ascii")
    bases = _known(fetched)
    base, body = bases[:1], bases[1:]
    ref, alt = {
        "DEL": (bases, base + structure.inserted),
        "INV": (bases, base + reverse_complement_text(body)),
        "DUP": (base, base + body),
        "INS": (base, base + structure.inserted),
    }[structure.kind]
    return Variant._make((variant.chrom, variant.pos, ref, alt, structure))


def fill(variant: Variant, fetch: Fetch) -> Variant:
    """Replace N by the FASTA's base where a caller wrote N for the base before the change.

    ``N>NTTT`` and ``NTGC>N`` have N for that base in both alleles. ``N>TTT`` and ``TGC>N`` have N in place of an empty
    allele, with a structure that says so. Such a deletion begins at POS if the bases there are REF, else after POS:
    callers do either, and if both fit, the result is the same. Any other variant keeps its alleles.

    Args:
        variant: a variant that is not symbolic.
        fetch: returns bases of its contig.

    Returns:
        A variant without a structure.
    """
    chrom, pos, ref, alt, structure = variant
    plain, start = Variant._make((chrom, pos, ref, alt, None)), pos - 1
    if n_anchors := n_unknown_anchors(ref, alt):
        bases = _known(fetch(start, start + n_anchors))
        return Variant._make((chrom, pos, bases + ref[n_anchors:], bases + alt[n_anchors:], None))
    if structure is None:
        return plain
    if structure.kind == "INS" and ref in ("N", "n"):
        base = _known(fetch(start, start + 1))
        return Variant._make((chrom, pos, base, base + structure.inserted, None))
    if structure.kind == "DEL" and alt in ("N", "n"):
        for first in (start, start + 1):
            if agrees(ref.upper(), fetch(first, first + len(ref))):
                base = _known(fetch(first - 1, first))
                return Variant._make((chrom, first, base + ref, base, None))
    return plain


def _known(fetched: str) -> str:
    return _NOT_BASE.sub("N", fetched.upper())
