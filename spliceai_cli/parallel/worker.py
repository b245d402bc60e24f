"""The main program of a worker process: opens a station, and answers tasks until its parent is gone."""

from __future__ import annotations

import os
import pickle
import threading
import traceback
from multiprocessing.connection import Connection
from queue import SimpleQueue
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from spliceai_cli.parallel.station import Opening, Station


def main(descriptor: int) -> None:
    """Serve the process at the other end of a connection.

    The main thread only listens, so that it notices at once when the parent has ended, however it ended, and ends this
    process in the middle of a task, or of loading libraries.

    Args:
        descriptor: number of the connection's open file.
    """
    connection = Connection(descriptor)
    messages: SimpleQueue[bytes] = SimpleQueue()
    threading.Thread(target=_serve, args=(connection, messages), daemon=True).start()
    try:
        while True:
            messages.put(connection.recv_bytes())
    except (EOFError, OSError):
        os._exit(0)


def _serve(connection: Connection, messages: SimpleQueue[bytes]) -> None:
    try:
        _answer(connection, messages)
    except OSError:
        # The other end is gone.
        os._exit(0)
    except BaseException:
        # A bug, of which the parent learns by the end of this process.
        traceback.print_exc()
        os._exit(1)


def _answer(connection: Connection, messages: SimpleQueue[bytes]) -> None:
    from spliceai_cli.engine.threads import use_threads
    from spliceai_cli.parallel.messages import packed_error, packed_result, unpacked

    use_threads(1)
    opening: Opening = pickle.loads(messages.get())
    station: Station[Any, Any] | None = None
    while True:
        message = messages.get()
        try:
            station = station or opening.open()
            answer = packed_result(station.run(unpacked(message, station.reference)))
        except BaseException as error:
            answer = packed_error(error)
        connection.send_bytes(answer)
