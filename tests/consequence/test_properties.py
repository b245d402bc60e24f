"""Properties of predicted transcripts and proteins, on random genes."""

from __future__ import annotations

import random

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from spliceai_cli.consequence.by_profile import events_of_profile
from spliceai_cli.consequence.change import Change
from spliceai_cli.consequence.frame import read
from spliceai_cli.consequence.nmd import decay
from spliceai_cli.consequence.sequence import Spliced
from spliceai_cli.consequence.support import Profiles, support_of_profiles
from spliceai_cli.consequence.transcript import ACCEPTOR, DONOR, Transcript
from spliceai_cli.genes.gene import Gene
from spliceai_cli.genome.bases import encode
from spliceai_cli.genome.coords import Interval
from spliceai_cli.settings.consequence import ConsequenceSettings

LEAST = ConsequenceSettings().min_site

_CODE = {
    a + b + c: "FFLLSSSSYY**CC*WLLLLPPPPHHQQRRRRIIIMTTTTNNKKSSRRVVVVAAAADDEEGGGG"[16 * i + 4 * j + k]
    for i, a in enumerate("TCAG")
    for j, b in enumerate("TCAG")
    for k, c in enumerate("TCAG")
}


@st.composite
def genes(draw):
    """A gene of 2 to 6 exons whose coding part begins with ATG, and its bases."""
    lengths = draw(st.lists(st.integers(20, 90), min_size=3, max_size=11).filter(lambda n: len(n) % 2))
    rng = random.Random(draw(st.integers(0, 10**6)))
    exons, at = [], 0
    for i, length in enumerate(lengths):
        if i % 2 == 0:
            exons.append(Interval(at, at + length))
        at += length
    bases = rng.choices("ACGT", k=at)
    exonic = [pos for exon in exons for pos in range(*exon)]
    first = draw(st.integers(0, 9))
    last = draw(st.integers(first + 30, len(exonic)))
    for base, pos in zip("ATG", exonic[first:], strict=False):
        bases[pos] = base
    coding = Interval(exonic[first], exonic[last - 1] + 1)
    parts = (Interval(max(a, coding.start), min(b, coding.end)) for a, b in exons)
    gene = Gene("G", "1", "+", 0, at, tuple(exons), coding=tuple(p for p in parts if p.start < p.end))
    return gene, "".join(bases)


@st.composite
def changes(draw, length):
    start = draw(st.integers(0, length - 1))
    end = min(length, start + draw(st.integers(0, 12)))
    return Change(Interval(start, end), draw(st.text("ACGT", max_size=12)))


def codes_of(bases):
    return lambda span: encode(bases[span.start : span.end].encode())


def profiles_of(transcript, change, length, rng):
    """Random sites of REF on random bases, and the same of ALT wherever its bases are REF's."""
    ref = np.zeros((length, 3), np.float32)
    for column in (1, 2):
        for pos in rng.sample(range(length), 5):
            ref[pos, column] = rng.random()
    for kind, column in ((ACCEPTOR, 1), (DONOR, 2)):
        for pos in transcript.sites(kind):
            ref[pos, column] = 0.5 + rng.random() / 2
    alt = np.zeros((length + change.shift, 3), np.float32)
    for pos in range(len(alt)):
        at = change.to_ref(pos)
        if at is not None:
            alt[pos] = ref[at]
    return ref, alt


@given(genes(), st.integers(0, 10**6))
@settings(deadline=None)
def test_unchanged_profile__gives_the_annotated_chain(drawn, seed):
    gene, bases = drawn
    transcript, change = Transcript.of(gene), Change(Interval(5, 6), "A")
    ref, alt = profiles_of(transcript, change, len(bases), random.Random(seed))
    (event,) = events_of_profile(
        support_of_profiles(transcript, change, Profiles(ref, alt, 0, 0), LEAST), ConsequenceSettings()
    )
    assert (event.kind, event.chain) == ("no_effect", transcript.exons)


@given(genes(), st.data())
@settings(deadline=None)
def test_mirrored_gene__has_the_mirrored_events(drawn, data):
    """The same gene on the other strand: the events are the same, and their exons lie at the mirrored places."""
    gene, bases = drawn
    n = len(bases)
    mirrored = Gene(
        "G", "1", "-", 0, n,
        tuple(Interval(n - b, n - a) for a, b in reversed(gene.exons)),
        coding=tuple(Interval(n - b, n - a) for a, b in reversed(gene.coding)),
    )  # fmt: skip
    rng = random.Random(data.draw(st.integers(0, 10**6)))
    change = data.draw(changes(n))
    ref, alt = profiles_of(Transcript.of(gene), change, n, rng)
    for _ in range(6):
        alt[rng.randrange(len(alt)), rng.choice((1, 2))] = rng.random()
    turned = Change(Interval(change.replaced.start - n, change.replaced.end - n), change.inserted)
    found = [
        events_of_profile(
            support_of_profiles(transcript, allele, Profiles(ref, alt, first, first), LEAST), ConsequenceSettings()
        )
        for transcript, allele, first in ((Transcript.of(gene), change, 0), (Transcript.of(mirrored), turned, -n))
    ]
    for plus, minus in zip(*found, strict=True):
        assert plus[:4] == minus[:4]
        assert plus.size == minus.size
        if plus.chain is not None:
            assert [(a - n, b - n) for a, b in plus.chain] == list(minus.chain)
            # On the contig they are mirror images.
            transcripts = Transcript.of(gene), Transcript.of(mirrored)
            ends = [[t.genomic(pos) for _, pos in e.sites] for t, e in zip(transcripts, (plus, minus), strict=True)]
            assert [n + 1 - pos for pos in ends[0]] == ends[1]


@given(genes(), st.data())
@settings(deadline=None)
def test_frame__equals_translating_the_joined_sequence(drawn, data):
    gene, bases = drawn
    transcript = Transcript.of(gene)
    skipped = data.draw(st.integers(0, len(transcript.exons) - 1))
    change = data.draw(changes(len(bases)))
    chain = [change.span_to_alt(exon) for k, exon in enumerate(transcript.exons) if k != skipped]
    altered = bases[: change.replaced.start] + change.inserted + bases[change.replaced.end :]
    ref, alt = Spliced.of(transcript.exons, codes_of(bases)), Spliced.of(chain, codes_of(altered))
    reading = read(ref, alt, transcript.coding, 0, change)
    joined = "".join(altered[a:b] for a, b in chain)
    first = change.to_alt(transcript.coding.start)
    before = "".join(altered[a : min(b, first)] for a, b in chain if a < first) if first is not None else ""
    is_there = first is not None and any(a <= first < b for a, b in chain)
    if not is_there or joined[len(before) : len(before) + 3] != "ATG":
        assert reading.frame == "start_lost"
        return
    protein = ""
    for i in range(len(before), len(joined) - 2, 3):
        protein += _CODE[joined[i : i + 3]]
        if protein.endswith("*"):
            break
    assert reading.alt == protein
    assert (reading.frame == "unchanged") == (protein == reading.ref)


@given(genes(), st.data())
@settings(deadline=None)
def test_nmd__agrees_with_its_definition(drawn, data):
    gene, bases = drawn
    transcript = Transcript.of(gene)
    skipped = data.draw(st.integers(0, len(transcript.exons) - 1))
    change = Change(Interval(0, 0), "")
    chain = [exon for k, exon in enumerate(transcript.exons) if k != skipped]
    ref, alt = (Spliced.of(exons, codes_of(bases)) for exons in (transcript.exons, chain))
    reading = read(ref, alt, transcript.coding, 0, change)
    thresholds = ConsequenceSettings(nmd_junction=50, nmd_start=data.draw(st.sampled_from([0, 30, 100])))
    verdict = decay(reading, alt, thresholds)
    if reading.frame == "start_lost":
        assert verdict == "unknown"
        return
    # By definition, from the joined sequence alone: where the stop is, where the exons end.
    start = next(i for i in range(len(alt.bases)) if position(chain, i) == transcript.coding.start)
    stop = next((i for i in range(start, len(alt.bases) - 2, 3) if alt.bases[i : i + 3] in ("TAA", "TAG", "TGA")), None)
    if stop is None:
        assert verdict == "no_stop"
        return
    if (position(chain, stop + 2), (stop - start) % 3) == own_stop(transcript, ref.bases):
        assert verdict == "no_new_stop"
        return
    exon_of_stop = sum(stop >= sum(b - a for a, b in chain[: k + 1]) for k in range(len(chain)))
    to_junction = sum(b - a for a, b in chain[:-1]) - stop
    is_escaping = (
        len(chain) == 1 or exon_of_stop == len(chain) - 1 or to_junction <= 50 or stop - start < thresholds.nmd_start
    )
    assert (verdict == "expected") == (not is_escaping)


def position(chain, index):
    """The base of the gene at an index of the transcript."""
    for a, b in chain:
        if index < b - a:
            return a + index
        index -= b - a
    return None


def own_stop(transcript, bases):
    """The last base of the annotated transcript's first stop, and its frame; no base if there is none."""
    coding = [pos for exon in transcript.exons for pos in range(*exon) if transcript.coding.start <= pos]
    letters = bases[-len(coding) :]
    stops = (i for i in range(0, len(coding) - 2, 3) if letters[i : i + 3] in ("TAA", "TAG", "TGA"))
    return next(((coding[i + 2], 0) for i in stops), (None, 0))
