"""The folder of a run, which one run at a time writes to."""

from __future__ import annotations

import fcntl
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from spliceai_cli.errors import OutputError, TrainingError
from spliceai_cli.files.atomic import parts_before
from spliceai_cli.models.published import CONVERTED
from spliceai_cli.train.checkpoint import CHECKPOINT
from spliceai_cli.train.metrics import METRICS

CONFIG, GENES, README = "config.toml", "genes.tsv", "README.md"
#: Names of the genes of two parts, in the form that ``--genes`` reads.
VALIDATION_GENES, TEST_GENES = "validation-genes.txt", "test-genes.txt"

_WRITTEN = (CONVERTED, README, CONFIG, GENES, VALIDATION_GENES, TEST_GENES, METRICS)
_LOCK = ".lock"


@contextmanager
def claimed(folder: Path) -> Iterator[None]:
    """Keep a folder for one run until the ``with`` block ends; made if missing.

    Temporary files of runs that were killed are removed. Where the file system has no locks, two runs can write to one
    folder.

    Args:
        folder: of the run.

    Raises:
        TrainingError: another run is at work in it, or it has files of the same names that no run has written.
        OutputError: it cannot be written to.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock = (folder / _LOCK).open("ab")
    except OSError as error:
        raise OutputError(f"{folder} cannot be written to: {error.strerror}.") from error
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise TrainingError(
                f"another run is at work in {folder}.", "Wait for it, or name another folder."
            ) from error
        except OSError:
            pass
        _refuse_others(folder)
        for part in parts_before(folder, time.time()):
            with suppress(OSError):
                part.unlink()
        yield


def _refuse_others(folder: Path) -> None:
    """A run writes its checkpoint before anything else: without one, files are somebody else's."""
    found = [name for name in _WRITTEN if (folder / name).exists()]
    if found and not (folder / CHECKPOINT).exists():
        raise TrainingError(
            f"{folder} has {found[0]}, but no checkpoint: a run would replace it.", "Name another folder, or move it."
        )
