"""Builds told from contig lengths."""

from __future__ import annotations

import pytest

from spliceai_cli.genome.builds import detect_build


@pytest.mark.parametrize(
    ("lengths", "build"),
    [
        ({"1": 249250621}, "GRCh37"),
        ({"chr1": 248956422}, "GRCh38"),
        ({"chr1": 248387328}, "T2T-CHM13v2.0"),
        ({"chrX": 156040895, "chrM": 16569}, "GRCh38"),
        ({"1": 249250621, "2": 242193529, "3": 198295559}, "GRCh38"),
        ({"chr1": 195471971}, None),
        ({"chr1": 0}, None),
        ({}, None),
    ],
)
def test_build__is_what_most_chromosomes_say(lengths, build):
    assert detect_build(lengths) == build
