"""Files against the hashes that they were published with."""

from __future__ import annotations

import hashlib

from spliceai_cli.errors import WeightsError


def check_sha256(raw: bytes, expected: str, what: str) -> None:
    """Compare bytes with the hash they were published with.

    Raises:
        WeightsError: they differ.
    """
    found = hashlib.sha256(raw).hexdigest()
    if found != expected:
        raise WeightsError(f"{what} is not the published file: SHA-256 is {found}, {expected} expected.")
