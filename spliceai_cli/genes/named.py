"""Finds genes by symbol, gene ID, transcript ID or alias."""

from __future__ import annotations

from collections.abc import Iterable, Sequence, Set

from spliceai_cli.errors import AnnotationError
from spliceai_cli.genes.gene import Gene
from spliceai_cli.genes.lookup import check_unambiguous, did_you_mean, find_rows
from spliceai_cli.genes.select import unversioned


def names_of(gene: Gene) -> set[str]:
    """Symbol, gene ID and transcript ID, IDs with and without version."""
    ids = {gene.gene_id, gene.transcript_id}
    return {gene.symbol, *ids, *map(unversioned, ids)} - {""}


def rows_by_name(genes: Sequence[Gene], wanted: Set[str]) -> dict[str, list[int]]:
    """The rows of the genes with each name; see ``find_rows``."""
    return find_rows(wanted, [names_of(gene) for gene in genes], [gene.aliases for gene in genes])


def named_genes(genes: Sequence[Gene], names: Iterable[str], annotation: str) -> list[Gene]:
    """Genes by symbol, gene ID or transcript ID, with or without version, or else by alias; in the annotation's order.

    Args:
        genes: genes of the annotation.
        names: names to find; empty for all genes.
        annotation: name of the annotation, for messages.

    Raises:
        AnnotationError: no gene has a name, or it is an alias of several.
    """
    wanted = set(names)
    if not wanted:
        return list(genes)
    rows = rows_by_name(genes, wanted)
    missing = [name for name, matches in rows.items() if not matches]
    if missing:
        raise AnnotationError(
            f"{annotation} has no gene {', '.join(missing)}.",
            f"{did_you_mean(missing, (gene.symbol for gene in genes))}Give a symbol, gene ID, transcript ID or alias, "
            "in the same case. With --transcripts all there may be more.",
        )
    for name, matches in rows.items():
        if name not in names_of(genes[matches[0]]):
            check_unambiguous(name, (genes[row].symbol for row in matches), annotation)
    return [genes[row] for row in sorted({row for matches in rows.values() for row in matches})]
