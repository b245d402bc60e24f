"""bedGraph files: four columns, 0-based half-open; no track line, which not every tool passes over."""

from __future__ import annotations

from contextlib import suppress

from spliceai_cli.alignment import FloatArray
from spliceai_cli.bgzf import BgzfWriter
from spliceai_cli.output import guess_type
from spliceai_cli.tracks.part import Part
from spliceai_cli.tracks.rows import BoolArray, runs
from spliceai_cli.tracks.text import DECIMALS, as_printed


class BedGraphFile:
    """One bedGraph; a ``PartFile``.

    Args:
        name: of the file; BGZF if it ends in ``.gz`` or ``.bgz``.

    Raises:
        OutputError: not writable, or the disk is full.
    """

    def __init__(self, name: str) -> None:
        self._part = Part(name, ".bedGraph")
        try:
            self._stream = self._part.path.open("wb")
        except OSError as error:
            raise self._part.failure(error.strerror or str(error)) from error
        self._bgzf = BgzfWriter(self._stream) if guess_type(name) == "z" else None

    def write(self, chrom: str, start: int, values: FloatArray, kept: BoolArray) -> None:
        """Add values behind those that are there; neighbours that print the same are one line."""
        found = runs(start, as_printed(values), kept)
        lines = zip(found.starts.tolist(), found.ends.tolist(), found.values.tolist(), strict=True)
        text = "".join([f"{chrom}\t{s}\t{e}\t{v:.{DECIMALS}f}\n" for s, e, v in lines]).encode()
        try:
            (self._bgzf or self._stream).write(text)
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
