"""CPU threads on which networks are computed: PyTorch's number where PyTorch is loaded."""

from __future__ import annotations

import os
import re
import threading
from collections.abc import Callable
from types import ModuleType

from spliceai_cli.engine.device import available_cpus
from spliceai_cli.engine.loaded import loaded_torch

_IMPORTED_IN = os.getpid()

# Variables by which PyTorch chooses its number of threads. OpenMP's may give one for each level of nesting: 4,2.
_VARIABLES = ("MKL_NUM_THREADS", "OMP_NUM_THREADS")
_COUNT = re.compile(r"\s*0*([1-9][0-9]{0,8})\s*(?:,[\s\d,]*)?")

_of_thread = threading.local()
_setting = threading.Lock()


class _Asked:
    """The number that ``use_threads`` was asked for before PyTorch was loaded; None if it has it already."""

    n: int | None = None


def use_threads(n_threads: int | None) -> None:
    """Compute on this many CPU threads; None for as many as there are CPUs that the process may use."""
    _Asked.n = n_threads or available_cpus()
    if (torch := loaded_torch()) is not None:
        settle(torch)


def one_thread_each() -> None:
    """Have everything that this thread computes run on it alone, beside others that do the same."""
    _of_thread.n = 1
    if (torch := loaded_torch()) is not None:
        settle(torch)


def n_threads() -> int:
    """CPU threads on which the caller may compute."""
    torch = loaded_torch()
    if torch is None:
        return _decided() or _Asked.n or _default()
    settle(torch)
    return int(torch.get_num_threads())


def settle(torch: ModuleType) -> None:
    """Have PyTorch compute on as many threads as the caller may.

    Args:
        torch: PyTorch.
    """
    n = _decided()
    is_for_all = n is None or os.getpid() != _IMPORTED_IN
    if n is None:
        n, _Asked.n = _Asked.n, None
    if n is None or torch.get_num_threads() == n:
        return
    if is_for_all:
        torch.set_num_threads(n)
    else:
        _set_for_this_thread(torch, n)


def _set_for_this_thread(torch: ModuleType, n: int) -> None:
    """Have PyTorch compute on so many threads when this thread asks.

    ``set_num_threads`` also sets the number for all threads that use PyTorch for the first time later, whether the
    caller's or ours; it gets its old value back.
    """
    with _setting:
        for_others = _in_new_thread(torch.get_num_threads)
        torch.set_num_threads(n)
        _in_new_thread(lambda: torch.set_num_threads(for_others))


def _in_new_thread(call: Callable[[], int | None]) -> int | None:
    found: list[int | None] = []
    thread = threading.Thread(target=lambda: found.append(call()), name="spliceai-threads", daemon=True)
    thread.start()
    thread.join()
    return found[0]


def _decided() -> int | None:
    """The number for this thread or process, whatever is asked for; None if it is free.

    A forked child computes on one thread. OpenMP's threads exist only in the parent: a child that gives them work waits
    forever. A single thread, the caller's own, does not need them.
    """
    if os.getpid() != _IMPORTED_IN:
        return 1
    n: int | None = getattr(_of_thread, "n", None)
    return n


def _default() -> int:
    """About as many as PyTorch would take."""
    return next(filter(None, (count_in(os.environ.get(name, "")) for name in _VARIABLES)), None) or available_cpus()


def count_in(text: str) -> int | None:
    """The number of threads that an environment variable's text gives; None if it gives none.

    >>> [count_in(text) for text in ("4", " 04 ", "4,2", "0", "four", "")]
    [4, 4, 4, None, None, None]
    """
    match = _COUNT.fullmatch(text)
    return int(match[1]) if match else None


def computing_threads() -> int | None:
    """CPU threads that the networks run on; None once a GPU is in use."""
    torch = loaded_torch()
    return None if torch is not None and torch.cuda.is_initialized() else n_threads()
