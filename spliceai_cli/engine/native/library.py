"""Finding the library of native kernels that fits this processor, and calling it."""

from __future__ import annotations

import ctypes
import os
import platform
from collections.abc import Iterator, Sequence
from ctypes import c_double, c_float, c_int32, c_int64, c_void_p
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from spliceai_cli.engine import native
from spliceai_cli.errors import UsageError

#: Environment variable that names the instruction set to use, for tests; numbers differ by float rounding.
VARIABLE = "SPLICEAI_CLI_INSTRUCTION_SET"

#: Where libraries are: beside this file, or, of an editable install, in the environment. Those beside this file, which
#: `make native` builds, are newer.
FOLDERS = tuple(dict.fromkeys((Path(__file__).parent, *map(Path, native.__path__))))

#: Instruction sets that libraries are built for, the fastest first, and what ``spliceai_processor`` answers for each.
INSTRUCTION_SETS = {"x86-64-v4": 4, "x86-64-v3": 3, "x86-64-v2": 2, "neon": 1}

_X86 = ("x86_64", "AMD64")
_ARM = ("aarch64", "arm64", "ARM64")

# Of the interface, see spliceai.h.
_INTERFACE = 3
N_SIZES = 7
_STATUSES = {1: "a pointer is null", 2: "an impossible shape", 3: "weights are not packed", 4: "too little scratch"}

#: Features of a position.
FEATURES = 32

NONE, RECTIFY, GELU = 0, 1, 2


class LayerStruct(ctypes.Structure):
    """``spliceai_layer``."""

    _fields_ = (
        ("taps", c_int32),
        ("dilation", c_int32),
        ("bias", c_void_p),
        ("direct", c_void_p),
        ("spectral", c_void_p * N_SIZES),
    )


class StageStruct(ctypes.Structure):
    """``spliceai_stage``."""

    _fields_ = (
        ("layer", ctypes.POINTER(LayerStruct)),
        ("entry", c_int32),
        ("exit", c_int32),
        ("slope", c_float),
        ("scale", c_void_p),
        ("shift", c_void_p),
    )


class BlockStruct(ctypes.Structure):
    """``spliceai_block``."""

    _fields_ = (
        ("first", ctypes.POINTER(LayerStruct)),
        ("second", ctypes.POINTER(LayerStruct)),
        ("scale", c_void_p),
        ("shift", c_void_p),
        ("tap", c_void_p),
    )


class NetworkStruct(ctypes.Structure):
    """``spliceai_network``."""

    _fields_ = (
        ("n_blocks", c_int32),
        ("n_classes", c_int32),
        ("function", c_int32),
        ("slope", c_float),
        ("stem", c_void_p),
        ("tap", c_void_p),
        ("bias", c_void_p),
        ("blocks", ctypes.POINTER(BlockStruct)),
    )


_STAGE = ctypes.POINTER(StageStruct)
_NETWORK = ctypes.POINTER(NetworkStruct)
_SIGNATURES = {
    "spliceai_interface": (c_int32, ()),
    "spliceai_points": (c_int32, (c_int32,)),
    "spliceai_packed_floats": (c_int64, (c_int32,)),
    "spliceai_sizes": (c_int32, (c_int32, c_int32, c_int64)),
    "spliceai_pack": (c_int32, (c_void_p, c_int32, c_int32, c_void_p)),
    "spliceai_scratch": (c_int64, (c_int32, c_int32)),
    "spliceai_convolve": (
        c_int32,
        (_STAGE, c_void_p, c_int64, c_int64, c_int64, c_void_p, c_int64, c_void_p, c_int64, c_void_p, c_int64),
    ),
    "spliceai_reference_sizes": (c_int32, (_NETWORK, c_int64, c_void_p)),
    "spliceai_reference_operations": (c_double, (_NETWORK, c_int64)),
    "spliceai_reference_scratch": (c_int64, (_NETWORK, c_int64)),
    "spliceai_reference": (
        c_int32,
        (_NETWORK, c_void_p, c_int64, c_void_p, c_void_p, c_void_p, c_int64),
    ),
    "spliceai_alternate_operations": (c_double, (_NETWORK, c_void_p)),
    "spliceai_alternate_scratch": (c_int64, (_NETWORK, c_void_p, c_int64)),
    "spliceai_alternate": (
        c_int32,
        (_NETWORK, c_void_p, c_void_p, c_void_p, c_int64, c_void_p, c_void_p, c_int64),
    ),
    "spliceai_convolve_by": (c_int32, (c_int32, _STAGE, c_void_p, c_int64, c_void_p, c_void_p, c_int64)),
}


class Library:
    """A loaded library of kernels; calls release the GIL.

    Args:
        instruction_set: one of ``INSTRUCTION_SETS``.
        path: of the library.

    Raises:
        OSError: the file is not a library, or not one of this interface.
    """

    def __init__(self, instruction_set: str, path: Path) -> None:
        self.instruction_set = instruction_set
        loaded = ctypes.CDLL(str(path))
        try:
            for name, (result, arguments) in _SIGNATURES.items():
                function = getattr(loaded, name)
                function.restype, function.argtypes = result, arguments
        except AttributeError as error:
            raise OSError(f"{path}: {error}") from None
        if loaded.spliceai_interface() != _INTERFACE:
            raise OSError(f"{path}: built for another version of this program")
        self._loaded = loaded

    def count(self, name: str, *arguments: object) -> int:
        """Call a function that returns a number, which is 0 for arguments that it refuses.

        Raises:
            ValueError: it refuses the arguments; a fault of the caller.
        """
        n = int(getattr(self._loaded, f"spliceai_{name}")(*arguments))
        if not n:
            raise ValueError(f"spliceai_{name}: impossible arguments")
        return n

    def call(self, name: str, *arguments: object) -> None:
        """Call a function that returns a status.

        Raises:
            ValueError: it refuses the arguments; a fault of the caller.
        """
        status = getattr(self._loaded, f"spliceai_{name}")(*arguments)
        if status:
            raise ValueError(f"spliceai_{name}: {_STATUSES.get(status, status)}")

    def operations(self, name: str, *arguments: object) -> float:
        """Floating-point operations of a pass, ``reference`` or ``alternate``."""
        return float(getattr(self._loaded, f"spliceai_{name}_operations")(*arguments))

    def points(self, size: int) -> int:
        """Length of the transform of a size."""
        return int(self._loaded.spliceai_points(size))

    def packed_floats(self, size: int) -> int:
        """Floats of a layer's weights for a size."""
        return int(self._loaded.spliceai_packed_floats(size))

    def sizes(self, taps: int, dilation: int, n_outputs: int = 0) -> list[int]:
        """Sizes that a convolution uses: for so many outputs, or, without, for any number."""
        return list(_set_bits(self._loaded.spliceai_sizes(taps, dilation, n_outputs)))

    def reference_sizes(self, network: NetworkStruct, n_convolutions: int, length: int) -> list[list[int]]:
        """Sizes that each convolution of a REF pass uses.

        Args:
            network: the network.
            n_convolutions: of the network.
            length: of the sequence.
        """
        bits = (c_int32 * n_convolutions)()
        self.call("reference_sizes", network, length, bits)
        return [list(_set_bits(one)) for one in bits]

    def scratch_bytes(self, taps: int, dilation: int) -> int:
        """Scratch that a convolution needs."""
        return int(self._loaded.spliceai_scratch(taps, dilation))


def _set_bits(bits: int) -> Iterator[int]:
    return (size for size in range(N_SIZES) if bits >> size & 1)


@dataclass(frozen=True)
class Choice:
    """Which kernels run, and why; its text says both.

    Attributes:
        library: of the native kernels; None where PyTorch's run.
        reason: in words, for people.
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
        raise UsageError(f"{VARIABLE} is '{name}'; one of {', '.join(INSTRUCTION_SETS)} expected.")
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
    """The library for an instruction set, which this processor has to have.

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
    """Those that this processor has, the fastest first; or the reason why they are not known."""
    machine = platform.machine()
    if machine not in (*_X86, *_ARM):
        return f"there are no native kernels for {machine} processors"
    failures = []
    for path in _files("processor.so", folders):
        try:
            level = ctypes.CDLL(str(path)).spliceai_processor()
        except (OSError, AttributeError) as error:
            failures.append(f"{path}: {error}")
            continue
        if machine in _ARM:
            return ["neon"]
        names = [name for name, least in INSTRUCTION_SETS.items() if 1 < least <= level]
        return names or f"this {machine} processor is older than x86-64-v2"
    return (
        "; ".join(failures)
        or "native kernels were not built when this package was installed, which takes a C++17 compiler"
    )


def _files(name: str, folders: Sequence[Path]) -> Iterator[Path]:
    return (path for folder in folders if (path := folder / name).is_file())
