"""What has to be computed for a variant: an edit for each gene, or the reason why nothing."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from spliceai_cli.alignment import Alignment
from spliceai_cli.edit import Edit
from spliceai_cli.fasta import Reference
from spliceai_cli.gene import Gene
from spliceai_cli.genes.index import GeneIndex
from spliceai_cli.info import DeltaScore
from spliceai_cli.rules import Rules
from spliceai_cli.sequence import GeneSequence
from spliceai_cli.variant import SkipReason, Variant


class Job(NamedTuple):
    """One allele on one gene."""

    gene: Gene
    edit: Edit
    alignment: Alignment


@dataclass(frozen=True, slots=True)
class Plan:
    """The jobs of one variant in table order, or the reason why there are none.

    Attributes:
        variant: the variant.
        jobs: one per gene.
        skip: None if there are jobs.
        unscored: rows of dots, one per gene.
        fasta_bases: FASTA bases at REF if they were compared with it, else empty.
    """

    variant: Variant
    jobs: tuple[Job, ...] = ()
    skip: SkipReason | None = None
    unscored: tuple[DeltaScore, ...] = ()
    fasta_bases: str = ""


class Planner:
    """Turns variants into plans.

    Args:
        reference: the FASTA.
        genes: the annotation.
        rules: which alleles are scored, and where.
    """

    def __init__(self, reference: Reference, genes: GeneIndex, rules: Rules) -> None:
        self._reference = reference
        self._genes = genes
        self._rules = rules
        self._sequence = lru_cache(maxsize=256)(self._make_sequence)

    def plan(self, variant: Variant) -> Plan:
        """The jobs of a variant; reasons are tried in the order of ``SkipReason``."""
        rules = self._rules
        if (skip := rules.skip_by_alt(variant)) is not None:
            return Plan(variant, skip=skip)
        chrom = self._reference.contigs.find(variant.chrom)
        if chrom is None or not self._genes.has_contig(variant.chrom):
            return Plan(variant, skip=SkipReason.CONTIG)
        span = rules.lookup_span(variant)
        genes = self._genes.overlapping(variant.chrom, span.start, span.end)
        if genes:
            genes = tuple(gene for gene in genes if rules.is_covered(variant, gene))
        if not genes:
            return Plan(variant, skip=SkipReason.OUTSIDE)
        start = variant.pos - 1
        bases = self._reference.fetch(chrom, start, start + len(variant.ref)).decode("ascii")
        if not rules.agrees_with_fasta(variant, bases):
            return Plan(variant, skip=SkipReason.REF_MISMATCH, fasta_bases=bases)
        if (skip := rules.skip_in_gene(variant, self._reference, chrom)) is not None:
            return Plan(variant, skip=skip, fasta_bases=bases)
        if rules.has_dots(variant):
            rows = tuple(DeltaScore(variant.alt, gene.symbol) for gene in genes)
            return Plan(variant, skip=SkipReason.COMPAT, unscored=rows, fasta_bases=bases)
        jobs = tuple(self._job(variant, gene, chrom) for gene in genes)
        return Plan(variant, jobs=jobs, fasta_bases=bases)

    def _job(self, variant: Variant, gene: Gene, chrom: str) -> Job:
        alignment = self._rules.alignment(variant)
        return Job(gene, self._rules.edit(variant, self._sequence(gene, chrom), alignment), alignment)

    def _make_sequence(self, gene: Gene, chrom: str) -> GeneSequence:
        return GeneSequence(gene, self._reference, chrom, self._rules.table)
