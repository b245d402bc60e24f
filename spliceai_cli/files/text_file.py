"""A text file, plain or BGZF, that gets its name once its whole set of files is complete."""

from __future__ import annotations

from contextlib import suppress

from spliceai_cli.files.bgzf import BgzfWriter
from spliceai_cli.files.kinds import guess_type
from spliceai_cli.files.output_part import OutputPart


class TextFile:
    """One file of text; a ``PartFile``.

    Args:
        name: path of the file; BGZF if it ends in ``.gz``, ``.bgz`` or ``.bgzf``.
        level: zlib level of BGZF, 1 to 9.

    Raises:
        OutputError: the file cannot be written, or the disk is full.
    """

    def __init__(self, name: str, level: int = 6) -> None:
        self._part = OutputPart(name, "")
        try:
            self._stream = self._part.path.open("wb")
        except OSError as error:
            raise self._part.failure(error.strerror or str(error)) from error
        self._bgzf = BgzfWriter(self._stream, level) if guess_type(name) == "z" else None

    def write(self, data: bytes) -> None:
        """Add text."""
        try:
            (self._bgzf or self._stream).write(data)
        except OSError as error:
            raise self._part.failure(error.strerror or str(error)) from error

    def finish(self) -> None:
        """Write what is left, and flush the file to disk."""
        try:
            if self._bgzf:
                self._bgzf.finish()
            self._stream.close()
        except OSError as error:
            raise self._part.failure(error.strerror or str(error)) from error
        self._part.sync()

    def commit(self) -> None:
        """Rename the file to its final name."""
        self._part.commit()

    def discard(self) -> None:
        """Close the file; remove it if it was not committed."""
        # On a full disk the close fails as well, which says nothing new.
        with suppress(OSError):
            self._stream.close()
        self._part.discard()
