"""Annotations written by hand."""

from __future__ import annotations

from spliceai_cli.genes.gene import Gene
from spliceai_cli.genes.transcripts import Transcripts


def lines(text: str) -> list[bytes]:
    """``CHROM KIND FIRST LAST STRAND PHASE ATTRIBUTES``, with spaces between, as GTF or GFF3; others as they are."""
    return [_line(line).encode() for line in map(str.strip, text.splitlines()) if line]


def _line(line: str) -> str:
    columns = line.split(maxsplit=6)
    if line.startswith("#") or len(columns) != 7:
        return line
    chrom, kind, first, last, strand, phase, attributes = columns
    return "\t".join((chrom, "test", kind, first, last, ".", strand, phase, attributes))


def genes(transcripts: Transcripts) -> list[Gene]:
    """All transcripts, in their order."""
    return [transcripts.make_gene(row) for row in range(len(transcripts))]
