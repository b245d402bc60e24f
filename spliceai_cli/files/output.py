"""The output file, which gets its name only once complete."""

from __future__ import annotations

import errno
import io
import os
import re
import stat
import sys
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, cast

from spliceai_cli.errors import OutputError, UsageError
from spliceai_cli.files.atomic import Part, scratch_file
from spliceai_cli.files.bgzf import BgzfWriter
from spliceai_cli.files.htslib import build_index, text_to_bcf

_STDOUT_NAMES = ("/dev/stdout", "/dev/fd/1", "/proc/self/fd/1")
_DESCRIPTOR = re.compile(r"/(?:dev|proc/self)/fd/(\d+)")


def check_distinct(target: str, inputs: Mapping[str, str | Path | None], *, name: str = "-O") -> None:
    """Refuse to write over an input.

    Args:
        target: where the output goes.
        inputs: option -> the file that it names.
        name: the option that gives ``target``.

    Raises:
        UsageError: the output is one of the inputs.
    """
    output = Path(target)
    if target == "-" or not output.exists():
        return
    if inputs.get("-I") == "-" and _is_stdin(output):
        raise UsageError(f"standard input and {name} are the same file: {target}.", "Write to another name.")
    for option, path in inputs.items():
        if path is not None and path != "-" and Path(path).exists() and output.samefile(path):
            raise UsageError(f"{option} and {name} are the same file: {path}.", "Write to another name.")


def check_place(target: str, *, label: str = "output") -> None:
    """Refuse a place where no file can be, before hours of work whose result belongs there.

    Whether a disk will be full is not known.

    Args:
        target: where the output goes.
        label: as for ``Output``.

    Raises:
        OutputError: it is a folder or closed, or its folder is missing or takes no files.
    """
    if target == "-" and sys.stdout is not None:
        # Open, whether it takes text or bytes.
        return
    with suppress(OSError):
        if stat.S_ISFIFO(Path(target).stat().st_mode) and not _DESCRIPTOR.fullmatch(target):
            # Its reader would see an end.
            return
    Output(target, "v", label=label).discard()


def _is_stdin(path: Path) -> bool:
    """Whether standard input was redirected from this file."""
    try:
        return os.path.samestat(path.stat(), os.fstat(0))
    except OSError:
        return False


class Output:
    """Where one output of a command goes: a file, standard output, a pipe or a device. A context manager.

    A regular file is written under a temporary name in the same folder and renamed when the ``with`` block ends well;
    on failure the previous file stays. Standard output, pipes and devices are streamed; on failure a BGZF stream gets
    no end marker. htslib makes BCF from the finished text, so a failure before that writes nothing at all.

    Args:
        path: file, or ``-`` for standard output.
        output_type: one of ``settings.words.OUTPUT_TYPES``.
        index: ``tbi`` or ``csi`` to write an index beside a compressed file; None writes no index.
        label: word that messages put before the path: what the file is, or the option that names it.

    Raises:
        OutputError: the file cannot be written, cannot be indexed (unsorted records), or the disk is full.
        BrokenPipeError: the reader of standard output has closed the pipe.
    """

    def __init__(self, path: str, output_type: str, index: str | None = None, *, label: str = "output") -> None:
        self.path = "-" if path in _STDOUT_NAMES else path
        self._type = output_type
        self._index = index
        self._label = label
        self._part: Part | None = None
        self._is_borrowed = False
        try:
            self._stream = self._text = self._open()
        except OSError as error:
            raise OutputError(f"{self._name} cannot be written: {error.strerror or error}.") from error
        if output_type in "bu":
            try:
                self._text = scratch_file(".vcf")
            except OSError as error:
                self.discard()
                raise self._failure(error) from error
        self._bgzf = BgzfWriter(self._stream) if output_type == "z" else None
        self._write = self._bgzf.write if self._bgzf else self._text.write

    def write(self, data: bytes) -> None:
        """Add text."""
        try:
            self._write(data)
        except OSError as error:
            raise self._failure(error) from error

    def __enter__(self) -> Output:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        try:
            if kind is None:
                self._commit()
        except OSError as failure:
            raise self._failure(failure) from failure
        finally:
            self.discard()

    @property
    def _name(self) -> str:
        return "standard output" if self.path == "-" else f"{self._label} {self.path}"

    def _open(self) -> BinaryIO:
        if self.path == "-":
            if sys.stdout is None:
                raise OSError(errno.EBADF, "it is closed")
            # In a notebook, standard output has no buffer.
            stdout: object = getattr(sys.stdout, "buffer", None)
            if stdout is None:
                raise OSError(errno.EBADF, "it takes only text")
            if isinstance(stdout, io.RawIOBase):
                # With PYTHONUNBUFFERED, a write may be cut short without an error, for example by a full disk.
                return os.fdopen(sys.stdout.fileno(), "wb", closefd=False)
            self._is_borrowed = True
            return cast("BinaryIO", stdout)
        if match := _DESCRIPTOR.fullmatch(self.path):
            # Opening it by name would truncate or replace the file, if the descriptor leads to a regular one.
            return os.fdopen(os.dup(int(match[1])), "wb")
        path = Path(self.path)
        if path.exists() and not stat.S_ISREG(path.stat().st_mode):
            return path.open("wb")
        self._part = Part(path, keeps_link=True)
        return self._part.path.open("wb")

    def _commit(self) -> None:
        if self._bgzf:
            self._bgzf.finish()
        elif self._text is not self._stream:
            self._text.flush()
            text_to_bcf(self._text.name, self._stream, compressed=self._type == "b")
        self._stream.flush()
        if self._part is not None:
            self._stream.close()
            self._part.sync()
            if self._index:
                self._rename_with_index(self._part, Path(f"{self.path}.{self._index}"))
            else:
                self._part.commit()

    @staticmethod
    def _rename_with_index(part: Part, index: Path) -> None:
        """Build the index, rename it, then rename the file: if indexing fails, neither gets its name.

        The index lies beside the path that the user gave, even if that is a link to a file in another folder.
        """
        with Part(index) as index_part:
            build_index(part.path, index_part.path, kind=index.suffix[1:])
            index_part.commit()
            part.commit()
            for kind in {"tbi", "csi"} - {index.suffix[1:]}:
                # The other kind of index belongs to the previous file, and htslib prefers a .csi to a .tbi.
                index.with_suffix(f".{kind}").unlink(missing_ok=True)

    def discard(self) -> None:
        """Close what is open; remove the temporary file if it was not renamed."""
        if self._text is not self._stream:
            with suppress(OSError):
                self._text.close()
        if not self._is_borrowed:
            # On a full disk the close fails as well, which says nothing new.
            with suppress(OSError):
                self._stream.close()
        if self._part is not None:
            self._part.discard()

    def _failure(self, error: OSError) -> OSError | OutputError:
        """The error to raise: a broken pipe on standard output stays as it is; the rest become ``OutputError``."""
        if self.path == "-" and isinstance(error, BrokenPipeError):
            return error
        state = "The output so far is incomplete." if self._part is None else "Any existing file is unchanged."
        return OutputError(f"{self._name} cannot be written: {error.strerror or error}.", state)
