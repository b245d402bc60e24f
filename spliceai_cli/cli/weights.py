"""``spliceai-cli weights``: install, convert, list, verify and locate weights."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import click
import cloup

from spliceai_cli.cli import completion, options
from spliceai_cli.cli.left_parts import warn_of_left_parts
from spliceai_cli.cli.local_path import PATH, LocalPath
from spliceai_cli.cli.messages import say
from spliceai_cli.cli.stdout import echo_results, results_to_stdout
from spliceai_cli.errors import WeightsError
from spliceai_cli.settings.words import DEFAULT_MODEL, MODEL_NAMES
from spliceai_cli.text import counted

if TYPE_CHECKING:
    from spliceai_cli.models.ensemble import Ensemble
    from spliceai_cli.models.store import Store


def installed_store(name: str = DEFAULT_MODEL) -> Store:
    """This user's store for the weights of a model that is published on the package index."""
    from spliceai_cli.models.published import MODELS
    from spliceai_cli.models.store import Store, default_home

    return Store(default_home(os.environ), MODELS[name])


def install_missing(models: Iterable[str]) -> None:
    """Install those of the models that the package index has, and the default one, for its gene tables."""
    from spliceai_cli.models.published import MODELS

    for name in dict.fromkeys((DEFAULT_MODEL, *models)):
        if name in MODELS and not installed_store(name).is_installed:
            say(f"Installing {name} in {installed_store(name).folder}")
            installed_store(name).install()


@cloup.group(name="weights")
def weights() -> None:
    """The networks' weights and the built-in gene tables.

    They are kept in the user's data folder, or in $SPLICEAI_CLI_HOME.
    """


@weights.command(name="install")
@cloup.argument(
    "model",
    metavar="[MODEL]",
    default=DEFAULT_MODEL,
    shell_complete=completion.model_names,
    help=f"{', '.join(MODEL_NAMES)}, or a name.",
)
@cloup.option(
    "--wheel",
    type=LocalPath(Path),
    metavar="FILE",
    help="Take the files from this wheel instead of fetching it (offline machines).",
)
@cloup.option(
    "--from",
    "source",
    type=PATH,
    metavar="PATH",
    help="Take weights that you have from this file, folder or pattern, under the name MODEL.",
)
@cloup.option("--force", is_flag=True, help="Install again even if everything is there.")
@options.quiet
def install(model: str, wheel: Path | None, source: str | None, *, force: bool) -> None:
    """Fetch, check and convert a model; once per user.

    spliceai, with the gene tables, and cispliceai are fetched by package name. For other models, fetch the weights
    yourself and install them with --from.
    """
    from spliceai_cli.models.published import MODELS, OTHERS

    if source is not None:
        if wheel is not None:
            raise click.UsageError("--wheel and --from cannot be combined.")
        _install_from(source, model, force=force)
        return
    if model in OTHERS:
        raise click.UsageError(f"no package has the weights of {model}: fetch them from its authors, then give --from.")
    if model not in MODELS:
        raise click.UsageError(
            f"there is no model '{model}' to fetch; choose from {', '.join(MODELS)}, or give --from."
        )
    _install_published(model, wheel, force=force)


def _install_published(name: str, wheel: Path | None, *, force: bool) -> None:
    store = installed_store(name)
    published = store.model.source
    if store.is_installed and not force:
        try:
            store.verify()
        except WeightsError as error:
            say(f"{error.message}\nInstalling again.")
        else:
            say(f"{name} is installed in {store.folder}")
            return
    say(published.notice)
    message = f"Fetching {published.package} {published.version} …" if wheel is None else f"Reading {wheel} …"
    say(message)
    store.install(wheel)
    store.verify()
    say(f"Installed and verified in {store.folder}")


def _install_from(source: str, name: str, *, force: bool) -> None:
    from spliceai_cli.models.load import build
    from spliceai_cli.models.open import check_name, check_published
    from spliceai_cli.models.published import CONVERTED
    from spliceai_cli.models.readers.detect import read_weights
    from spliceai_cli.models.store import default_home, keep_weights

    model = read_weights(source)
    check_name(name, model.spec)
    ensemble = build(model, source)
    if name == model.spec.name:
        check_published(ensemble)
    home = default_home(os.environ)
    if (home / name / CONVERTED).exists() and not force:
        raise click.UsageError(f"{name} is installed in {home / name}: give --force to replace it.")
    folder = keep_weights(model, name, home)
    say(f"Installed in {folder}: {_described(ensemble)}")


@weights.command(name="convert")
@cloup.argument("source", type=PATH, help="File, folder or pattern of files.")
@cloup.argument("target", type=PATH, help="The safetensors file to write.")
@cloup.option("--key", metavar="KEY", help="INFO key of the scores.  [default: the model's own]")
@options.quiet
def convert(source: str, target: str, key: str | None) -> None:
    """Write a model as one safetensors file with its spec, which --model takes.

    Reads the Keras files of SpliceAI, CI-SpliceAI.pb, the PyTorch files of OpenSpliceAI and Pangolin, MultiMolecule
    checkpoints of SpliceAI, and safetensors files that this command wrote.
    """
    from dataclasses import replace

    from spliceai_cli.files.output import Output, check_distinct
    from spliceai_cli.models.info_keys import check_key
    from spliceai_cli.models.load import build
    from spliceai_cli.models.readers.detect import files_of, read_weights

    for path in files_of(source):
        check_distinct(target, {"SOURCE": path}, name="TARGET")
    model = read_weights(source)
    if key is not None:
        check_key(key)
        model = model._replace(spec=replace(model.spec, key=key))
    ensemble = build(model, source)
    warn_of_left_parts([target])
    with results_to_stdout(), Output(target, "v", label="weights") as output:
        output.write(model.to_safetensors())
    say(f"{target}: {_described(ensemble)}")


@weights.command(name="list")
@options.quiet
def list_() -> None:
    """Installed models and those that can be fetched: context, networks, INFO key, licence, SHA-256.

    A tab-separated table. The hash is that of the tensors.
    """
    from spliceai_cli.models.open import installed
    from spliceai_cli.models.published import MODELS, OTHERS
    from spliceai_cli.models.store import default_home

    ensembles = {entry.name: entry.ensemble for entry in installed(default_home(os.environ))}
    names = (*dict.fromkeys((*MODELS, *OTHERS, *ensembles)),)
    rows = [("MODEL", "STATE", "CONTEXT", "NETWORKS", "INFO", "LICENCE", "SHA256")]
    for name in names:
        ensemble = ensembles.get(name)
        spec = ensemble.spec if ensemble else MODELS[name].spec if name in MODELS else None
        sha256 = ensemble.sha256 if ensemble else MODELS[name].weights_sha256 if name in MODELS else "."
        facts = (str(spec.context), str(spec.n_networks), spec.key, spec.licence) if spec else (".",) * 4
        state = "installed" if ensemble else "damaged" if name in ensembles else "not installed"
        rows.append((name, state, *facts, sha256))
    echo_results("\t".join(row) for row in rows)


@weights.command(name="verify")
@options.quiet
def verify() -> None:
    """Check the installed files of fetched models against their published SHA-256."""
    from spliceai_cli.models.published import MODELS

    present = [installed_store(name) for name in MODELS if installed_store(name).weights.exists()]
    for store in present or [installed_store()]:
        store.verify()
        say(f"{store.folder}: all files are as published")


@weights.command(name="path")
@cloup.argument(
    "model",
    metavar="[MODEL]",
    default=DEFAULT_MODEL,
    shell_complete=completion.model_names,
    help="Name of a model.",
)
@options.quiet
def path(model: str) -> None:
    """Print the folder of a model's files; a known model need not be installed."""
    from spliceai_cli.models.store import installed_names

    home = installed_store().home
    names = dict.fromkeys((*MODEL_NAMES, *installed_names(home)))
    if model not in names:
        raise WeightsError(f"there is no model '{model}'.", f"Choose from {', '.join(names)}.")
    echo_results([str(home / model)])


def _described(ensemble: Ensemble) -> str:
    spec = ensemble.spec
    licence = f", {spec.licence}" if spec.licence else ""
    return (
        f"{spec.name}, {counted(spec.n_networks, 'networks')}, context {spec.context:,} bp, INFO/{spec.key}{licence}, "
        f"SHA-256 {ensemble.sha256[:12]}…"
    )
