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
