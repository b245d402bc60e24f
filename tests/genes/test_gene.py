"""What a gene says of its exons. Intervals are 0-based half-open, splice sites 1-based."""

from __future__ import annotations

import pytest
from support import builders

from spliceai_cli.genes.gene import is_name

# 1-based: exons 11-20, 31-35 and 51-60, introns 21-30 and 36-50.
EXONS = ((10, 20), (30, 35), (50, 60))


def gene(strand, *exons):
    return builders.gene("G", "1", strand, 10, 60, *exons)


@pytest.mark.parametrize(
    ("strand", "acceptors", "donors"), [("+", (31, 51), (20, 35)), ("-", (20, 35), (31, 51))], ids=["plus", "minus"]
)
def test_splice_sites__are_the_inner_ends_of_exons_by_strand(strand, acceptors, donors):
    found = gene(strand, *EXONS)
    assert (found.acceptors, found.donors) == (acceptors, donors)


@pytest.mark.parametrize("strand", "+-")
def test_gene_with_one_exon__has_no_splice_sites(strand):
    found = gene(strand, (10, 60))
    assert (found.acceptors, found.donors, found.introns, found.edges) == ((), (), (), (11, 60))


@pytest.mark.parametrize("strand", "+-")
def test_introns__lie_between_exons_on_both_strands(strand):
    assert gene(strand, *EXONS).introns == ((20, 30), (35, 50))


def test_introns__exons_that_touch_have_none_between_them():
    found = gene("+", (10, 20), (20, 35), (36, 60))
    assert found.introns == ((35, 36),)


def test_edges__are_first_and_last_bases_each_once():
    assert gene("+", (10, 20), (30, 31), (50, 60)).edges == (11, 20, 31, 51, 60)


@pytest.mark.parametrize(
    ("pos", "distance"),
    [
        (1, 10),
        (11, 0),
        (12, -1),
        # 15 is 4 bp from 11, 16 is 4 bp from 20.
        (15, -4),
        (16, 4),
        # 43 is 8 bp from 35 and from 51: the lower one.
        (43, -8),
        (61, -1),
    ],
)
def test_nearest_edge__is_signed_and_a_tie_goes_to_the_lower_coordinate(pos, distance):
    assert gene("-", *EXONS).nearest_edge(pos) == distance


@pytest.mark.parametrize(
    ("start", "end", "is_covered"), [(0, 10, False), (0, 11, True), (59, 60, True), (60, 99, False), (0, 99, True)]
)
def test_covers__any_base_of_the_transcript(start, end, is_covered):
    assert gene("+", *EXONS).covers(start, end) is is_covered


@pytest.mark.parametrize("name", ["BRCA1", "HLA-A", "ENSG01.4", "Ä", "a:b/c", "5'", '"x"', "#1"])
def test_is_name__what_can_stand_in_info(name):
    assert is_name(name)


@pytest.mark.parametrize("name", ["", " ", "A B", "A\tB", "A\n", "A\u00a0B", "A,B", "A;B", "A=B", "A|B"])
def test_is_name__not_white_space_or_what_separates_in_info(name):
    assert not is_name(name)
