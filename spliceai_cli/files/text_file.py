"""Text, plain or in BGZF, under its name only when the whole set of files is complete."""

from __future__ import annotations

from contextlib import suppress

from spliceai_cli.files.bgzf import BgzfWriter
from spliceai_cli.files.output import guess_type
from spliceai_cli.files.output_part import OutputPart


class TextFile:
    """One file; a ``PartFile``.

    Args:
        name: of the file; BGZF if it ends in ``.gz`` or ``.bgz``.

    Raises:
        OutputError: not writable, or the disk is full.
    """

    def __init__(self, name: str) -> None:
        self._part = OutputPart(name, "")
        try:
            self._stream = self._part.path.open("wb")
        except OSError as error:
            raise self._part.failure(error.strerror or str(error)) from error
        self._bgzf = BgzfWriter(self._stream) if guess_type(name) == "z" else None

    def write(self, data: bytes) -> None:
        """Add text."""
        try:
            (self._bgzf or self._stream).write(data)
        except OSError as error:
            raise self._part.failure(error.strerror or str(error)) from error

    def finish(self) -> None:
        """Write what is left."""
        try:
            if self._bgzf:
                self._bgzf.finish()
            self._stream.close()
        except OSError as error:
            raise self._part.failure(error.strerror or str(error)) from error
        self._part.sync()

    def commit(self) -> None:
        """Give it its name."""
        self._part.commit()

    def discard(self) -> None:
        """Close it; remove it if it did not get its name."""
        # On a full disk the close fails as well, which says nothing new.
        with suppress(OSError):
            self._stream.close()
        self._part.discard()
