"""Lines of a VCF out of plain text, gzip, BGZF and BCF."""

from __future__ import annotations

import gzip
import io
import os
import sys
from pathlib import Path

import pysam
import pytest

from spliceai_cli.errors import VcfError
from spliceai_cli.files.bgzf import EOF_BLOCK, BgzfWriter
from spliceai_cli.genome.regions import parse_regions
from spliceai_cli.vcf.lines import open_lines

TEXT = b"##fileformat=VCFv4.2\n##contig=<ID=chr1>\n#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\n" + b"".join(
    b"chr1\t%d\t.\tA\tC\t.\t.\t.\n" % pos for pos in range(1, 5000)
)


def bgzf(text: bytes) -> bytes:
    stream = io.BytesIO()
    writer = BgzfWriter(stream)
    writer.write(text)
    writer.finish()
    return stream.getvalue()


def read(path, regions=None) -> bytes:
    with open_lines(str(path), regions) as lines:
        return b"".join(lines)


@pytest.fixture
def path(tmp_path):
    return tmp_path / "in.vcf"


KINDS = {
    "plain": TEXT,
    "no-final-newline": TEXT[:-1],
    "crlf": TEXT.replace(b"\n", b"\r\n"),
    "gzip": gzip.compress(TEXT),
    "gzip-members": gzip.compress(TEXT[:1000]) + gzip.compress(TEXT[1000:]),
    "bgzf": bgzf(TEXT),
    "bgzf-joined": bgzf(TEXT[:1000]) + bgzf(TEXT[1000:]),
    "empty-gzip": gzip.compress(b""),
}


@pytest.mark.parametrize("raw", KINDS.values(), ids=KINDS)
def test_lines__are_those_of_the_text(path, monkeypatch, raw):
    path.write_bytes(raw)
    expected = gzip.decompress(raw) if raw.startswith(b"\x1f\x8b") else raw
    assert read(path) == expected
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BufferedReader(io.BytesIO(raw))))
    assert read("-") == expected


CUT = {
    "gzip": (gzip.compress(TEXT)[:-9], "compressed data end too early"),
    "gzip-trailer": (gzip.compress(TEXT)[:-4], "compressed data end too early"),
    "bgzf-block": (bgzf(TEXT)[:-40], "compressed data end too early"),
    "bgzf-marker": (bgzf(TEXT).removesuffix(EOF_BLOCK), "the BGZF end marker is missing"),
    "garbage-behind": (gzip.compress(TEXT) + b"garbage", "is damaged: Not a gzipped file"),
}


@pytest.mark.parametrize(("raw", "said"), CUT.values(), ids=CUT)
def test_cut_file__is_an_error_after_its_lines(path, raw, said):
    path.write_bytes(raw)
    got = []
    with pytest.raises(VcfError, match=said), open_lines(str(path)) as lines:
        got.extend(lines)
    assert TEXT.startswith(b"".join(got))


# With an index


@pytest.fixture
def indexed(tmp_path):
    path = tmp_path / "in.vcf.gz"
    path.write_bytes(bgzf(TEXT))
    pysam.tabix_index(str(path), preset="vcf", force=True)
    return path


def positions(text: bytes) -> list[int]:
    return [int(line.split(b"\t")[1]) for line in text.splitlines() if not line.startswith(b"#")]


def test_index__is_used_for_regions(indexed):
    assert positions(read(indexed, parse_regions(["1:10-12,chr1:4998-"]))) == [10, 11, 12, 4998, 4999]


def test_index__may_be_csi(indexed):
    Path(f"{indexed}.tbi").unlink()
    pysam.tabix_index(str(indexed), preset="vcf", force=True, csi=True)
    assert positions(read(indexed, parse_regions(["chr1:7"]))) == [7]


def test_index_older_than_its_file__is_left_alone(indexed):
    os.utime(f"{indexed}.tbi", (1, 1))
    assert read(indexed, parse_regions(["chr1:7"])) == TEXT


def test_index_that_is_damaged__is_told(indexed, capfd):
    Path(f"{indexed}.tbi").write_bytes(b"not an index")
    with pytest.raises(VcfError, match=r"in\.vcf\.gz or its index .*\.tbi is damaged"):
        read(indexed, parse_regions(["chr1:7"]))
    assert capfd.readouterr() == ("", "")


def test_cut_file_with_index__is_an_error(indexed):
    indexed.write_bytes(indexed.read_bytes().removesuffix(EOF_BLOCK))
    os.utime(f"{indexed}.tbi")
    with pytest.raises(VcfError, match="end marker is missing"):
        read(indexed, parse_regions(["chr1:7"]))


def test_line_ends__are_kept_through_the_index(tmp_path):
    path = tmp_path / "crlf.vcf.gz"
    path.write_bytes(bgzf(TEXT.replace(b"\n", b"\r\n")))
    pysam.tabix_index(str(path), preset="vcf", force=True)
    text = read(path, parse_regions(["chr1:7"]))
    assert text.count(b"\r\n") == text.count(b"\n") == 4
