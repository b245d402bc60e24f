"""Regions and contig names as users write them."""

from __future__ import annotations

import pytest

from spliceai_cli.errors import UsageError
from spliceai_cli.genome.coords import END_OF_CONTIG, ContigNames, Interval, Region


@pytest.mark.parametrize(
    ("text", "region"),
    [
        ("chr1", ("chr1", 0, END_OF_CONTIG)),
        ("chr1:5", ("chr1", 4, 5)),
        ("chr1:5-", ("chr1", 4, END_OF_CONTIG)),
        ("chr1:5-5", ("chr1", 4, 5)),
        (" chr1:1,000-2,000 ", ("chr1", 999, 2000)),
        ("{HLA-A*01:01}:5-9", ("HLA-A*01:01", 4, 9)),
    ],
)
def test_region__is_read_as_bcftools_does(text, region):
    assert Region.parse(text) == region


@pytest.mark.parametrize("text", ["", "chr1:0", "chr1:0-5", "chr1:9-5"])
def test_region_that_is_none__is_refused(text):
    with pytest.raises(UsageError, match=f"'{text}'"):
        Region.parse(text)


def test_interval__knows_its_length():
    assert Interval(5, 9).length == 4


@pytest.mark.parametrize(
    ("names", "wanted", "found"),
    [
        (["chr1", "chrM"], "1", "chr1"),
        (["chr1", "chrM"], "MT", "chrM"),
        (["chr1", "chrM"], "M", "chrM"),
        (["1", "MT"], "chr1", "1"),
        (["1", "MT"], "chrM", "MT"),
        (["1", "MT"], "chrMT", "MT"),
        (["1", "chr1"], "chr1", "chr1"),
        (["1", "chr1"], "1", "1"),
        (["chr1"], "chr11", None),
        (["chr1"], "Chr1", "chr1"),
        (["Chr1", "ChrM"], "1", "Chr1"),
        (["Chr1", "ChrM"], "MT", "ChrM"),
        (["1", "Mt"], "ChrM", "Mt"),
        (["Chr1", "chr1"], "chr1", "chr1"),
        (["chr1", "Chr1"], "Chr1", "Chr1"),
        (["chr1"], "CHR1", "chr1"),
        (["HSCHR1"], "CHR_HSCHR1", None),
        (["c1"], "1", None),  # 1.3.1 strips any of the letters c, h and r
        ([], "1", None),
    ],
)
def test_contig__is_found_under_any_usual_name(names, wanted, found):
    contigs = ContigNames(names)
    assert [contigs.find(wanted), contigs.find(wanted)] == [found, found]
