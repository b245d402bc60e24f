"""The marker of a part: a small file, written last, that says what the part wrote."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from spliceai_cli.errors import OutputError
from spliceai_cli.files.atomic import write_whole
from spliceai_cli.files.digest import file_sha256
from spliceai_cli.scatter.folder import Folder


@dataclass(frozen=True)
class Marker:
    """What a part wrote.

    Attributes:
        fingerprint: see ``ScatterPlan.fingerprint``.
        files: name of each file in the folder of outputs -> its digest.
        summary: the counts, see ``Summary.stored``.
        kernels: which kernels computed it, in words.
        seconds: how long it took.
    """

    fingerprint: str
    files: Mapping[str, str]
    summary: Mapping[str, Any]
    kernels: str
    seconds: float

    def is_intact(self, folder: Folder) -> bool:
        """Whether every file is there as it was written."""
        try:
            return all(file_sha256(folder.outputs / name) == sha256 for name, sha256 in self.files.items())
        except OSError:
            return False


def read_marker(folder: Folder, number: int) -> Marker | None:
    """The marker of a part; None if there is none that can be read."""
    try:
        return Marker(**json.loads(folder.marker(number).read_bytes()))
    except (OSError, ValueError, TypeError):
        return None


def write_marker(folder: Folder, number: int, marker: Marker) -> None:
    """Write the marker of a part.

    Raises:
        OutputError: it cannot be written.
    """
    path = folder.marker(number)
    try:
        write_whole(path, json.dumps(asdict(marker), indent=1).encode() + b"\n")
    except OSError as error:
        raise OutputError(f"{path} cannot be written: {error.strerror}.", "Run the part again.") from error


def digests(paths: Iterable[Path]) -> dict[str, str]:
    """Names of files with their digests.

    Raises:
        OutputError: a file cannot be read.
    """
    try:
        return {path.name: file_sha256(path) for path in paths}
    except OSError as error:
        raise OutputError(f"{error.filename} cannot be read again: {error.strerror}.", "Run the part again.") from error
