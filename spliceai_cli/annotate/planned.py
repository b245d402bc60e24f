"""The records of an input with their plans, checked against the reference, the genes and the models."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial

from spliceai_cli.annotate.assembly import AssemblyCheck
from spliceai_cli.annotate.existing import PLANNERS, RecordPlanner
from spliceai_cli.annotate.options import AnnotateOptions
from spliceai_cli.errors import UsageError
from spliceai_cli.genome.coords import ContigNames
from spliceai_cli.genome.regions import Targets
from spliceai_cli.models.published import KNOWN_KEYS
from spliceai_cli.plan.planner import Plan
from spliceai_cli.plan.ref_check import RefCheck
from spliceai_cli.scorer import Scorer
from spliceai_cli.vcf.fields import TRANSCRIPT
from spliceai_cli.vcf.reader import Record, VcfReader
from spliceai_cli.vcf.selected import selected

#: Called with warnings, after which the job goes on.
Warner = Callable[[str], None]


def planned_records(
    options: AnnotateOptions, vcf: VcfReader, scorer: Scorer, warn: Warner
) -> Iterator[tuple[Record, Sequence[Plan]]]:
    """The selected records in order, with a plan for each ALT.

    Args:
        options: what to select, and what to accept.
        vcf: the input.
        scorer: makes the plans.
        warn: called with warnings about the input, some of them at once.

    Raises:
        SpliceAICliError: the input does not fit the models, the reference or the genes, or has a malformed record.
            Raised at the call, or while records are read.
    """
    for doubt in vcf.warnings:
        warn(doubt)
    _warn_of_unknown_regions(options.regions, vcf, scorer, warn)
    _check_keys(vcf, scorer)
    if TRANSCRIPT in options.extra and not any(gene.transcript_id for gene in scorer.annotation.genes):
        warn(f"--transcript-id: {scorer.annotation.name} has no transcript IDs, so every value is '.'.")
    refs = RefCheck(scorer.reference, vcf.name, vcf.contigs, warn, options.max_ref_mismatch)
    check = AssemblyCheck(scorer, vcf.name, vcf.contigs, refs, allow_missing_contigs=options.allow_missing_contigs)
    plan = partial(PLANNERS[options.existing], RecordPlanner(scorer, vcf.name))
    planned = ((record, plan(record)) for record in selected(vcf, options.regions, options.targets))
    return check.hold(planned)


def _check_keys(vcf: VcfReader, scorer: Scorer) -> None:
    """Refuse a model whose INFO key the input already uses for something other than splice scores.

    Raises:
        UsageError: a model has such a key.
    """
    for key in (ensemble.spec.key for ensemble in scorer.models):
        if key not in KNOWN_KEYS and key in vcf.info_keys and key not in vcf.score_keys:
            raise UsageError(
                f"{vcf.name} already has INFO/{key}, which does not hold splice scores.",
                "Give the model another key: KEY=PATH.",
            )


def _warn_of_unknown_regions(regions: Targets | None, vcf: VcfReader, scorer: Scorer, warn: Warner) -> None:
    known = ContigNames([*vcf.contigs, *scorer.reference.lengths])
    for region in regions or ():
        if known.find(region.chrom) is None:
            warn(f"-r: neither {vcf.name} nor {scorer.reference.path} has a contig {region.chrom}.")


def shown_name(path: str) -> str:
    """The name of an input in messages."""
    return "standard input" if path == "-" else path
