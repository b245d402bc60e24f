"""The output of a command: ``-O`` and ``-o``, which are the same option everywhere."""

from __future__ import annotations

import re
from typing import Any

import click
import cloup

from spliceai_cli.cli.local_path import LocalPath
from spliceai_cli.settings.words import OUTPUT_TYPES

# `-Oz`, `-O b6` …: the type of the output, as bcftools and samtools have it.
_BCFTOOLS_TYPE = re.compile(r"([zvbu])\d?")


class _OutputPath(LocalPath):
    """The path of an output. Not an empty one, nor the letters by which bcftools' ``-O`` chooses a type."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:  # noqa: ANN401 (as click's)
        if isinstance(value, str) and (match := _BCFTOOLS_TYPE.fullmatch(value)):
            has_type = ctx is not None and any(other.name == "output_type" for other in ctx.command.params)
            as_in_bcftools = f"For bcftools' -O{value} write --output-type {match[1]}. " if has_type else ""
            self.fail(
                f"'{value}' is a type of bcftools, but -O and -o both name the output file here. {as_in_bcftools}"
                f"For a file of that name write ./{value}.",
                param,
                ctx,
            )
        if value == "":
            self.fail("no file is named. Was a variable empty?", param, ctx)
        return super().convert(value, param, ctx)


_PATH = _OutputPath()

#: The kind of a VCF that is written, for names that do not say it.
output_type = cloup.option(
    "--output-type",
    type=click.Choice(OUTPUT_TYPES),
    help="v uncompressed, z in BGZF, b BCF, u uncompressed BCF.  [default: by the name of -O]",
)


def output(
    help: str,  # noqa: A002 (as click's)
    *,
    metavar: str,
    default: str | None = None,
    many: bool = False,
) -> Any:  # noqa: ANN401 (as cloup's)
    """The option ``-O``, ``-o``, ``--output``.

    Args:
        help: its help text.
        metavar: name of its value.
        default: the value if the option is not given; None if it is required.
        many: whether the option may be repeated; the command then gets ``targets``, otherwise ``target``.
    """

    def last(ctx: click.Context, param: click.Parameter, values: tuple[str, ...]) -> str | None:  # noqa: ARG001 (a callback of click)
        return values[-1] if values else default

    return cloup.option(
        "-O",
        "-o",
        "--output",
        "targets" if many else "target",
        type=_PATH,
        # Even where only the last value counts, so that all are checked: `-Oz -o FILE` has to be refused.
        multiple=True,
        required=default is None,
        callback=None if many else last,
        metavar=metavar,
        help=help,
    )
