"""Computes one part of a plan."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from math import ceil
from pathlib import Path

from spliceai_cli.annotate.options import AnnotateOptions
from spliceai_cli.annotate.run import annotate
from spliceai_cli.errors import OutputError, ScatterError
from spliceai_cli.files.atomic import abandoned_parts
from spliceai_cli.files.digest import file_sha256
from spliceai_cli.scatter.folder import Folder
from spliceai_cli.scatter.marker import Marker, digests, read_marker, write_marker
from spliceai_cli.scatter.plan import ScatterPlan
from spliceai_cli.scatter.spans import bases_sha256, contigs_sha256
from spliceai_cli.scorer import Scorer
from spliceai_cli.scoring.watcher import Watcher
from spliceai_cli.summary import Summary

_AGAIN = "Plan again with the files and the version of this machine, or run the part with those of the plan."


def done_part(folder: Folder, plan: ScatterPlan, number: int) -> Summary | None:
    """The counts of a part that is complete; None if it has to be run.

    Raises:
        UsageError: there is no such part.
    """
    fingerprint = plan.fingerprint(number)
    marker = read_marker(folder, number)
    if marker is None or marker.fingerprint != fingerprint or not marker.is_intact(folder):
        return None
    return Summary.restored(marker.summary)


def run_part(
    folder: Folder,
    plan: ScatterPlan,
    number: int,
    options: AnnotateOptions,
    open_scorer: Callable[[], Scorer],
    watcher: Watcher,
) -> Summary:
    """Annotate the records of a part: first its data, then the marker that says that they are complete.

    Machines may run the same part at the same time; the files of the last one stay.

    Args:
        folder: the folder of the plan.
        plan: the plan.
        number: number of the part, from 1.
        options: what is written; input, output and checks are replaced by those of the part.
        open_scorer: called after the input is checked.
        watcher: follows the run.

    Raises:
        ScatterError: the reference, genes, weights, version or memory are not those of the plan.
        SpliceAICliError: any other known failure; the part then has no new marker.
    """
    started = time.monotonic()
    fingerprint = plan.fingerprint(number)
    _check_source(folder, plan, number)
    _prepare(folder, number)
    written = [folder.annotated(number, plan.layout), *([folder.fasta(number)] if plan.has_fasta else ())]
    part = replace(
        options,
        source=str(folder.source(number)),
        target=str(written[0]),
        output_type="z",
        # The whole input was checked when it was planned.
        allow_missing_contigs=True,
        max_ref_mismatch=100.0,
        fasta=str(written[1]) if plan.has_fasta else None,
    )

    kernels = ""

    def checked_scorer() -> Scorer:
        nonlocal kernels
        scorer = open_scorer()
        _check_same(plan, number, scorer)
        kernels = scorer.kernels
        return scorer

    summary = annotate(part, checked_scorer, watcher, warn=lambda _: None)
    marker = Marker(fingerprint, digests(written), summary.stored(), kernels, round(time.monotonic() - started, 1))
    write_marker(folder, number, marker)
    return summary


def _check_source(folder: Folder, plan: ScatterPlan, number: int) -> None:
    path = folder.source(number)
    try:
        is_same = file_sha256(path) == plan.part(number).source_sha256
    except OSError as error:
        raise ScatterError(f"{path} cannot be read: {error.strerror}.", "Plan again.") from error
    if not is_same:
        raise ScatterError(f"{path} is not the file that was planned: its digest differs.", "Plan again.")


def _prepare(folder: Folder, number: int) -> None:
    """Make the folder of outputs, and remove what killed runs of the part left there over a day ago.

    A marker is never removed, since another machine may have written it by now; it does not count with other data.
    """
    try:
        folder.outputs.mkdir(exist_ok=True)
        for left in abandoned_parts(folder.outputs):
            if left.name.startswith(f".{number}."):
                left.unlink(missing_ok=True)
    except OSError as error:
        raise OutputError(f"{folder.outputs} cannot be written: {error.strerror}.") from error


def _check_same(plan: ScatterPlan, number: int, scorer: Scorer) -> None:
    """Refuse a scorer whose scores could differ from those of the plan.

    Raises:
        ScatterError: naming what differs.
    """
    for planned, here in zip(plan.origins, scorer.provenance.by_model(), strict=True):
        _check_facts(planned, here)
    path = Path(scorer.reference.path)
    part = plan.part(number)
    if contigs_sha256(scorer.reference) != plan.contigs_sha256:
        raise ScatterError(f"{path} is not the FASTA of the plan: its contigs or their lengths differ.", _AGAIN)
    if bases_sha256(scorer.reference, part.spans) != part.bases_sha256:
        spans = ", ".join(f"{chrom}:{start + 1}-{end}" for chrom, (start, end) in part.spans.items())
        raise ScatterError(f"{path} is not the FASTA of the plan: bases of {spans} differ.", _AGAIN)
    if [budget.max_tile for budget in scorer.budgets] != list(plan.tiles):
        raise ScatterError(
            "this machine or --memory allows too little memory for the tiles of the plan, so that bytes could differ.",
            f"Allow {ceil(plan.memory_bytes / 2**20)}M, or plan with the --memory of the parts.",
        )


def _check_facts(planned: Mapping[str, object], here: Mapping[str, object]) -> None:
    differing = [name for name in planned if planned[name] != here.get(name)]
    if differing or len(planned) != len(here):
        name = differing[0] if differing else next(iter(here.keys() - planned.keys()))
        raise ScatterError(
            f"this run differs from the plan: {name} is {here.get(name)} here, {planned.get(name)} in the plan.", _AGAIN
        )
