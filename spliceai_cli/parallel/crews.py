"""Crews: what computes several tasks at a time."""

from __future__ import annotations

import pickle
from collections.abc import Callable, Sequence
from concurrent.futures import CancelledError, Future, ThreadPoolExecutor, wait
from queue import SimpleQueue
from typing import Any, Protocol

from spliceai_cli.engine.threads import one_thread_each
from spliceai_cli.errors import exhausted
from spliceai_cli.parallel.messages import packed, result_in
from spliceai_cli.parallel.process import WorkerProcess, leave_signals_to_the_parent
from spliceai_cli.parallel.station import Opening, Station

# A batch of PyTorch's kernels can take over ten seconds, for which nobody who pressed Ctrl-C waits.
_PATIENCE_S = 1.0


class Crew(Protocol):
    """Computes several tasks at a time."""

    def submit(self, task: object) -> Future[Any]:
        """Start a task as soon as a worker is free."""

    def result(self, future: Future[Any]) -> Any:  # noqa: ANN401 (whatever the station gives)
        """The result of a task; waits for it.

        Raises:
            Exception: whatever the task raised.
            WorkerError: workers ended before it was done.
        """

    def close(self) -> None:
        """End all workers at once, whatever they are doing."""


class ThreadCrew:
    """Threads of this process, which share a station. Each computes on one thread.

    Args:
        n_workers: number of threads.
        station: computes the tasks.
    """

    def __init__(self, n_workers: int, station: Station[Any, Any]) -> None:
        self._station = station
        self._is_closed = False
        self._pool = ThreadPoolExecutor(n_workers, "spliceai-worker", one_thread_each)
        self._unfinished: set[Future[Any]] = set()

    def submit(self, task: object) -> Future[Any]:
        """See ``Crew``."""
        future = _submitted(self._pool, self._run, task)
        self._unfinished.add(future)
        future.add_done_callback(self._unfinished.discard)
        return future

    def result(self, future: Future[Any]) -> Any:  # noqa: ANN401 (whatever the station gives)
        """See ``Crew``."""
        return future.result()

    def close(self) -> None:
        """See ``Crew``; a task ends after its batch, which is waited for unless it is long."""
        self._is_closed = True
        self._pool.shutdown(wait=False, cancel_futures=True)
        if not wait(set(self._unfinished), _PATIENCE_S).not_done:
            self._pool.shutdown()

    def _run(self, task: object) -> Any:  # noqa: ANN401 (whatever the station gives)
        return self._station.run(task, self._end_if_closed)

    def _end_if_closed(self, _: float) -> None:
        if self._is_closed:
            raise CancelledError


class ProcessCrew:
    """Processes on this machine, each with a station of its own.

    A task whose process ends before its answer is given to a new one, once.

    Args:
        openings: opens the station of each process; started when there is a task for it.
        station: gives the reference that results refer to.
    """

    def __init__(self, openings: Sequence[Opening], station: Station[Any, Any]) -> None:
        self._station = station
        self._workers = [WorkerProcess(pickle.dumps(opening)) for opening in openings]
        # A stack would do; a queue starts all processes even if tasks are short.
        self._idle: SimpleQueue[WorkerProcess] = SimpleQueue()
        for worker in self._workers:
            self._idle.put(worker)
        self._pool = ThreadPoolExecutor(len(openings), "spliceai-worker", leave_signals_to_the_parent)

    def submit(self, task: object) -> Future[Any]:
        """See ``Crew``."""
        return _submitted(self._pool, self._ask, task)

    def result(self, future: Future[Any]) -> Any:  # noqa: ANN401 (whatever the station gives)
        """See ``Crew``."""
        return result_in(future.result(), self._station.reference)

    def close(self) -> None:
        """See ``Crew``."""
        self._pool.shutdown(wait=False, cancel_futures=True)
        for worker in self._workers:
            worker.close()
        self._pool.shutdown()

    def _ask(self, task: object) -> bytes:
        message = packed(task)
        worker = self._idle.get()
        try:
            return worker.ask(message)
        finally:
            self._idle.put(worker)


def _submitted(pool: ThreadPoolExecutor, call: Callable[[object], Any], task: object) -> Future[Any]:
    try:
        return pool.submit(call, task)
    except RuntimeError as error:
        if exhausted(error) is not None:
            raise
        # The main thread has ended; other threads may go on, but Python starts no thread of a pool any more.
        future: Future[Any] = Future()
        try:
            future.set_result(call(task))
        except Exception as error:
            future.set_exception(error)
        return future
