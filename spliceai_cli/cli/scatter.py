"""``spliceai-cli scatter``: annotate one VCF in parts, on as many machines as there are."""

from __future__ import annotations

import math
import time
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import cloup

from spliceai_cli.cli import options, written
from spliceai_cli.cli.consequence_options import CONSEQUENCE, chosen_consequence, consequence_fasta
from spliceai_cli.cli.distinct_outputs import check_outputs
from spliceai_cli.cli.left_parts import warn_of_left_parts
from spliceai_cli.cli.local_path import PATH, LocalPath
from spliceai_cli.cli.messages import say, say_warning
from spliceai_cli.cli.numbers import WholeNumber
from spliceai_cli.cli.output_option import output, output_type
from spliceai_cli.cli.planned_options import restored_options, stored_options
from spliceai_cli.cli.progress import progress, scoring_progress
from spliceai_cli.cli.regions import chosen_regions, chosen_targets, region_options
from spliceai_cli.cli.scorer import prepared_scorer
from spliceai_cli.cli.stdout import echo_results, results_to_stdout
from spliceai_cli.files.kinds import named_kind
from spliceai_cli.settings.words import AUTO, FAST, VCF
from spliceai_cli.text import counted

if TYPE_CHECKING:
    from spliceai_cli.annotate.options import AnnotateOptions
    from spliceai_cli.scatter.folder import Folder
    from spliceai_cli.scatter.plan import ScatterPlan

# Bytes to plan with if --memory is not given: tiles must not depend on the memory of the machine that plans.
_PLENTY = 1 << 40

_folder = cloup.argument("folder", type=PATH, metavar="DIR", help="Folder of the plan.")


def _optional(option: str, *names: str, metavar: str, kind: Any) -> Any:  # noqa: ANN401 (as cloup's)
    """An option that replaces a path of the plan."""
    text = f"Where {option} lies on this machine, with the same content.  [default: the path of the plan]"
    return cloup.option(*names, type=kind, metavar=metavar, help=text)


@cloup.group(name="scatter")
def scatter() -> None:
    """Annotate one VCF in parts that run on any machines, with the output of a single run."""


@scatter.command(
    name="plan",
    epilog="\b\nExample:\n  spliceai-cli scatter plan in.vcf.gz -n 50 parts -R hg38.fa -A gencode",
)
@cloup.argument("source", type=PATH, metavar="IN", help="VCF or BCF; it needs no index.")
@_folder
@cloup.option_group(
    "Parts",
    cloup.option(
        "-n",
        "--parts",
        "n_parts",
        type=WholeNumber(1, 1_000_000),
        required=True,
        metavar="N",
        help="Number of parts; fewer if the input cannot be cut in so many places.",
    ),
    *region_options("Only records that overlap these.", "Only records whose POS is in this file's regions."),
)
@cloup.option_group("Genome and genes", *options.GENOME, written.allow_missing_contigs, options.max_ref_mismatch)
@cloup.option_group("Scores", *options.SCORES)
@cloup.option_group("Consequences", *CONSEQUENCE)
@cloup.option_group("What is written", *written.content("vcf"))
@cloup.option_group("Computing", *options.METHOD)
@cloup.option_group("Messages", options.quiet)
def plan(**params: Any) -> None:  # noqa: ANN401 (the options above)
    """Cut a VCF into parts that take about equally long, and write them and all options into a folder.

    Prints the number of parts, the memory of each in megabytes, and the minutes that the longest takes on one CPU core.
    """
    job = _job(params)
    from spliceai_cli.scatter.folder import Folder
    from spliceai_cli.scatter.make import make_plan

    # No network runs here. Only --precision fast needs to know a GPU.
    machine = {"device": AUTO if params["precision"] == FAST else "cpu", "threads": None, "batch_size": None}
    planning = {**params, **machine, "memory": params["memory"] or _PLENTY, "verbose": False}
    made = make_plan(
        job,
        prepared_scorer(planning),
        params["n_parts"],
        Folder(Path(params["folder"])),
        stored_options(params),
        say_warning,
    )
    longest_s = max(part.cost_s for part in made.parts)
    facts = {
        "parts": len(made.parts),
        "memory_mb": math.ceil(made.memory_bytes / 2**20),
        "minutes": math.ceil(longest_s / 60) or 1,
    }
    if len(made.parts) < params["n_parts"]:
        say(f"{params['source']} can be cut into {counted(len(made.parts), 'parts')} only: run no more than these")
    echo_results(f"{name}\t{value}" for name, value in facts.items())


def _job(params: Mapping[str, Any]) -> AnnotateOptions:
    from spliceai_cli.annotate.options import AnnotateOptions

    chosen_consequence(params)
    layout = written.chosen_layout(params) or VCF
    written.check_content(params, layout)
    return AnnotateOptions(
        source=params["source"],
        target="",
        regions=chosen_regions(params),
        targets=chosen_targets(params),
        allow_missing_contigs=params["allow_missing_contigs"],
        max_ref_mismatch=params["max_ref_mismatch"],
        existing=params["existing"],
        layout=layout,
        extra=written.chosen_extra(params),
    )


@scatter.command(
    name="run",
    epilog="\b\nExample:\n  spliceai-cli scatter run parts $SLURM_ARRAY_TASK_ID",
)
@_folder
@cloup.argument("number", type=int, metavar="J", help="Number of the part, from 1.")
@cloup.option_group(
    "Files",
    _optional("the genome", "-R", "--reference", metavar="FASTA", kind=PATH),
    _optional("the annotation", "-A", "--annotation", metavar="NAME|FILE", kind=PATH),
    _optional("the file of networks", "--weights", metavar="PATH", kind=LocalPath(Path)),
)
@cloup.option_group("Computing", *options.MACHINE, options.memory, options.auto_install)
@cloup.option_group("Messages", progress, options.verbose, options.quiet)
def run(**params: Any) -> None:  # noqa: ANN401 (the options above)
    """Annotate one part of a plan. A part that is complete is left as it is."""
    started = time.monotonic()
    folder, made = _read(params["folder"])
    number = params["number"]
    from spliceai_cli.scatter.run import done_part, run_part

    of = f"part {number} of {len(made.parts)}"
    if done_part(folder, made, number) is not None:
        say(f"{of} is already complete")
        return
    planned = restored_options(made.options, {"source": str(folder.source(number)), "n_parts": len(made.parts)})
    given = {name: value for name, value in params.items() if value is not None or name not in planned}
    # More memory than planned would make longer tiles, and so other bytes.
    memory = min((size for size in (planned["memory"], params["memory"]) if size is not None), default=None)
    all_params = {**planned, **given, "memory": memory}
    job = _job(all_params)
    with results_to_stdout(), scoring_progress(all_params, lambda: made.parts[number - 1].records) as watcher:
        summary = run_part(folder, made, number, job, prepared_scorer(all_params), watcher)
    say(f"{of}: {summary.timed(time.monotonic() - started)}")


@scatter.command(
    name="finish",
    epilog="\b\nExample:\n  spliceai-cli scatter finish parts -O out.vcf.gz --write-index tbi",
)
@_folder
@cloup.option_group(
    "Output",
    output("As for annotate; its name says the kind: .vcf, .vcf.gz, .bcf, .tsv or .tsv.gz.", metavar="FILE"),
    output_type,
    written.write_index,
    written.stats,
    consequence_fasta,
    written.strict,
)
@cloup.option_group("Messages", options.quiet)
def finish(**params: Any) -> None:  # noqa: ANN401 (the options above)
    """Join the parts of a plan to what a single run writes, once all are complete."""
    folder, made = _read(params["folder"])
    from spliceai_cli.annotate.run import check_strict
    from spliceai_cli.scatter.finish import Target, join_parts

    target = params["target"]
    numbers = range(1, len(made.parts) + 1)
    check_outputs(params, {f"part {number}": str(folder.annotated(number, made.layout)) for number in numbers})
    kind = params["output_type"] or named_kind(target).types[0]
    because = f"the plan has --layout {made.layout}" if made.layout != VCF else "the plan is of a VCF"
    written.check_kind(target, made.layout, kind, params["write_index"], because)
    strict = written.strict_reasons(params["strict"])
    warn_of_left_parts([target, params["stats"], params["consequence_fasta"]])
    ends = Target(target, kind, params["write_index"], params["stats"], params["consequence_fasta"])
    with results_to_stdout():
        summary = join_parts(folder, made, ends, say_warning)
    check_strict(summary, strict)
    say(str(summary))


def _read(path: str) -> tuple[Folder, ScatterPlan]:
    from spliceai_cli.scatter.folder import Folder
    from spliceai_cli.scatter.plan import read_plan

    folder = Folder(Path(path))
    return folder, read_plan(folder)
