"""From VCF to VCF: every record in, every record out, in order."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass

from spliceai_cli import __version__
from spliceai_cli.assembly import AssemblyCheck
from spliceai_cli.errors import StrictError, UsageError
from spliceai_cli.output import Output
from spliceai_cli.report.summary import Summary
from spliceai_cli.scorer import Scorer
from spliceai_cli.targets import Targets
from spliceai_cli.variant import Outcome, SkipReason
from spliceai_cli.vcf import Record, VcfReader, VcfWriter
from spliceai_cli.vcf_input import open_lines

#: Called for each record written.
Watcher = Callable[[Record, tuple[Outcome, ...]], None]

#: Called with what the user should know though the job goes on.
Warner = Callable[[str], None]


@dataclass(frozen=True)
class Annotation:
    """One annotation job.

    Attributes:
        source, target: paths; ``-`` for standard input and output.
        output_type: see ``output.OUTPUT_TYPES``.
        regions: keep records that overlap these.
        targets: keep records whose POS is in these.
        allow_missing_contigs: see ``AssemblyCheck``.
        strict: reasons that make the job fail, after all is written.
    """

    source: str
    target: str
    output_type: str = "v"
    regions: Targets | None = None
    targets: Targets | None = None
    allow_missing_contigs: bool = False
    strict: frozenset[SkipReason] = frozenset()


def annotate(job: Annotation, open_scorer: Callable[[], Scorer], watch: Watcher, warn: Warner) -> Summary:
    """Annotate a VCF.

    Args:
        job: what from where to where.
        open_scorer: opened after input and output, so that a wrong path is told at once.
        watch: for progress.
        warn: for doubts about the input.

    Raises:
        SpliceAICliError: any known failure; no output is then left under its name, but for ``StrictError``.
        BrokenPipeError: the reader of standard output has gone.
    """
    check_distinct(job.source, job.target)
    summary = Summary()
    with ExitStack() as stack:
        vcf = VcfReader(stack.enter_context(open_lines(job.source, job.regions)), _shown(job.source))
        output = stack.enter_context(Output(job.target, job.output_type))
        scorer = open_scorer()
        writer = VcfWriter(output, vcf.header, provenance(scorer))
        check = AssemblyCheck(scorer, vcf.name, vcf.contigs, warn, allow_missing_contigs=job.allow_missing_contigs)
        planned = ((record, list(map(scorer.plan, record.variants))) for record in _wanted(vcf, job))
        for record, outcomes in scorer.stream(check.hold(planned), n_bytes=lambda record: record.n_bytes):
            writer.write(record, outcomes)
            summary.count(outcomes)
            watch(record, outcomes)
        writer.start()
    _check_strict(summary, job.strict)
    return summary


def provenance(scorer: Scorer) -> str:
    """Value of our header line: our version and all that can change a score, so that equal input gives equal bytes."""
    settings = scorer.settings
    fields = {
        "Version": __version__,
        "Model": scorer.ensemble.spec.name,
        "WeightsSHA256": scorer.ensemble.sha256,
        "GenesSHA256": scorer.annotation.sha256,
        "Distance": settings.distance,
        "Mask": settings.mask,
        "MaxAlleleLength": settings.max_allele_length,
        "Compat": settings.compat or "none",
        "Precision": "float32",
    }
    return "<" + ",".join(f"{key}={value}" for key, value in fields.items()) + ">"


def check_distinct(source: str, target: str) -> None:
    """Refuse to write over the input.

    Raises:
        UsageError: both are one file.
    """
    names = [name for name in (source, target) if name != "-" and os.path.exists(name)]  # noqa: PTH110
    if len(names) == 2 and os.path.samefile(*names):  # noqa: PLR2004, PTH121
        raise UsageError(f"-I and -O are the same file: {source}.", "Write to another name.")


def _wanted(records: Iterable[Record], job: Annotation) -> Iterator[Record]:
    regions, targets = job.regions, job.targets
    if regions is not None:
        records = (record for record in records if regions.overlaps(record.chrom, record.pos - 1, record.end))
    if targets is not None:
        records = (record for record in records if targets.overlaps(record.chrom, record.pos - 1, record.pos))
    return iter(records)


def _check_strict(summary: Summary, reasons: frozenset[SkipReason]) -> None:
    n_skipped = summary.n_skipped(reasons)
    if n_skipped:
        first = summary.example(reasons)
        where = f" (first: {first.variant}, {first.skip.code})" if first and first.skip else ""
        raise StrictError(
            f"--strict: {n_skipped:,} of {summary.n_alleles:,} alleles went unscored{where}.\n{summary}",
            "The output is complete; the alleles named have no score.",
        )


def _shown(path: str) -> str:
    return "standard input" if path == "-" else path
