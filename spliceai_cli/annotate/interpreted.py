"""Counts of alleles that have scores: with consequences, or why they have none."""

from __future__ import annotations

from collections import Counter

from spliceai_cli.text import counted, shortened
from spliceai_cli.variants.variant import SkipReason, Variant

# An allele in a gene of the annotation, but not in one that its scores name.
_OTHER_GENES = "with scores of genes or transcripts that -A does not have there"


class Interpreted:
    """Counts every allele that has scores once: with consequences, or under one reason.

    Attributes:
        n_found: alleles with consequences.
        n_without_probabilities: scores on transcripts without the probabilities of REF and ALT.
    """

    def __init__(self) -> None:
        self.n_found = 0
        self.n_without_probabilities = 0
        self._left_out: Counter[str] = Counter()
        self._first: dict[str, Variant] = {}

    def count(self, variant: Variant, reason: SkipReason | None, *, is_found: bool) -> None:
        """Add an allele with scores.

        Args:
            variant: the allele.
            reason: why it is in no gene; None if it is in one.
            is_found: whether it has consequences.
        """
        if is_found:
            self.n_found += 1
            return
        phrase = reason.phrase if reason else _OTHER_GENES
        self._left_out[phrase] += 1
        self._first.setdefault(phrase, variant)

    def __str__(self) -> str:
        """``12 alleles with consequences``, and a line for each reason why scored alleles have none."""
        lines = [f"{counted(self.n_found, 'alleles')} with consequences"]
        if self._left_out:
            lines[0] += f"; {counted(self._left_out.total(), 'alleles')} with scores and no consequences"
        width = len(f"{max(self._left_out.values(), default=0):,}")
        for phrase, n in self._left_out.items():
            chrom, pos, ref, alt, _ = self._first[phrase]
            lines.append(f"  {n:>{width},}  {phrase} (first: {chrom}:{pos} {shortened(ref)}>{shortened(alt)})")
        return "\n".join(lines)
