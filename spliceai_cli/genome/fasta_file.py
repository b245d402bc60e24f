"""An open FASTA: names and lengths of its contigs, bases by interval."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

import pyfaidx
import pysam

# pyfaidx goes by the name: under these it expects BGZF, or refuses.
_PACKED_SUFFIXES = {".gz", ".bgz", ".bz2", ".zip"}


class FastaFile(Protocol):
    """One handle, for one thread of one process: it has a position.

    Attributes:
        lengths: contig to its bases, in the order of the index.
    """

    lengths: dict[str, int]

    def fetch(self, chrom: str, start: int, end: int) -> str:
        """Bases ``start`` to ``end`` (0-based half-open), in the file's case; fewer if the file is cut short."""


def open_fasta(path: Path, *, is_bgzf: bool) -> FastaFile:
    """Open a FASTA by the index beside it, which is not written to.

    Raises:
        OSError, ValueError: it cannot be opened, or the index cannot be read.
    """
    return _HtslibFasta(path) if is_bgzf or path.suffix.lower() in _PACKED_SUFFIXES else _PyfaidxFasta(path)


class _PyfaidxFasta:
    """Plain, through pyfaidx."""

    def __init__(self, path: Path) -> None:
        # Without build_index nothing is written, and an index older than the file is no matter: see check_index.
        self._fasta = pyfaidx.Faidx(str(path), as_raw=True, build_index=False)
        self.lengths = {name: len(contig) for name, contig in self._fasta.index.items()}

    def fetch(self, chrom: str, start: int, end: int) -> str:
        """See ``FastaFile``."""
        bases: str = self._fasta.fetch(chrom, start + 1, end)  # 1-based, closed
        # Spaces at the ends of lines are not counted by the index of samtools, and left in by pyfaidx.
        return "".join(bases.split())


class _HtslibFasta:
    """BGZF, through htslib.

    pyfaidx with Biopython takes BGZF for plain text unless the name ends in .gz or .bgz, writes beside it when ``.gzi``
    is missing, and fails where a read begins at a block of the full 65,536 bytes.
    """

    def __init__(self, path: Path) -> None:
        self._fasta = pysam.FastaFile(str(path))
        self.lengths = dict(zip(self._fasta.references, self._fasta.lengths, strict=True))

    def fetch(self, chrom: str, start: int, end: int) -> str:
        """See ``FastaFile``."""
        bases: str = self._fasta.fetch(chrom, start, end)
        return bases
