"""Signals that end the program: each becomes an exception, so that temporary files are removed."""

from __future__ import annotations

import signal
import sys
from types import FrameType
from typing import NoReturn

# Of a terminal that is closed and of batch systems; Python itself makes an exception of SIGINT (Ctrl-C).
_SIGNALS = (signal.SIGTERM, signal.SIGHUP)

# Seconds until a signal is sent again: long enough for the finalizer to return, which would drop it once more.
_PAUSE_S = 0.02


def exit_on_signals() -> None:
    """Turn signals into ``SystemExit``, also those that arrive in a finalizer; nothing is printed."""
    for number in _SIGNALS:
        # nohup has the program ignore a signal.
        if signal.getsignal(number) != signal.SIG_IGN:
            signal.signal(number, exit_by_signal)
    sys.unraisablehook = _send_again


def ignore_signals() -> None:
    """Ignore signals: another one would interrupt what the program cleans up before it ends."""
    for number in (signal.SIGINT, *_SIGNALS):
        signal.signal(number, signal.SIG_IGN)


def exit_by_signal(signum: int, frame: FrameType | None) -> NoReturn:  # noqa: ARG001 (a signal handler gets it)
    """Raise the ``SystemExit`` of a signal, with the exit code that a shell gives it."""
    sys.exit(128 + signum)


def _send_again(unraisable: sys.UnraisableHookArgs, /) -> None:
    """Report an exception that Python has dropped, as in a finalizer; if it was that of a signal, send that again."""
    found = _signal(unraisable.exc_value)
    if found is None:
        sys.__unraisablehook__(unraisable)
        return
    number = found

    def send(*_: object) -> None:
        signal.raise_signal(number)

    # An alarm rather than a thread: a finalizer can run anywhere, also where a lock of threading is held.
    signal.signal(signal.SIGALRM, send)
    signal.setitimer(signal.ITIMER_REAL, _PAUSE_S)


def _signal(error: BaseException | None) -> int | None:
    """The signal whose exception this is."""
    if isinstance(error, KeyboardInterrupt):
        return signal.SIGINT
    if isinstance(error, SystemExit):
        return {128 + number: number for number in _SIGNALS}.get(error.code)  # type: ignore[arg-type]
    return None
