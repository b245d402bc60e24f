"""Describes a gene and its exons as text."""

from __future__ import annotations

from collections.abc import Iterator

from spliceai_cli.genes.gene import Gene
from spliceai_cli.text import counted


def describe(gene: Gene) -> Iterator[str]:
    """Tab-separated lines: the transcript, then its exons in transcript order, 1-based with both ends included."""
    place = f"{gene.chrom}:{gene.start + 1}-{gene.end}({gene.strand})"
    n_coding = sum(part.length for part in gene.coding)
    ids = [text or "." for text in (gene.symbol, gene.gene_id, gene.transcript_id, gene.biotype)]
    yield "\t".join((*ids, place, counted(len(gene.exons), "exons"), counted(n_coding, "coding bases")))
    exons = gene.exons if gene.strand == "+" else gene.exons[::-1]
    for i, exon in enumerate(exons, 1):
        yield f"exon\t{i}\t{exon.start + 1}\t{exon.end}\t{exon.length}"
