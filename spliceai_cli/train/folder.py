"""The files in the folder of a run."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from spliceai_cli.errors import OutputError
from spliceai_cli.files.atomic import write_whole

CONFIG, GENES, README, METRICS, CHECKPOINT = "config.toml", "genes.tsv", "README.md", "metrics.jsonl", "checkpoint.pt"
#: Names of the genes of each part, in the form that ``--genes`` reads.
TRAIN_GENES, VALIDATION_GENES, TEST_GENES = "train-genes.txt", "validation-genes.txt", "test-genes.txt"


def write_file(path: Path, content: str | bytes) -> None:
    """Write a file that appears under its name only when complete; its folder is created if missing.

    Raises:
        OutputError: the file cannot be written.
    """
    with writing(path):
        write_whole(path, content if isinstance(content, bytes) else content.encode())


def append_line(path: Path, line: str) -> None:
    """Add a line to a file.

    Raises:
        OutputError: the file cannot be written.
    """
    with writing(path), path.open("a", encoding="utf-8") as handle:
        handle.write(f"{line}\n")


@contextmanager
def writing(path: Path) -> Iterator[None]:
    """A ``with`` block that writes a file or folder.

    Raises:
        OutputError: the block raised an ``OSError``.
    """
    try:
        yield
    except OSError as error:
        raise OutputError(f"{path} cannot be written: {error.strerror}.") from error
