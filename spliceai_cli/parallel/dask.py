"""Workers of a Dask cluster."""

from __future__ import annotations

import asyncio
import json
import logging
import pickle
import re
import time
from collections.abc import Callable
from concurrent.futures import CancelledError, Future
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from spliceai_cli.errors import UsageError, WorkerError
from spliceai_cli.genome.fingerprint import fingerprint
from spliceai_cli.parallel.dask_worker import answer
from spliceai_cli.parallel.messages import packed, result_in
from spliceai_cli.provenance import full_version

if TYPE_CHECKING:
    from distributed import Client

    from spliceai_cli.parallel.station import Opening, Station

# HOST:PORT, with or without a protocol; anything else is a scheduler file.
_ADDRESS = re.compile(r"[a-z]+://.*|[^/]+:[0-9]+")
_WITH_PORT = ("tcp", "tls")

_CONNECT_S = 30
_POLL_S = 0.1

# The loggers of Dask that have levels of their own. Their lines about a lost scheduler would come before our message.
_LOGS = ("distributed", "distributed.client")


class DaskCrew:
    """The workers of a cluster, as many as there are at the time; the scheduler gives a lost worker's tasks to others.

    Args:
        where: address of the scheduler, or path of its scheduler file.
        opening_for: makes what opens the station of each worker, given the fingerprint of the genome.
        warn: called if there are no workers yet.
        station: gives the reference that results refer to.

    Raises:
        UsageError: no scheduler answers.
        WorkerError: there is no scheduler file, or it has no address.
        SpliceAICliError: a worker would not compute the same numbers as this process; the message names its host.
    """

    def __init__(
        self,
        where: str,
        opening_for: Callable[[str], Opening],
        warn: Callable[[str], None],
        station: Station[Any, Any],
    ) -> None:
        self._where = where
        self._station = station
        self._opening = pickle.dumps(opening_for(fingerprint(station.reference)))
        self._client = _connect(where)
        self._levels = {name: logging.getLogger(name).level for name in _LOGS}
        for name in _LOGS:
            logging.getLogger(name).setLevel(logging.CRITICAL)
        try:
            addresses = list(self._client.nthreads())
            if not addresses:
                warn(f"the Dask cluster {where} has no workers yet; the run goes on when the first one joins.")
            # Before the first task, so that a wrong worker costs no time. Those that join later check themselves when
            # they open their station. One that is lost meanwhile leaves its check to another.
            checks = [self._submit(None, workers=[address], allow_other_workers=True) for address in addresses]
            for check in checks:
                self.result(check)
        except BaseException:
            self.close()
            raise

    def submit(self, task: object) -> Future[Any]:
        """See ``Crew``."""
        return self._submit(packed(task))

    def result(self, future: Future[Any]) -> Any:  # noqa: ANN401 (whatever the station gives)
        """See ``Crew``."""
        from distributed import KilledWorker

        try:
            message = future.result()
        except KilledWorker as error:
            raise WorkerError(
                f"workers of the Dask cluster {self._where} ended again and again at one task: {error}",
                "If the system killed them, memory ran out: give each worker more, or fewer threads.",
            ) from error
        except (CancelledError, asyncio.CancelledError) as error:
            raise WorkerError(
                f"the scheduler of the Dask cluster {self._where} is gone.", "Start it and its workers again."
            ) from error
        return result_in(message, self._station.reference)

    def close(self) -> None:
        """See ``Crew``; workers finish the tasks that they are computing."""
        self._client.close(timeout=1)
        for name, level in self._levels.items():
            logging.getLogger(name).setLevel(level)

    def _submit(self, task: bytes | None, **where: Any) -> Future[Any]:  # noqa: ANN401 (options of Dask)
        executor = self._client.get_executor(pure=False, **where)
        return cast("Future[Any]", executor.submit(answer, full_version(), self._opening, task))


def _connect(where: str) -> Client:
    try:
        from distributed import Client
    except ImportError as error:
        raise UsageError("--dask needs Dask, which is not installed.", "pip install 'spliceai-cli[dask]'") from error
    try:
        return Client(_address_of(where), timeout=_CONNECT_S, set_as_default=False)
    except (OSError, ValueError, asyncio.TimeoutError) as error:
        raise UsageError(
            f"--dask: no scheduler answers at {where}.", "Give its address, tcp://HOST:PORT, or its scheduler file."
        ) from error


def _address_of(where: str) -> str:
    """The address of a scheduler, from itself or its scheduler file.

    Raises:
        ValueError: it is an address that cannot be; a client that had it would wait a minute, and end with a traceback.
    """
    from distributed.comm.addressing import parse_address, parse_host_port
    from distributed.comm.registry import get_backend

    if not _ADDRESS.fullmatch(where):
        return _address_in(where)
    protocol, place = parse_address(where)
    get_backend(protocol)
    if protocol in _WITH_PORT:
        parse_host_port(place)
    return where


def _address_in(file: str) -> str:
    """The address in a scheduler file, which a scheduler that was started just before may not have written yet."""
    deadline = time.monotonic() + _CONNECT_S
    while True:
        try:
            return str(json.loads(Path(file).read_bytes())["address"])
        except FileNotFoundError as error:
            reason = error.strerror
        except OSError as error:
            reason, deadline = error.strerror, 0
        except (ValueError, KeyError, TypeError):
            reason = "it has no address"
        if time.monotonic() > deadline:
            raise WorkerError(
                f"--dask: scheduler file {file} cannot be read: {reason}.",
                "Give the file that dask scheduler --scheduler-file writes, or the address, tcp://HOST:PORT.",
            )
        time.sleep(_POLL_S)
