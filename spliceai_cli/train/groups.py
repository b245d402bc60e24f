"""Groups of genes that share bases or a name: a network trained on one has in effect seen the others."""

from __future__ import annotations

from collections.abc import Sequence

from spliceai_cli.genes.gene import Gene
from spliceai_cli.genome.coords import contig_key

# GENCODE's IDs of pseudoautosomal genes on Y end so; on X they have the rest.
_COPY = "_PAR_Y"


def grouped(genes: Sequence[Gene]) -> list[list[Gene]]:
    """Genes in groups: those that overlap, on either strand, are together, and so are those with one gene ID.

    Without an ID the symbol counts.

    Args:
        genes: the genes.

    Returns:
        The groups in the order of their first genes, each in the order of ``genes``.
    """
    links = _Links(len(genes))
    of_name: dict[str, int] = {}
    for i, gene in enumerate(genes):
        links.join(i, of_name.setdefault(gene.gene_id.removesuffix(_COPY) or gene.symbol, i))
    places = [(contig_key(gene.chrom), gene.start, gene.end, i) for i, gene in enumerate(genes)]
    here, reach, last = "", 0, 0
    for chrom, start, end, i in sorted(places):
        if chrom == here and start < reach:
            links.join(i, last)
            reach = max(reach, end)
        else:
            here, reach = chrom, end
        last = i
    groups: dict[int, list[Gene]] = {}
    for i, gene in enumerate(genes):
        groups.setdefault(links.root(i), []).append(gene)
    return list(groups.values())


class _Links:
    """Disjoint sets of numbers from 0 to ``n - 1``."""

    def __init__(self, n: int) -> None:
        self._parents = list(range(n))

    def root(self, i: int) -> int:
        """The number that stands for the set of ``i``."""
        while self._parents[i] != i:
            self._parents[i] = i = self._parents[self._parents[i]]
        return i

    def join(self, i: int, j: int) -> None:
        """Make one set of those of ``i`` and ``j``."""
        self._parents[self.root(i)] = self.root(j)
