"""HGVS descriptions of predicted transcripts."""

from __future__ import annotations

from spliceai_cli.consequence.change import Change
from spliceai_cli.consequence.events import (
    INCLUSION,
    NO_EFFECT,
    PARTIAL_DELETION,
    PARTIAL_RETENTION,
    PSEUDOEXON,
    RETENTION,
    SKIPPING,
    Event,
)
from spliceai_cli.consequence.sequence import Spliced
from spliceai_cli.consequence.transcript import ACCEPTOR, Transcript

#: Splicing changes, and how cannot be said.
NOT_KNOWN = "r.(spl?)"


class RnaNames:
    """Names the bases of a transcript as HGVS does: from the start codon, or from the first base if it has none.

    Args:
        transcript: the annotated transcript.
        spliced: its sequence.
    """

    def __init__(self, transcript: Transcript, spliced: Spliced) -> None:
        self._transcript = transcript
        self._spliced = spliced
        coding = transcript.coding
        self._start = spliced.index(coding.start) if coding else 0
        self._end = spliced.index(coding.end - 1) if coding else None

    def name(self, pos: int) -> str:
        """The name of a base; intronic bases count from the nearer exon, the upstream one in a tie."""
        exons = self._transcript.exons
        intron = self._transcript.intron_with(pos)
        if intron is None:
            return self._exonic(pos)
        after, before = pos - (exons[intron].end - 1), exons[intron + 1].start - pos
        if after <= before:
            return f"{self._exonic(exons[intron].end - 1)}+{after}"
        return f"{self._exonic(exons[intron + 1].start)}-{before}"

    def span(self, start: int, end: int) -> str:
        """The name of the bases ``start`` to ``end``, half-open."""
        return self.name(start) if end - start == 1 else f"{self.name(start)}_{self.name(end - 1)}"

    def junction(self, end: int) -> str:
        """The names of the last base of the exon that ends at ``end``, and of the base after it in the transcript."""
        exon = next(k for k, exon in enumerate(self._transcript.exons) if exon.end == end)
        return f"{self._exonic(end - 1)}_{self._exonic(self._transcript.exons[exon + 1].start)}"

    def moved_right(self, start: int, end: int, limit: int) -> tuple[int, int]:
        """Move a deletion as far downstream as the same sequence allows, but not beyond ``limit``."""
        while end < limit and self._base(start) == self._base(end):
            start, end = start + 1, end + 1
        return start, end

    def _base(self, pos: int) -> str:
        at = self._spliced.index(pos)
        return "" if at is None else self._spliced.bases[at]

    def _exonic(self, pos: int) -> str:
        at = self._spliced.index(pos)
        if at is None or self._start is None:
            raise ValueError(pos)
        if self._end is not None and at > self._end:
            return f"*{at - self._end}"
        return str(at - self._start + 1 if at >= self._start else at - self._start)


def describe_rna(event: Event, transcript: Transcript, change: Change, names: RnaNames) -> str:
    """The splicing of a predicted transcript, without the allele's own change; empty if splicing does not change.

    Args:
        event: the event.
        transcript: the annotated transcript.
        change: the allele.
        names: names of the transcript's bases.
    """
    if event.kind in (NO_EFFECT, INCLUSION):
        return ""
    sites = [change.to_ref(pos) for _, pos in event.sites]
    if event.chain is None or None in sites:
        return NOT_KNOWN
    text = _described(event, transcript, [pos for pos in sites if pos is not None], names)
    return f"r.({text})" if text else NOT_KNOWN


def _described(event: Event, transcript: Transcript, sites: list[int], names: RnaNames) -> str:
    exons, exon = transcript.exons, transcript.exons[event.first]
    if event.kind == SKIPPING:
        return f"{names.span(exon.start, exons[event.last].end)}del"
    if event.kind == RETENTION:
        return _inserted(names, exon.end, exon.end, exons[event.first + 1].start)
    if event.kind == PSEUDOEXON:
        acceptor, donor = sites
        return _inserted(names, exon.end, acceptor, donor + 1)
    kind, pos = event.sites[0][0], sites[0]
    if event.kind == PARTIAL_DELETION and kind == ACCEPTOR:
        return f"{names.span(*names.moved_right(exon.start, pos, exon.end))}del"
    if event.kind == PARTIAL_DELETION:
        # Not moved: the next base belongs to another exon, across which HGVS does not shift.
        return f"{names.span(pos + 1, exon.end)}del"
    if event.kind == PARTIAL_RETENTION and kind == ACCEPTOR:
        return _inserted(names, exons[event.first - 1].end, pos, exon.start) if event.first else ""
    if event.kind == PARTIAL_RETENTION:
        return _inserted(names, exon.end, exon.end, pos + 1)
    return ""


def _inserted(names: RnaNames, end: int, start: int, stop: int) -> str:
    """Bases ``start`` to ``stop`` between the exon that ends at ``end`` and the next."""
    return f"{names.junction(end)}ins{names.span(start, stop)}"
