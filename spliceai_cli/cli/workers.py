"""Options that say who computes a long input."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypedDict

import click
import cloup

from spliceai_cli.cli.numbers import WholeNumber
from spliceai_cli.settings.words import AUTO

_MOST_WORKERS = 1024


class _Workers(click.ParamType):  # type: ignore[type-arg] # generic only in newer versions
    """The type of ``--workers``: a number, or ``auto``."""

    name = "workers"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int | str:  # noqa: ANN401 (as in click)
        """The number; the word ``auto`` stays."""
        return AUTO if value == AUTO else WholeNumber(1, _MOST_WORKERS, f"{AUTO} or ").convert(value, param, ctx)


workers = cloup.option(
    "--workers",
    type=_Workers(),
    default=AUTO,
    show_default=True,
    metavar="N|auto",
    help="Workers that compute at the same time, each on one CPU thread. auto: as many as threads, unless the input "
    "is short.",
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
        UsageError: they contradict one another.
    """
    workers = params.get("workers", 1)
    if params.get("dask") and workers != AUTO:
        raise click.UsageError("--dask computes on the workers of the cluster; leave --workers out.")
    return {"workers": None if workers == AUTO else workers, "dask": params.get("dask")}
