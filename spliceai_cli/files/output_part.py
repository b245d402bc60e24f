"""One of several output files, which get their names together."""

from __future__ import annotations

import stat
from pathlib import Path
from typing import Protocol

from spliceai_cli.errors import OutputError
from spliceai_cli.files.atomic import Part


class PartFile(Protocol):
    """A file on its way: once all of a set are finished, all of them get their names."""

    def finish(self) -> None:
        """Complete and check it; it has its temporary name still.

        Raises:
            OutputError: it is not as it should be.
        """

    def commit(self) -> None:
        """Give it its name."""

    def discard(self) -> None:
        """Close what is open; remove it if it did not get its name."""


class OutputPart:
    """A ``Part`` that the user has named: it exists from the start, and what is wrong is an ``OutputError``.

    Args:
        name: of the file; a link stays a link.
        suffix: that the temporary name needs.

    Raises:
        OutputError: it cannot be written, or is not a regular file.
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
        """Wait until the disk has it.

        Raises:
            OutputError: it does not take it.
        """
        try:
            self._part.sync()
        except OSError as error:
            raise self.failure(error.strerror or str(error)) from error

    def commit(self) -> None:
        """Give it its name.

        Raises:
            OutputError: it cannot get it.
        """
        try:
            self._part.commit()
        except OSError as error:
            raise self.failure(error.strerror or str(error)) from error

    def discard(self) -> None:
        """Remove it if it did not get its name."""
        self._part.discard()

    def failure(self, cause: str, hint: str = "What was there before is unchanged.") -> OutputError:
        """The error to raise."""
        return OutputError(f"output {self.name} cannot be written: {cause}.", hint)
