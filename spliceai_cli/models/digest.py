"""Checks files against their published hashes."""

from __future__ import annotations

import hashlib

from spliceai_cli.errors import WeightsError


def check_sha256(raw: bytes, expected: str, name: str) -> None:
    """Compare bytes with their published hash.

    Raises:
        WeightsError: they differ.
    """
    actual = hashlib.sha256(raw).hexdigest()
    if actual != expected:
        raise WeightsError(f"{name} is not the published file: SHA-256 is {actual}, {expected} expected.")
