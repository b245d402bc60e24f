"""What runs on a worker of a Dask cluster."""

from __future__ import annotations

import pickle
import socket
from threading import Lock
from typing import Any

from spliceai_cli.engine.threads import one_thread_each
from spliceai_cli.errors import SpliceAICliError, WorkerError
from spliceai_cli.parallel.messages import packed_error, packed_result, unpacked
from spliceai_cli.parallel.station import Opening, Station
from spliceai_cli.provenance import full_version

# The station of the last run; another run, with other settings, replaces it.
_opened: dict[bytes, Station[Any, Any]] = {}
_lock = Lock()


def answer(version: str, opening: bytes, task: bytes | None) -> bytes:
    """The packed result of a packed task, or its error; without a task, only opens the station.

    Args:
        version: version of the program that asks.
        opening: a pickled ``Opening``.
        task: a packed task.
    """
    one_thread_each()
    try:
        if version != full_version():
            raise WorkerError(f"this worker has version {full_version()}, but {version} is running.")
        station = _station(opening)
        return packed_result(None if task is None else station.run(unpacked(task, station.reference)))
    except SpliceAICliError as error:
        return packed_error(type(error)(f"worker on {socket.gethostname()}: {error.message}", error.hint))
    except Exception as error:
        return packed_error(error)


def _station(opening: bytes) -> Station[Any, Any]:
    with _lock:
        if opening not in _opened:
            _opened.clear()
            opens: Opening = pickle.loads(opening)
            _opened[opening] = opens.open()
        return _opened[opening]
