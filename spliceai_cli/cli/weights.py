"""``spliceai-cli weights``: install, list, verify, path."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import click
import cloup

if TYPE_CHECKING:
    from spliceai_cli.weights.store import Store


def installed_store() -> Store:
    """Where this user's weights are."""
    from spliceai_cli.weights.registry import SPLICEAI
    from spliceai_cli.weights.store import Store, default_home

    return Store(default_home(os.environ), SPLICEAI)


@cloup.group(name="weights")
def weights() -> None:
    """The networks' weights and the built-in gene tables.

    They are kept in the user's data folder, or in $SPLICEAI_CLI_HOME.
    """


@weights.command(name="install")
@cloup.option(
    "--wheel",
    type=cloup.Path(path_type=Path, dir_okay=False),
    help="Take the files from this wheel instead of fetching it (offline machines).",
)
@cloup.option("--force", is_flag=True, help="Install again even if everything is there.")
def install(wheel: Path | None, *, force: bool) -> None:
    """Fetch, check and convert weights and gene tables; once per user."""
    store = installed_store()
    source = store.model.source
    if store.is_installed and not force:
        click.echo(f"{store.model.spec.name} is installed in {store.folder}", err=True)
        return
    click.echo(source.licence, err=True)
    click.echo(f"Fetching {source.package} {source.version} …" if wheel is None else f"Reading {wheel} …", err=True)
    store.install(wheel)
    store.verify()
    click.echo(f"Installed and verified in {store.folder}", err=True)


@weights.command(name="list")
def list_() -> None:
    """Models, whether they are installed, and their licence."""
    store = installed_store()
    model = store.model
    state = "installed" if store.is_installed else "not installed"
    click.echo(f"{model.spec.name}\t{state}\tcontext {model.spec.context:,} bp\t{model.weights_sha256[:12]}")
    click.echo(f"  {model.source.licence}")


@weights.command(name="verify")
def verify() -> None:
    """Check the installed files against their published SHA-256."""
    store = installed_store()
    store.verify()
    click.echo(f"{store.folder}: all files are as published", err=True)


@weights.command(name="path")
def path() -> None:
    """Print the folder of the installed files."""
    click.echo(installed_store().folder)
