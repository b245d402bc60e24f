"""Cache of parsed annotations, for later runs."""

from __future__ import annotations

import json
import zipfile
import zlib
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np

from spliceai_cli.files.atomic import Part
from spliceai_cli.genes.left_out import LeftOut
from spliceai_cli.genes.transcripts import Ranges, Transcripts

_TEXTS = ("gene_ids", "symbols", "biotypes", "aliases", "ids", "chroms", "lengths", "chromosomes")
_LEFT_OUT = "left_out"
_ARRAYS = ("gene", "chrom", "is_minus", "spans", "tags", "appris", "phase")
_RANGES = ("exons", "coding")

# Errors that zipfile, NumPy and ``_unpacked`` raise for a damaged file.
_UNREADABLE = (OSError, EOFError, ValueError, KeyError, TypeError, RuntimeError, zipfile.BadZipFile, zlib.error)

# Part of the file name; must be increased when the parsed content changes.
_VERSION = 7


class TranscriptCache:
    """Parsed annotations on disk, by the SHA-256 of their source file.

    Args:
        folder: folder of the cache; created when something is stored.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def load(self, sha256: str) -> Transcripts | None:
        """The stored transcripts; None if there are none or they cannot be read."""
        try:
            # Opened here because np.load leaves a damaged file open.
            with self._path(sha256).open("rb") as packed, np.load(packed, allow_pickle=False) as held:
                return _unpacked(held)
        except _UNREADABLE:
            return None

    def store(self, sha256: str, transcripts: Transcripts) -> None:
        """Store transcripts; a failure is ignored, since they can be parsed again."""
        with suppress(OSError), Part(self._path(sha256)) as part:
            self._folder.mkdir(parents=True, exist_ok=True)
            with part.path.open("wb") as handle:
                np.savez(handle, allow_pickle=False, **_packed(transcripts))
            part.commit()

    def _path(self, sha256: str) -> Path:
        return self._folder / f"{sha256}.v{_VERSION}.npz"


def _packed(held: Transcripts) -> dict[str, np.ndarray]:
    """Arrays by name: texts and omissions as JSON, each ``Ranges`` as its two arrays."""
    texts = {name: json.dumps(getattr(held, name)) for name in _TEXTS}
    texts[_LEFT_OUT] = json.dumps(held.left_out.omissions)
    return {
        **{name: np.frombuffer(text.encode(), dtype=np.uint8) for name, text in texts.items()},
        **{name: getattr(held, name) for name in _ARRAYS},
        **{f"{name}.{part}": getattr(getattr(held, name), part) for name in _RANGES for part in ("first", "bounds")},
    }


def _unpacked(held: Mapping[str, np.ndarray]) -> Transcripts:
    """The inverse of ``_packed``."""
    values: dict[str, Any] = {name: json.loads(held[name].tobytes()) for name in _TEXTS}
    values[_LEFT_OUT] = LeftOut.of(json.loads(held[_LEFT_OUT].tobytes()))
    values |= {name: held[name] for name in _ARRAYS}
    values |= {name: Ranges(held[f"{name}.first"], held[f"{name}.bounds"]) for name in _RANGES}
    return Transcripts(**values)
