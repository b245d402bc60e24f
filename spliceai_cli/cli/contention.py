"""Notices that other programs take the CPUs that this run counts on."""

from __future__ import annotations

import time

from spliceai_cli.cli.messages import say_warning

# Two runs that share their CPUs get half of the time each; OpenMP threads that wait for one another spin, which counts.
_LEAST_SHARE = 0.6
_MEASURED_S = 20.0


class Contention:
    """Compares the CPU time of computing with what its threads could have had; warns once.

    Args:
        is_silent: whether never to warn, because that is not wanted, or because a GPU computes.
    """

    def __init__(self, *, is_silent: bool) -> None:
        self._is_done = is_silent
        self._wall_s = self._cpu_s = 0.0
        self._last: tuple[float, float] | None = None

    def measure(self, *, is_start: bool) -> None:
        """Add the time since the last call, unless ``is_start``: then the run did something else in that time."""
        if self._is_done:
            return
        now = (time.monotonic(), time.process_time())
        if self._last is not None and not is_start:
            self._wall_s += now[0] - self._last[0]
            self._cpu_s += now[1] - self._last[1]
            self._judge()
        self._last = now

    def _judge(self) -> None:
        if self._wall_s < _MEASURED_S:
            return
        from spliceai_cli.engine.threads import computing_threads

        n_threads = computing_threads()
        n_cpus = self._cpu_s / self._wall_s
        self._wall_s = self._cpu_s = 0.0
        if n_threads is None or n_threads == 1:
            self._is_done = True
        elif n_cpus < _LEAST_SHARE * n_threads:
            self._is_done = True
            say_warning(
                f"{n_threads} threads get only the time of {n_cpus:.1f} CPUs, because other programs use the CPUs too. "
                f"--threads {max(1, round(n_cpus))} may be faster."
            )
