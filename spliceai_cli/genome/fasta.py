"""The reference genome: bases by interval."""

from __future__ import annotations

import os
import threading
from functools import lru_cache
from pathlib import Path

from spliceai_cli.errors import ReferenceGenomeError
from spliceai_cli.genome.coords import ContigNames
from spliceai_cli.genome.fasta_file import FastaFile, open_fasta
from spliceai_cli.genome.fasta_index import check_format, check_index
from spliceai_cli.process_bound import ProcessBound
from spliceai_cli.text import counted

# Read in aligned blocks: neighbouring variants share a block, and a BGZF block of 64 kb is unpacked once.
_BLOCK = 1 << 16
_N_BLOCKS = 64


class _Opened(threading.local):
    """A thread's open file.

    Attributes:
        fasta: the file.
        process: ID of the process that opened it; 0 until then.
    """

    fasta: FastaFile
    process = 0


class Reference(ProcessBound):
    """An indexed FASTA, plain or BGZF. A missing ``.fai`` (and ``.gzi``) is created if the folder is writable.

    Threads may share a ``Reference``, and so may processes made by fork: each opens the file for itself, since
    all users of one open file share its position.

    Args:
        path: the FASTA.

    Raises:
        ReferenceGenomeError: the file is missing or neither plain nor BGZF, has no index in a read-only folder, or has
            an index that belongs to another file.
    """

    def __init__(self, path: Path | str) -> None:
        self.path = Path(path)
        self._is_bgzf = check_format(self.path)
        check_index(self.path, is_bgzf=self._is_bgzf)
        self._opened = _Opened()
        self.lengths = self._open().lengths
        self.contigs = ContigNames(self.lengths)
        self._block = lru_cache(maxsize=_N_BLOCKS)(self._read_block)

    def fetch(self, chrom: str, start: int, end: int) -> bytes:
        """Bases ``start`` to ``end`` (0-based half-open) of contig ``chrom``, upper-cased, N beyond its ends.

        Args:
            chrom: the FASTA's own name, as ``contigs.find`` gives it.
            start: may be negative.
            end: may exceed the contig.

        Raises:
            ReferenceGenomeError: the file holds fewer bases than its index promises.
        """
        length = self.lengths[chrom]
        first, last = min(max(start, 0), length), min(max(end, 0), length)
        if first >= last:
            return b"N" * (end - start)
        blocks = range(first // _BLOCK, (last - 1) // _BLOCK + 1)
        bases = b"".join(self._block(chrom, block) for block in blocks)
        offset = blocks.start * _BLOCK
        return b"N" * (first - start) + bases[first - offset : last - offset] + b"N" * (end - last)

    def _open(self) -> FastaFile:
        """This thread's open file; opens it on first use in this process."""
        if self._opened.process != os.getpid():
            try:
                self._opened.fasta = open_fasta(self.path, is_bgzf=self._is_bgzf)
            except (OSError, ValueError) as error:
                raise ReferenceGenomeError(
                    f"{self.path} cannot be opened as FASTA: {error}.", f"Rebuild the index: samtools faidx {self.path}"
                ) from error
            self._opened.process = os.getpid()
        return self._opened.fasta

    def _read_block(self, chrom: str, block: int) -> bytes:
        start = block * _BLOCK
        return self.read(chrom, start, min(start + _BLOCK, self.lengths[chrom]))

    def read(self, chrom: str, start: int, end: int) -> bytes:
        """Like ``fetch``, for bases that are on the contig, but read no more than these and cache nothing.

        For positions far from one another this takes a fifth of the time.

        Raises:
            ReferenceGenomeError: the file holds fewer bases than its index promises.
        """
        try:
            bases = self._open().fetch(chrom, start, end).encode("ascii").upper()
        except (OSError, ValueError, LookupError) as error:
            raise ReferenceGenomeError(
                f"{self.path} is damaged: {chrom}:{start + 1}-{end} cannot be read ({error})."
            ) from error
        if len(bases) != end - start or not bases.translate(None, b"*-").isalpha():
            raise ReferenceGenomeError(
                f"{self.path} is damaged, or its index belongs to another file: {chrom}:{start + 1}-{end} does not "
                f"hold the {counted(end - start, 'bases')} that the index promises.",
                f"Fetch the file again, or rebuild the index: samtools faidx {self.path}",
            )
        return bases
