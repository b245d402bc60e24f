"""Genes of an annotation, found by name and described with their exons."""

from __future__ import annotations

from collections.abc import Iterator

from spliceai_cli.errors import AnnotationError
from spliceai_cli.gene import Gene
from spliceai_cli.genes.annotation import Annotation
from spliceai_cli.genes.select import unversioned


def find_named(annotation: Annotation, name: str) -> list[Gene]:
    """The genes of a symbol, gene ID or transcript ID, IDs with or without version, in the annotation's order.

    Raises:
        AnnotationError: there is none.
    """
    found = [gene for gene in annotation.genes if name in _names(gene)]
    if not found:
        raise AnnotationError(
            f"{annotation.name} has no gene {name}.", "With --transcripts all there may be more; case counts."
        )
    return found


def describe(gene: Gene) -> Iterator[str]:
    """Tab-separated lines: the transcript, then its exons in transcript order, 1-based with both ends included."""
    place = f"{gene.chrom}:{gene.start + 1}-{gene.end}({gene.strand})"
    n_coding = sum(part.length for part in gene.coding)
    ids = [text or "." for text in (gene.symbol, gene.gene_id, gene.transcript_id, gene.biotype)]
    yield "\t".join((*ids, place, f"{len(gene.exons)} exons", f"{n_coding} coding bases"))
    exons = gene.exons if gene.strand == "+" else gene.exons[::-1]
    for i, exon in enumerate(exons, 1):
        yield f"exon\t{i}\t{exon.start + 1}\t{exon.end}\t{exon.length}"


def _names(gene: Gene) -> set[str]:
    ids = {gene.gene_id, gene.transcript_id}
    return {gene.symbol, *ids, *map(unversioned, ids)} - {""}
