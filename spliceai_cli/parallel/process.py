"""One worker process: started for its first task, replaced if it ends."""

from __future__ import annotations

import signal
import subprocess
import sys
from concurrent.futures import CancelledError
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from threading import Lock

from spliceai_cli.errors import WorkerError

# As `multiprocessing` starts a process, but without running the main module again, which a script may not guard.
_CODE = "import sys; sys.path[:] = {path!r}; from spliceai_cli.parallel.worker import main; main({descriptor})"

# A process that ends while it computes is replaced; one that does so twice with the same task is not.
_ATTEMPTS = 2


def leave_signals_to_the_parent() -> None:
    """Called in the thread that starts processes: they inherit that these signals wait.

    Ctrl-C, a closed terminal and a batch system's SIGTERM reach all processes. The parent ends the others.
    """
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGTERM, signal.SIGHUP})


class WorkerProcess:
    """A process that answers one task at a time.

    It starts a fresh interpreter: after a fork, threads and GPUs of the parent would not work.

    Args:
        opening: message that opens its station.
    """

    def __init__(self, opening: bytes) -> None:
        self._opening = opening
        self._lock = Lock()
        self._is_closed = False
        self._process: subprocess.Popen[bytes] | None = None
        self._connection: Connection | None = None

    def ask(self, task: bytes) -> bytes:
        """The answer to a task.

        Raises:
            WorkerError: the process ended before it answered, and so did the next.
            CancelledError: ``close`` was called.
        """
        ends: list[str] = []
        while len(ends) < _ATTEMPTS:
            try:
                connection = self._open()
                connection.send_bytes(task)
                return connection.recv_bytes()
            except (EOFError, OSError):
                ends.append(self._end())
        raise WorkerError(
            f"a worker process ended before its task was done: {ends[0]}; so did the one that took its place: "
            f"{ends[1]}.",
            "If the system killed them, memory ran out: use fewer --workers.",
        )

    def close(self) -> None:
        """End the process at once, if it runs, and start no other."""
        with self._lock:
            self._is_closed = True
            if self._process is not None:
                self._process.kill()
                self._process.wait()

    def _open(self) -> Connection:
        with self._lock:
            if self._is_closed:
                raise CancelledError
            if self._connection is not None:
                return self._connection
            ours, theirs = Pipe()
            code = _CODE.format(path=sys.path, descriptor=theirs.fileno())
            with theirs:
                self._process = subprocess.Popen(
                    [sys.executable, "-c", code],
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.DEVNULL,
                    pass_fds=[theirs.fileno()],
                )
            self._connection = ours
        ours.send_bytes(self._opening)
        return ours

    def _end(self) -> str:
        """Clear away the process, and say how it ended."""
        with self._lock:
            if self._connection is not None:
                self._connection.close()
            code = None
            if self._process is not None:
                # It has closed its end, so it is ending; one that only closed its end must not go on.
                try:
                    code = self._process.wait(1)
                except subprocess.TimeoutExpired:
                    self._process.kill()
                    code = self._process.wait()
            self._connection = self._process = None
            if self._is_closed:
                raise CancelledError
        return "it could not be started" if code is None else _how(code)


def _how(code: int) -> str:
    return f"killed by {signal.Signals(-code).name}" if code < 0 else f"exit code {code}"
