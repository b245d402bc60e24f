"""The FASTA index: built if missing, refused if it belongs to another file."""

from __future__ import annotations

import os
import struct
from bisect import bisect_right
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pysam
import pysam.utils

from spliceai_cli.errors import ReferenceGenomeError
from spliceai_cli.files import bgzf
from spliceai_cli.files.atomic import Part
from spliceai_cli.files.byte_order import drop_mark
from spliceai_cli.files.htslib import quiet_htslib

_GZIP_MAGIC = b"\x1f\x8b"
_HEADER_MAX = 1 << 16  # bytes of a FASTA header line that are examined
_END_MAX = 64  # bytes after a contig's last base that are examined

# (offset, n) -> n bytes at that offset of the unpacked file.
_ReadAt = Callable[[int, int], bytes]


class _Entry(NamedTuple):
    """One line of a ``.fai``."""

    name: str
    length: int
    offset: int
    line_bases: int
    line_width: int

    @property
    def end_offset(self) -> int:
        """Offset just after the last base, in the unpacked file."""
        full, rest = divmod(self.length, self.line_bases) if self.line_bases else (0, 0)
        # If the last line is full, its line ending is not counted.
        return (
            self.offset + full * self.line_width + rest - (rest == 0 and full > 0) * (self.line_width - self.line_bases)
        )


def check_index(path: Path, *, is_bgzf: bool) -> None:
    """Make sure that a FASTA has an index and that the index belongs to it.

    The index is compared with the file itself (are headers and ends where it says?), not by modification time: copies
    and checkouts scramble times, and a fresh-looking index can still be another file's.

    Raises:
        ReferenceGenomeError: see ``Reference``.
    """
    fai, gzi = Path(f"{path}.fai"), Path(f"{path}.gzi")
    if not fai.exists() or (is_bgzf and not gzi.exists()):
        build_index(path)
    try:
        entries = _read_fai(fai)
        if is_bgzf:
            with pysam.BGZFile(str(path), "rb", None) as handle:
                _check_entries(path, entries, _bgzf_reader(handle, _read_gzi(gzi)))
        else:
            with path.open("rb") as plain:
                _check_entries(path, entries, _plain_reader(plain.fileno()))
    except OSError as error:
        raise ReferenceGenomeError(f"{path} or its index cannot be read: {error.strerror or error}.") from error
    except (ValueError, struct.error) as error:
        raise ReferenceGenomeError(
            f"{fai}{' or .gzi' if is_bgzf else ''} is not a FASTA index.", f"Rebuild it: {_rebuild(path)}"
        ) from error


def build_index(path: Path) -> None:
    """Write ``.fai`` (and ``.gzi`` for BGZF) beside a FASTA, each appearing only when complete.

    This is left to htslib: pyfaidx accepts a last line longer than the others, which no index can describe; it refuses
    two blank lines in a row and descriptions that are not UTF-8; and it takes twice as long (BGZF: six times).

    Raises:
        ReferenceGenomeError: the file is not a FASTA, or the folder is not writable.
    """
    if not os.access(path.parent, os.W_OK):
        raise ReferenceGenomeError(
            f"{path} has no index (.fai) and its folder is not writable.",
            f"Make it where the folder is writable: samtools faidx {path}",
        )
    parts = [Part(f"{path}.fai"), Part(f"{path}.gzi")]
    try:
        with quiet_htslib():
            pysam.faidx(str(path), "--fai-idx", str(parts[0].path), "--gzi-idx", str(parts[1].path))
        for part in parts:
            if part.path.exists():
                part.commit()
    except (OSError, pysam.utils.SamtoolsError) as error:
        raise ReferenceGenomeError(
            f"{path} cannot be indexed: it is not a well-formed FASTA, or the disk is full.",
            f"See what is wrong with it: samtools faidx {path}",
        ) from error
    finally:
        for part in parts:
            part.discard()


def check_format(path: Path) -> bool:
    """Whether a FASTA is BGZF rather than plain.

    Raises:
        ReferenceGenomeError: the file is neither.
    """
    try:
        with path.open("rb") as handle:
            head = handle.read(18)
    except OSError as error:
        raise ReferenceGenomeError(f"reference FASTA {path} cannot be read: {error.strerror}.") from error
    if not head:
        raise ReferenceGenomeError(f"reference FASTA {path} is empty.")
    if bgzf.is_bgzf(head):
        return True
    if head.startswith(_GZIP_MAGIC):
        raise ReferenceGenomeError(
            f"reference FASTA {path} is gzip, which allows no random access.",
            f"Unpack it, or recompress it as BGZF: gunzip -c {path} | bgzip > NEW.fa.gz",
        )
    if drop_mark(head, f"reference FASTA {path}") != head:
        raise ReferenceGenomeError(
            f"reference FASTA {path} begins with a byte order mark (BOM), so it cannot be indexed.",
            f"Remove it: tail -c +4 {path} > NEW.fa",
        )
    if not head.startswith(b">"):
        raise ReferenceGenomeError(
            f"{path} is not a FASTA: it begins with {head[:12].decode('utf-8', 'replace')!r}, '>' expected."
        )
    return False


def _read_fai(fai: Path) -> list[_Entry]:
    entries = []
    for line in fai.read_text("utf-8").rstrip("\n").split("\n"):
        name, length, offset, line_bases, line_width = line.split("\t")[:5]
        entries.append(_Entry(name, int(length), int(offset), int(line_bases), int(line_width)))
    if not entries or min(min(entry[1:]) for entry in entries) < 0:
        raise ValueError("no contigs, or a negative number")
    return entries


def _read_gzi(gzi: Path) -> list[tuple[int, int]]:
    """(compressed, unpacked) offsets of BGZF blocks, ascending."""
    raw = gzi.read_bytes()
    (n_blocks,) = struct.unpack_from("<Q", raw)
    numbers = struct.unpack_from(f"<{2 * n_blocks}Q", raw, 8)
    return [(0, 0), *zip(numbers[::2], numbers[1::2], strict=True)]


def _plain_reader(descriptor: int) -> _ReadAt:
    return lambda offset, n: os.pread(descriptor, n, offset)


def _bgzf_reader(handle: pysam.BGZFile, blocks: list[tuple[int, int]]) -> _ReadAt:
    starts = [unpacked for _, unpacked in blocks]

    def read_at(offset: int, n: int) -> bytes:
        compressed, unpacked = blocks[bisect_right(starts, offset) - 1]
        handle.seek(compressed << 16)
        data: bytes = handle.read(offset - unpacked + n)
        return data[offset - unpacked :]

    return read_at


def _check_entries(path: Path, entries: list[_Entry], read_at: _ReadAt) -> None:
    seen: set[str] = set()
    for entry in entries:
        if entry.name in seen or not entry.name:
            raise ReferenceGenomeError(
                f"{path} has {'two contigs ' + entry.name if entry.name else 'a contig without a name'}.",
                "Give every contig a name of its own, then remove the .fai.",
            )
        seen.add(entry.name)
        before = max(0, entry.offset - _HEADER_MAX)
        lines = read_at(before, entry.offset - before).split(b"\n")
        header = lines[-2] if len(lines) > 1 else b""
        fits = (
            lines[-1] == b"" and header.startswith(b">") and header[1:].split(maxsplit=1)[:1] == [entry.name.encode()]
        )
        if not fits:
            raise _stale(path, f"contig {entry.name} does not begin where the index says")
    if read_at(entries[-1].end_offset, _END_MAX).lstrip().startswith(b">"):
        raise _stale(path, "the FASTA has a contig that the index does not name; is there a name twice?")
    for entry in entries:
        if entry.length and not _is_end(read_at(entry.end_offset - 1, 1 + _END_MAX)):
            raise _stale(path, f"contig {entry.name} does not end where the index says")


def _is_end(text: bytes) -> bool:
    """Whether the first byte of ``text`` is a contig's last base: its line ends there, and no bases follow.

    It is not if pyfaidx has indexed a contig whose last line is longer than the others; through such an index, bases of
    other positions would be read.
    """
    after = text[1:]
    return bool(text[:1].strip()) and not after[:1].strip() and after.lstrip()[:1] in (b"", b">")


def _stale(path: Path, why: str) -> ReferenceGenomeError:
    return ReferenceGenomeError(
        f"the index {path}.fai does not belong to {path}: {why}. The FASTA was changed since, or is cut short.",
        f"Check the FASTA, then rebuild the index: {_rebuild(path)}",
    )


def _rebuild(path: Path) -> str:
    return f"rm {path}.fai && samtools faidx {path}"
