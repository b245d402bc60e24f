"""Temporary names beside the files that they become."""

from __future__ import annotations

import os
import re
import secrets
from pathlib import Path

_N_RANDOM_BYTES = 6
# Libraries that write by name may want an ending of their own behind it.
_PART = re.compile(rf"\..+\.[0-9a-f]{{{2 * _N_RANDOM_BYTES}}}\.part(?:\.\w+)*", re.DOTALL)


def part_of(target: Path) -> Path:
    """A hidden name in the folder of ``target`` that no other process uses, on this host or another.

    Process numbers would not do: containers that share a folder often have the same.
    """
    return target.with_name(f".{target.name[:200]}.{secrets.token_hex(_N_RANDOM_BYTES)}.part")


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
