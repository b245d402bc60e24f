"""Writes BGZF, the blocked gzip of htslib (SAM specification, section 4.1), to any binary stream.

pysam's own writer takes only a path, and writes the end marker even after a failure; a truncated stream must not look
complete.
"""

from __future__ import annotations

import struct
import zlib
from typing import BinaryIO

#: First bytes of a BGZF block: gzip, deflate, with an extra field.
MAGIC = b"\x1f\x8b\x08\x04"

#: The empty block that marks a file as complete.
EOF_BLOCK = bytes.fromhex("1f8b08040000000000ff0600424302001b0003000000000000000000")

# htslib's block size: even if these bytes cannot be compressed, the block fits in 64 KiB.
_BLOCK_BYTES = 0xFF00


def is_bgzf(head: bytes) -> bool:
    """Whether the first 18 bytes of a file are those of a BGZF block."""
    return head.startswith(MAGIC) and head[12:14] == b"BC"


class BgzfWriter:
    """Compresses what is written; the end marker is written by ``finish`` alone.

    Args:
        stream: where the blocks go; it is not closed here.
        level: zlib level, 1 to 9.
    """

    def __init__(self, stream: BinaryIO, level: int = 6) -> None:
        self._stream = stream
        self._level = level
        self._pending = bytearray()

    def write(self, data: bytes) -> None:
        """Add bytes; full blocks go out at once."""
        self._pending += data
        while len(self._pending) >= _BLOCK_BYTES:
            self._write_block(bytes(self._pending[:_BLOCK_BYTES]))
            del self._pending[:_BLOCK_BYTES]

    def finish(self) -> None:
        """Write what is left, then the end marker."""
        if self._pending:
            self._write_block(bytes(self._pending))
            self._pending.clear()
        self._stream.write(EOF_BLOCK)

    def _write_block(self, data: bytes) -> None:
        for level in (self._level, 0):
            deflate = zlib.compressobj(level, zlib.DEFLATED, -15)
            packed = deflate.compress(data) + deflate.flush()
            size = len(packed) + 26  # 18 bytes of header, 8 of trailer
            if size <= 1 << 16:
                break
        header = MAGIC + b"\0\0\0\0\0\xff\x06\0BC\x02\0" + struct.pack("<H", size - 1)
        self._stream.write(header + packed + struct.pack("<II", zlib.crc32(data), len(data)))
