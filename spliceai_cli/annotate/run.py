"""From VCF to VCF: every record in, every record out, in order."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack

from spliceai_cli.annotate.assembly import warn_of_unknown_contigs
from spliceai_cli.annotate.options import AnnotateOptions
from spliceai_cli.annotate.planned import Warner, planned_records, shown_name
from spliceai_cli.annotate.stats import stats_json
from spliceai_cli.consequence.fasta import fasta_of
from spliceai_cli.errors import StrictError
from spliceai_cli.files.output import Output
from spliceai_cli.scorer import Scorer
from spliceai_cli.scoring.watcher import Watcher
from spliceai_cli.settings.words import KEEP
from spliceai_cli.summary import Summary, unit_of_scores
from spliceai_cli.text import counted
from spliceai_cli.variants.variant import SkipReason
from spliceai_cli.vcf.fields import CONSEQUENCE, INCLUSION, SCORES, fields_of
from spliceai_cli.vcf.layouts import open_writer
from spliceai_cli.vcf.lines import open_lines
from spliceai_cli.vcf.reader import VcfReader
from spliceai_cli.vcf.writer import OutputFields


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
        vcf = VcfReader(stack.enter_context(open_lines(options.source, options.regions)), shown_name(options.source))
        stats = _opened(stack, options.stats, "--stats")
        fasta = _opened(stack, options.fasta, "--consequence-fasta")
        output = stack.enter_context(Output(options.target, options.output_type, options.index))
        scorer = open_scorer()
        summary = Summary(unit_of_scores(scorer.annotation.selection, len(scorer.models)))
        planned = planned_records(options, vcf, scorer, warn)
        writer = open_writer(options.layout, output, vcf, written_fields(options, scorer))
        stream = scorer.stream(planned, n_bytes=lambda record: record.n_bytes, watcher=watcher)
        for record, outcomes in stream:
            writer.write(record, outcomes)
            if fasta is not None:
                fasta.write("".join(entry for outcome in outcomes for entry in fasta_of(outcome)).encode())
            summary.count(outcomes)
        writer.start()
        if not options.allow_missing_contigs:
            warn_of_unknown_contigs(scorer, vcf.name, summary, warn)
        if stats is not None:
            stats.write(stats_json(summary, scorer.provenance.by_model()))
    check_strict(summary, options.strict)
    return summary


def _opened(stack: ExitStack, path: str | None, label: str) -> Output | None:
    """A second output, complete or absent as the first; None without a path."""
    return None if path is None else stack.enter_context(Output(path, "v", label=label))


def written_fields(options: AnnotateOptions, scorer: Scorer) -> OutputFields:
    """The INFO fields and header lines to write for the scorer's models."""
    specs = [ensemble.spec for ensemble in scorer.models]
    owned = tuple(field for spec in specs for field in fields_of(spec.key, spec.kind))
    kinds = {SCORES, *options.extra, *((CONSEQUENCE, INCLUSION) if scorer.consequence else ())}
    wanted = tuple(field for field in owned if field.kind in kinds)
    return OutputFields(scorer.provenance.header_lines(), wanted, owned, keeps=options.existing == KEEP)


def check_strict(summary: Summary, reasons: frozenset[SkipReason]) -> None:
    """Refuse a run in which alleles were skipped for any of the reasons.

    Raises:
        StrictError: such alleles were skipped.
    """
    n_skipped = summary.n_skipped(reasons)
    if n_skipped:
        first = summary.example(reasons)
        where = f" (first: {first.variant}, {first.reason.code})" if first and first.reason else ""
        raise StrictError(
            f"--strict: {n_skipped:,} of {counted(summary.n_alleles, 'alleles')} lack a score{where}.\n{summary}",
            "The output is complete; -v names every allele without a score.",
        )
