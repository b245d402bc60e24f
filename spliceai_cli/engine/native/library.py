"""A library of native kernels: loading it, and calling it."""

from __future__ import annotations

import ctypes
import struct
from collections.abc import Iterator
from ctypes import c_int32
from pathlib import Path

from spliceai_cli.engine.native.interface import INTERFACE, N_SIZES, SIGNATURES, STATUSES, NetworkStruct

# The start of a 64-bit ELF file, and its header: offset, size and number of the sections, whose table is at its end.
_ELF_64 = b"\x7fELF\x02"
_ELF_HEADER = struct.Struct("<40xQ10xHH2x")


class Library:
    """A loaded library of kernels; calls release the GIL.

    Args:
        instruction_set: what it was built for.
        path: file of the library.

    Raises:
        OSError: the file is not a library, or not one of this interface.
    """

    def __init__(self, instruction_set: str, path: Path) -> None:
        self.instruction_set = instruction_set
        loaded = open_shared(path)
        try:
            for name, (result, arguments) in SIGNATURES.items():
                function = getattr(loaded, name)
                function.restype, function.argtypes = result, arguments
        except AttributeError as error:
            raise OSError(f"{path}: {error}") from None
        if loaded.spliceai_interface() != INTERFACE:
            raise OSError(f"{path}: built for another version of this program")
        self._loaded = loaded

    def count(self, name: str, *arguments: object) -> int:
        """Call a function that returns a number, or 0 for impossible arguments.

        Raises:
            ValueError: the arguments are impossible, which is a bug in the caller.
        """
        n = int(getattr(self._loaded, f"spliceai_{name}")(*arguments))
        if not n:
            raise ValueError(f"spliceai_{name}: impossible arguments")
        return n

    def call(self, name: str, *arguments: object) -> None:
        """Call a function that returns a status.

        Raises:
            ValueError: the arguments are impossible, which is a bug in the caller.
        """
        status = getattr(self._loaded, f"spliceai_{name}")(*arguments)
        if status:
            raise ValueError(f"spliceai_{name}: {STATUSES.get(status, status)}")

    def operations(self, name: str, *arguments: object) -> float:
        """Floating-point operations of a pass; ``name`` is ``reference`` or ``alternate``."""
        return float(getattr(self._loaded, f"spliceai_{name}_operations")(*arguments))

    def points(self, size: int) -> int:
        """Points of the transform of a size."""
        return int(self._loaded.spliceai_points(size))

    def packed_floats(self, size: int) -> int:
        """Floats of a convolution's weights of a size."""
        return int(self._loaded.spliceai_packed_floats(size))

    def sizes(self, taps: int, dilation: int, n_outputs: int = 0) -> list[int]:
        """Sizes that a convolution uses for ``n_outputs``; for 0, those that it uses for any number of outputs."""
        return list(_set_bits(self._loaded.spliceai_sizes(taps, dilation, n_outputs)))

    def reference_sizes(self, network: NetworkStruct, n_convolutions: int, length: int) -> list[list[int]]:
        """Sizes that each convolution of a REF pass uses.

        Args:
            network: the network.
            n_convolutions: number of its convolutions.
            length: length of the sequence.
        """
        sizes = (c_int32 * n_convolutions)()
        self.call("reference_sizes", network, length, sizes)
        return [list(_set_bits(bits)) for bits in sizes]

    def scratch_bytes(self, taps: int, dilation: int) -> int:
        """Bytes of scratch that a convolution needs."""
        return int(self._loaded.spliceai_scratch(taps, dilation))


def _set_bits(bits: int) -> Iterator[int]:
    return (size for size in range(N_SIZES) if bits >> size & 1)


def open_shared(path: Path) -> ctypes.CDLL:
    """Load a file.

    Raises:
        OSError: it is not a library, or is cut short: loading that would end the process by a signal.
    """
    with path.open("rb") as file:
        start = file.read(_ELF_HEADER.size)
    if start[:5] == _ELF_64 and len(start) == _ELF_HEADER.size:
        offset, size_of_one, n_sections = _ELF_HEADER.unpack(start)
        if path.stat().st_size < offset + size_of_one * n_sections:
            raise OSError(f"{path}: cut short")
    return ctypes.CDLL(str(path))
