"""Processes of the program that start at once: one process imports all, and forks for each run.

A start takes two seconds, nearly all of it for importing PyTorch; the rest is as if by ``spliceai-cli``. As a script
this file is the server: a line of JSON in for each start or question, a number out.
"""

from __future__ import annotations

import json
import os
import resource
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import BinaryIO

_POLL_S = 0.01
_MOST_S = 60


class Forked:
    """One run.

    Attributes:
        pid: its process.
        stdin: to write to, until ``wait``.
    """

    def __init__(self, server: ForkServer, folder: Path, pid: int) -> None:
        self._server = server
        self._folder = folder
        self._code: int | None = None
        self.pid = pid
        self.stdin = self._open_stdin()

    def _open_stdin(self) -> BinaryIO:
        for _ in range(round(_MOST_S / _POLL_S)):
            try:
                # Until the process has opened it, this fails at once; a blocking open would wait for a dead process.
                descriptor = os.open(self._folder / "stdin", os.O_WRONLY | os.O_NONBLOCK)
            except OSError:
                assert self.poll() is None, self.stderr
                time.sleep(_POLL_S)
            else:
                os.set_blocking(descriptor, True)
                return os.fdopen(descriptor, "wb")
        raise TimeoutError("the process does not open its standard input")

    def poll(self) -> int | None:
        """Its exit code, or the negative of the signal that ended it; None while it runs."""
        if self._code is None:
            self._code = self._server.ask({"poll": self.pid})
        return self._code

    def wait(self) -> int:
        """The same when it has ended; its standard input ends now."""
        self.stdin.close()
        deadline = time.monotonic() + _MOST_S
        while self.poll() is None:
            assert time.monotonic() < deadline, "the process does not end"
            time.sleep(_POLL_S)
        return self._code

    def send_signal(self, number: int) -> None:
        """Send it a signal, if it still runs."""
        if self.poll() is None:
            os.kill(self.pid, number)

    @property
    def stdout(self) -> bytes:
        return (self._folder / "stdout").read_bytes()

    @property
    def stderr(self) -> str:
        return (self._folder / "stderr").read_text()


class ForkServer:
    """Starts runs; a context manager that ends those that still run."""

    def __init__(self) -> None:
        command = [sys.executable, __file__]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self._runs: list[Forked] = []
        self._folder = tempfile.TemporaryDirectory(prefix="runs")

    def start(
        self, arguments: Sequence[object], *, env: Mapping[str, object] | None = None, max_bytes: int | None = None
    ) -> Forked:
        """Run ``spliceai-cli`` with these arguments.

        Args:
            arguments: the command first.
            env: environment variables to change.
            max_bytes: size that no file may exceed.
        """
        folder = Path(self._folder.name) / str(len(self._runs))
        folder.mkdir()
        os.mkfifo(folder / "stdin")
        changed = {name: str(value) for name, value in (env or {}).items()}
        job = {"folder": str(folder), "arguments": [*map(str, arguments)], "env": changed, "max_bytes": max_bytes}
        self._runs.append(Forked(self, folder, self.ask(job)))
        return self._runs[-1]

    def ask(self, job: Mapping[str, object]) -> int | None:
        """The server's answer."""
        self._process.stdin.write(json.dumps(job) + "\n")
        self._process.stdin.flush()
        return json.loads(self._process.stdout.readline())

    def __enter__(self) -> ForkServer:
        return self

    def __exit__(self, *failure: object) -> None:
        for run in self._runs:
            run.send_signal(signal.SIGKILL)
            run.wait()
        with self._process:
            self._process.stdin.close()
        self._folder.cleanup()


def serve() -> None:
    """Answer until standard input ends."""
    import spliceai_cli.annotate.run  # noqa: F401 (what every run needs)
    from spliceai_cli.cli import main

    for line in sys.stdin:
        job = json.loads(line)
        if "poll" in job:
            pid, status = os.waitpid(job["poll"], os.WNOHANG)
            answer = os.waitstatus_to_exitcode(status) if pid else None
        else:
            answer = os.fork()
            if answer == 0:
                _become(job)
                main.group_main()
        print(json.dumps(answer), flush=True)


def _become(job: dict) -> None:
    """Take the streams, arguments and limits of a run."""
    folder = Path(job["folder"])
    modes = (os.O_RDONLY, os.O_WRONLY | os.O_CREAT, os.O_WRONLY | os.O_CREAT)
    for number, (name, mode) in enumerate(zip(("stdin", "stdout", "stderr"), modes, strict=True)):
        os.dup2(os.open(folder / name, mode), number)
    sys.stdin, sys.stdout = os.fdopen(0), os.fdopen(1, "w")
    sys.stderr = os.fdopen(2, "w", buffering=1, errors="backslashreplace")
    sys.argv = ["spliceai-cli", *job["arguments"]]
    os.environ.update(job["env"])
    # Python's own handler, as in a new process: the one who forks may have another.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    if job["max_bytes"]:
        resource.setrlimit(resource.RLIMIT_FSIZE, (job["max_bytes"],) * 2)


if __name__ == "__main__":
    serve()
