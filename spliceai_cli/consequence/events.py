"""Splicing events: what differs between a predicted chain of exons and the annotated one."""

from __future__ import annotations

from typing import NamedTuple

from spliceai_cli.consequence.change import Change
from spliceai_cli.consequence.transcript import ACCEPTOR, DONOR, Transcript
from spliceai_cli.genome.coords import Interval

#: Kinds of events.
SKIPPING = "exon_skipping"
RETENTION = "intron_retention"
PARTIAL_RETENTION = "partial_intron_retention"
PARTIAL_DELETION = "partial_exon_deletion"
PSEUDOEXON = "pseudoexon"
INCLUSION = "increased_exon_inclusion"
FIRST_LOST = "first_exon_donor_loss"
LAST_LOST = "last_exon_acceptor_loss"
NO_EFFECT = "no_effect"


class Event(NamedTuple):
    """A splicing event.

    Attributes:
        kind: one of the kinds above.
        weight: support for it, 0 to 1.
        first, last: exons that it touches, counted from 0; for a retained intron and a pseudoexon, the exon before it.
        chain: exons of the predicted transcript in ALT, transcript order; None if it cannot be said.
        size: bases that the event adds or removes, of ALT; of REF for exons that are left out; 0 if none.
        sites: the sites that are used instead, each its kind and its base in ALT.
    """

    kind: str
    weight: float
    first: int
    last: int
    chain: tuple[Interval, ...] | None
    size: int = 0
    sites: tuple[tuple[str, int], ...] = ()


class Events:
    """Makes the events of an allele on a transcript.

    Args:
        transcript: the annotated transcript.
        change: the allele.

    Attributes:
        chain: the annotated exons in ALT.
    """

    def __init__(self, transcript: Transcript, change: Change) -> None:
        self.transcript = transcript
        self.change = change
        self.chain = transcript.in_alt(change)

    def has_exon(self, exon: int) -> bool:
        """Whether the allele leaves a base of an exon."""
        return self.chain[exon].length > 0

    def has_intron(self, intron: int) -> bool:
        """Whether the allele leaves an intron between two exons."""
        return self.has_exon(intron) and self.has_exon(intron + 1) and self._gap(intron) > 0

    def none(self, weight: float = 0.0) -> Event:
        """The annotated chain."""
        return Event(NO_EFFECT, weight, 0, 0, self.chain)

    def skipping(self, first: int, last: int, weight: float) -> Event:
        """The exons from ``first`` to ``last`` are left out."""
        size = sum(exon.length for exon in self.transcript.exons[first : last + 1])
        return Event(SKIPPING, weight, first, last, self.chain[:first] + self.chain[last + 1 :], size)

    def retention(self, intron: int, weight: float) -> Event:
        """An intron stays in the transcript."""
        joined = Interval(self.chain[intron].start, self.chain[intron + 1].end)
        chain = (*self.chain[:intron], joined, *self.chain[intron + 2 :])
        return Event(RETENTION, weight, intron, intron, chain, self._gap(intron))

    def moved(self, kind: str, exon: int, pos: int, weight: float) -> Event:
        """An exon begins or ends at another site.

        Args:
            kind: ``ACCEPTOR`` or ``DONOR``.
            exon: the exon.
            pos: the site's base in ALT; it leaves the exon at least one base.
            weight: support for it.
        """
        old = self.chain[exon]
        new = Interval(pos, old.end) if kind == ACCEPTOR else Interval(old.start, pos + 1)
        n_more = new.length - old.length
        event = PARTIAL_RETENTION if n_more > 0 else PARTIAL_DELETION
        chain = (*self.chain[:exon], new, *self.chain[exon + 1 :])
        return Event(event, weight, exon, exon, chain, abs(n_more), ((kind, pos),))

    def pseudoexon(self, intron: int, acceptor: int, donor: int, weight: float) -> Event:
        """A new exon within an intron."""
        new = Interval(acceptor, donor + 1)
        chain = (*self.chain[: intron + 1], new, *self.chain[intron + 1 :])
        sites = ((ACCEPTOR, acceptor), (DONOR, donor))
        return Event(PSEUDOEXON, weight, intron, intron, chain, new.length, sites)

    def inclusion(self, exon: int, weight: float) -> Event:
        """An annotated exon is used more often: the annotated chain gains."""
        return Event(INCLUSION, weight, exon, exon, self.chain, self.transcript.exons[exon].length)

    def end_lost(self, kind: str, weight: float) -> Event:
        """The donor of the first exon or the acceptor of the last is lost, and nothing is seen in its place."""
        exon = 0 if kind == DONOR else len(self.chain) - 1
        return Event(FIRST_LOST if kind == DONOR else LAST_LOST, weight, exon, exon, None)

    def _gap(self, intron: int) -> int:
        return self.chain[intron + 1].start - self.chain[intron].end
