"""Digests of files."""

from __future__ import annotations

import hashlib

from spliceai_cli.files.digest import file_sha256


def test_file_sha256__is_that_of_the_content(tmp_path):
    path = tmp_path / "a"
    path.write_bytes(b"ab" * (1 << 20))
    assert file_sha256(path) == hashlib.sha256(b"ab" * (1 << 20)).hexdigest()
