"""Where the accuracy of models goes: tables, JSON, a picture."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

import click
import cloup

from spliceai_cli.cli import options
from spliceai_cli.cli.left_parts import warn_of_left_parts
from spliceai_cli.cli.local_path import LocalPath
from spliceai_cli.cli.output_option import output
from spliceai_cli.cli.stdout import echo_results, results_to_stdout
from spliceai_cli.files.kinds import JSON, contradiction, guess_type, named_kind

_PLOTS = ("png", "svg", "pdf")

#: Options for tables or JSON.
FORM = (
    output("Write to this file; JSON if its name ends in .json.  [default: stdout]", metavar="FILE", default="-"),
    cloup.option("--json", "is_json", is_flag=True, help="JSON instead of tables."),
)

#: The option for the picture.
RELIABILITY = cloup.option(
    "--plot",
    type=LocalPath(dir_okay=False),
    metavar="FILE",
    help=f"Draw the reliability picture; the name ends in {', '.join(f'.{kind}' for kind in _PLOTS)}.",
)


def check_outputs(chosen: Mapping[str, Any]) -> None:
    """Refuse an output whose name announces something else, or that is an input."""
    from spliceai_cli.files.output import check_distinct

    target = chosen["target"]
    if named_kind(target).content not in (None, JSON):
        raise contradiction(target, "accuracy is written as tables or JSON", "names end in .json, .txt or .md")
    check_distinct(target, _inputs(chosen))
    if target != "-":
        warn_of_left_parts([target])


def check_plot(chosen: Mapping[str, Any]) -> None:
    """Refuse a picture of an unknown format, or over another file."""
    from spliceai_cli.files.output import check_distinct

    plot = chosen["plot"]
    if plot is None:
        return
    if ending(plot) not in _PLOTS:
        raise click.UsageError(f"--plot {plot}: names end in {', '.join(f'.{kind}' for kind in _PLOTS)}.")
    check_distinct(
        plot, {**_inputs(chosen), "-O": None if chosen["target"] == "-" else chosen["target"]}, name="--plot"
    )


def _inputs(chosen: Mapping[str, Any]) -> dict[str, str | Path | None]:
    return {
        "-R": chosen["reference"],
        "the index of -R": f"{chosen['reference']}.fai",
        "-A": chosen["annotation"],
        "TABLE": chosen.get("labelled"),
        "-T": chosen.get("targets_file"),
        "--bed": chosen.get("bed"),
        **options.files_of_selection(chosen),
    }


def ending(path: str) -> str:
    """The ending of a name in lower case, without the dot."""
    return Path(path).suffix[1:].lower()


def write_accuracy(chosen: Mapping[str, Any], tables: Iterable[str], as_json: Callable[[], str]) -> None:
    """Print or write the tables, or the JSON."""
    from spliceai_cli.files.output import Output

    target = chosen["target"]
    is_json = chosen["is_json"] or named_kind(target).content == JSON
    lines = [as_json()] if is_json else list(tables)
    if target == "-":
        echo_results(lines)
        return
    with results_to_stdout(), Output(target, guess_type(target)) as file:
        for line in lines:
            file.write(f"{line}\n".encode())
