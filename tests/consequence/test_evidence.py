"""Criteria that a score would support, by the conditions of Walker et al. 2023."""

from __future__ import annotations

import pytest
from support.toy_transcript import Toy

from spliceai_cli.consequence.evidence import hints
from spliceai_cli.consequence.transcript import Transcript
from spliceai_cli.genome.coords import Interval


@pytest.mark.parametrize(
    ("at", "largest", "is_silent", "expected"),
    [
        (200, 0.2, False, ("PP3",)),
        (200, 0.194, False, ()),
        (200, 0.104, False, ("BP4",)),
        (200, 0.1, True, ("BP4", "BP7")),
        (200, 0.3, True, ("PP3",)),
        (220, 0.9, False, ()),  # +1
        (221, 0.0, False, ()),  # +2
        (222, 0.9, False, ("PP3",)),  # +3
        (225, 0.0, False, ("BP4",)),  # +6
        (226, 0.0, False, ("BP4", "BP7")),  # +7
        (299, 0.0, False, ("BP4", "BP7")),  # -21
        (300, 0.0, False, ("BP4",)),  # -20
        (318, 0.0, False, ()),  # -2
        (319, 0.0, False, ()),  # -1
    ],
)
@pytest.mark.parametrize("strand", "+-")
def test_hints(tmp_path, strand, at, largest, is_silent, expected):
    toy = Toy(tmp_path, strand)
    changed = Interval(toy.first + at, toy.first + at + 1)
    assert hints(Transcript.of(toy.gene), changed, largest, is_silent=is_silent) == expected


@pytest.mark.parametrize(
    ("at", "ref", "alt", "expected"),
    [
        (164, "G", "C", ("BP4",)),  # GGT>GCT: missense
        (165, "T", "A", ("BP4", "BP7")),  # GGT>GGA: silent
        (322, "ACCA", "A", ("BP4",)),  # a codon less
        (162, "TG", "T", ()),  # shifts the frame; had BP4
        (165, "T", "TA", ()),
        (163, "GGT", "TGA", ()),  # a stop
        (30, "A", "C", ()),  # no start
        (477, "T", "C", ()),  # no stop
        (20, "T", "C", ("BP4",)),  # 5' UTR
    ],
)
def test_hints__of_an_allele_that_changes_no_splicing(toy, at, ref, alt, expected):
    (only,) = toy.consequences(toy.variant(at, ref, alt), alt={})
    assert (only.event, only.evidence) == ("no_effect", expected)


def test_hints__of_an_allele_that_shifts_the_frame_are_none_whatever_the_score(toy):
    found = toy.consequences(toy.variant(162, "TG", "T"), alt={("donor", 218): 0.0, ("acceptor", 160): 0.2})
    assert found[0].event == "exon_skipping"
    assert {one.evidence for one in found} == {()}
