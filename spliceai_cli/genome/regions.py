"""The regions that ``-r`` and ``-T`` restrict a run to."""

from __future__ import annotations

import gzip
import zlib
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from spliceai_cli.errors import RegionsError, UsageError
from spliceai_cli.files.byte_order import drop_mark
from spliceai_cli.genome.coords import END_OF_CONTIG, Region, contig_key


class Targets:
    """A set of regions: overlapping ones are joined, empty ones dropped; ``1:5`` and ``chr1:5`` are the same.

    Args:
        regions: in any order.
    """

    def __init__(self, regions: Iterable[Region]) -> None:
        by_key: dict[str, list[Region]] = defaultdict(list)
        for region in regions:
            if region.start < region.end:
                by_key[contig_key(region.chrom)].append(region)
        self._joined = {key: list(_join(members)) for key, members in by_key.items()}
        self._starts = {key: [region.start for region in joined] for key, joined in self._joined.items()}

    def __iter__(self) -> Iterator[Region]:
        """Joined regions, contigs in the order of their first mention."""
        for joined in self._joined.values():
            yield from joined

    def overlaps(self, chrom: str, start: int, end: int) -> bool:
        """Whether any base from ``start`` to ``end`` (0-based half-open) is in a region; ``chrom`` in any spelling."""
        key = contig_key(chrom)
        if key not in self._joined:
            return False
        i = bisect_right(self._starts[key], end - 1) - 1
        return i >= 0 and self._joined[key][i].end > start

    def hold(self, chrom: str, start: int, end: int) -> bool:
        """Whether all bases from ``start`` to ``end`` (0-based half-open) are in one region; ``chrom`` in any spelling.

        >>> targets = Targets([Region("1", 10, 20), Region("1", 20, 30)])
        >>> targets.hold("chr1", 15, 30), targets.hold("1", 15, 31), targets.hold("2", 15, 16)
        (True, False, False)
        """
        key = contig_key(chrom)
        if key not in self._joined:
            return False
        i = bisect_right(self._starts[key], start) - 1
        return i >= 0 and self._joined[key][i].end >= end


def parse_regions(texts: Iterable[str]) -> Targets:
    """Parse regions as in ``bcftools view -r``: comma-separated, in any number of texts.

    Raises:
        UsageError: a region is malformed, or none is given.
    """
    regions = [Region.parse(item) for text in texts for item in _split_regions(text)]
    if not regions:
        raise UsageError(
            "no region is given.", "Was a variable empty? Write CHROM, CHROM:POS, CHROM:FROM- or CHROM:FROM-TO."
        )
    return Targets(regions)


class RegionsFile(NamedTuple):
    """A file of regions.

    Attributes:
        path: the file.
        is_bed: as for ``read_targets``.
    """

    path: Path
    is_bed: bool | None


def read_targets(path: Path, *, is_bed: bool | None = None) -> Targets:
    """Read regions from a file as in ``bcftools view -T``.

    The file is BED (0-based half-open), or tab-separated CHROM, POS and optionally the last position, 1-based.

    Args:
        path: the file, plain or compressed.
        is_bed: whether it is BED; None decides by the name, which ends in ``.bed`` or ``.bed.gz`` for BED.

    Raises:
        RegionsError: the file is unreadable or malformed (with line number).
        EncodingError: the file is UTF-16 or UTF-32.
    """
    is_bed = path.name.endswith((".bed", ".bed.gz")) if is_bed is None else is_bed
    regions = []
    try:
        raw = path.read_bytes()
        unpacked = gzip.decompress(raw) if raw.startswith(b"\x1f\x8b") else raw
        text = drop_mark(unpacked, f"targets file {path}").decode("utf-8")
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        raise RegionsError(f"targets file {path} is damaged: {error}.") from error
    except OSError as error:
        raise RegionsError(f"targets file {path} cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise RegionsError(f"targets file {path} is not a text file.") from error
    for n, line in enumerate(text.replace("\r\n", "\n").split("\n"), 1):
        if not line.strip() or line.startswith(("#", "track", "browser")):
            continue
        regions.append(_parse_target(line, is_bed=is_bed, where=f"{path}, line {n}"))
    if not regions:
        raise RegionsError(f"targets file {path} has no regions.")
    return Targets(regions)


def _parse_target(line: str, *, is_bed: bool, where: str) -> Region:
    fields = line.split("\t")
    try:
        if is_bed:
            region = Region(fields[0], int(fields[1]), int(fields[2]))
        else:
            pos = int(fields[1])
            region = Region(fields[0], pos - 1, int(fields[2]) if len(fields) > 2 else pos)  # noqa: PLR2004
    except (IndexError, ValueError) as error:
        expected = "CHROM, START, END" if is_bed else "CHROM, POS[, END]"
        raise RegionsError(f"{where}: '{line[:60]}' is malformed; tab-separated {expected} expected.") from error
    # BED allows empty intervals; POS to the last position always has at least one base.
    if not 0 <= region.start <= region.end - (not is_bed) <= END_OF_CONTIG:
        order = "0 <= START <= END" if is_bed else "1 <= POS <= END"
        raise RegionsError(f"{where}: '{line[:60]}' is not an interval; {order} expected.")
    return region


def _split_regions(text: str) -> Iterator[str]:
    """Split at commas, but not at those between digits of one number (``19:1,000-2,000``)."""
    item = ""
    for part in text.split(","):
        continues = item and ":" in item and len(part) >= 3 and part[:3].isdigit() and ":" not in part  # noqa: PLR2004
        if continues:
            item += part
        else:
            if item:
                yield item
            item = part
    if item:
        yield item


def _join(regions: Iterable[Region]) -> Iterator[Region]:
    """Sort regions, and join those that overlap or touch."""
    current: Region | None = None
    for region in sorted(regions, key=lambda region: (region.start, region.end)):
        if current is not None and region.start <= current.end:
            current = current._replace(end=max(current.end, region.end))
        else:
            if current is not None:
                yield current
            current = region
    if current is not None:
        yield current
