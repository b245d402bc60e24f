"""The rule of ``profile`` as ``docs/consequences.md`` states it, step by step; it imports nothing of ours.

Positions are in transcript order. Exons are counted from 0, as (first base, last base).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

ACCEPTOR, DONOR = "acceptor", "donor"


@dataclass
class Allele:
    """An allele on a transcript.

    Attributes:
        exons: annotated exons on REF.
        start, n_replaced, n_inserted: the change: first replaced base, and how many are exchanged for how many.
        ref, alt: kind of site -> probability of every base.
    """

    exons: list[tuple[int, int]]
    start: int
    n_replaced: int
    n_inserted: int
    ref: dict[str, list[float]]
    alt: dict[str, list[float]]

    def to_alt(self, pos: int) -> int | None:
        if pos < self.start:
            return pos
        if pos >= self.start + self.n_replaced:
            return pos + self.n_inserted - self.n_replaced
        return pos if pos < self.start + self.n_inserted else None

    def to_ref(self, pos: int) -> int | None:
        return next((p for p in range(len(self.ref[ACCEPTOR])) if self.to_alt(p) == pos), None)

    def own(self, kind: str, exon: int) -> tuple[float, float] | None:
        """REF and ALT of an own site; None if the exon has none, or the allele deletes its whole intron."""
        if not self.has_site(kind, exon) or self.is_joined(kind, exon):
            return None
        first, last = self.exons[exon]
        left = [self.to_alt(p) for p in range(first, last + 1) if self.to_alt(p) is not None]
        at = first if kind == ACCEPTOR else last
        alt = self.alt[kind][left[0] if kind == ACCEPTOR else left[-1]] if left else 0.0
        return self.ref[kind][at], alt

    def has_site(self, kind: str, exon: int) -> bool:
        """Whether the annotation has this site."""
        return 0 <= exon < len(self.exons) and exon != (0 if kind == ACCEPTOR else len(self.exons) - 1)

    def is_left(self, exon: int) -> bool:
        first, last = self.in_alt(exon)
        return first <= last

    def is_joined(self, kind: str, exon: int) -> bool:
        """Whether nothing is left of the intron beside a site, so that two exons are one."""
        left = [self.in_alt(k) for k in range(len(self.exons)) if self.is_left(k)]
        first, last = self.in_alt(exon)
        beside = {end + 1 for _, end in left} if kind == ACCEPTOR else {start for start, _ in left}
        return self.is_left(exon) and (first if kind == ACCEPTOR else last + 1) in beside

    def in_alt(self, exon: int) -> tuple[int, int]:
        """First and last base of an exon in ALT; the last is before the first if all of it is deleted."""
        left = [self.to_alt(p) for p in range(self.exons[exon][0], self.exons[exon][1] + 1)]
        left = [p for p in left if p is not None]
        return (left[0], left[-1]) if left else (self.start, self.start - 1)


def rule(allele: Allele, thresholds: dict[str, float]) -> list[tuple[tuple, float]]:
    """Events with their weights: (kind, first exon, last exon, new sites)."""
    steps = _Rule(allele, thresholds)
    steps.own_sites_that_weaken()
    steps.exons_that_weaken_as_a_whole()
    steps.pseudoexons()
    steps.moved_ends_and_inclusion()
    return steps.reported()


class _Rule:
    """The steps; ``events`` has the largest weight of each event."""

    def __init__(self, allele: Allele, thresholds: dict[str, float]) -> None:
        self.a, self.t = allele, thresholds
        self.last = len(allele.exons) - 1
        self.inner = range(1, self.last)
        self.events: dict[tuple, float] = {}
        self.paired: set[tuple] = set()
        a = allele
        self.others = [
            (kind, pos, a.ref[kind][a.to_ref(pos)] if a.to_ref(pos) is not None else 0.0, p)
            for kind in (ACCEPTOR, DONOR)
            for pos, p in enumerate(a.alt[kind])
            if p >= thresholds["min_site"] and pos not in self.own_places(kind)
        ]

    def add(self, event, weight):
        self.events[event] = max(self.events.get(event, 0.0), weight)

    def change(self, kind, exon):
        own = self.a.own(kind, exon)
        return own[1] - own[0] if own else 0.0

    def loss(self, kind, exon):
        return max(0.0, -self.change(kind, exon))

    def own_places(self, kind):
        """Bases in ALT at which own sites stand."""
        ends = [self.a.in_alt(exon) for exon in range(self.last + 1) if self.a.has_site(kind, exon)]
        return {end[0] if kind == ACCEPTOR else end[1] for end in ends if end[0] <= end[1]}

    def instead(self, kind, exon):
        """Other sites that can be used instead of an own site."""
        if not self.a.has_site(kind, exon) or not self.a.is_left(exon):
            return []
        first, end = self.a.in_alt(exon)
        if kind == ACCEPTOR:
            low, high = max(first - self.t["max_retained"], self.a.in_alt(exon - 1)[1] + 1), end
        else:
            low, high = first, min(end + self.t["max_retained"], self.a.in_alt(exon + 1)[0] - 1)
        return [site for site in self.others if site[0] == kind and low <= site[1] <= high]

    def taken(self, kind, exon):
        sites = self.instead(kind, exon)
        return sum(max(alt - ref, 0.0, self.loss(kind, exon) * alt) for _, _, ref, alt in sites)

    def largest_loss(self, kind, lower, upper):
        """The largest loss of a kind of sites, own or other, on the REF bases from lower to upper."""
        a, found = self.a, [0.0]
        at = {a.exons[k][0 if kind == ACCEPTOR else 1]: k for k in range(self.last + 1) if a.has_site(kind, k)}
        for pos in range(lower, upper + 1):
            if pos in at and a.is_joined(kind, at[pos]):
                continue
            there = a.to_alt(pos)
            alt = a.own(kind, at[pos])[1] if pos in at else 0.0 if there is None else a.alt[kind][there]
            found.append(a.ref[kind][pos] - alt)
        return max(found) if max(found) >= self.t["min_site"] else 0.0

    def moved(self, site, exon):
        first, end = self.a.in_alt(exon)
        is_longer = site[1] < first if site[0] == ACCEPTOR else site[1] > end
        kind = "partial_intron_retention" if is_longer else "partial_exon_deletion"
        return kind, exon, exon, ((site[0], site[1]),)

    def partners(self, kind, exon):
        """E and I."""
        exons = self.a.exons
        if kind == DONOR:
            partner, before, beyond = ACCEPTOR, exon - 1, exon + 1
            across_exon = (exons[before][1] + 1, exons[exon][1])
            across_intron = (exons[exon][1] + 1, exons[beyond][1])
        else:
            partner, before, beyond = DONOR, exon + 1, exon - 1
            across_exon = (exons[exon][0], exons[before][0] - 1) if before <= self.last else None
            across_intron = (exons[beyond][0], exons[exon][0] - 1)
        e = 0.0
        if exon in self.inner:
            retained = max(0.0, self.loss(kind, before) - self.loss(partner, before))
            e = self.largest_loss(partner, *across_exon) - retained
        i = self.largest_loss(partner, *across_intron) - self.loss(kind, beyond)
        return max(0.0, e), max(0.0, i)

    def ways(self, kind, exon, lost):
        e, i = self.partners(kind, exon)
        rest = self.t["rest_factor"] * max(0.0, lost - self.taken(kind, exon))
        found = [(self.moved(site, exon), site[3]) for site in self.instead(kind, exon)]
        intron = exon if kind == DONOR else exon - 1
        if i and self.is_left(intron):
            retained = max(self.t["pair_factor"] * i, rest * i / (e + i))
            found.append((("intron_retention", intron, intron, ()), retained))
        if exon in self.inner:
            skipped = max(self.t["pair_factor"] * e, rest * e / (e + i)) if e + i else rest
            found.append((("exon_skipping", exon, exon, ()), skipped))
        return found

    def is_left(self, intron):
        a = self.a
        return a.is_left(intron) and a.is_left(intron + 1) and not a.is_joined(DONOR, intron)

    def own_sites_that_weaken(self):
        for kind in (ACCEPTOR, DONOR):
            for exon in range(self.last + 1):
                lost = self.loss(kind, exon)
                if self.a.own(kind, exon) is None or lost < self.t["min_pair"]:
                    continue
                ways = self.ways(kind, exon, lost)
                total = sum(evidence for _, evidence in ways)
                for event, evidence in ways:
                    if evidence:
                        self.add(event, lost * evidence / total)
                if not total:
                    ends = {0: "first_exon_donor_loss", self.last: "last_exon_acceptor_loss"}
                    self.add((ends.get(exon, "exon_skipping"), exon, exon, ()), lost)

    def exons_that_weaken_as_a_whole(self):
        for exon in self.inner:
            if max(self.loss(ACCEPTOR, exon), self.loss(DONOR, exon)) >= self.t["max_pair"]:
                continue
            pairs = [self.a.own(ACCEPTOR, exon), self.a.own(DONOR, exon)]
            if None in pairs:
                continue
            dlogit = sum(logit(alt) - logit(ref) for ref, alt in pairs)
            odds = self.t["ref_inclusion"] / (1 - self.t["ref_inclusion"]) * math.exp(dlogit)
            skipped = self.t["ref_inclusion"] - odds / (1 + odds)
            weight = min(ref for ref, _ in pairs) * skipped - self.taken(ACCEPTOR, exon) - self.taken(DONOR, exon)
            if dlogit < 0 and weight >= self.t["min_pair"]:
                self.add(("exon_skipping", exon, exon, ()), weight)

    def pseudoexons(self):
        margin = self.t["intron_margin"]
        for intron in range(self.last):
            left, right = self.a.in_alt(intron)[1], self.a.in_alt(intron + 1)[0]
            inside = [site for site in self.others if site[1] - left - 1 > margin and right - site[1] - 1 > margin]
            found = [(one[3] * two[3], one, two) for one in inside for two in inside if self.is_exon(one, two)]
            for _, one, two in sorted(found, reverse=True):
                if one not in self.paired and two not in self.paired:
                    self.paired |= {one, two}
                    sites = ((ACCEPTOR, one[1]), (DONOR, two[1]))
                    self.add(("pseudoexon", intron, intron, sites), max(one[3] - one[2], two[3] - two[2]))

    def is_exon(self, one, two):
        is_long = self.t["min_exon"] <= two[1] - one[1] + 1 <= self.t["max_exon"]
        return (one[0], two[0]) == (ACCEPTOR, DONOR) and is_long and self.is_pair(one[3] - one[2], two[3] - two[2])

    def is_pair(self, *gains):
        return min(gains) >= self.t["min_pair"] and max(gains) >= self.t["max_pair"]

    def moved_ends_and_inclusion(self):
        for kind in (ACCEPTOR, DONOR):
            for exon in range(self.last + 1):
                for site in self.instead(kind, exon):
                    gain = site[3] - site[2]
                    if gain >= self.t["min_gain"] and site not in self.paired:
                        self.add(self.moved(site, exon), max(0.0, gain - self.loss(kind, exon)))
        for exon in self.inner:
            gains = self.change(ACCEPTOR, exon), self.change(DONOR, exon)
            if self.is_pair(*gains):
                self.add(("increased_exon_inclusion", exon, exon, ()), max(gains))

    def reported(self):
        skips = {event[1]: weight for event, weight in self.events.items() if event[0] == "exon_skipping"}
        runs: list[list[int]] = []
        for exon in sorted(exon for exon, weight in skips.items() if weight >= self.t["max_pair"]):
            if runs and exon == runs[-1][-1] + 1:
                runs[-1].append(exon)
            else:
                runs.append([exon])
        for run in runs:
            if len(run) > 1:
                smallest = min(skips[exon] for exon in run)
                for exon in run:
                    self.events["exon_skipping", exon, exon, ()] -= smallest
                self.events["exon_skipping", run[0], run[-1], ()] = smallest
        largest = max(self.events.values(), default=0.0)
        if largest < self.t["min_largest"]:
            return [(("no_effect", 0, 0, ()), largest)]
        reported = [(event, weight) for event, weight in self.events.items() if weight >= self.t["min_weight"]]
        return sorted(reported, key=lambda pair: -pair[1])


def logit(p: float) -> float:
    return math.log((p + 0.001) / (1 - p + 0.001))
