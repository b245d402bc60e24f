"""An open FASTA: names and lengths of its contigs, and bases by interval."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

import pyfaidx
import pysam

# pyfaidx goes by the file name: with these endings it expects BGZF, or refuses the file.
_PACKED_SUFFIXES = {".gz", ".bgz", ".bz2", ".zip"}


class FastaFile(Protocol):
    """One open file. It has a read position, so it serves one thread of one process.

    Attributes:
        lengths: contig -> number of bases, in the order of the index.
    """

    lengths: dict[str, int]

    def fetch(self, chrom: str, start: int, end: int) -> str:
        """Bases ``start`` to ``end`` (0-based half-open), in the file's case; fewer if the file is cut short."""


def open_fasta(path: Path, *, is_bgzf: bool) -> FastaFile:
    """Open a FASTA through the index beside it, without writing to the index.

    Raises:
        OSError, ValueError: the file cannot be opened, or its index cannot be read.
    """
    return _HtslibFasta(path) if is_bgzf or path.suffix.lower() in _PACKED_SUFFIXES else _PyfaidxFasta(path)


class _PyfaidxFasta:
    """A plain FASTA, read through pyfaidx."""

    def __init__(self, path: Path) -> None:
        # Without build_index nothing is written, and an index older than the file is accepted: see check_index.
        self._fasta = pyfaidx.Faidx(str(path), as_raw=True, build_index=False)
        self.lengths = {name: len(contig) for name, contig in self._fasta.index.items()}

    def fetch(self, chrom: str, start: int, end: int) -> str:
        """See ``FastaFile``."""
        bases: str = self._fasta.fetch(chrom, start + 1, end)  # 1-based, closed
        # The index of samtools does not count spaces at the ends of lines; pyfaidx leaves them in.
        return "".join(bases.split())


class _HtslibFasta:
    """A BGZF FASTA, read through htslib.

    pyfaidx with Biopython reads BGZF as plain text unless the name ends in .gz or .bgz, writes a missing ``.gzi`` file,
    and fails if a read begins at a block of the full 65,536 bytes.
    """

    def __init__(self, path: Path) -> None:
        self._fasta = pysam.FastaFile(str(path))
        self.lengths = dict(zip(self._fasta.references, self._fasta.lengths, strict=True))

    def fetch(self, chrom: str, start: int, end: int) -> str:
        """See ``FastaFile``."""
        bases: str = self._fasta.fetch(chrom, start, end)
        return bases
