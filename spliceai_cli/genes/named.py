"""Genes by what they go by: symbol, gene ID or transcript ID."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from spliceai_cli.errors import AnnotationError
from spliceai_cli.gene import Gene
from spliceai_cli.genes.select import unversioned


def names_of(gene: Gene) -> set[str]:
    """Symbol, gene ID and transcript ID, IDs with and without version."""
    ids = {gene.gene_id, gene.transcript_id}
    return {gene.symbol, *ids, *map(unversioned, ids)} - {""}


def named_genes(genes: Sequence[Gene], names: Iterable[str], annotation: str) -> list[Gene]:
    """Genes by symbol, gene ID or transcript ID, with or without version, in the order of the annotation.

    Args:
        genes: of the annotation.
        names: wanted; none for all.
        annotation: its name, for messages.

    Raises:
        AnnotationError: a name is not there.
    """
    wanted = set(names)
    if not wanted:
        return list(genes)
    found = [(gene, wanted & names_of(gene)) for gene in genes]
    missing = wanted.difference(*(by for _, by in found))
    if missing:
        raise AnnotationError(
            f"{annotation} has no gene {', '.join(sorted(missing))}.",
            "A gene goes by symbol, gene ID or transcript ID; case counts. With --transcripts all there may be more.",
        )
    return [gene for gene, by in found if by]
