"""Genes that share bases or a name, by hand and at random."""

from __future__ import annotations

import random
from dataclasses import replace

from support import builders

from spliceai_cli.train.config import TrainConfig
from spliceai_cli.train.groups import grouped
from spliceai_cli.train.splits import split_genes


def names(groups):
    return [[gene.symbol for gene in group] for group in groups]


def test_groups__by_hand():
    """LONG holds INNER, and ends where NEXT begins; TWIN has the name of a gene elsewhere."""
    genes = [
        builders.gene("NEXT", "1", "+", 50, 60),
        builders.gene("TWIN", "1", "+", 70, 80),
        builders.gene("LONG", "1", "+", 0, 50),
        builders.gene("LATE", "chr1", "+", 45, 48),
        builders.gene("INNER", "1", "-", 10, 20),
        builders.gene("TWIN", "2", "+", 0, 50),
        builders.gene("OTHER", "2", "-", 49, 90),
        replace(builders.gene("TWIN", "3", "+", 0, 9), gene_id="G3"),
        replace(builders.gene("P", "X", "+", 0, 9), gene_id="ENSG00000182378.10"),
        replace(builders.gene("P", "Y", "+", 0, 9), gene_id="ENSG00000182378.10_PAR_Y"),
    ]
    *groups, copies = names(grouped(genes))
    assert groups == [["NEXT"], ["TWIN", "TWIN", "OTHER"], ["LONG", "LATE", "INNER"], ["TWIN"]]
    assert copies == ["P", "P"]


def is_linked(one, other):
    """Whether two genes belong together by themselves."""
    return one.gene_id == other.gene_id or (one.chrom == other.chrom and other.covers(one.start, one.end))


def test_groups__are_closed():
    """From each gene, one reaches its group and no other gene."""
    chosen = random.Random(1)
    for _ in range(20):
        genes = []
        for i in range(60):
            start = chosen.randrange(1000)
            gene = builders.gene(
                f"g{i}", chosen.choice("123"), chosen.choice("+-"), start, start + chosen.randint(1, 40)
            )
            genes.append(replace(gene, gene_id=f"id{chosen.randrange(100)}"))
        groups = grouped(genes)
        assert sorted(sum(names(groups), [])) == sorted(gene.symbol for gene in genes)
        for group in groups:
            reached, fresh = set(), [group[0]]
            while fresh:
                reached.update(fresh)
                fresh = [gene for gene in genes if gene not in reached and any(is_linked(gene, one) for one in fresh)]
            assert reached == set(group)


def test_split__keeps_genes_that_overlap_together():
    pairs = [
        (
            builders.gene(f"a{i}", "1", "+", 20 * i, 20 * i + 15),
            builders.gene(f"b{i}", "1", "-", 20 * i + 5, 20 * i + 18),
        )
        for i in range(20)
    ]
    split = split_genes(
        [gene for pair in pairs for gene in pair],
        builders.AllC({"1": 500}),
        TrainConfig(train=("1",), test=(), validation=0.2),
    )
    assert len(split.validation) == 8
    assert {gene.symbol[1:] for gene in split.validation}.isdisjoint(gene.symbol[1:] for gene in split.train)
