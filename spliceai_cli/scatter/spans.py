"""The part of a FASTA on which scores of some variants can depend, and its digest."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache

from spliceai_cli.genome.fasta import Reference
from spliceai_cli.plan.planner import Plan

# Normalizing looks at the bases before an indel, which may lie before its gene.
_MARGIN = 10_000
_READ_BYTES = 1 << 20


class Spans:
    """For each contig, the interval from the first to the last base that matters.

    To the networks, everything outside the sequences of a plan's jobs is N.

    Args:
        reference: the FASTA.

    Attributes:
        by_contig: contig, as the FASTA spells it -> start and end, 0-based half-open.
    """

    def __init__(self, reference: Reference) -> None:
        self._reference = reference
        self.by_contig: dict[str, list[int]] = {}

    def add(self, plans: Iterable[Plan]) -> None:
        """Add the bases that plans depend on."""
        for plan in plans:
            for job in plan.jobs:
                sequence = job.edit.sequence
                self._widen(sequence.chrom, sequence.span.start, sequence.span.end)
            if plan.fasta_bases and not plan.jobs:
                variant = plan.variant
                chrom = self._reference.contigs.find(variant.chrom)
                if chrom is not None:
                    self._widen(chrom, variant.pos - 1, variant.pos - 1 + len(variant.ref))

    def merge(self, other: Spans) -> None:
        """Add the bases of others."""
        for chrom, (start, end) in other.by_contig.items():
            self._widen(chrom, start, end)

    def _widen(self, chrom: str, start: int, end: int) -> None:
        first, last = max(0, start - _MARGIN), min(self._reference.lengths[chrom], end + _MARGIN)
        if chrom in self.by_contig:
            span = self.by_contig[chrom]
            span[0], span[1] = min(span[0], first), max(span[1], last)
        else:
            self.by_contig[chrom] = [first, last]


def bases_sha256(reference: Reference, spans: Mapping[str, Sequence[int]]) -> str:
    """Digest of the bases of some spans, in upper case.

    Raises:
        ReferenceGenomeError: the FASTA holds fewer bases than its index promises.
    """
    lines = (f"{chrom}:{_span_sha256(reference, chrom, *span)}\n" for chrom, span in sorted(spans.items()))
    return hashlib.sha256("".join(lines).encode()).hexdigest()


# With models that see the whole genome, all parts of a contig have the same span.
@lru_cache(maxsize=16)
def _span_sha256(reference: Reference, chrom: str, start: int, end: int) -> str:
    digest = hashlib.sha256(f"{start}-{end}\n".encode())
    for first in range(start, end, _READ_BYTES):
        digest.update(reference.read(chrom, first, min(first + _READ_BYTES, end)))
    return digest.hexdigest()


def contigs_sha256(reference: Reference) -> str:
    """Digest of the contigs of a FASTA, with their lengths."""
    return hashlib.sha256(json.dumps(reference.lengths).encode()).hexdigest()
