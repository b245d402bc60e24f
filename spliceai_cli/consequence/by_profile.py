"""Events from a whole profile, by the rule that ``docs/consequences.md`` states in full."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import NamedTuple

from spliceai_cli.consequence.events import SKIPPING, Event, Events
from spliceai_cli.consequence.inclusion import inclusion, less_included
from spliceai_cli.consequence.support import UNSEEN, Candidate, Support
from spliceai_cli.consequence.transcript import ACCEPTOR, DONOR
from spliceai_cli.settings.consequence import ConsequenceSettings


class _Way(NamedTuple):
    """One way in which the use of a broken site can go on.

    Attributes:
        event: makes the event, given its weight.
        evidence: how strongly the profile supports it.
    """

    event: Event
    evidence: float


def events_of_profile(support: Support, settings: ConsequenceSettings) -> list[Event]:
    """The events that a profile supports, largest weight first; that nothing changes if there are none.

    Every broken site shares its loss among the ways that ALT supports, in proportion to their evidence: sites used
    instead, skipping of its exon (sites across the exon weaken too), and retention of its intron (sites across the
    intron weaken, and the exon beyond does not). An exon whose sites both weaken a little is skipped by its log-odds.
    Sites that are gained without a loss count with their gain.
    """
    rule = _Rule(support, settings)
    weights: dict[Event, float] = defaultdict(float)
    for event in (*rule.of_losses(), *rule.of_log_odds(), *rule.of_gains()):
        key = event._replace(weight=0.0)
        weights[key] = max(weights[key], event.weight)
    joined = rule.joined([event._replace(weight=weight) for event, weight in weights.items()])
    largest = max((event.weight for event in joined), default=0.0)
    if largest < settings.min_largest:
        return [rule.events.none(largest)]
    reported = (event for event in joined if event.weight >= settings.min_weight)
    # Rounded, so that the order of equal events does not hang on the last bits, which differ with the batch size.
    return sorted(reported, key=lambda event: -round(event.weight, 3))


class _Rule:
    """The rule for one allele on one transcript."""

    def __init__(self, support: Support, settings: ConsequenceSettings) -> None:
        self.support = support
        self.settings = settings
        self.events = Events(support.transcript, support.change)
        self._last = len(support.transcript.exons) - 1

    def of_losses(self) -> Iterator[Event]:
        """The events in which the transcript's broken sites result."""
        for (kind, exon), usage in self.support.own.items():
            if usage.loss < self.settings.min_pair:
                continue
            ways = [way for way in self._ways(kind, exon, usage.loss) if way.evidence > 0]
            total = sum(way.evidence for way in ways)
            for way in ways:
                yield way.event._replace(weight=usage.loss * way.evidence / total)
            if not ways:
                yield self._only_lost(kind, exon, usage.loss)

    def of_log_odds(self) -> Iterator[Event]:
        """Skipping of exons whose log-odds fall although no site of theirs loses much.

        Probabilities near 1 hide what both sites lose together. An exon counts as far as REF uses its weaker site, and
        what other sites take up is not skipping.
        """
        for exon in range(1, self._last) if self.support.has_probabilities else ():
            found = inclusion(self.support, exon)
            usages = {kind: self.support.own.get((kind, exon), UNSEEN) for kind in (ACCEPTOR, DONOR)}
            if found is None or max(usage.loss for usage in usages.values()) >= self.settings.max_pair:
                continue
            strength = min(usage.ref for usage in usages.values())
            taken = sum(self._taken(kind, exon, usage.loss) for kind, usage in usages.items())
            unexplained = strength * less_included(found[0], self.settings.ref_inclusion) - taken
            if unexplained >= self.settings.min_pair:
                yield self.events.skipping(exon, exon, unexplained)

    def of_gains(self) -> Iterator[Event]:
        """The events of sites that ALT gains, whatever it loses."""
        paired: set[Candidate] = set()
        for acceptor, donor, intron in self._pseudoexons():
            paired |= {acceptor, donor}
            weight = max(acceptor.usage.gain, donor.usage.gain)
            yield self.events.pseudoexon(intron, acceptor.pos, donor.pos, weight)
        for site in self.support.candidates:
            if site.usage.gain >= self.settings.min_gain and site not in paired:
                exon = self._exon_of(site)
                if exon is not None:
                    unexplained = site.usage.gain - self.support.loss(site.kind, exon)
                    yield self.events.moved(site.kind, exon, site.pos, max(0.0, unexplained))
        for exon in range(1, self._last):
            gains = self.support.gain(ACCEPTOR, exon), self.support.gain(DONOR, exon)
            if min(gains) >= self.settings.min_pair and max(gains) >= self.settings.max_pair:
                yield self.events.inclusion(exon, max(gains))

    def joined(self, events: list[Event]) -> list[Event]:
        """Neighbouring exons that are skipped together become one event; what one of them has more stays its own."""
        skips = {event.first: event for event in events if event.kind == SKIPPING}
        rest = [event for event in events if event.kind != SKIPPING]
        least = self.settings.max_pair
        while skips:
            first = last = min(skips)
            while last + 1 in skips and min(skips[last].weight, skips[last + 1].weight) >= least:
                last += 1
            run = [skips.pop(exon) for exon in range(first, last + 1)]
            shared = min(event.weight for event in run)
            if len(run) > 1:
                rest.append(self.events.skipping(first, last, shared))
                run = [event._replace(weight=event.weight - shared) for event in run]
            rest += run
        return rest

    def _ways(self, kind: str, exon: int, loss: float) -> Iterator[_Way]:
        """The ways in which the use of a broken site can go on."""
        for site in self._instead_of(kind, exon):
            yield _Way(self.events.moved(kind, exon, site.pos, 0.0), site.usage.alt)
        intron = exon if kind == DONOR else exon - 1
        retained, skipped = self._partner_losses(kind, exon)
        both = retained + skipped
        rest = self.settings.rest_factor * max(0.0, loss - self._taken(kind, exon, loss))
        if retained and self.events.has_intron(intron):
            evidence = max(self.settings.pair_factor * retained, rest * retained / both)
            yield _Way(self.events.retention(intron, 0.0), evidence)
        if 0 < exon < self._last:
            evidence = max(self.settings.pair_factor * skipped, rest * skipped / both if both else rest)
            yield _Way(self.events.skipping(exon, exon, 0.0), evidence)

    def _instead_of(self, kind: str, exon: int) -> list[Candidate]:
        """The other sites at which an exon could begin or end."""
        return [site for site in self.support.candidates if site.kind == kind and self._exon_of(site) == exon]

    def _taken(self, kind: str, exon: int, loss: float) -> float:
        """The part of a site's loss that other sites take up: what they gain, or their share of the loss."""
        usages = (site.usage for site in self._instead_of(kind, exon))
        return sum(max(usage.gain, loss * usage.alt) for usage in usages)

    def _partner_losses(self, kind: str, exon: int) -> tuple[float, float]:
        """How much the partners of a broken site weaken: across its intron, and across its exon.

        Across the intron, what both sites of the far exon lose together is skipping of that exon; across the exon,
        what the near exon loses only on this side is retention there. Neither counts.
        """
        other, step = (ACCEPTOR, 1) if kind == DONOR else (DONOR, -1)
        far, near = exon + step, exon - step
        across_intron = self._largest_loss_between(kind, min(exon, far)) - self.support.loss(kind, far)
        across_exon = 0.0
        if 0 < exon < self._last:
            retained_there = self.support.loss(kind, near) - self.support.loss(other, near)
            across_exon = self._largest_loss_between(kind, min(exon, near)) - max(0.0, retained_there)
        return max(0.0, across_intron), max(0.0, across_exon)

    def _largest_loss_between(self, kind: str, exon: int) -> float:
        """The largest loss of the other kind of sites between this kind's sites of an exon and of the next one."""
        one, two = self.support.transcript.exons[exon : exon + 2]
        if kind == DONOR:
            return self.support.largest_loss(ACCEPTOR, one.end, two.end)
        return self.support.largest_loss(DONOR, one.start, two.start)

    def _only_lost(self, kind: str, exon: int, loss: float) -> Event:
        """A broken site with nothing in its place: its exon is skipped, unless it is the first or the last."""
        if 0 < exon < self._last:
            return self.events.skipping(exon, exon, loss)
        return self.events.end_lost(kind, loss)

    def _exon_of(self, site: Candidate) -> int | None:
        """The exon that would end or begin at a site; None if that is too far, or leaves it no base."""
        chain = self.events.chain
        exons = range(1, len(chain)) if site.kind == ACCEPTOR else range(len(chain) - 1)
        for exon in filter(self.events.has_exon, exons):
            start, end = chain[exon]
            lower = chain[exon - 1].end if exon else start
            upper = chain[exon + 1].start if exon < self._last else end
            if site.kind == ACCEPTOR and max(lower, start - self.settings.max_retained) <= site.pos < end:
                return exon
            if site.kind == DONOR and start <= site.pos < min(upper, end + self.settings.max_retained):
                return exon
        return None

    def _pseudoexons(self) -> Iterator[tuple[Candidate, Candidate, int]]:
        """New exons: an acceptor, a donor and their intron; each donor with the best acceptor."""
        settings, margin = self.settings, self.settings.intron_margin
        for intron, (one, two) in enumerate(zip(self.events.chain, self.events.chain[1:], strict=False)):
            inside = [site for site in self.support.candidates if one.end + margin < site.pos < two.start - 1 - margin]
            pairs = [
                (acceptor, donor)
                for donor in inside
                if donor.kind == DONOR
                for acceptor in inside
                if acceptor.kind == ACCEPTOR
                and settings.min_exon <= donor.pos - acceptor.pos + 1 <= settings.max_exon
                and min(acceptor.usage.gain, donor.usage.gain) >= settings.min_pair
                and max(acceptor.usage.gain, donor.usage.gain) >= settings.max_pair
            ]
            used: set[Candidate] = set()
            for acceptor, donor in sorted(pairs, key=lambda pair: -pair[0].usage.alt * pair[1].usage.alt):
                if not used & {acceptor, donor}:
                    used |= {acceptor, donor}
                    yield acceptor, donor, intron
