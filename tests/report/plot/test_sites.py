"""What a picture points out, and the words for where things lie; by hand on a gene of three exons."""

from __future__ import annotations

from dataclasses import replace

import pytest
from support import plot_profiles
from support.plot_profiles import Peak

from spliceai_cli.genome.coords import Interval
from spliceai_cli.models.spec import Track
from spliceai_cli.report.plot.sites import find_marks, find_sites, known_site, locate
from spliceai_cli.report.plot.view import largest_change, whole, zoom


def test_marks__are_the_effects_from_one_tenth_on_largest_first():
    profile = plot_profiles.profile(
        Peak(1700, 2, 0.97, 0.02), Peak(1650, 2, 0.01, 0.21), Peak(1501, 1, 0.5, 0.596), Peak(1400, 1, 0.2, 0.106)
    )
    assert [(mark.name, mark.track, mark.pos, round(mark.effect.score, 2)) for mark in find_marks(profile)] == [
        ("donor_loss", 1, 1700, 0.95),
        ("donor_gain", 1, 1650, 0.2),
        ("acceptor_gain", 0, 1501, 0.1),
    ]
    assert [mark.is_gain for mark in find_marks(profile)] == [False, True, True]


def test_marks__of_an_output_that_is_not_named_go_where_most_changes():
    tissues = replace(plot_profiles.loss_and_gain(), tracks=(Track("heart_splice", 1), Track("liver_splice", 2)))
    assert [(mark.name, mark.track) for mark in find_marks(tissues)] == [("donor_loss", 1), ("donor_gain", 1)]


def test_sites__are_the_likely_positions_with_what_is_annotated():
    profile = plot_profiles.profile(
        Peak(1700, 2, 0.97, 0.02), Peak(1650, 2, 0.01, 0.1), Peak(1501, 1, 0.99, 0.99), Peak(1700, 1, 0.09, 0.2)
    )
    assert [(site.pos, site.track, site.known, site.is_gained, site.is_lost) for site in find_sites(profile)] == [
        (1501, 0, "acceptor of exon 2", False, False),
        (1650, 1, "", False, False),
        (1700, 0, "", True, False),
        (1700, 1, "donor of exon 2", False, True),
    ]


@pytest.mark.parametrize(
    ("strand", "pos", "name", "known"),
    [
        ("+", 1200, "donor", "donor of exon 1"),
        ("+", 1101, "acceptor", ""),
        ("+", 2101, "acceptor", "acceptor of exon 3"),
        ("+", 2400, "donor", ""),
        ("-", 1200, "acceptor", "acceptor of exon 3"),
        ("-", 2101, "donor", "donor of exon 1"),
        ("-", 2101, "heart_splice", "donor of exon 1"),
        ("-", 1200, "donor", ""),
    ],
)
def test_known_site__numbers_exons_along_the_transcript(strand, pos, name, known):
    assert known_site(plot_profiles.gene(strand), name, pos) == known


@pytest.mark.parametrize(
    ("strand", "start", "end", "place"),
    [
        ("+", 1200, 1201, "intron 1 of 2, 1 bp after exon 1"),
        ("-", 1200, 1201, "intron 2 of 2, 1 bp before exon 3"),
        ("+", 1498, 1500, "intron 1 of 2, 1–2 bp before exon 2"),
        ("-", 1498, 1500, "intron 2 of 2, 1–2 bp after exon 2"),
        ("+", 1699, 1700, "last base of exon 2 of 3"),
        ("-", 1699, 1700, "first base of exon 2 of 3"),
        ("+", 1610, 1611, "exon 2 of 3, 89 bp from its 3′ end"),
        ("-", 1610, 1611, "exon 2 of 3, 89 bp from its 5′ end"),
        ("+", 1510, 1520, "exon 2 of 3, 10–19 bp from its 5′ end"),
        ("+", 1690, 1710, "exon 2 to intron 2"),
        ("-", 1690, 1710, "intron 1 to exon 2 of 3"),
        ("+", 1600, 1600, "exon 2 of 3, 99 bp from its 5′ end"),
        ("+", 1000, 1001, "outside the exons"),
        ("+", 2450, 2451, "outside the exons"),
    ],
)
def test_locate__follows_the_transcript(strand, start, end, place):
    assert locate(plot_profiles.profile(strand=strand, replaced=(start, end))) == place


def test_zoom__has_all_that_changes_and_the_exon():
    profile = plot_profiles.loss_and_gain()
    view = zoom(profile, find_marks(profile))
    # From the first base of exon 2 to its last, and 12 % of that on either side.
    assert view == Interval(1500 - 24, 1700 + 24)
    assert largest_change(profile, view) == 0.0
    assert largest_change(profile, Interval(1600, 1690)) == pytest.approx(0.95)


def test_zoom__where_nothing_changes_goes_to_the_exons_on_either_side():
    far = plot_profiles.profile(variant=plot_profiles.Variant("7", 1900, "C", "T"), distance=300)
    assert zoom(far, ()) == Interval(1700 - 1 - 48, 2101 + 48)


def test_zoom__of_a_change_deep_in_an_intron_leaves_far_exons_out():
    deep = plot_profiles.profile(
        Peak(2020, 2, 0.0, 0.5), variant=plot_profiles.Variant("7", 2025, "C", "T"), distance=1000
    )
    # 1700 is more than 300 bp away, 2101 is not.
    assert zoom(deep, find_marks(deep)).start > 1700
    assert zoom(deep, find_marks(deep)).end > 2101


def test_zoom__stays_within_what_was_scored():
    profile = plot_profiles.profile(distance=20)
    assert zoom(profile, ()) == whole(profile) == Interval(1579, 1620)
