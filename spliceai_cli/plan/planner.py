"""Plans what must be computed for a variant: an edit for each gene, or a reason to skip it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from enum import Enum
from functools import lru_cache, partial
from typing import NamedTuple

from spliceai_cli.genes.gene import Gene
from spliceai_cli.genes.index import GeneLookup
from spliceai_cli.genome.coords import Interval
from spliceai_cli.genome.fasta import Reference
from spliceai_cli.plan.alignment import Alignment
from spliceai_cli.plan.edit import Edit
from spliceai_cli.plan.rules import Rules
from spliceai_cli.plan.sequence import GeneSequence
from spliceai_cli.plan.widened import widened
from spliceai_cli.scores.kind import ScoreKind
from spliceai_cli.scores.score import Score
from spliceai_cli.scores.sites import KEY, SITES
from spliceai_cli.variants.expand import fill, to_sequence
from spliceai_cli.variants.left_align import left_align
from spliceai_cli.variants.variant import SkipReason, Variant


class ModelInput(NamedTuple):
    """The settings that turn an allele into a model's input.

    Attributes:
        rules: decide which positions are scored.
        kind: kind of the scores; decides whether sequence outside the gene is N.
        key: INFO key of the model.
        reach: rules that decide how far consequences are looked for; None if they are not.
    """

    rules: Rules
    kind: ScoreKind = SITES
    key: str = KEY
    reach: Rules | None = None


class Job(NamedTuple):
    """One allele on one gene for one model.

    Attributes:
        model: index into the scorer's models.
        gene: the gene.
        edit: the allele on the gene's sequence.
        alignment: maps the positions of ALT to those of REF.
        reach: the same for the positions on which consequences are looked for; None if they are not. The edit's
            positions then include both.
    """

    model: int
    gene: Gene
    edit: Edit
    alignment: Alignment
    reach: Alignment | None = None


class Cause(Enum):
    """The cause, as a phrase, behind a ``SkipReason`` that has several."""

    NOT_IN_FASTA = "the FASTA has no contig {chrom}"
    NOT_IN_ANNOTATION = "the annotation has no genes on contig {chrom}"
    BEYOND_CONTIG = "the allele reaches beyond the end of contig {chrom}"


class Plan(NamedTuple):
    """The jobs of one variant, or the reason why there are none.

    It is a ``NamedTuple`` for speed, like ``Variant``.

    Attributes:
        variant: the variant.
        jobs: models outer, genes in table order inner.
        reason: why there are no jobs; None if there are.
        unscored: rows of dots, models outer, one per gene.
        fasta_bases: FASTA bases at REF if they were compared with it, else empty.
        cause: cause of ``reason``, if that can have several.
    """

    variant: Variant
    jobs: tuple[Job, ...] = ()
    reason: SkipReason | None = None
    unscored: tuple[Score, ...] = ()
    fasta_bases: str = ""
    cause: Cause | None = None


class Planner:
    """Turns variants into plans.

    Args:
        reference: the FASTA.
        genes: the annotation.
        inputs: input settings of each model; the first model's rules decide which alleles are scored.
        is_normalizing: whether indels are left-aligned first.
    """

    def __init__(
        self, reference: Reference, genes: GeneLookup, inputs: Sequence[ModelInput], *, is_normalizing: bool = False
    ) -> None:
        self._reference = reference
        self._genes = genes
        self._inputs = tuple(inputs)
        self._rules = self._inputs[0].rules
        self._is_normalizing = is_normalizing
        self._sequence = lru_cache(maxsize=256)(self._make_sequence)

    def plan(self, variant: Variant) -> Plan:
        """The jobs of a variant; reasons are tried in the order of ``SkipReason``."""
        rules = self._rules
        if (reason := rules.skip_by_alt(variant)) is not None:
            return Plan(variant, reason=reason)
        chrom = self._reference.contigs.find(variant.chrom)
        if chrom is None:
            return Plan(variant, reason=SkipReason.CONTIG, cause=Cause.NOT_IN_FASTA)
        if not self._genes.has_contig(variant.chrom):
            return Plan(variant, reason=SkipReason.CONTIG, cause=Cause.NOT_IN_ANNOTATION)
        is_plain = variant.structure is None and variant.ref[:1] not in ("N", "n")
        filled = variant if is_plain else self._filled(variant, chrom)
        is_moved = self._is_normalizing and filled.structure is None and filled.alt.isalpha()
        genes = self._genes_of(self._left_aligned(filled, chrom) if is_moved else filled)
        if not genes:
            return Plan(variant, reason=SkipReason.OUTSIDE)
        return self._plan_in_genes(variant, filled, chrom, genes)

    def _plan_in_genes(self, variant: Variant, filled: Variant, chrom: str, genes: Sequence[Gene]) -> Plan:
        """The jobs of a variant in genes; in ``filled``, the FASTA's base replaces an N for the anchor."""
        rules = self._rules
        bases = self._bases(chrom, filled.pos - 1, filled.pos - 1 + len(filled.ref))
        n_more = filled.structure.length if filled.structure is not None else 0
        agrees = rules.agrees_with_fasta(filled, bases)
        # Beyond a contig ``fetch`` returns N, which must not become part of a symbolic allele; REF rarely is N.
        end = variant.pos + n_more if agrees else filled.pos - 1 + len(filled.ref)
        is_beyond = end > self._reference.lengths[chrom]
        if not agrees or is_beyond:
            cause = Cause.BEYOND_CONTIG if is_beyond else None
            return Plan(variant, reason=SkipReason.REF_MISMATCH, fasta_bases=bases, cause=cause)
        # Bases at the record's own REF, without an added anchor; none if REF is N, which proves nothing.
        bases = bases[len(filled.ref) - len(variant.ref) :] if variant.ref.strip("Nn") else ""
        if n_more > rules.max_sv_length:
            return Plan(variant, reason=SkipReason.TOO_LONG, fasta_bases=bases)
        expanded = filled if filled.structure is None else to_sequence(filled, self._reference, chrom)
        if (reason := rules.skip_in_gene(expanded)) is not None:
            return Plan(variant, reason=reason, fasta_bases=bases)
        if rules.is_near_end(expanded, self._reference.lengths[chrom]):
            return Plan(variant, reason=SkipReason.COMPAT, fasta_bases=bases)
        if rules.has_dots(variant):
            return Plan(variant, reason=SkipReason.COMPAT, unscored=self._dots(variant, genes), fasta_bases=bases)
        if self._is_normalizing:
            expanded = self._left_aligned(expanded, chrom)
            genes = self._genes_of(Variant._make((*expanded[:4], None)))
        n_moved = expanded.pos - variant.pos
        jobs = tuple(
            self._job(expanded, gene, chrom, n_moved, model) for model in range(len(self._inputs)) for gene in genes
        )
        return Plan(variant, jobs, None if jobs else SkipReason.OUTSIDE, fasta_bases=bases)

    def _dots(self, variant: Variant, genes: Sequence[Gene]) -> tuple[Score, ...]:
        """A row of dots for each gene and each model whose kind has such rows."""
        return tuple(
            kind.missing(variant.alt, gene.symbol, model_key=key, **gene.ids)
            for _, kind, key, _ in self._inputs
            if kind.missing is not None
            for gene in genes
        )

    def _filled(self, variant: Variant, chrom: str) -> Variant:
        """The variant; unless it is symbolic, an N for its anchor becomes the FASTA's base if the rules fill it."""
        if not variant.alt.isalpha():
            return variant
        if not self._rules.is_filling:
            return Variant._make((*variant[:4], None))
        return fill(variant, partial(self._bases, chrom))

    def _genes_of(self, variant: Variant) -> tuple[Gene, ...]:
        rules = self._rules
        span = rules.lookup_span(variant)
        genes = self._genes.overlapping(variant.chrom, span.start, span.end)
        return tuple(gene for gene in genes if rules.is_covered(variant, gene)) if genes else genes

    def _left_aligned(self, variant: Variant, chrom: str) -> Variant:
        return left_align(variant, lambda start, end: self._bases(chrom, start, end).upper())

    def _bases(self, chrom: str, start: int, end: int) -> str:
        return self._reference.fetch(chrom, start, end).decode("ascii")

    def _job(self, variant: Variant, gene: Gene, chrom: str, n_moved: int, model: int) -> Job:
        """The job of an expanded allele whose POS is ``n_moved`` bp right of the record's."""
        rules, kind, _, far = self._inputs[model]
        start, end = (gene.start, gene.end) if kind.is_gene_alone else (0, self._reference.lengths[chrom])
        alignment = rules.alignment(variant)
        reach = far.alignment(variant) if far is not None else None
        scored = alignment if reach is None else widened(reach, gene)
        edit = rules.edit(variant, self._sequence(chrom, gene.strand, start, end), scored)
        n_trimmed = alignment.n_trimmed + n_moved
        return Job(
            model,
            gene,
            edit,
            replace(alignment, n_trimmed=n_trimmed),
            replace(reach, n_trimmed=n_trimmed) if reach is not None else None,
        )

    def _make_sequence(self, chrom: str, strand: str, start: int, end: int) -> GeneSequence:
        return GeneSequence(self._reference, chrom, strand, Interval(start, end), self._rules.table)
