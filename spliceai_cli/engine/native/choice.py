"""Choosing the library of native kernels that fits this processor."""

from __future__ import annotations

import os
import platform
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from spliceai_cli.engine import native
from spliceai_cli.engine.native.library import Library, open_shared
from spliceai_cli.errors import UsageError

#: Environment variable that names the instruction set to use, for tests. Scores differ by float rounding.
VARIABLE = "SPLICEAI_CLI_INSTRUCTION_SET"

#: Where libraries are: next to this file, or, for an editable install, in the environment. Those next to this file come
#: from `make native` and are newer, so they go first.
FOLDERS = tuple(dict.fromkeys((Path(__file__).parent, *map(Path, native.__path__))))

#: Instruction sets that libraries are built for, fastest first -> what ``spliceai_processor`` returns for each.
INSTRUCTION_SETS = {"x86-64-v4": 4, "x86-64-v3": 3, "x86-64-v2": 2, "neon": 1}

_X86 = ("x86_64", "AMD64")
_ARM = ("aarch64", "arm64", "ARM64")


@dataclass(frozen=True)
class Choice:
    """Which kernels run, and why; its text says both.

    Attributes:
        library: the native kernels; None if PyTorch's run.
        reason: why, in words.
    """

    library: Library | None
    reason: str

    def __str__(self) -> str:
        kernels = f"native, {self.library.instruction_set}" if self.library else "PyTorch's"
        return f"{kernels}: {self.reason}"


def choose(folders: Sequence[Path] | None = None) -> Choice:
    """The library for the best instruction set of this processor, or for the one that the environment names.

    Args:
        folders: where to look, in order of preference; None for ``FOLDERS``.

    Raises:
        UsageError: the environment names an instruction set that cannot run.
    """
    folders = FOLDERS if folders is None else tuple(folders)
    forced = os.environ.get(VARIABLE)
    return _forced(forced, folders) if forced else _best(folders)


@cache
def _best(folders: tuple[Path, ...]) -> Choice:
    supported = instruction_sets(folders)
    if isinstance(supported, str):
        return Choice(None, supported)
    failures: list[str] = []
    for name in supported:
        try:
            library = load(name, folders)
        except OSError as error:
            failures.append(str(error))
        else:
            return Choice(library, "; ".join(["the best that is built for this processor", *failures]))
    return Choice(None, "; ".join(failures))


@cache
def _forced(name: str, folders: tuple[Path, ...]) -> Choice:
    if name not in INSTRUCTION_SETS:
        raise UsageError(f"{VARIABLE} is '{name}'; one of {', '.join(INSTRUCTION_SETS)} expected.", "Or unset it.")
    supported = instruction_sets(folders)
    if isinstance(supported, str):
        raise UsageError(f"{VARIABLE} is '{name}', but there are no native kernels: {supported}.")
    if name not in supported:
        raise UsageError(f"{VARIABLE} is '{name}'; this processor has {', '.join(supported)}.")
    try:
        return Choice(load(name, folders), f"chosen by {VARIABLE}")
    except OSError as error:
        raise UsageError(f"{VARIABLE} is '{name}', which cannot be used: {error}.") from None


def load(instruction_set: str, folders: Sequence[Path] = FOLDERS) -> Library:
    """Load the library for an instruction set, which this processor must have.

    Raises:
        OSError: there is none, or it cannot be loaded.
    """
    failures = []
    for path in _files(f"kernels-{instruction_set}.so", folders):
        try:
            return Library(instruction_set, path)
        except OSError as error:
            failures.append(str(error))
    raise OSError("; ".join(failures) or f"not built for {instruction_set}")


def instruction_sets(folders: Sequence[Path] = FOLDERS) -> list[str] | str:
    """The instruction sets of this processor, fastest first; or the reason why there are none, or none are known."""
    machine = platform.machine()
    if machine not in (*_X86, *_ARM):
        return f"there are no native kernels for {machine} processors"
    failures = []
    for path in _files("processor.so", folders):
        try:
            level = open_shared(path).spliceai_processor()
        except AttributeError as error:
            failures.append(f"{path}: {error}")
            continue
        except OSError as error:
            failures.append(str(error))
            continue
        if machine in _ARM:
            return ["neon"]
        names = [name for name, least in INSTRUCTION_SETS.items() if 1 < least <= level]
        return names or f"this {machine} processor is older than x86-64-v2"
    return (
        "; ".join(failures)
        or "native kernels were not built when this package was installed; building them takes a C++17 compiler"
    )


def _files(name: str, folders: Sequence[Path]) -> Iterator[Path]:
    return (path for folder in folders if (path := folder / name).is_file())
