"""Genome coordinates: intervals, regions as users write them, contig names.

``pos`` is 1-based as in a VCF; ``start`` and ``end`` are 0-based half-open.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

from spliceai_cli.errors import UsageError

# A contig name with a colon (HLA-A*01:01) is written in braces, as in samtools.
_REGION = re.compile(
    r"(?:\{(?P<braced>.+)\}|(?P<chrom>[^:{}]+))(?::(?P<first>[0-9,]{1,18})(?P<dash>-)?(?P<last>[0-9,]{1,18})?)?"
)

# RefSeq accessions of human chromosomes in any assembly; other species have other numbers.
_REFSEQ = re.compile(r"NC_([0-9]{6})\.[0-9]{1,3}")
_REFSEQ_CHROMOSOMES = {
    **{f"{number:06}": str(number) for number in range(1, 23)},
    "000023": "X",
    "000024": "Y",
    "012920": "MT",
}

_MITOCHONDRION = ("M", "Mt")

# Beyond any position of any assembly; means "to the end of the contig".
END_OF_CONTIG = 2**40


class Interval(NamedTuple):
    """Positions ``start`` to ``end``, 0-based half-open."""

    start: int
    end: int

    @property
    def length(self) -> int:
        """Number of positions."""
        return self.end - self.start

    def overlaps(self, start: int, end: int) -> bool:
        """Whether any position from ``start`` to ``end`` (0-based half-open) is in the interval."""
        return start < self.end and end > self.start


class Region(NamedTuple):
    """An interval on a contig, 0-based half-open."""

    chrom: str
    start: int
    end: int

    @classmethod
    def parse(cls, text: str) -> Region:
        """Read a region as bcftools and samtools write it: 1-based, both ends included.

        >>> Region.parse("chr1:101-200")
        Region(chrom='chr1', start=100, end=200)
        >>> Region.parse("19:38,467,722")
        Region(chrom='19', start=38467721, end=38467722)
        >>> Region.parse("19:101-").start, Region.parse("19").start
        (100, 0)

        Raises:
            UsageError: the text is not a region, or the region ends before it starts.
        """
        match = _REGION.fullmatch(text.strip())
        if match is None:
            raise UsageError(
                f"'{text}' is not a region.",
                "Write CHROM, CHROM:POS, CHROM:FROM- or CHROM:FROM-TO; {CHROM} if the name has a colon.",
            )
        chrom = match["braced"] or match["chrom"]
        if match["first"] is None:
            return cls(chrom, 0, END_OF_CONTIG)
        first = int(match["first"].replace(",", "") or 0)
        if match["dash"] is None:
            last = first
        else:
            last = int(match["last"].replace(",", "") or 0) if match["last"] else END_OF_CONTIG
        if first < 1 or last < first:
            raise UsageError(f"region '{text}' is empty: positions count from 1 and FROM <= TO.")
        return cls(chrom, first - 1, last)


def contig_key(name: str) -> str:
    """A key that is the same for every usual spelling of a contig's name.

    >>> [contig_key(name) for name in ("chr1", "Chr1", "1", "chrM", "ChrM", "Mt", "chrUn_KI270302v1", "CHR_HSCHR1")]
    ['1', '1', '1', 'MT', 'MT', 'MT', 'Un_KI270302v1', 'CHR_HSCHR1']
    >>> [contig_key(name) for name in ("NC_000019.10", "NC_000023.11", "NC_012920.1", "NC_000085.7")]
    ['19', 'X', 'MT', 'NC_000085.7']
    """
    if match := _REFSEQ.fullmatch(name):
        return _REFSEQ_CHROMOSOMES.get(match[1], name)
    # CHR_HSCHR1… are Ensembl's names for patches.
    bare = name[3:] if name[:3].lower() == "chr" and not name.startswith("_", 3) else name
    return "MT" if bare in _MITOCHONDRION else bare


class ContigNames:
    """The contigs of one file, found under any usual spelling.

    An exact match wins. Otherwise ``chr1``/``Chr1``/``1``/``NC_000001.11`` match each other, and so do
    ``chrM``/``M``/``MT``/``Mt``.
    Every file has its own names, so a VCF with ``1``, a FASTA with ``chr1`` and a table with ``1`` work together.

    Args:
        names: contig names; if two differ only in spelling, a third spelling finds the first.
    """

    def __init__(self, names: Iterable[str]) -> None:
        self._exact: set[str] = set()
        self._by_key: dict[str, str] = {}
        self._found: dict[str, str | None] = {}
        for name in names:
            self._exact.add(name)
            self._by_key.setdefault(contig_key(name), name)

    def find(self, name: str) -> str | None:
        """The file's own name for ``name``, or None."""
        if name not in self._found:
            self._found[name] = name if name in self._exact else self._by_key.get(contig_key(name))
        return self._found[name]
