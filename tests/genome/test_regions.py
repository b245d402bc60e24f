"""The parts of the genome that -r and -T ask for."""

from __future__ import annotations

import gzip

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spliceai_cli.errors import RegionsError, UsageError
from spliceai_cli.genome.coords import END_OF_CONTIG, Region
from spliceai_cli.genome.regions import Targets, parse_regions, read_targets

small = st.integers(0, 30)
regions = st.builds(
    lambda chrom, start, length: Region(chrom, start, start + length), st.sampled_from(["1", "chr1", "2"]), small, small
)


@settings(deadline=None)
@given(st.lists(regions, max_size=6), st.sampled_from(["1", "chr1", "chr2", "3"]), small, st.integers(1, 10))
def test_overlaps__equals_a_scan(wanted, chrom, start, length):
    bases = range(start, start + length)
    scan = any(
        region.chrom[-1] == chrom[-1] and region.start <= base < region.end for region in wanted for base in bases
    )
    assert Targets(wanted).overlaps(chrom, start, start + length) == scan


@settings(deadline=None)
@given(st.lists(regions, max_size=6))
def test_regions__are_joined_and_ascend(wanted):
    joined = list(Targets(wanted))
    for before, after in zip(joined, joined[1:], strict=False):
        assert before.chrom[-1] != after.chrom[-1] or before.end < after.start


@pytest.mark.parametrize(
    ("texts", "regions"),
    [
        (["1:5-9,2"], [("1", 4, 9), ("2", 0, END_OF_CONTIG)]),
        (["1:5-9", "1:20"], [("1", 4, 9), ("1", 19, 20)]),
        (["1:1,000-2,000,3:4"], [("1", 999, 2000), ("3", 3, 4)]),
        (["1:1,000,000"], [("1", 999_999, 1_000_000)]),
        (["1:5-9,1:8-12"], [("1", 4, 12)]),
        (["1:5-9,chr1:20"], [("1", 4, 9), ("chr1", 19, 20)]),
        (["1,2,3"], [("1", 0, END_OF_CONTIG), ("2", 0, END_OF_CONTIG), ("3", 0, END_OF_CONTIG)]),
    ],
)
def test_regions__may_be_listed_and_repeated(texts, regions):
    assert list(parse_regions(texts)) == regions


@pytest.mark.parametrize("texts", [[""], [","], []])
def test_no_region__is_refused(texts):
    # An empty shell variable used to give an output without records.
    with pytest.raises(UsageError, match="no region"):
        parse_regions(texts)


@pytest.mark.parametrize("suffix", [".bed", ".bed.gz", ".txt"])
def test_targets_file__is_read_by_its_name(tmp_path, suffix):
    path = tmp_path / f"t{suffix}"
    text = b"# comment\r\n1\t5\t9\tname\n\nchr2\t7\t8\n"
    path.write_bytes(gzip.compress(text) if suffix.endswith("gz") else text)
    first = 4 if suffix == ".txt" else 5
    assert list(read_targets(path)) == [("1", first, 9), ("chr2", first + 2, 8)]


def test_targets_file_of_positions__takes_single_bases(tmp_path):
    path = tmp_path / "t.txt"
    path.write_text("1\t5\n1\t6\n1\t9\n")
    assert list(read_targets(path)) == [("1", 4, 6), ("1", 8, 9)]


@pytest.mark.parametrize("line", ["1\t0\t5", "1\t-3\t5", "1\t6\t5", "1\tx", "1", "1\t5\t99999999999999999999"])
def test_targets_line__that_is_no_interval_is_refused(tmp_path, line):
    path = tmp_path / "t.txt"
    path.write_text(f"1\t5\n{line}\n")
    with pytest.raises(RegionsError, match=r"t\.txt, line 2"):
        read_targets(path)


def test_damaged_targets_file__is_refused(tmp_path):
    path = tmp_path / "t.bed.gz"
    raw = bytearray(gzip.compress(b"1\t5\t9\n" * 100))
    raw[20] ^= 0xFF
    path.write_bytes(raw)
    with pytest.raises(RegionsError, match=r"t\.bed\.gz is damaged"):
        read_targets(path)
