"""Output files that are renamed together, once all of them are complete."""

from __future__ import annotations

import stat
from pathlib import Path
from typing import Protocol

from spliceai_cli.errors import OutputError
from spliceai_cli.files.atomic import Part


class PartFile(Protocol):
    """An output file under its temporary name; a set of them is renamed once all are finished."""

    def finish(self) -> None:
        """Complete and check the file, which keeps its temporary name.

        Raises:
            OutputError: writing or checking failed.
        """

    def commit(self) -> None:
        """Rename the file to its final name."""

    def discard(self) -> None:
        """Close the file; remove it if it was not committed."""


class OutputPart:
    """A ``Part`` for a file that the user named. It is created at once, and every failure is an ``OutputError``.

    Args:
        name: path of the file; a link stays a link.
        suffix: ending that the temporary name must have.

    Raises:
        OutputError: the file cannot be written, or is not a regular file.
    """

    def __init__(self, name: str, suffix: str) -> None:
        self.name = name
        self._part = Part(name, suffix, keeps_link=True)
        self.path = self._part.path
        target = Path(name)
        if target.exists() and not stat.S_ISREG(target.stat().st_mode):
            raise OutputError(f"output {name} cannot be written: it is not a regular file.")
        try:
            self.path.touch()
        except OSError as error:
            raise self.failure(error.strerror or str(error)) from error

    def sync(self) -> None:
        """Flush the file to disk.

        Raises:
            OutputError: the flush failed.
        """
        try:
            self._part.sync()
        except OSError as error:
            raise self.failure(error.strerror or str(error)) from error

    def commit(self) -> None:
        """Rename the file to its final name.

        Raises:
            OutputError: the rename failed.
        """
        try:
            self._part.commit()
        except OSError as error:
            raise self.failure(error.strerror or str(error)) from error

    def discard(self) -> None:
        """Remove the file if it was not committed."""
        self._part.discard()

    def failure(self, cause: str, hint: str = "Any existing file is unchanged.") -> OutputError:
        """The error to raise for a failure."""
        return OutputError(f"output {self.name} cannot be written: {cause}.", hint)
