"""``--version``, and with ``--verbose`` which kernels run."""

from __future__ import annotations

from typing import Any

import click
import cloup

from spliceai_cli.provenance import full_version

# Commands that are also programs.
_PROGRAMS = {"annotate": "spliceai-annotate"}


def say_version(ctx: click.Context, param: click.Parameter, value: Any) -> Any:  # noqa: ANN401 (as in click)
    """Callback of ``--version`` and of ``--verbose``: both are eager, and whichever is parsed last prints and exits."""
    given = {**ctx.params, param.name: value}
    if not given.get("version") or "verbose" not in given or ctx.resilient_parsing:
        return value
    lines = [f"{_PROGRAMS.get(ctx.command.name or '', ctx.command.name)} {full_version()}"]
    if given["verbose"]:
        from spliceai_cli.engine.native.choice import choose

        lines.append(f"Kernels on a CPU: {choose()}")
    click.echo("\n".join(lines))
    raise click.exceptions.Exit


version_option = cloup.option(
    "--version",
    is_flag=True,
    is_eager=True,
    callback=say_version,
    help="Show the version and exit. With -v also say which kernels run, and why.",
)
