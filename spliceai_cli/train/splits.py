"""Which genes are for training, validation and test."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass, field

from spliceai_cli.errors import AnnotationError
from spliceai_cli.genes.gene import Gene
from spliceai_cli.genome.coords import contig_key
from spliceai_cli.genome.fasta import Reference
from spliceai_cli.genome.regions import parse_regions
from spliceai_cli.train.config import TrainConfig
from spliceai_cli.train.groups import grouped
from spliceai_cli.train.paralogs import find_paralogs

#: Names of the parts in the table of genes.
TRAIN, VALIDATION, TEST = "train", "validation", "test"


@dataclass
class Split:
    """The genes of each part.

    Attributes:
        train, validation, test: the genes.
        left_out: genes that are not used, each with the reason.
    """

    train: list[Gene] = field(default_factory=list)
    validation: list[Gene] = field(default_factory=list)
    test: list[Gene] = field(default_factory=list)
    left_out: list[tuple[Gene, str]] = field(default_factory=list)

    def names(self, part: str) -> list[str]:
        """Lines of a file for ``--genes`` that names the genes of a part and no others.

        Of each gene its ID or else its symbol, whichever no gene outside the part has; a comment if there is neither.
        """
        members = {TRAIN: self.train, VALIDATION: self.validation, TEST: self.test}[part]
        own = set(members)
        everything = [*self.train, *self.validation, *self.test, *(gene for gene, _ in self.left_out)]
        taken = {name for gene in everything if gene not in own for name in (gene.gene_id, gene.symbol)}
        return list(dict.fromkeys(_listed(gene, taken) for gene in members))

    def lines(self) -> list[str]:
        """Lines of a table: part, chromosome, start and end (1-based), strand, symbol, IDs, and why it is left out."""
        parts = ((TRAIN, self.train), (VALIDATION, self.validation), (TEST, self.test))
        rows = [(part, gene, "") for part, genes in parts for gene in genes]
        rows += [("left out", gene, reason) for gene, reason in self.left_out]
        heading = "#PART\tCHROM\tSTART\tEND\tSTRAND\tSYMBOL\tGENE_ID\tTRANSCRIPT_ID\tREASON"
        return [heading, *(_line(*row) for row in rows)]


def split_genes(genes: Iterable[Gene], reference: Reference, config: TrainConfig) -> Split:
    """Divide genes by position, and keep a seeded share of the training genes of each chromosome for validation.

    Genes that share bases or a name are in one part, see ``groups.grouped``.

    Args:
        genes: genes of an annotation.
        reference: the FASTA.
        config: gives ``train``, ``test``, ``validation``, ``drop_unspliced``, ``drop_paralogs`` and ``seed``.

    Raises:
        AnnotationError: there is no gene to train or to validate with.
    """
    split, members = _placed(genes, reference, config)
    of_chrom: dict[str, list[list[Gene]]] = defaultdict(list)
    for group in grouped(members):
        of_chrom[contig_key(group[0].chrom)].append(group)
    for key, groups in of_chrom.items():
        _draw(key, groups, split, config)
    for part, drawn in ((TRAIN, split.train), (VALIDATION, split.validation)):
        if not drawn:
            raise AnnotationError(
                f"no gene is left for {part} in {', '.join(config.train)}.",
                "The recipe's train names chromosomes or regions of the reference, with two genes at least that do not "
                "overlap. Check validation, biotypes and --genes, too.",
            )
    if config.drop_paralogs:
        _drop_paralogs(split, reference)
    return split


def _placed(genes: Iterable[Gene], reference: Reference, config: TrainConfig) -> tuple[Split, list[Gene]]:
    """A split with the genes for test and those that are left out; and the genes for training and validation."""
    split = Split()
    members: list[Gene] = []
    training, testing = parse_regions(config.train), parse_regions(config.test) if config.test else None
    for gene in genes:
        chrom = reference.contigs.find(gene.chrom)
        is_on_it = chrom is not None and gene.end <= reference.lengths[chrom]
        is_for_training = training.hold(gene.chrom, gene.start, gene.end)
        is_for_test = testing is not None and testing.hold(gene.chrom, gene.start, gene.end)
        if not is_on_it:
            split.left_out.append((gene, "not on the reference"))
        elif not is_for_training and not is_for_test:
            split.left_out.append((gene, "neither within train nor within test"))
        elif config.drop_unspliced and not gene.donors:
            split.left_out.append((gene, "has no splice site"))
        else:
            (members if is_for_training else split.test).append(gene)
    return split, members


def _draw(key: str, groups: Sequence[Sequence[Gene]], split: Split, config: TrainConfig) -> None:
    """Share the genes of a chromosome out between training and validation, group by group."""
    n = max(round(config.validation * len(groups)), 1 if len(groups) > 1 else 0)
    drawn = set(random.Random(f"{config.seed} {key}").sample(range(len(groups)), n))
    for i, group in enumerate(groups):
        (split.validation if i in drawn else split.train).extend(group)


def _drop_paralogs(split: Split, reference: Reference) -> None:
    """Move test genes that resemble a training gene to those that are left out."""
    for likeness in find_paralogs(split.test, split.train, reference):
        reason = f"resembles {likeness.like.symbol} ({likeness.like.chrom}): {likeness.share:.0%} of its 16-mers"
        split.test.remove(likeness.gene)
        split.left_out.append((likeness.gene, reason))


def _listed(gene: Gene, taken: Set[str]) -> str:
    for name in (gene.gene_id, gene.symbol):
        # As --genes reads it: stripped, a line each, and # begins a comment.
        if name not in taken and name.splitlines() == [name.strip()] and not name.startswith("#"):
            return name
    place = f"{gene.chrom}:{gene.start + 1}-{gene.end}"
    return f"# Not listed, since genes of other parts have its name, or --genes cannot read it: {gene.symbol}, {place}"


def _line(part: str, gene: Gene, reason: str) -> str:
    place = (gene.chrom, str(gene.start + 1), str(gene.end), gene.strand)
    return "\t".join((part, *place, gene.symbol, gene.gene_id, gene.transcript_id, reason))
