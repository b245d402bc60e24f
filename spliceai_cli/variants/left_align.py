"""Left-alignment: gives all representations of an indel one position."""

from __future__ import annotations

from collections.abc import Callable

from spliceai_cli.variants.variant import Variant

# Bases looked up at a time while an indel moves left through a repeat.
_STEP = 100


def left_align(variant: Variant, fetch: Callable[[int, int], str]) -> Variant:
    """Move an insertion or deletion to the leftmost equivalent position (Tan et al. 2015, doi
    10.1093/bioinformatics/btv112); any other variant is returned unchanged.

    Args:
        variant: a variant with plain sequence.
        fetch: returns upper-case bases of the contig, 0-based half-open.
    """
    ref, alt = variant.ref.upper(), variant.alt.upper()
    if len(ref) == len(alt):
        return variant
    start = variant.pos - 1
    known_start, known = start, ""  # bases left of `start`, as far as fetched
    while ref[-1] == alt[-1]:
        if min(len(ref), len(alt)) == 1:
            if start <= 0:
                break
            if start == known_start:
                known_start = max(0, start - _STEP)
                known = fetch(known_start, start)
            start -= 1
            base = known[start - known_start]
            ref, alt = base + ref, base + alt
        ref, alt = ref[:-1], alt[:-1]
    n_left = 0
    while min(len(ref), len(alt)) - n_left > 1 and ref[n_left] == alt[n_left]:
        n_left += 1
    return Variant._make((variant.chrom, start + 1 + n_left, ref[n_left:], alt[n_left:], variant.structure))
