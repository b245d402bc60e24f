"""Lines of a VCF, whatever it is packed in."""

from __future__ import annotations

import gzip
import io
import shutil
import sys
import tempfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, cast

from spliceai_cli import bcf, tabix
from spliceai_cli.bgzf import EOF_BLOCK, is_bgzf
from spliceai_cli.errors import VcfError
from spliceai_cli.targets import Targets

_HEAD_BYTES = 1 << 16
_AGAIN = "Fetch or make the file again; records at its end may be lost."
_GZIP_MAGIC = b"\x1f\x8b"


@contextmanager
def open_lines(path: str, regions: Targets | None = None) -> Iterator[Iterator[bytes]]:
    """Open a VCF (``-`` for standard input): plain, gzip, BGZF or BCF, told by content.

    Args:
        path: the file.
        regions: only records that overlap these are needed. With an index beside a BGZF file only those are read;
            without, all are, and the caller sorts out.

    Yields:
        Lines with their line ends, in file order.

    Raises:
        VcfError: missing, empty, cut short or damaged; also while lines are read.
    """
    name = "standard input" if path == "-" else path
    try:
        stream = cast("io.BufferedReader", sys.stdin.buffer) if path == "-" else Path(path).open("rb")  # noqa: SIM115
    except OSError as error:
        raise VcfError(f"input {path} cannot be read: {error.strerror}.") from error
    try:
        with _translated(name):
            head = stream.peek(_HEAD_BYTES)
        index = tabix.find_index(path) if path != "-" and is_bgzf(head[:18]) and not _is_bcf(head) else None
        if index is not None and regions is not None:
            _check_end(path, name)
            yield _guarded(tabix.region_lines(path, index, regions), name)
        else:
            yield _lines(stream, head, path, name)
    finally:
        if path != "-":
            stream.close()


def _lines(stream: io.BufferedReader, head: bytes, path: str, name: str) -> Iterator[bytes]:
    if _is_bcf(head):
        yield from _bcf_lines(stream, path, name, is_packed=is_bgzf(head[:18]))
    elif not head.startswith(_GZIP_MAGIC):
        yield from _guarded(stream, name)
    else:
        tail = _TailReader(stream)
        with gzip.GzipFile(fileobj=cast("BinaryIO", tail)) as unpacked:
            yield from _guarded(io.BufferedReader(cast("io.RawIOBase", unpacked), 1 << 18), name)
        if is_bgzf(head[:18]) and tail.last != EOF_BLOCK:
            raise _cut_short(name)


def _check_end(path: str, name: str) -> None:
    """Whether a BGZF file ends with the end marker; for files that are not read to their end by us."""
    with _translated(name), Path(path).open("rb") as handle:
        handle.seek(-min(len(EOF_BLOCK), handle.seek(0, io.SEEK_END)), io.SEEK_END)
        if handle.read() != EOF_BLOCK:
            raise _cut_short(name)


def _cut_short(name: str) -> VcfError:
    return VcfError(f"{name} is cut short: the BGZF end marker is missing.", _AGAIN)


def _guarded(lines: Iterator[bytes], name: str) -> Iterator[bytes]:
    with _translated(name):
        yield from lines


@contextmanager
def _translated(name: str) -> Iterator[None]:
    """Errors of reading as ours."""
    try:
        yield
    except EOFError as error:
        raise VcfError(f"{name} is cut short: its compressed data end in mid-stream.", _AGAIN) from error
    except (gzip.BadGzipFile, zlib.error) as error:
        raise VcfError(f"{name} is damaged: {error}.", _AGAIN) from error
    except OSError as error:
        raise VcfError(f"{name} cannot be read: {error.strerror or error}.") from error


def _is_bcf(head: bytes) -> bool:
    """Whether a file that begins so is BCF, compressed or not (``bcftools view -Ou`` writes it bare)."""
    try:
        unpacked = zlib.decompressobj(wbits=31).decompress(head, 4) if head.startswith(_GZIP_MAGIC) else head
    except zlib.error:
        return False
    return unpacked.startswith(bcf.MAGIC)


def _bcf_lines(stream: BinaryIO, path: str, name: str, *, is_packed: bool) -> Iterator[bytes]:
    if path != "-":
        if is_packed:
            _check_end(path, name)
        yield from bcf.bcf_to_text(path, name)
        return
    # htslib reads from the file descriptor, whose first bytes are already in our buffer.
    with tempfile.NamedTemporaryFile(suffix=".bcf") as spooled:
        shutil.copyfileobj(stream, spooled)
        spooled.flush()
        yield from _bcf_lines(stream, spooled.name, name, is_packed=is_packed)


class _TailReader:
    """Passes reads on and remembers the last 28 bytes, where the BGZF end marker must be."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self.last = b""

    def read(self, n: int = -1) -> bytes:
        data = self._stream.read(n)
        if data:
            self.last = (self.last + data)[-len(EOF_BLOCK) :]
        return data
