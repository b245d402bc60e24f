"""BCF to and from VCF text, by htslib."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from typing import BinaryIO

import pysam

from spliceai_cli.errors import OutputError, VcfError

MAGIC = b"BCF\x02"

_WRITE_MODE = {True: "wb", False: "wbu"}


def bcf_to_text(path: str) -> Iterator[bytes]:
    """Lines of VCF text of a BCF file, header first.

    Raises:
        VcfError: damaged.
    """
    try:
        with pysam.VariantFile(path, "rb") as bcf:
            for line in str(bcf.header).splitlines(keepends=True):
                yield line.encode()
            for record in bcf:
                yield str(record).encode()
    except (OSError, ValueError) as error:
        raise VcfError(f"{path} cannot be read as BCF: {error}.") from error


def text_to_bcf(text: BinaryIO, target: BinaryIO, *, compressed: bool) -> None:
    """Write VCF text as BCF.

    Args:
        text: at its beginning.
        target: where to write, from its current position on.
        compressed: as BGZF, else plain.

    Raises:
        OutputError: the text uses contigs or keys that its header does not declare.
    """
    with tempfile.NamedTemporaryFile(suffix=".bcf") as packed:
        try:
            with (
                pysam.VariantFile(text, "r") as source,
                pysam.VariantFile(packed.name, _WRITE_MODE[compressed], header=source.header) as sink,
            ):
                for record in source:
                    sink.write(record)
        except ValueError as error:
            raise OutputError(
                f"BCF cannot hold this VCF: {error}.",
                "BCF needs every contig, INFO, FORMAT and FILTER declared in the header; write VCF (-O FILE.vcf.gz).",
            ) from error
        while chunk := packed.read(1 << 20):
            target.write(chunk)
