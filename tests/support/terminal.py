"""Runs programs on a terminal of their own."""

from __future__ import annotations

import fcntl
import os
import pty
import struct
import subprocess
import termios
from collections.abc import Mapping, Sequence
from typing import Literal


def run_on_terminal(
    command: Sequence[str],
    *,
    columns: int,
    stream: Literal["stdout", "stderr"],
    environ: Mapping[str, str] | None = None,
) -> tuple[str, bytes]:
    """What a program prints on a terminal, and what it writes to the other stream if that is stdout.

    Args:
        command: the program with its arguments; its stdin is empty.
        columns: width of the terminal.
        stream: the stream that is the terminal.
        environ: variables beside those of this process, without those that concern terminals.
    """
    terminal, end = pty.openpty()
    fcntl.ioctl(end, termios.TIOCSWINSZ, struct.pack("HHHH", 40, columns, 0, 0))
    rest = {name: text for name, text in os.environ.items() if name not in ("NO_COLOR", "COLUMNS", "TERM")}
    streams = {"stdout": end} if stream == "stdout" else {"stdout": subprocess.PIPE, "stderr": end}
    variables = {**rest, "TERM": "xterm", **(environ or {})}
    with subprocess.Popen(command, stdin=subprocess.DEVNULL, env=variables, **streams) as process:
        os.close(end)
        printed = b""
        try:
            while data := os.read(terminal, 1 << 16):
                printed += data
        except OSError:  # how Linux says that the other end is closed
            pass
        os.close(terminal)
        return printed.decode().replace("\r\n", "\n"), process.stdout.read() if process.stdout else b""
