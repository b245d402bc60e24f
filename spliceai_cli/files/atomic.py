"""Temporary files: outputs that are renamed once complete, and scratch that is deleted."""

from __future__ import annotations

import os
import re
import secrets
import tempfile
import time
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO, cast

_N_RANDOM_BYTES = 6
# A run that is still active, here or on another machine, writes more often than once a day.
_DAY_S = 24 * 60 * 60
# Most file systems allow names of 255 bytes; random digits, ``.part`` and a library's own ending need the rest.
_MAX_NAME_BYTES = 200
# Libraries that write to a path may need an ending of their own after ``.part``.
_PART = re.compile(rf"\..+\.[0-9a-f]{{{2 * _N_RANDOM_BYTES}}}\.part(?:\.\w+)*", re.DOTALL)


class Part:
    """A hidden temporary file beside a target; ``commit`` renames it to that, leaving the ``with`` block deletes it.

    Nothing is created or opened here: the caller opens ``path``, or passes it to a library. The name is random because
    process IDs are not unique: containers that share a folder often have the same one.

    Args:
        target: the final name.
        suffix: ending that the temporary name must have.
        keeps_link: if the target is a link, keep it and replace the file that it points to.
    """

    def __init__(self, target: str | Path, suffix: str = "", *, keeps_link: bool = False) -> None:
        self._target = Path(os.path.realpath(target) if keeps_link else target)
        name = os.fsencode(self._target.name)[:_MAX_NAME_BYTES].decode("utf-8", "ignore")
        self.path = self._target.with_name(f".{name}.{secrets.token_hex(_N_RANDOM_BYTES)}.part{suffix}")

    def __enter__(self) -> Part:
        return self

    def __exit__(self, *_: object) -> None:
        self.discard()

    def sync(self) -> None:
        """Flush the file to disk.

        Raises:
            OSError: the flush failed.
        """
        with self.path.open("rb") as handle:
            os.fsync(handle.fileno())

    def commit(self) -> None:
        """Rename the file to its final name.

        Raises:
            OSError: the rename failed.
        """
        self.path.replace(self._target)

    def discard(self) -> None:
        """Remove the temporary file if it was not committed."""
        with suppress(OSError):
            self.path.unlink(missing_ok=True)


def write_whole(target: Path, raw: bytes) -> None:
    """Write a file that appears under its name only when complete; its folder is created if missing.

    Raises:
        OSError: the file cannot be written.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    with Part(target) as part:
        part.path.write_bytes(raw)
        part.sync()
        part.commit()


def scratch_file(suffix: str = "") -> BinaryIO:
    """Open a new file in the system's temporary folder; its path is ``.name``, and closing it deletes it.

    Raises:
        OSError: there is no such folder, or its disk is full.
    """
    return cast("BinaryIO", tempfile.NamedTemporaryFile(suffix=suffix))


def scratch_folder() -> tempfile.TemporaryDirectory[str]:
    """Make a folder in the system's temporary folder; the ``with`` block gets its path, and deletes it at the end.

    Raises:
        OSError: there is no such folder, or its disk is full.
    """
    return tempfile.TemporaryDirectory(prefix="spliceai-cli-")


def parts_before(folder: Path, time_s: float) -> list[Path]:
    """Temporary files last written before a given time, sorted: the leftovers of killed runs.

    The folder is listed once, and only files with names like ``Part``'s are examined: 100,000 others cost little.

    Args:
        folder: folder to search; the result is empty if it cannot be read.
        time_s: seconds since the epoch.
    """
    try:
        with os.scandir(folder) as entries:
            parts = [entry for entry in entries if entry.name[0] == "." and _PART.fullmatch(entry.name)]
            return sorted(Path(part) for part in parts if part.is_file() and part.stat().st_mtime < time_s)
    except OSError:
        return []


def abandoned_parts(folder: Path) -> list[Path]:
    """Temporary files over a day old, sorted, which no active run writes any more; see ``parts_before``."""
    return parts_before(folder, time.time() - _DAY_S)
