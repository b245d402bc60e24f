"""Makes a plan: surveys the input, cuts it, and writes the input of each part."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

from spliceai_cli.annotate.assembly import warn_of_unknown_contigs
from spliceai_cli.annotate.options import AnnotateOptions
from spliceai_cli.annotate.planned import Warner, planned_records, shown_name
from spliceai_cli.annotate.run import written_fields
from spliceai_cli.errors import OutputError, ScatterError, UsageError
from spliceai_cli.files.atomic import write_whole
from spliceai_cli.files.digest import file_sha256
from spliceai_cli.files.text_file import TextFile
from spliceai_cli.scatter.cut import balanced_cuts
from spliceai_cli.scatter.folder import Folder
from spliceai_cli.scatter.plan import Part, ScatterPlan, check_new
from spliceai_cli.scatter.spans import Spans, bases_sha256, contigs_sha256
from spliceai_cli.scatter.survey import Piece, Planned, survey
from spliceai_cli.scorer import Scorer
from spliceai_cli.summary import Summary
from spliceai_cli.variants.variant import Outcome
from spliceai_cli.vcf.layouts import check_layout
from spliceai_cli.vcf.lines import open_lines
from spliceai_cli.vcf.reader import Record, VcfReader
from spliceai_cli.vcf.selected import selected

# Fast rather than small: inputs of parts are read once.
_COMPRESSION_LEVEL = 1


def make_plan(
    options: AnnotateOptions,
    open_scorer: Callable[[], Scorer],
    n_parts: int,
    folder: Folder,
    stored: Mapping[str, Any],
    warn: Warner,
) -> ScatterPlan:
    """Cut an input into parts of about the same predicted cost, and write them into a folder with their plan.

    The input is read twice, and checked as ``annotate`` checks it, so that parts need no check of their own.

    Args:
        options: input and options; the output is not used.
        open_scorer: called after the input is opened.
        n_parts: number of parts; there are fewer if the input cannot be cut in so many places.
        folder: the folder, which is made if it does not exist.
        stored: the options to store in the plan.
        warn: called with warnings about the input.

    Raises:
        SpliceAICliError: any known failure; the folder then has no plan.
    """
    source = Path(options.source)
    if options.source == "-" or (source.exists() and not source.is_file() and not source.is_dir()):
        raise UsageError(
            f"{shown_name(options.source)} cannot be cut into parts: it is read twice, and has to be a file.",
            "Write it to a file first.",
        )
    check_new(folder)
    with open_lines(options.source, options.regions) as lines:
        vcf = VcfReader(lines, options.source)
        scorer = open_scorer()
        check_layout(options.layout, written_fields(options, scorer))
        pieces = _surveyed(options, vcf, scorer, warn)
    ends = balanced_cuts([piece.cost_s for piece in pieces], n_parts) or [0]
    groups = [pieces[start:end] for start, end in zip([0, *ends], ends, strict=False)]
    digests = _write_inputs(options, [sum(piece.n_records for piece in group) for group in groups], folder)
    plan = ScatterPlan(
        source=options.source,
        options=stored,
        layout=options.layout,
        has_fasta=scorer.consequence is not None,
        origins=scorer.provenance.by_model(),
        contigs_sha256=contigs_sha256(scorer.reference),
        tiles=[budget.max_tile for budget in scorer.budgets],
        memory_bytes=stored.get("memory") or max(budget.ample for budget in scorer.budgets),
        parts=tuple(_part(group, digest, scorer) for group, digest in zip(groups, digests, strict=True)),
    )
    _write_plan(folder.plan, plan.to_json())
    return plan


def _surveyed(options: AnnotateOptions, vcf: VcfReader, scorer: Scorer, warn: Warner) -> list[Piece]:
    summary = Summary()
    planned = planned_records(options, vcf, scorer, warn)
    pieces = list(survey(_counted(planned, summary), scorer))
    if not options.allow_missing_contigs:
        warn_of_unknown_contigs(scorer, vcf.name, summary, warn)
    return pieces


def _counted(planned: Iterable[Planned], summary: Summary) -> Iterator[Planned]:
    """The same; counts the reasons of alleles that will have no score."""
    for record, plans in planned:
        summary.count([Outcome(plan.variant, reason=plan.reason) for plan in plans])
        yield record, plans


def _part(pieces: Sequence[Piece], source_sha256: str, scorer: Scorer) -> Part:
    spans = Spans(scorer.reference)
    for piece in pieces:
        spans.merge(piece.spans)
    return Part(
        records=sum(piece.n_records for piece in pieces),
        cost_s=round(sum(piece.cost_s for piece in pieces), 3),
        source_sha256=source_sha256,
        spans=spans.by_contig,
        bases_sha256=bases_sha256(scorer.reference, spans.by_contig),
    )


def _write_inputs(options: AnnotateOptions, counts: Sequence[int], folder: Folder) -> list[str]:
    """Write the selected records of each part, unchanged below the header; returns the digests of the files."""
    for path in (folder.inputs, folder.outputs):
        _make_folder(path)
    with open_lines(options.source, options.regions) as lines:
        vcf = VcfReader(lines, options.source)
        records = selected(vcf, options.regions, options.targets)
        digests = []
        for number, n_records in enumerate(counts, 1):
            path = folder.source(number)
            if _write_input(path, vcf.header, islice(records, n_records)) != n_records:
                raise _changed(options.source)
            digests.append(file_sha256(path))
        if next(records, None) is not None:
            raise _changed(options.source)
    return digests


def _write_input(path: Path, header: Iterable[bytes], records: Iterable[Record]) -> int:
    """Write a header and records; returns the number of records."""
    n_records = 0
    file = TextFile(str(path), _COMPRESSION_LEVEL)
    try:
        for line in header:
            file.write(line)
        for record in records:
            file.write(record.line)
            n_records += 1
        file.finish()
        file.commit()
    finally:
        file.discard()
    return n_records


def _changed(source: str) -> ScatterError:
    return ScatterError(f"{source} changed while it was read.", "Plan again once it is complete.")


def _make_folder(path: Path) -> None:
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(f"folder {path} cannot be made: {error.strerror}.") from error


def _write_plan(path: Path, content: bytes) -> None:
    try:
        write_whole(path, content)
    except OSError as error:
        raise OutputError(f"{path} cannot be written: {error.strerror}.") from error
