"""The rules of SAI-10k-calc row by row on the toy gene (see ``support.toy_transcript``), on both strands."""

from __future__ import annotations

import pytest

from spliceai_cli.consequence.by_scores import Scores, events_of_scores
from spliceai_cli.consequence.change import Change
from spliceai_cli.consequence.transcript import Transcript
from spliceai_cli.genome.coords import Interval
from spliceai_cli.scores.effect import Effect
from spliceai_cli.settings.consequence import ConsequenceSettings

NAMES = ("acceptor_gain", "acceptor_loss", "donor_gain", "donor_loss")

# The toy's introns have 100 bases, so distances of the published rules are divided by five: 10 for 50, 50 for 250, and
# new exons of 5 to 60 bases.
SMALL = {"near_exon": 10, "intron_margin": 10, "max_retained": 50, "min_exon": 5, "max_exon": 60}


def events(toy, at, scores, *, alts=None, **settings):
    """Kind, first and last exon and size of the events of an SNV at a base of the gene.

    Args:
        toy: the gene.
        at: base of the gene that the SNV changes.
        scores: score and base of the gene, in the order AG, AL, DG, DL.
        alts: probabilities of ALT in the same order.
        settings: other than those of ``SMALL``.
    """
    transcript = Transcript.of(toy.gene)
    pos = toy.pos(at)
    ends = alts or (None,) * 4
    effects = {
        name: Effect(score, toy.pos(base) - pos, None if alt is None else 0.0, alt)
        for name, (score, base), alt in zip(NAMES, scores, ends, strict=True)
    }
    changed = Interval(toy.first + at, toy.first + at + 1)
    method = "sai10k-refalt" if alts else "sai10k"
    found = events_of_scores(
        transcript,
        Change(changed, "A"),
        Scores.of(effects, transcript, pos),
        ConsequenceSettings(method=method, **{**SMALL, **settings}),
    )
    return [(event.kind, event.first + 1, event.last + 1, event.size) for event in found]


NOTHING = (0.0, 0)


def test_gained_site__moves_an_end_that_the_allele_deletes(toy):
    """As BRCA1 c.5193+1del, whose VCF deletes the last base of the exon: observed as a new donor 1 nt upstream."""
    transcript, pos = Transcript.of(toy.gene), toy.pos(219)
    effects = {name: Effect(0.0, 0) for name in NAMES}
    effects |= {"donor_gain": Effect(0.9, toy.pos(218) - pos), "donor_loss": Effect(0.9, 0)}
    change = Change(Interval(toy.first + 219, toy.first + 220), "")
    scores = Scores.of(effects, transcript, pos)
    found = events_of_scores(transcript, change, scores, ConsequenceSettings(method="sai10k", **SMALL))
    assert ("partial_exon_deletion", 1, 1) in [(event.kind, event.first, event.last) for event in found]


@pytest.mark.parametrize(
    ("acceptor", "donor", "expected"),
    [
        # Acceptor 2 before donor 2, 160 to 219: 60 bases of exon 2.
        ((0.02, 160), (0.2, 219), [("exon_skipping", 2, 2, 60)]),
        ((0.2, 160), (0.02, 219), [("exon_skipping", 2, 2, 60)]),
        # Acceptor 2 before donor 3: both exons, 60 and 50 bases.
        ((0.5, 160), (0.5, 369), [("exon_skipping", 2, 3, 110)]),
        # Donor 2 before acceptor 3: the 100 bases of intron 2.
        ((0.5, 320), (0.5, 219), [("intron_retention", 2, 2, 100)]),
        # The smaller is below 0.02, or the larger below 0.2.
        ((0.01, 160), (0.9, 219), [("no_effect", 1, 1, 0)]),
        ((0.19, 160), (0.19, 219), [("no_effect", 1, 1, 0)]),
        # Not at sites of the transcript: the size is that between the two, 170 to 219.
        ((0.5, 170), (0.5, 219), [("exon_skipping", 2, 2, 50)]),
        ((0.5, 300), (0.5, 219), [("intron_retention", 2, 2, 80)]),
    ],
)
def test_pair_of_losses(toy, acceptor, donor, expected):
    assert events(toy, 221, (NOTHING, acceptor, NOTHING, donor)) == expected


@pytest.mark.parametrize(("at", "is_near"), [(229, True), (230, False)], ids=["10 bases", "11 bases"])
def test_losses__count_near_an_exon(toy, at, is_near):
    found = events(toy, at, (NOTHING, (0.5, 160), NOTHING, (0.5, 219)))
    assert (found != [("no_effect", 1, 1, 0)]) == is_near


@pytest.mark.parametrize(
    ("acceptor", "donor", "at", "expected"),
    [
        # Intron 2 is 220 to 319; 231 and 308 are the outermost bases more than 10 from its ends.
        ((0.02, 231), (0.2, 290), 240, [("pseudoexon", 2, 2, 60)]),
        ((0.2, 249), (0.02, 308), 240, [("pseudoexon", 2, 2, 60)]),
        ((0.2, 230), (0.1, 280), 240, [("partial_intron_retention", 3, 3, 90)]),  # too near to exon 2, see below
        ((0.1, 249), (0.15, 290), 240, []),  # neither reaches 0.2
        ((0.2, 240), (0.1, 300), 240, []),  # 61 bases
        ((0.2, 290), (0.1, 240), 240, []),  # donor first
        ((0.2, 240), (0.1, 290), 225, []),  # the variant is within 10 bases of an exon
        # Exon 2 itself.
        ((0.3, 160), (0.1, 219), 240, [("increased_exon_inclusion", 2, 2, 60)]),
    ],
)
def test_pair_of_gains(toy, acceptor, donor, at, expected):
    found = events(toy, at, (acceptor, NOTHING, donor, NOTHING), max_retained=0)
    kinds = [event for event in expected if event[0] != "partial_intron_retention"]
    assert found == (kinds or [("no_effect", 1, 1, 0)])


@pytest.mark.parametrize(
    ("gain", "donor_gain", "at", "expected"),
    [
        # Acceptor 2 is at 160. In the exon: 10 bases less; in the intron: 10 more.
        ((0.2, 170), (0.19, 0), 165, [("partial_exon_deletion", 2, 2, 10)]),
        ((0.2, 150), (0.0, 0), 165, [("partial_intron_retention", 2, 2, 10)]),
        ((0.2, 110), (0.0, 0), 165, [("partial_intron_retention", 2, 2, 50)]),
        ((0.2, 109), (0.0, 0), 165, []),  # 51 bases
        ((0.19, 170), (0.0, 0), 165, []),
        ((0.2, 170), (0.2, 70), 165, []),  # as large as the donor's gain
        ((0.2, 170), (0.0, 0), 149, []),  # 11 bases from exon 2
        ((0.2, 150), (0.0, 0), 149, [("partial_intron_retention", 2, 2, 10)]),  # but within 50
        ((0.2, 59), (0.0, 0), 165, []),  # beyond the intron, in exon 1
        ((0.2, 219), (0.0, 0), 165, [("partial_exon_deletion", 2, 2, 59)]),
        ((0.2, 220), (0.0, 0), 165, []),  # nothing would be left of the exon
    ],
)
def test_cryptic_acceptor(toy, gain, donor_gain, at, expected):
    found = events(toy, at, (gain, NOTHING, donor_gain, NOTHING))
    assert found == (expected or [("no_effect", 1, 1, 0)])


@pytest.mark.parametrize(
    ("gain", "at", "expected"),
    [
        # Donor 2 is at 219.
        ((0.2, 209), 215, [("partial_exon_deletion", 2, 2, 10)]),
        ((0.2, 229), 215, [("partial_intron_retention", 2, 2, 10)]),
        ((0.2, 269), 215, [("partial_intron_retention", 2, 2, 50)]),
        ((0.2, 270), 215, []),
        ((0.2, 320), 215, []),  # in exon 3
        ((0.2, 500), 480, []),  # exon 4 is the last: it has no donor
    ],
)
def test_cryptic_donor(toy, gain, at, expected):
    found = events(toy, at, (NOTHING, NOTHING, gain, NOTHING))
    assert found == (expected or [("no_effect", 1, 1, 0)])


def test_first_exon__has_no_acceptor(toy):
    assert events(toy, 20, ((0.9, 10), NOTHING, NOTHING, NOTHING)) == [("no_effect", 1, 1, 0)]


@pytest.mark.parametrize(
    ("gain", "loss", "alts", "is_found"),
    [
        # Gain of at least 0.2, and ALT not lower than the lost site by 0.2 or more.
        (0.2, 0.0, (0.5, 0.69), True),
        (0.2, 0.0, (0.5, 0.71), False),
        # A smaller gain: the loss above 0.1, ALT at least 0.9 and above the lost site by 0.2.
        (0.1, 0.11, (0.9, 0.7), True),
        (0.1, 0.1, (0.9, 0.7), False),
        (0.1, 0.11, (0.89, 0.6), False),
        (0.1, 0.11, (0.9, 0.71), False),
    ],
)
def test_cryptic_donor__with_probabilities(toy, gain, loss, alts, is_found):
    scores = (NOTHING, NOTHING, (gain, 209), (loss, 219))
    found = events(toy, 215, scores, alts=(0.0, 0.0, *alts))
    assert found == [("partial_exon_deletion", 2, 2, 10) if is_found else ("no_effect", 1, 1, 0)]


def test_probabilities__take_the_side_whose_other_end_stays(toy):
    # The donor's gain is larger, but it is the annotated donor: the acceptor is the new one.
    scores = ((0.3, 170), NOTHING, (0.5, 219), NOTHING)
    assert events(toy, 165, scores, alts=(0.9, 0.1, 0.9, 0.1)) == [("partial_exon_deletion", 2, 2, 10)]
    assert events(toy, 165, scores) == [("no_effect", 1, 1, 0)]
