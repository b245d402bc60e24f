"""Keeps the folder of a run for one run at a time."""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from spliceai_cli.errors import OutputError, TrainingError
from spliceai_cli.files.atomic import parts_before
from spliceai_cli.models.published import CONVERTED
from spliceai_cli.train.folder import (
    CHECKPOINT,
    CONFIG,
    GENES,
    METRICS,
    README,
    TEST_GENES,
    TRAIN_GENES,
    VALIDATION_GENES,
    writing,
)

_WRITTEN = (CONVERTED, README, CONFIG, GENES, TRAIN_GENES, VALIDATION_GENES, TEST_GENES, METRICS)
_LOCK = ".lock"


@contextmanager
def claimed(folder: Path) -> Iterator[None]:
    """Keep a folder for one run until the ``with`` block ends; the folder is created if missing.

    Temporary files of runs that were killed are removed, and so is a new folder if the block fails before it has
    written anything. Where the file system has no locks, two runs can write to one folder.

    Args:
        folder: folder of the run. Only the first of several processes claims it.

    Raises:
        TrainingError: another run is at work in it, or it has files that a run would replace and none has written.
        OutputError: it is not a folder, or cannot be written to.
    """
    with writing(folder):
        is_new = not os.path.lexists(folder)
        if not is_new and not folder.is_dir():
            raise OutputError(f"{folder} is not a folder.", "Choose another name for the run.")
        folder.mkdir(parents=True, exist_ok=True)
        lock = (folder / _LOCK).open("ab")
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise TrainingError(
                f"another run is at work in {folder}.", "Wait for it, or choose another folder."
            ) from error
        except OSError:
            pass
        if not _is_file_of(lock, folder / _LOCK):
            # Its run has failed and removed the folder since the lock was opened.
            raise TrainingError(f"another run has just ended in {folder}.", "Give the command again.")
        _refuse_foreign(folder)
        for part in parts_before(folder, time.time()):
            with suppress(OSError):
                part.unlink()
        try:
            yield
        except BaseException:
            if is_new:
                _remove_unused(folder)
            raise


def _is_file_of(file: BinaryIO, path: Path) -> bool:
    """Whether an open file still has this name."""
    try:
        return os.path.samestat(os.fstat(file.fileno()), path.stat())
    except OSError:
        return False


def _remove_unused(folder: Path) -> None:
    """Remove a folder in which nothing but the lock was made."""
    with suppress(OSError):
        if [path.name for path in folder.iterdir()] == [_LOCK]:
            (folder / _LOCK).unlink()
            folder.rmdir()


def _refuse_foreign(folder: Path) -> None:
    """A run writes its checkpoint before anything else: without one, other files are not of a run."""
    present = [name for name in _WRITTEN if (folder / name).exists()]
    if present and not (folder / CHECKPOINT).exists():
        raise TrainingError(
            f"{folder} contains {present[0]} but no checkpoint; a run would overwrite it.",
            "Choose another folder, or move that file.",
        )
