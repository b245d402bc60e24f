"""Reads the lines of a VCF in any container: plain, gzip, BGZF or BCF."""

from __future__ import annotations

import gzip
import io
import shutil
import sys
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO, cast

from spliceai_cli.errors import VcfError
from spliceai_cli.files import htslib
from spliceai_cli.files.atomic import scratch_file
from spliceai_cli.files.bgzf import EOF_BLOCK, is_bgzf
from spliceai_cli.genome.regions import Targets
from spliceai_cli.vcf import indexed

_MAGIC_BYTES = 18
_HEAD_BYTES = 1 << 16
_AGAIN = "Fetch or make the file again; records at its end may be lost."
_GZIP_MAGIC = b"\x1f\x8b"


@contextmanager
def open_lines(path: str, regions: Targets | None = None) -> Iterator[Iterator[bytes]]:
    """Open a VCF (``-`` for standard input): plain, gzip, BGZF or BCF, detected from content.

    Args:
        path: the file.
        regions: the caller needs only records that overlap these. With an index beside a BGZF file only those are
            read; otherwise all are, and the caller must filter them.

    Yields:
        Lines with their line ends, in file order.

    Raises:
        VcfError: the file is missing, empty, cut short or damaged; may be raised while lines are read.
    """
    name = "standard input" if path == "-" else path
    try:
        source = sys.stdin.buffer if path == "-" else Path(path).open("rb")  # noqa: SIM115 (closed below)
    except OSError as error:
        raise VcfError(f"input {path} cannot be read: {error.strerror}.") from error
    try:
        with _translated(name):
            head = _read_head(source)
        stream = cast("BinaryIO", io.BufferedReader(_Prepended(head, source), 1 << 18))
        index = indexed.find_index(path) if path != "-" and is_bgzf(head[:18]) and not _is_bcf(head) else None
        if index is not None and regions is not None:
            _check_end(path, name)
            yield _guarded(indexed.region_lines(path, index, regions), name)
        else:
            yield _lines(stream, head, path, name)
    finally:
        if path != "-":
            source.close()


def _lines(stream: BinaryIO, head: bytes, path: str, name: str) -> Iterator[bytes]:
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
    """Refuse a BGZF file without the end marker, if we do not read it to the end ourselves."""
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
    """Translate errors of reading to ``VcfError``."""
    try:
        yield
    except EOFError as error:
        raise VcfError(f"{name} is cut short: its compressed data end too early.", _AGAIN) from error
    except (gzip.BadGzipFile, zlib.error) as error:
        raise VcfError(f"{name} is damaged: {error}.", _AGAIN) from error
    except OSError as error:
        raise VcfError(f"{name} cannot be read: {error.strerror or error}.") from error


def _is_bcf(head: bytes) -> bool:
    """Whether a file that begins with ``head`` is BCF, compressed or not (``bcftools view -Ou``)."""
    try:
        unpacked = zlib.decompressobj(wbits=31).decompress(head, 4) if head.startswith(_GZIP_MAGIC) else head
    except zlib.error:
        return False
    return unpacked.startswith(htslib.MAGIC)


def _bcf_lines(stream: BinaryIO, path: str, name: str, *, is_packed: bool) -> Iterator[bytes]:
    if path != "-" and Path(path).is_file():
        if is_packed:
            _check_end(path, name)
        yield from htslib.bcf_to_text(path, name)
        return
    # htslib reads from the file descriptor, whose first bytes are already in our buffer.
    with scratch_file(".bcf") as spooled:
        with _translated(name):
            shutil.copyfileobj(stream, spooled)
            spooled.flush()
        yield from _bcf_lines(stream, spooled.name, name, is_packed=is_packed)


def _read_head(stream: BinaryIO) -> bytes:
    """The first bytes, enough to detect the format: up to 64 KiB of compressed data, in pieces of any size."""
    head = stream.read(_MAGIC_BYTES)
    return head + stream.read(_HEAD_BYTES) if head.startswith(_GZIP_MAGIC) else head


class _Prepended(io.RawIOBase):
    """A stream with bytes put back before it; standard input cannot seek."""

    def __init__(self, head: bytes, stream: BinaryIO) -> None:
        self._head = head
        self._stream = stream

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:  # noqa: ANN401 (any writable buffer)
        if self._head:
            data, self._head = self._head[: len(buffer)], self._head[len(buffer) :]
        else:
            data = self._stream.read1(len(buffer))  # type: ignore[attr-defined] # a BufferedReader
        buffer[: len(data)] = data
        return len(data)


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
