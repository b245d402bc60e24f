"""Joins the parts of a plan to the output of a single run."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from spliceai_cli.annotate.stats import stats_json
from spliceai_cli.errors import ScatterError, UsageError
from spliceai_cli.files.atomic import parts_before
from spliceai_cli.files.output import Output
from spliceai_cli.scatter.folder import Folder
from spliceai_cli.scatter.marker import Marker, read_marker
from spliceai_cli.scatter.plan import ScatterPlan
from spliceai_cli.settings.words import TSV
from spliceai_cli.summary import Summary

_BLOCK_BYTES = 1 << 20

# From so many numbers in a row on they are written as a range.
_MIN_RANGE = 3


@dataclass(frozen=True)
class Target:
    """Where the output of a whole plan goes.

    Attributes:
        path: the output; ``-`` for standard output.
        output_type: one of ``settings.words.OUTPUT_TYPES``.
        index: one of ``settings.words.INDEXES``, or None.
        stats: path for the counts as JSON, or None.
        fasta: path for predicted transcripts and proteins, or None.
    """

    path: str
    output_type: str
    index: str | None = None
    stats: str | None = None
    fasta: str | None = None


def join_parts(folder: Folder, plan: ScatterPlan, target: Target, warn: Callable[[str], None]) -> Summary:
    """Write the output of a plan, all of whose parts are complete; returns the counts of all.

    Args:
        folder: the folder of the plan.
        plan: the plan.
        target: where the output goes.
        warn: called with warnings.

    Raises:
        ScatterError: parts are missing, are of another plan, or are damaged.
        UsageError: the parts have no FASTA.
        OutputError: the output cannot be written or indexed.
    """
    if target.fasta is not None and not plan.has_fasta:
        raise UsageError("--consequence-fasta needs a plan with --consequence.")
    markers = _complete(folder, plan)
    kernels = sorted({marker.kernels for marker in markers})
    if len(kernels) > 1:
        warn(
            f"parts were computed by different kernels ({'; '.join(kernels)}): a score at the edge of its last decimal "
            "may differ from that of a single run."
        )
    summary = Summary()
    for marker in markers:
        summary.add(Summary.restored(marker.summary))
    numbers = range(1, len(plan.parts) + 1)
    with ExitStack() as stack:
        stats = _opened(stack, target.stats, "--stats")
        fasta = _opened(stack, target.fasta, "--consequence-fasta")
        output = stack.enter_context(Output(target.path, target.output_type, target.index))
        for data in _joined([folder.annotated(n, plan.layout) for n in numbers], is_table=plan.layout == TSV):
            output.write(data)
        if fasta is not None:
            for data in _whole(map(folder.fasta, numbers)):
                fasta.write(data)
        if stats is not None:
            stats.write(stats_json(summary, plan.origins))
    _remove_left_over(folder)
    return summary


def _opened(stack: ExitStack, path: str | None, label: str) -> Output | None:
    return None if path is None else stack.enter_context(Output(path, "v", label=label))


def _complete(folder: Folder, plan: ScatterPlan) -> list[Marker]:
    """The markers of all parts.

    Raises:
        ScatterError: parts are missing, stale or damaged.
    """
    markers, missing, stale, damaged = [], [], [], []
    for number in range(1, len(plan.parts) + 1):
        marker = read_marker(folder, number)
        if marker is None:
            missing.append(number)
        elif marker.fingerprint != plan.fingerprint(number):
            stale.append(number)
        elif not marker.is_intact(folder):
            damaged.append(number)
        else:
            markers.append(marker)
    problems = [
        f"{_named(numbers)} {'is' if len(numbers) == 1 else 'are'} {state}"
        for numbers, state in ((missing, "missing"), (stale, "of another plan"), (damaged, "damaged"))
        if numbers
    ]
    if problems:
        first = min([*missing, *stale, *damaged])
        raise ScatterError(
            f"{folder.path} is not complete: of {len(plan.parts)} parts, {'; '.join(problems)}.",
            f"Run them: spliceai-cli scatter run {folder.path} {first}",
        )
    return markers


def _named(numbers: Sequence[int]) -> str:
    """Numbers of parts, ascending, those in a row as ranges: ``parts 3, 7 to 9``."""
    ranges: list[list[int]] = []
    for number in numbers:
        if ranges and ranges[-1][-1] == number - 1:
            ranges[-1].append(number)
        else:
            ranges.append([number])
    texts = [f"{row[0]} to {row[-1]}" if len(row) >= _MIN_RANGE else ", ".join(map(str, row)) for row in ranges]
    return f"part{'s' if len(numbers) > 1 else ''} {', '.join(texts)}"


def _joined(paths: Iterable[Path], *, is_table: bool) -> Iterator[bytes]:
    """The header of the first file, and below it the records of all.

    Args:
        paths: the files, compressed.
        is_table: whether the header is one line, instead of all that begin with ``#``.

    Raises:
        ScatterError: a file cannot be read.
    """
    for i, path in enumerate(paths):
        with _readable(path), gzip.open(path, "rb") as part:
            header = _read_header(part, is_table=is_table)
            if i == 0:
                yield from header
            while data := part.read(_BLOCK_BYTES):
                yield data


def _read_header(part: gzip.GzipFile, *, is_table: bool) -> list[bytes]:
    """Read the header of a file, and nothing behind it."""
    if is_table:
        return [part.readline()]
    lines = []
    while part.peek(1).startswith(b"#"):
        lines.append(part.readline())
    return lines


def _whole(paths: Iterable[Path]) -> Iterator[bytes]:
    """The content of files.

    Raises:
        ScatterError: a file cannot be read.
    """
    for path in paths:
        with _readable(path), path.open("rb") as part:
            while data := part.read(_BLOCK_BYTES):
                yield data


@contextmanager
def _readable(path: Path) -> Iterator[None]:
    """Translate errors of reading; a file that was intact may have been replaced since by a run of its part."""
    try:
        yield
    except (OSError, EOFError, zlib.error) as error:
        raise ScatterError(f"{path} cannot be read: {error}.", "Run finish again.") from error


def _remove_left_over(folder: Folder) -> None:
    """Remove the temporary files of killed runs, which nobody needs once all parts are complete."""
    for left in parts_before(folder.outputs, float("inf")):
        with suppress(OSError):
            left.unlink()
