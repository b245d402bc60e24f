"""Reads the records of regions through the index beside a BGZF file."""

from __future__ import annotations

import gzip
import itertools
from collections.abc import Iterator
from pathlib import Path

import pysam

from spliceai_cli.errors import VcfError
from spliceai_cli.files.byte_order import drop_mark
from spliceai_cli.files.htslib import quiet_htslib
from spliceai_cli.genome.coords import END_OF_CONTIG, ContigNames
from spliceai_cli.genome.regions import Targets

# One byte per character in both directions, so that any bytes survive unchanged.
_ENCODING = "latin-1"


def find_index(path: str) -> str | None:
    """The ``.tbi`` or ``.csi`` of a file, or None; an index older than the file is ignored."""
    for suffix in (".tbi", ".csi"):
        index = Path(path + suffix)
        if index.exists() and index.stat().st_mtime >= Path(path).stat().st_mtime:
            return str(index)
    return None


def count_records(path: str) -> int | None:
    """The number of records, as the index has it; None if it does not say."""
    try:
        with quiet_htslib():
            return int(str(pysam.bcftools.index("--nrecords", path)))
    except (pysam.utils.SamtoolsError, ValueError):
        return None


def region_lines(path: str, index: str, regions: Targets) -> Iterator[bytes]:
    """Header lines, then the records that overlap the regions, each once, in file order.

    Raises:
        VcfError: the file or its index is damaged.
        OSError: the file cannot be read.
    """
    line_end = b"\n"
    with gzip.open(path, "rb") as unpacked:
        for header_line in itertools.takewhile(lambda line: drop_mark(line, path).startswith(b"#"), unpacked):
            line_end = b"\r\n" if header_line.endswith(b"\r\n") else b"\n"
            yield header_line
    try:
        with quiet_htslib(), pysam.TabixFile(path, index=index, encoding=_ENCODING) as tabix:
            for line in _fetch(tabix, regions):
                yield line.encode(_ENCODING) + line_end
    except (OSError, ValueError) as error:
        raise VcfError(
            f"{path} or its index {index} is damaged: htslib cannot read the regions asked for.",
            f"Make the index again: tabix -f -p vcf {path}",
        ) from error


def _fetch(tabix: pysam.TabixFile, regions: Targets) -> Iterator[str]:
    names = ContigNames(tabix.contigs)
    for chrom in tabix.contigs:
        done = -1
        for region in (region for region in regions if names.find(region.chrom) == chrom):
            end = None if region.end == END_OF_CONTIG else region.end
            for line in tabix.fetch(chrom, region.start, end):
                # A record that begins before the end of the last region and reaches this one was already yielded there.
                if int(line.split("\t", 2)[1]) > done:
                    yield line
            done = max(done, region.end)
