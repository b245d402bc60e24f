"""A file that a library writes by name: under a temporary one until it is complete."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import Protocol

from spliceai_cli.errors import OutputError
from spliceai_cli.files.atomic import part_of


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


class Part:
    """The temporary name of a file; a link stays a link: its target is replaced.

    Args:
        name: of the file.
        suffix: that the temporary name needs.

    Raises:
        OutputError: it cannot be written, or is no regular file.
    """

    def __init__(self, name: str, suffix: str) -> None:
        self.name = name
        self._target = Path(os.path.realpath(name))
        part = part_of(self._target)
        self.path = part.with_name(part.name + suffix)
        if self._target.exists() and not stat.S_ISREG(self._target.stat().st_mode):
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
            with self.path.open("rb") as handle:
                os.fsync(handle.fileno())
        except OSError as error:
            raise self.failure(error.strerror or str(error)) from error

    def commit(self) -> None:
        """Give it its name.

        Raises:
            OutputError: it cannot get it.
        """
        try:
            self.path.replace(self._target)
        except OSError as error:
            raise self.failure(error.strerror or str(error)) from error

    def discard(self) -> None:
        """Remove it if it did not get its name."""
        self.path.unlink(missing_ok=True)

    def failure(self, cause: str, hint: str = "What was there before is unchanged.") -> OutputError:
        """The error to raise."""
        return OutputError(f"output {self.name} cannot be written: {cause}.", hint)
