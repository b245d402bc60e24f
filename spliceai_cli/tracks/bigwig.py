"""bigWig files.

pybigtools writes values as they arrive, in 50 MB of memory for any genome. pyBigWig instead keeps the data for the zoom
levels in memory: 14 bytes per base, 3.5 GB for chr1.
"""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import suppress
from itertools import repeat
from queue import Full, Queue
from threading import Thread

import pybigtools

from spliceai_cli.arrays import BoolArray, FloatArray
from spliceai_cli.errors import OutputError
from spliceai_cli.files.output_part import OutputPart
from spliceai_cli.tracks.rows import Runs, runs

# Largest number of pieces that wait for the writer; each has about 2 MB.
_MAX_WAITING = 2

# If a write fails with less free space than this, the disk is considered full.
_DISK_IS_FULL = 1 << 20

_Item = tuple[str, Runs]


class BigWigFile:
    """One bigWig file; a ``PartFile``.

    pybigtools pulls values, so it runs in its own thread while the next ones are computed.

    Args:
        name: file name.
        lengths: lengths of the contigs, in the order in which they are written.

    Raises:
        OutputError: the file cannot be written, the disk is full, or there are no values, which the format does not
            allow.
    """

    def __init__(self, name: str, lengths: Mapping[str, int]) -> None:
        self._part = OutputPart(name, ".bw")
        self._lengths = dict(lengths)
        self._waiting: Queue[_Item | None] = Queue(_MAX_WAITING)
        self._n_bases = 0
        self._thread = Thread(target=self._run, daemon=True)
        self._error = ""

    def add(self, chrom: str, start: int, values: FloatArray, kept: BoolArray) -> None:
        """Append values."""
        merged = runs(start, values, kept)
        if merged.n_bases:
            if not self._n_bases:
                self._thread.start()
            self._n_bases += merged.n_bases
            self._put((chrom, merged))

    def finish(self) -> None:
        """Wait for the writer, then make sure that the file is complete."""
        self._stop()
        self._check()
        self._part.sync()

    def commit(self) -> None:
        """Rename the temporary file to its final name."""
        self._part.commit()

    def discard(self) -> None:
        """Stop the writer; remove the temporary file unless it was renamed."""
        self._stop()
        self._part.discard()

    def _stop(self) -> None:
        if self._thread.is_alive():
            with suppress(OutputError):
                self._put(None)
            self._thread.join()

    def _put(self, item: _Item | None) -> None:
        while self._thread.is_alive():
            try:
                return self._waiting.put(item, timeout=1)
            except Full:
                continue
        raise self._failure("the writer gave up")

    def _run(self) -> None:
        try:
            pybigtools.open(str(self._part.path), "w").write(self._lengths, self._entries())
        except BaseException as error:
            self._error = str(error)

    def _entries(self) -> Iterator[tuple[str, int, int, float]]:
        while (item := self._waiting.get()) is not None:
            chrom, (starts, ends, values) = item
            yield from zip(repeat(chrom), starts.tolist(), ends.tolist(), values.tolist(), strict=False)

    def _check(self) -> None:
        """Make sure that the file holds every value: the library does not report every failure."""
        if not self._n_bases:
            raise self._part.failure(
                "it would be empty, which a bigWig cannot be", "Lower --min-probability, or write bedGraph."
            )
        try:
            with pybigtools.open(str(self._part.path)) as written:
                n_found = written.info()["summary"]["basesCovered"]
        except Exception as error:
            raise self._failure(str(error)) from error
        if self._error or n_found != self._n_bases:
            raise self._failure(f"{n_found:,} of {self._n_bases:,} bases arrived")

    def _failure(self, otherwise: str) -> OutputError:
        """The error to raise; a full disk is detected here, because the library does not report it."""
        if shutil.disk_usage(self._part.path.parent).free < _DISK_IS_FULL:
            return self._part.failure(os.strerror(errno.ENOSPC))
        return self._part.failure(self._error or otherwise)
