"""Temporary names: of files that get their own when complete, and of scratch that never does."""

from __future__ import annotations

import os
import re
import secrets
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO, cast

_N_RANDOM_BYTES = 6
# Most file systems allow names of 255 bytes; the random part, and an ending that a library wants, need some of them.
_MAX_NAME_BYTES = 200
# Libraries that write by name may want an ending of their own behind it.
_PART = re.compile(rf"\..+\.[0-9a-f]{{{2 * _N_RANDOM_BYTES}}}\.part(?:\.\w+)*", re.DOTALL)


class Part:
    """A hidden name beside a file, which gets its own when complete; a context manager that removes what did not.

    Nothing is made or opened here: whoever writes opens ``path``, or gives it to a library. Other processes have other
    names, on this host and others: containers that share a folder often have the same process number.

    Args:
        target: the name in the end.
        suffix: ending that the temporary name needs.
        keeps_link: whether a link as target stays one, and the file that it leads to is replaced.
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
        """Wait until the disk has it.

        Raises:
            OSError: it does not take it.
        """
        with self.path.open("rb") as handle:
            os.fsync(handle.fileno())

    def commit(self) -> None:
        """Give it its name.

        Raises:
            OSError: it cannot get it.
        """
        self.path.replace(self._target)

    def discard(self) -> None:
        """Remove it if it is there: it did not get its name."""
        with suppress(OSError):
            self.path.unlink(missing_ok=True)


def write_whole(target: Path, raw: bytes) -> None:
    """Write a file that appears under its name only when complete; its folder is made if need be.

    Raises:
        OSError: it cannot be written.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    with Part(target) as part:
        part.path.write_bytes(raw)
        part.sync()
        part.commit()


def scratch_file(suffix: str = "") -> BinaryIO:
    """An open file in the folder for temporary ones, with a ``name``; it goes when it is closed.

    Raises:
        OSError: there is no such folder, or its disk is full.
    """
    return cast("BinaryIO", tempfile.NamedTemporaryFile(suffix=suffix))


def scratch_folder() -> tempfile.TemporaryDirectory[str]:
    """A folder in the one for temporary files; it goes at the end of a ``with`` block, which gets its path.

    Raises:
        OSError: there is no such folder, or its disk is full.
    """
    return tempfile.TemporaryDirectory(prefix="spliceai-cli-")


def parts_before(folder: Path, time_s: float) -> list[Path]:
    """Temporary files last written before a given time, sorted: the leftovers of killed runs.

    The folder is listed once, and only such files are looked at: among 100,000 others it takes as long as the list.

    Args:
        folder: where to look; none are found where it cannot be read.
        time_s: seconds since the epoch.
    """
    try:
        with os.scandir(folder) as entries:
            parts = [entry for entry in entries if entry.name[0] == "." and _PART.fullmatch(entry.name)]
            return sorted(Path(part) for part in parts if part.is_file() and part.stat().st_mtime < time_s)
    except OSError:
        return []
