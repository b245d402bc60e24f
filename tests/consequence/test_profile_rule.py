"""The profile method against its rule as ``docs/consequences.md`` states it."""

from __future__ import annotations

import random
from dataclasses import asdict

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.profile_rule import ACCEPTOR, DONOR, Allele, rule

from spliceai_cli.consequence.by_profile import events_of_profile
from spliceai_cli.consequence.change import Change
from spliceai_cli.consequence.support import Profiles, support_of_profiles
from spliceai_cli.consequence.transcript import Transcript
from spliceai_cli.genes.gene import Gene
from spliceai_cli.genome.coords import Interval
from spliceai_cli.settings.consequence import ConsequenceSettings

# Lengths that fit genes of a few hundred bases.
SMALL = {"min_exon": 5, "max_exon": 60, "max_retained": 20, "intron_margin": 4}


def events_of(allele, thresholds):
    """The program's events in the form of ``rule``."""
    n = len(allele.ref[ACCEPTOR])
    exons = tuple(Interval(first, last + 1) for first, last in allele.exons)
    transcript = Transcript.of(Gene("G", "1", "+", 0, n, exons))
    change = Change(Interval(allele.start, allele.start + allele.n_replaced), "A" * allele.n_inserted)
    ref, alt = (np.zeros((len(one[ACCEPTOR]), 3), np.float32) for one in (allele.ref, allele.alt))
    for values, profile in ((ref, allele.ref), (alt, allele.alt)):
        values[:, 1], values[:, 2] = profile[ACCEPTOR], profile[DONOR]
    support = support_of_profiles(transcript, change, Profiles(ref, alt, 0, 0), thresholds.min_site)
    found = events_of_profile(support, thresholds)
    return [((e.kind, e.first, e.last, e.sites), e.weight) for e in found]


@st.composite
def alleles(draw):
    """An allele on a gene of 2 to 6 exons: own sites of all strengths that change, other sites, perhaps a new exon."""
    lengths = draw(st.lists(st.integers(8, 60), min_size=3, max_size=11).filter(lambda n: len(n) % 2))
    rng = random.Random(draw(st.integers(0, 10**9)))
    borders = [sum(lengths[:i]) for i in range(len(lengths) + 1)]
    exons = [(borders[i], borders[i + 1] - 1) for i in range(0, len(lengths), 2)]
    n = borders[-1]
    start = draw(st.integers(0, n - 1))
    n_replaced, n_inserted = draw(st.integers(0, min(20, n - start))), draw(st.integers(0, 20))
    ref = {kind: [0.0] * n for kind in (ACCEPTOR, DONOR)}
    alt = {kind: [0.0] * (n + n_inserted - n_replaced) for kind in (ACCEPTOR, DONOR)}
    allele = Allele(exons, start, n_replaced, n_inserted, ref, alt)
    weak = draw(st.booleans())
    places = [(ACCEPTOR, first) for first, _ in exons[1:]] + [(DONOR, last) for _, last in exons[:-1]]
    places += [(rng.choice((ACCEPTOR, DONOR)), rng.randrange(n)) for _ in range(draw(st.integers(0, 5)))]
    for kind, pos in places:
        ref[kind][pos] = rng.random() / 3 if weak else rng.choice((rng.random(), 1 - rng.random() / 10))
        there = allele.to_alt(pos)
        if there is not None:
            alt[kind][there] = rng.choice((ref[kind][pos], rng.random(), rng.random() / 10, ref[kind][pos] * 0.95))
    before, after = rng.choice(list(zip(exons, exons[1:], strict=False)))
    for kind in draw(st.sampled_from([(), (ACCEPTOR, DONOR), (ACCEPTOR, DONOR, DONOR)])):
        there = allele.to_alt(rng.randrange(before[1] + 1, after[0]))
        if there is not None:
            alt[kind][there] = rng.random()
    for _ in range(draw(st.integers(0, 5))):
        kind = rng.choice((ACCEPTOR, DONOR))
        alt[kind][rng.randrange(len(alt[kind]))] = rng.random()
    # As the networks give them.
    for profile in (ref, alt):
        for kind in profile:
            profile[kind] = [float(np.float32(p)) for p in profile[kind]]
    return allele


@given(alleles(), st.sampled_from([0.01, 0.1]), st.sampled_from([(4.5, 0.5), (1.0, 2.0), (3.0, 0.0)]))
@settings(deadline=None, max_examples=300)
def test_events__are_those_of_the_rule_as_it_is_written(allele, min_site, factors):
    pair_factor, rest_factor = factors
    thresholds = ConsequenceSettings(**SMALL, min_site=min_site, pair_factor=pair_factor, rest_factor=rest_factor)
    found, expected = events_of(allele, thresholds), rule(allele, asdict(thresholds))
    assert dict(found).keys() == dict(expected).keys()
    assert dict(found) == pytest.approx(dict(expected), abs=1e-6)
    weights = [round(weight, 3) for _, weight in found]
    assert weights == sorted(weights, reverse=True)


# The gene of the page's drawings: every own site has 0.9. Positions of the own sites by exon.
EXONS = [(0, 59), (160, 219), (320, 379), (480, 539)]
OWN = {ACCEPTOR: {2: 160, 3: 320, 4: 480}, DONOR: {1: 59, 2: 219, 3: 379}}


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        (
            {(DONOR, 219): 0.0, (DONOR, 199): 0.6, (DONOR, 239): 0.3, (ACCEPTOR, 160): 0.8},
            [("partial_exon_deletion", 0.40), ("exon_skipping", 0.30), ("partial_intron_retention", 0.20)],
        ),
        ({(DONOR, 219): 0.0, (ACCEPTOR, 320): 0.1}, [("intron_retention", 0.90)]),
        ({(DONOR, 219): 0.2}, [("exon_skipping", 0.70)]),
        (
            {(DONOR, 219): 0.0, (ACCEPTOR, 160): 0.3, (ACCEPTOR, 320): 0.8},
            [("exon_skipping", 0.77), ("intron_retention", 0.13)],
        ),
        ({(ACCEPTOR, 120): 0.5, (DONOR, 140): 0.6}, [("pseudoexon", 0.60)]),
    ],
    ids=["A", "B", "C", "D", "pseudoexon"],
)
def test_examples_of_the_page(changed, expected):
    ref = {kind: [0.0] * 540 for kind in OWN}
    for kind, sites in OWN.items():
        for pos in sites.values():
            ref[kind][pos] = 0.9
    alt = {kind: list(values) for kind, values in ref.items()}
    for (kind, pos), probability in changed.items():
        alt[kind][pos] = probability
    allele = Allele(EXONS, 200, 1, 1, ref, alt)
    thresholds = ConsequenceSettings(min_exon=20, intron_margin=10)
    for events in (events_of(allele, thresholds), rule(allele, asdict(thresholds))):
        assert [(event[0], round(weight, 2)) for event, weight in events] == expected
