"""Transcripts while they are assembled from the lines of a file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from spliceai_cli.genome.coords import Interval

#: Reasons why a transcript cannot be used.
NO_STRAND, BOTH_STRANDS, OVERLAP, NO_EXONS, BROKEN = (
    f"transcripts with {fault}"
    for fault in ("no strand", "exons on both strands", "overlapping exons", "no exons", "a line that is left out")
)


class Coding(NamedTuple):
    """A coding part of an exon, 0-based half-open, with its phase."""

    start: int
    end: int
    phase: int


@dataclass(slots=True)
class Draft:
    """One transcript on one contig.

    Attributes:
        line: number of its own line, or of the first that names it.
        chrom: contig.
        transcript_id: its ID.
        gene_id, symbol, biotype, aliases: attributes of its gene.
        tags: as the file writes them.
        spans: intervals of its own lines; several if the file has it at several loci, none if it has only exons.
        strands: strands of all its lines.
        exons, coding: in file order.
        stops: parts of the stop codon if the file lists them apart from ``coding``, as GTF does and GFF3 does not.
        untranslated: UTRs, which are used only where no exon covers them.
        attributes: column 9 of its own line, or of the first that names it.
        others: for a transcript at several loci, span of each other locus -> attributes of its line.
    """

    line: int
    chrom: str
    transcript_id: str
    gene_id: str = ""
    symbol: str = ""
    biotype: str = ""
    aliases: Sequence[str] = ()
    tags: Sequence[str] = ()
    spans: list[Interval] = field(default_factory=list)
    strands: set[str] = field(default_factory=set)
    exons: list[Interval] = field(default_factory=list)
    coding: list[Coding] = field(default_factory=list)
    stops: list[Coding] = field(default_factory=list)
    untranslated: list[Interval] = field(default_factory=list)
    attributes: bytes = b""
    others: Mapping[Interval, Draft] | None = None
