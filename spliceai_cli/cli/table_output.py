"""Prints or writes rows of scores, in the form that the options or the name of the output say."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import chain
from typing import TYPE_CHECKING, Any

import click
import cloup

from spliceai_cli.cli.output_option import output
from spliceai_cli.cli.stdout import echo_results, results_to_stdout
from spliceai_cli.files.kinds import JSON, contradiction, guess_type, named_kind
from spliceai_cli.settings.words import AUTO, COLOURS, NEVER, TSV

if TYPE_CHECKING:
    from spliceai_cli.variants.rows import Row

_TABLE = "table"

_ENDINGS = "names end in .tsv, .tsv.gz or .json, or .txt for a table to read"

#: Options for the form of the rows.
FORM = (
    output(
        "Write to this file; its name says the kind: .tsv, .tsv.gz, .json, or else a table to read.  [default: stdout]",
        metavar="FILE",
        default="-",
    ),
    cloup.option("--tsv", "is_tsv", is_flag=True, help="Tab-separated columns instead of the table."),
    cloup.option("--json", "is_json", is_flag=True, help="JSON instead of the table."),
    cloup.option(
        "--color",
        "color",
        type=click.Choice(COLOURS),
        default=AUTO,
        show_default=True,
        help="Colour scores of 0.2, 0.5 and 0.8 or more. auto: on a terminal, unless NO_COLOR is set.",
    ),
)


def check_form(params: Mapping[str, Any]) -> str:
    """The form of the rows: ``tsv``, ``json`` or ``table``.

    Raises:
        UsageError: options, or an option and the name of the output, contradict each other.
    """
    named = named_kind(params["target"]).content
    if params["is_tsv"] and params["is_json"]:
        raise click.UsageError("--tsv and --json cannot be combined.")
    form = TSV if params["is_tsv"] else JSON if params["is_json"] else named or _TABLE
    if form not in (TSV, JSON, _TABLE):
        raise contradiction(params["target"], "scores are written as a table, TSV or JSON", _ENDINGS)
    if named not in (None, form):
        raise contradiction(params["target"], f"--{form} is given", _ENDINGS)
    return form


def write_rows(
    rows: Sequence[Row], params: Mapping[str, Any], as_json: Callable[[], str], *, has_transcripts: bool
) -> None:
    """Print or write rows.

    Args:
        rows: the rows.
        params: the options of ``FORM``.
        as_json: makes the JSON.
        has_transcripts: whether the table has a column with the transcript of each score.
    """
    # Imported late, for the sake of --help.
    from spliceai_cli.files.output import Output
    from spliceai_cli.report.consequence_table import format_consequences
    from spliceai_cli.report.row_formats import format_tsv
    from spliceai_cli.report.table import format_table

    form, target = check_form(params), params["target"]
    is_terminal = target == "-" and sys.stdout is not None and sys.stdout.isatty()
    is_coloured = _is_coloured(params["color"], is_terminal=is_terminal)
    width = shutil.get_terminal_size().columns if is_terminal else None
    lines: Iterator[str]
    if form == TSV:
        lines = format_tsv(rows)
    elif form == JSON:
        lines = iter([as_json()])
    else:
        lines = chain(
            format_table(rows, has_transcripts=has_transcripts, width=width, is_coloured=is_coloured),
            format_consequences(rows, width=width, is_coloured=is_coloured),
        )
    if target == "-":
        echo_results(lines, is_coloured=is_coloured)
        return
    with results_to_stdout(), Output(target, guess_type(target)) as file:
        for line in lines:
            file.write(f"{line}\n".encode("utf-8", "surrogateescape"))


def _is_coloured(color: str, *, is_terminal: bool) -> bool:
    """Whether to colour; see https://no-color.org for the variable."""
    if color == AUTO:
        return is_terminal and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
    return color != NEVER
