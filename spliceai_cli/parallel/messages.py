"""Tasks, results and errors as bytes. Each process has its own reference, which tasks name instead of holding it."""

from __future__ import annotations

import io
import pickle
import traceback
from typing import Any

from spliceai_cli.errors import SpliceAICliError, WorkerError, exhausted
from spliceai_cli.genome.fasta import Reference

_REFERENCE = "reference"


class _Pickler(pickle.Pickler):
    def persistent_id(self, obj: object) -> str | None:
        """The name of what is not sent."""
        return _REFERENCE if isinstance(obj, Reference) else None


class _Unpickler(pickle.Unpickler):
    def __init__(self, message: bytes, reference: Reference) -> None:
        super().__init__(io.BytesIO(message))
        self._reference = reference

    def persistent_load(self, name: str) -> Reference:
        """This process's own."""
        if name != _REFERENCE:
            raise pickle.UnpicklingError(name)
        return self._reference


def packed(value: object) -> bytes:
    """A value that may hold a ``Reference``."""
    file = io.BytesIO()
    _Pickler(file, pickle.HIGHEST_PROTOCOL).dump(value)
    return file.getvalue()


def unpacked(message: bytes, reference: Reference) -> Any:  # noqa: ANN401 (whatever was packed)
    """The value, with ``reference`` where one was."""
    return _Unpickler(message, reference).load()


def packed_result(result: object) -> bytes:
    """The answer to a task: its result."""
    return packed((result, None))


def packed_error(error: BaseException) -> bytes:
    """The answer to a task that failed: its error, as ``sendable`` makes it."""
    return packed((None, sendable(error)))


def result_in(answer: bytes, reference: Reference) -> Any:  # noqa: ANN401 (whatever was packed)
    """The result in the answer to a task.

    Args:
        answer: made by ``packed_result`` or ``packed_error``.
        reference: see ``unpacked``.

    Raises:
        Exception: the error, if that is what the answer holds.
    """
    result, error = unpacked(answer, reference)
    if error is not None:
        raise error
    return result


class WorkerBug(Exception):  # noqa: N818 (it names what it is)
    """An unexpected exception in another process; its text is the traceback there."""


def sendable(error: BaseException) -> BaseException:
    """An exception that can be raised in the process that asked: a known failure as it is, a bug with its traceback."""
    if isinstance(error, SpliceAICliError):
        return error.with_traceback(None)
    if (cause := exhausted(error)) is not None:
        return WorkerError(f"a worker failed: {cause.message}", f"Use fewer workers. {cause.hint}")
    return WorkerBug("".join(traceback.format_exception(error)))
