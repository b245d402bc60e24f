"""Where the accuracy of models goes: tables, JSON, a picture."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

import click
import cloup

from spliceai_cli.cli.files_read import files_read
from spliceai_cli.cli.left_parts import warn_of_left_parts
from spliceai_cli.cli.local_path import PATH
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
    type=PATH,
    metavar="FILE",
    help=f"Draw the reliability picture; the name ends in {', '.join(f'.{kind}' for kind in _PLOTS)}.",
)


def check_outputs(params: Mapping[str, Any]) -> None:
    """Refuse an output whose name announces something else, that is an input, or that cannot be written."""
    from spliceai_cli.files.output import check_distinct, check_place

    target = params["target"]
    if named_kind(target).content not in (None, JSON):
        raise contradiction(target, "accuracy is written as tables or JSON", "names end in .json, .txt or .md")
    check_distinct(target, files_read(params))
    check_place(target)
    if target != "-":
        warn_of_left_parts([target])


def check_plot(params: Mapping[str, Any]) -> None:
    """Refuse a picture of an unknown format, over another file, or where none can be written."""
    from spliceai_cli.files.output import check_distinct, check_place

    plot = params["plot"]
    if plot is None:
        return
    if ending(plot) not in _PLOTS:
        raise click.UsageError(f"--plot {plot}: names end in {', '.join(f'.{kind}' for kind in _PLOTS)}.")
    check_distinct(plot, files_read(params), name="--plot")
    if os.path.realpath(plot) == os.path.realpath(params["target"]):
        raise click.UsageError(f"--plot and -O are the same file: {plot}.")
    check_place(plot, label="picture")


def ending(path: str) -> str:
    """The ending of a name in lower case, without the dot."""
    return Path(path).suffix[1:].lower()


def write_accuracy(params: Mapping[str, Any], tables: Iterable[str], as_json: Callable[[], str]) -> None:
    """Print or write the tables, or the JSON."""
    from spliceai_cli.files.output import Output

    target = params["target"]
    is_json = params["is_json"] or named_kind(target).content == JSON
    lines = [as_json()] if is_json else list(tables)
    if target == "-":
        echo_results(lines)
        return
    with results_to_stdout(), Output(target, guess_type(target)) as file:
        for line in lines:
            file.write(f"{line}\n".encode())
