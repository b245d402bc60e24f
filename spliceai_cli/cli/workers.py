"""Options for who computes an input of many alleles."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypedDict

import click
import cloup

from spliceai_cli.settings.words import AUTO


class _Workers(click.ParamType):  # type: ignore[type-arg] # generic only in newer versions
    """A number of workers, or ``auto``."""

    name = "workers"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int | str:  # noqa: ANN401 (as in click)
        """The number; ``auto`` as it is."""
        return AUTO if value == AUTO else int(click.IntRange(1, 1024).convert(value, param, ctx))


workers = cloup.option(
    "--workers",
    type=_Workers(),
    default=AUTO,
    show_default=True,
    metavar="N|auto",
    help="Parts of the input that are computed at a time, on a CPU thread each. auto: as many as threads, unless the "
    "input is short.",
)
dask = cloup.option(
    "--dask",
    metavar="ADDRESS|FILE",
    help="Compute on the workers of this Dask cluster: address of its scheduler, or its scheduler file.",
)

#: The options.
WORKERS = (workers, dask)


class Workers(TypedDict):
    """What ``WORKERS`` say, for ``Compute``."""

    workers: int | None
    dask: str | None


def chosen_workers(params: Mapping[str, Any]) -> Workers:
    """What the options of ``WORKERS`` say; a command without them computes alone.

    Raises:
        UsageError: they contradict one another, or the devices.
    """
    workers = params.get("workers", 1)
    if params.get("dask") and workers != AUTO:
        raise click.UsageError("--dask computes on the workers of the cluster; leave --workers out.")
    if "," in params["device"] and workers not in (AUTO, 1):
        raise click.UsageError("several --device have a worker each; leave --workers out.")
    return {"workers": None if workers == AUTO else workers, "dask": params.get("dask")}
