"""Crews on threads of one process."""

from __future__ import annotations

import threading
import time
from concurrent.futures import CancelledError

import pytest

from spliceai_cli.parallel.crews import ThreadCrew


class Steps:
    """A station whose tasks take so many steps of so many seconds."""

    def __init__(self, n: int, seconds: float) -> None:
        self._n, self._seconds = n, seconds
        self.has_begun = threading.Event()

    def run(self, task, advance):
        self.has_begun.set()
        for _ in range(self._n):
            time.sleep(self._seconds)
            advance(1)
        return task


def test_close__waits_for_the_end_of_a_short_step():
    station = Steps(100, 0.1)
    crew = ThreadCrew(2, station)
    futures = [crew.submit(task) for task in range(5)]
    station.has_begun.wait()
    crew.close()
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("spliceai-worker")]
    for future in futures:
        with pytest.raises(CancelledError):
            crew.result(future)


def test_close__does_not_wait_for_that_of_a_long_one():
    station = Steps(100, 4)
    crew = ThreadCrew(2, station)
    future = crew.submit(0)
    station.has_begun.wait()
    start = time.monotonic()
    crew.close()
    assert time.monotonic() - start < 3
    with pytest.raises(CancelledError):
        crew.result(future)
