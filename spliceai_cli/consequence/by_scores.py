"""Events from four scores, by the rules of SAI-10k-calc.

Source: Canson et al. 2023, doi:10.1093/bioinformatics/btad179, and the thresholds of its current release. Of its
limits only those are kept that its rules need: all skipped exons are listed, and indels are read like SNVs.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from spliceai_cli.consequence.change import Change
from spliceai_cli.consequence.events import RETENTION, SKIPPING, Event, Events
from spliceai_cli.consequence.transcript import ACCEPTOR, DONOR, Transcript
from spliceai_cli.scores.effect import Effect
from spliceai_cli.settings.consequence import ConsequenceSettings


class Scored(NamedTuple):
    """One of the four scores, with two decimals as SAI-10k-calc reads them.

    Attributes:
        score: the score.
        pos: its REF position, transcript order.
        alt: probability of ALT there; None if unknown.
    """

    score: float
    pos: int
    alt: float | None


class Scores(NamedTuple):
    """The four scores of an allele on a transcript."""

    acceptor_gain: Scored
    acceptor_loss: Scored
    donor_gain: Scored
    donor_loss: Scored

    @classmethod
    def of(cls, effects: Mapping[str, Effect], transcript: Transcript, pos: int) -> Scores:
        """The scores by name, whose offsets count from POS, 1-based."""
        return cls(
            **{
                name: Scored(round(effect.score, 2), transcript.position(pos + effect.offset), effect.alt)
                for name, effect in effects.items()
            }
        )

    def gain(self, kind: str) -> Scored:
        """The gain of a kind of sites."""
        return self.acceptor_gain if kind == ACCEPTOR else self.donor_gain

    def loss(self, kind: str) -> Scored:
        """The loss of a kind of sites."""
        return self.acceptor_loss if kind == ACCEPTOR else self.donor_loss


def events_of_scores(
    transcript: Transcript, change: Change, scores: Scores, settings: ConsequenceSettings
) -> list[Event]:
    """The events that SAI-10k-calc's rules find, largest score first; that nothing changes if there are none."""
    rule = ScoreRules(transcript, change, scores, settings)
    found = [*rule.of_losses(), *rule.of_gains(), *rule.moved_ends()]
    return sorted(found, key=lambda event: -event.weight) or [rule.events.none()]


class ScoreRules:
    """The rules for one allele on one transcript."""

    def __init__(self, transcript: Transcript, change: Change, scores: Scores, settings: ConsequenceSettings) -> None:
        self.events = Events(transcript, change)
        self._transcript = transcript
        self._change = change
        self._scores = scores
        self._settings = settings
        self._exon, self._distance = transcript.nearest_exon(change.replaced)

    def of_losses(self) -> Iterator[Event]:
        """An acceptor lost before a donor: exons are skipped. After it: the intron between them stays."""
        acceptor, donor = self._scores.acceptor_loss, self._scores.donor_loss
        if self._distance > self._settings.near_exon or not self._is_pair(acceptor, donor):
            return
        weight = max(acceptor.score, donor.score)
        exons = self._transcript.exons
        if acceptor.pos < donor.pos:
            first = next((k for k, exon in enumerate(exons) if exon.start == acceptor.pos), None)
            last = next((k for k, exon in enumerate(exons) if exon.end - 1 == donor.pos), None)
            if first is None or last is None:
                yield Event(SKIPPING, weight, self._exon, self._exon, None, donor.pos - acceptor.pos + 1)
            else:
                yield self.events.skipping(first, last, weight)
            return
        intron = self._transcript.donors.get(donor.pos)
        if intron is not None and self._transcript.acceptors.get(acceptor.pos) == intron + 1:
            if self.events.has_intron(intron):
                yield self.events.retention(intron, weight)
        else:
            yield Event(RETENTION, weight, self._exon, self._exon, None, acceptor.pos - donor.pos - 1)

    def of_gains(self) -> Iterator[Event]:
        """An acceptor gained before a donor: a new exon within an intron, or an annotated one that gains."""
        acceptor, donor = self._scores.acceptor_gain, self._scores.donor_gain
        if not self.gained_size():
            return
        weight, settings = max(acceptor.score, donor.score), self._settings
        for intron, (start, end) in enumerate(self._transcript.introns):
            margin = settings.intron_margin
            is_inside = start + margin < acceptor.pos and donor.pos < end - 1 - margin
            is_sized = settings.min_exon <= donor.pos - acceptor.pos + 1 <= settings.max_exon
            first, last = self._change.to_alt(acceptor.pos), self._change.to_alt(donor.pos)
            is_far = self._distance > settings.near_exon
            if is_inside and is_sized and is_far and first is not None and last is not None:
                yield self.events.pseudoexon(intron, first, last, weight)
        for k, exon in enumerate(self._transcript.exons):
            if (exon.start, exon.end - 1) == (acceptor.pos, donor.pos):
                yield self.events.inclusion(k, weight)

    def moved_ends(self) -> Iterator[Event]:
        """The end of the nearest exon that a gained site moves."""
        n_added = {kind: self.n_added(kind) for kind in (ACCEPTOR, DONOR)}
        for kind, n in n_added.items():
            is_longer = 0 < n <= self._settings.max_retained and self._distance <= self._settings.max_retained
            is_shorter = -self._transcript.exons[self._exon].length < n < 0 and (
                self._distance <= self._settings.near_exon
            )
            pos = self._change.to_alt(self._scores.gain(kind).pos)
            if (is_longer or is_shorter) and pos is not None and self.events.has_exon(self._exon):
                yield self.events.moved(kind, self._exon, pos, self._scores.gain(kind).score)

    def n_added(self, kind: str) -> int:
        """Bases that the gained site of a kind adds to the nearest exon, negative if it takes some; 0 if it is unused.

        A site beyond the exon's intron is not used, and neither is an acceptor for the first exon or a donor for the
        last.
        """
        exons, pos = self._transcript.exons, self._scores.gain(kind).pos
        other = self._exon - 1 if kind == ACCEPTOR else self._exon + 1
        if not 0 <= other < len(exons) or not self._is_active(kind):
            return 0
        if kind == ACCEPTOR:
            return exons[self._exon].start - pos if pos >= exons[other].end else 0
        return pos - (exons[self._exon].end - 1) if pos < exons[other].start else 0

    def _is_active(self, kind: str) -> bool:
        """Whether the gained site of a kind is taken as a new end of the nearest exon."""
        gain, rival = self._scores.gain(kind), self._scores.gain(DONOR if kind == ACCEPTOR else ACCEPTOR)
        if not self._settings.uses_probabilities:
            return gain.score >= self._settings.min_gain and gain.score > rival.score
        exon = self._transcript.exons[self._exon]
        own = {ACCEPTOR: exon.start, DONOR: exon.end - 1}
        other = DONOR if kind == ACCEPTOR else ACCEPTOR
        if gain.pos == own[kind]:
            return False
        return self._is_strong(kind) and (rival.pos == own[other] or gain.score > rival.score)

    def _is_strong(self, kind: str) -> bool:
        """Whether ALT uses the gained site of a kind rather than the lost one; False if probabilities are unknown."""
        gain, loss, settings = self._scores.gain(kind), self._scores.loss(kind), self._settings
        if gain.alt is None or loss.alt is None:
            return False
        excess = gain.alt - loss.alt
        if gain.score >= settings.min_gain:
            return excess > settings.least_alt_excess
        is_partner_lost = loss.score > settings.min_partner_loss
        return is_partner_lost and gain.alt >= settings.min_alt and excess >= settings.min_alt_excess

    def gained_size(self) -> int:
        """Bases from a gained acceptor to a gained donor; 0 if they are not a pair in this order."""
        acceptor, donor = self._scores.acceptor_gain, self._scores.donor_gain
        is_exon = acceptor.pos < donor.pos and self._is_pair(acceptor, donor)
        return donor.pos - acceptor.pos + 1 if is_exon else 0

    def is_retained(self) -> bool:
        """Whether the lost sites are a pair in the order of a retained intron, wherever the variant lies."""
        acceptor, donor = self._scores.acceptor_loss, self._scores.donor_loss
        return acceptor.pos >= donor.pos and self._is_pair(acceptor, donor)

    def _is_pair(self, one: Scored, two: Scored) -> bool:
        smaller, larger = sorted((one.score, two.score))
        return smaller >= self._settings.min_pair and larger >= self._settings.max_pair
