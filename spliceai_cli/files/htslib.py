"""Work done by htslib: BCF to and from VCF text, indexes."""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

import pysam
import pysam.bcftools
import pysam.utils

from spliceai_cli.errors import OutputError, VcfError
from spliceai_cli.files.atomic import scratch_file

#: First bytes of a BCF, once unpacked.
MAGIC = b"BCF\x02"

# htslib writes in blocks of up to this size; with less space left than this, the disk counts as full.
_BLOCK_BYTES = 1 << 16


@contextmanager
def quiet_htslib() -> Iterator[None]:
    """Keep htslib off stderr: it warns about indexes that nobody asked for, and our own errors report failures."""
    before = pysam.set_verbosity(0)
    try:
        yield
    finally:
        pysam.set_verbosity(before)


def bcf_to_text(path: str, name: str) -> Iterator[bytes]:
    """Read a BCF file as lines of VCF text, header first.

    Args:
        path: the file.
        name: file name, for messages.

    Raises:
        VcfError: the file is damaged.
    """
    try:
        with quiet_htslib(), pysam.VariantFile(path, "rb") as bcf:
            yield from str(bcf.header).encode().splitlines(keepends=True)
            for record in bcf:
                yield str(record).encode()
    except (OSError, ValueError) as error:
        raise VcfError(f"{name} is damaged: htslib cannot read it as BCF.", "Fetch or make the file again.") from error


def text_to_bcf(text: str, target: BinaryIO, *, compressed: bool) -> None:
    """Write VCF text as BCF, with the bcftools inside pysam.

    pysam's own writer adds INFO/END to records with a symbolic ALT, and breaks the file where END is not declared.

    Args:
        text: path of the VCF.
        target: where to write, from its current position on.
        compressed: whether to compress the BCF.

    Raises:
        OutputError: the text uses contigs, INFO, FORMAT or FILTER keys that its header does not declare.
        OSError: the disk is full.
    """
    with scratch_file(".bcf") as packed:
        options = ("--no-version", "-O", "b" if compressed else "u", "-o", packed.name)
        try:
            with quiet_htslib():
                pysam.bcftools.view(*options, text, catch_stdout=False)
        except pysam.utils.SamtoolsError as error:
            _raise_if_full(Path(packed.name).parent, error)
            raise OutputError(
                "this VCF cannot be written as BCF: its header does not declare everything that the records use.",
                "Declare every contig and every INFO, FORMAT and FILTER key (bcftools view names the first that is "
                "missing), or write VCF: -O FILE.vcf.gz",
            ) from error
        while data := packed.read(1 << 20):
            target.write(data)


def build_index(path: Path, index: Path, *, kind: str) -> None:
    """Index a compressed VCF or BCF.

    Args:
        path: the file.
        index: path of the index to write.
        kind: ``tbi`` or ``csi``.

    Raises:
        OutputError: the records are not sorted, or a position is too large for this kind of index.
        OSError: the disk is full.
    """
    try:
        with quiet_htslib():
            pysam.bcftools.index(f"--{kind}", "-o", str(index), str(path), catch_stdout=False)
    except pysam.utils.SamtoolsError as error:
        _raise_if_full(index.parent, error)
        raise OutputError(
            f"htslib cannot make a .{kind} index: the records are not sorted by contig and position, or one lies "
            "beyond what the index can hold.",
            "Sort the input (bcftools sort), use --write-index csi for contigs over 512 Mb, or leave the index out.",
        ) from error


def _raise_if_full(folder: Path, error: Exception) -> None:
    """Raise ENOSPC if the disk is full: htslib does not say whether that, or the content, made it fail."""
    if shutil.disk_usage(folder).free < _BLOCK_BYTES:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)) from error
