"""From VCF to VCF: every record in, every record out, in order."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from functools import partial

from spliceai_cli.annotate.assembly import AssemblyCheck, warn_of_unknown_contigs
from spliceai_cli.annotate.existing import PLANNERS, RecordPlanner
from spliceai_cli.annotate.options import AnnotateOptions
from spliceai_cli.annotate.stats import stats_json
from spliceai_cli.consequence.fasta import fasta_of
from spliceai_cli.errors import StrictError, UsageError
from spliceai_cli.files.output import Output
from spliceai_cli.genome.coords import ContigNames
from spliceai_cli.genome.regions import Targets
from spliceai_cli.models.published import KNOWN_KEYS
from spliceai_cli.plan.ref_check import RefCheck
from spliceai_cli.scorer import Scorer
from spliceai_cli.scoring.watcher import Watcher
from spliceai_cli.settings import KEEP
from spliceai_cli.summary import Summary, unit_of_scores
from spliceai_cli.text import counted
from spliceai_cli.variants.variant import SkipReason
from spliceai_cli.vcf.fields import CONSEQUENCE, INCLUSION, SCORES, TRANSCRIPT, fields_of
from spliceai_cli.vcf.layouts import open_writer
from spliceai_cli.vcf.lines import open_lines
from spliceai_cli.vcf.reader import VcfReader
from spliceai_cli.vcf.selected import selected
from spliceai_cli.vcf.writer import OutputFields

#: Called with warnings, after which the job goes on.
Warner = Callable[[str], None]


def annotate(options: AnnotateOptions, open_scorer: Callable[[], Scorer], watcher: Watcher, warn: Warner) -> Summary:
    """Annotate a VCF.

    Args:
        options: input, output and options.
        open_scorer: called after input and output are opened, so that a wrong path is reported at once.
        watcher: follows the run.
        warn: called with warnings about the input.

    Raises:
        SpliceAICliError: any known failure; no output file is left under its final name, except after ``StrictError``.
        BrokenPipeError: the reader of standard output has closed it.
    """
    with ExitStack() as stack:
        vcf = VcfReader(stack.enter_context(open_lines(options.source, options.regions)), _shown(options.source))
        stats = _opened(stack, options.stats, "--stats")
        fasta = _opened(stack, options.fasta, "--consequence-fasta")
        output = stack.enter_context(Output(options.target, options.output_type, options.index))
        scorer = open_scorer()
        summary = Summary(unit_of_scores(scorer.annotation.selection, len(scorer.models)))
        for doubt in vcf.warnings:
            warn(doubt)
        _warn_of_unknown_regions(options.regions, vcf, scorer, warn)
        _check_keys(vcf, scorer)
        if TRANSCRIPT in options.extra and not any(gene.transcript_id for gene in scorer.annotation.genes):
            warn(f"--transcript-id: {scorer.annotation.name} has no transcript IDs, so every value is '.'.")
        writer = open_writer(options.layout, output, vcf, _written(options, scorer))
        refs = RefCheck(scorer.reference, vcf.name, vcf.contigs, warn, options.max_ref_mismatch)
        check = AssemblyCheck(scorer, vcf.name, vcf.contigs, refs, allow_missing_contigs=options.allow_missing_contigs)
        plan = partial(PLANNERS[options.existing], RecordPlanner(scorer, vcf.name))
        planned = ((record, plan(record)) for record in selected(vcf, options.regions, options.targets))
        stream = scorer.stream(check.hold(planned), n_bytes=lambda record: record.n_bytes, watcher=watcher)
        for record, outcomes in stream:
            writer.write(record, outcomes)
            if fasta is not None:
                fasta.write("".join(entry for outcome in outcomes for entry in fasta_of(outcome)).encode())
            summary.count(outcomes)
        writer.start()
        if not options.allow_missing_contigs:
            warn_of_unknown_contigs(scorer, vcf.name, summary, warn)
        if stats is not None:
            stats.write(stats_json(summary, scorer.provenance))
    _check_strict(summary, options.strict)
    return summary


def _opened(stack: ExitStack, path: str | None, label: str) -> Output | None:
    """A second output, complete or absent as the first; None without a path."""
    return None if path is None else stack.enter_context(Output(path, "v", label=label))


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


def _written(options: AnnotateOptions, scorer: Scorer) -> OutputFields:
    """The INFO fields and header lines to write for the scorer's models."""
    specs = [ensemble.spec for ensemble in scorer.models]
    owned = tuple(field for spec in specs for field in fields_of(spec.key, spec.kind))
    kinds = {SCORES, *options.extra, *((CONSEQUENCE, INCLUSION) if scorer.consequence else ())}
    wanted = tuple(field for field in owned if field.kind in kinds)
    return OutputFields(scorer.provenance.header_lines(), wanted, owned, keeps=options.existing == KEEP)


def _warn_of_unknown_regions(regions: Targets | None, vcf: VcfReader, scorer: Scorer, warn: Warner) -> None:
    known = ContigNames([*vcf.contigs, *scorer.reference.lengths])
    for region in regions or ():
        if known.find(region.chrom) is None:
            warn(f"-r: neither {vcf.name} nor {scorer.reference.path} has a contig {region.chrom}.")


def _check_strict(summary: Summary, reasons: frozenset[SkipReason]) -> None:
    n_skipped = summary.n_skipped(reasons)
    if n_skipped:
        first = summary.example(reasons)
        where = f" (first: {first.variant}, {first.reason.code})" if first and first.reason else ""
        raise StrictError(
            f"--strict: {n_skipped:,} of {counted(summary.n_alleles, 'alleles')} lack a score{where}.\n{summary}",
            "The output is complete; -v names every allele without a score.",
        )


def _shown(path: str) -> str:
    return "standard input" if path == "-" else path
