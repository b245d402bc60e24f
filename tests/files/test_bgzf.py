"""The BGZF writer, against gzip and htslib."""

from __future__ import annotations

import gzip
import io
import random
import struct

import pysam
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spliceai_cli.files.bgzf import EOF_BLOCK, BgzfWriter, is_bgzf


def written(*parts: bytes, finish: bool = True) -> bytes:
    stream = io.BytesIO()
    writer = BgzfWriter(stream)
    for part in parts:
        writer.write(part)
    if finish:
        writer.finish()
    return stream.getvalue()


def block_sizes(raw: bytes) -> list[int]:
    """Bytes of each block, as its header says."""
    sizes, at = [], 0
    while at < len(raw):
        assert is_bgzf(raw[at : at + 18])
        sizes.append(struct.unpack_from("<H", raw, at + 16)[0] + 1)
        at += sizes[-1]
    assert at == len(raw)
    return sizes


LARGE = {
    "incompressible": random.Random(0).randbytes(200_000),
    "compressible": b"chr1\t1\t.\tA\tC\n" * 20_000,
    "one-block": b"x" * 0xFF00,
    "one-block-and-one": random.Random(1).randbytes(0xFF01),
}


@pytest.mark.parametrize("data", LARGE.values(), ids=LARGE)
def test_bgzf__is_read_back_by_gzip_and_htslib(tmp_path, data):
    raw = written(data)
    path = tmp_path / "x.gz"
    path.write_bytes(raw)
    with pysam.BGZFile(str(path), "rb", None) as handle:
        assert handle.read() == data
    assert gzip.decompress(raw) == data
    assert max(block_sizes(raw)) <= 1 << 16


@settings(deadline=None, max_examples=30)
@given(st.lists(st.binary(max_size=200).map(lambda raw: raw * 700), max_size=3))
def test_bgzf__does_not_depend_on_how_it_was_written(parts):
    assert written(*parts) == written(b"".join(parts))


def test_bgzf__of_nothing_is_the_end_marker():
    assert written() == EOF_BLOCK
    assert gzip.decompress(EOF_BLOCK) == b""


def test_bgzf__without_finish_has_no_end_marker():
    raw = written(b"x" * 100_000, finish=False)
    assert len(block_sizes(raw)) == 1
    assert not raw.endswith(EOF_BLOCK)


def test_is_bgzf__refuses_plain_gzip():
    assert is_bgzf(EOF_BLOCK)
    assert not is_bgzf(gzip.compress(b"x"))
    assert not is_bgzf(b"")
