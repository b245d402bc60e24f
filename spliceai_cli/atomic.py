"""Temporary names beside the files that they become."""

from __future__ import annotations

import secrets
from pathlib import Path


def part_of(target: Path) -> Path:
    """A hidden name in the folder of ``target`` that no other process uses, on this host or another.

    Process numbers would not do: containers that share a folder often have the same.
    """
    return target.with_name(f".{target.name[:200]}.{secrets.token_hex(6)}.part")
