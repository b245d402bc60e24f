"""``spliceai-cli train`` and ``transfer``: train a model, from random weights or those of another."""

from __future__ import annotations

import os
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import cloup

from spliceai_cli.cli import completion, options
from spliceai_cli.cli.annotation import chosen_annotation
from spliceai_cli.cli.exit_codes import INTERRUPTED
from spliceai_cli.cli.local_path import PATH, LocalPath
from spliceai_cli.cli.messages import say, say_warning
from spliceai_cli.cli.numbers import WholeNumber
from spliceai_cli.cli.progress import ProgressLine, is_shown, progress
from spliceai_cli.cli.threads import use_threads
from spliceai_cli.text import counted

if TYPE_CHECKING:
    from spliceai_cli.genome.fasta import Reference
    from spliceai_cli.train.config import TrainConfig
    from spliceai_cli.train.inputs import Start
    from spliceai_cli.train.run import Progress, Run

# A copy of train.config.PRESETS, which would load numpy for --help; a test compares them.
_PRESETS = ("card", "paper")

_RECIPE = (
    cloup.option(
        "--preset",
        type=click.Choice(_PRESETS),
        help="Recipe to start from. card: the model card's. paper: that of Jaganathan et al. 2019.  "
        "[default: that of CONFIG, else card]",
    ),
    cloup.option(
        "--with",
        "changes",
        multiple=True,
        metavar="NAME=VALUE",
        help='Change an entry of the recipe, e.g. context=80 or train=\'["1", "2"]\'. Repeat for more.',
    ),
)
_RUN = cloup.option(
    "-O",
    "-o",
    "--output",
    "folder",
    type=PATH,
    required=True,
    metavar="RUN",
    help="Folder of the run, which --model takes when the run is done. A run that was stopped continues.",
)
_CONFIG = cloup.argument(
    "config",
    type=LocalPath(Path),
    metavar="[CONFIG]",
    required=False,
    help="The recipe as TOML.  [default: the preset]",
)
_GENOME = (options.reference, options.annotation, *options.SELECTION, options.allow_foreign_genes)

_EPILOG = """\b
Examples:
  spliceai-cli train --preset card -R hg38.fa -A gencode.v24.gtf.gz -O run
  spliceai-cli train recipe.toml -R fish.fa -A fish.gff3 --with context=400 --with name=Fish -O fish
  torchrun --nproc-per-node 8 -m spliceai_cli train -R hg38.fa -A gencode.gtf.gz -O run
"""
_EPILOG_TRANSFER = """\b
Example:
  spliceai-cli transfer spliceai recipe.toml -R fish.fa -A fish.gff3 --freeze 8 --with learning_rate=1e-4 -O fish
"""


@cloup.command(name="train", epilog=_EPILOG)
@_CONFIG
@cloup.option_group("Recipe", *_RECIPE)
@cloup.option_group("Genome and genes", *_GENOME)
@cloup.option_group("Output", _RUN, progress, options.verbose, options.quiet)
@cloup.option_group("Computing", options.device, options.threads)
def train(**params: Any) -> None:  # noqa: ANN401 (the options above)
    """Train a model on a genome and its genes.

    Examples are read from FASTA and annotation when they are needed. The folder gets weights.safetensors, a README with
    data, split, measures and licence, the recipe, the list of genes, and the course of training as JSON lines. A run
    that was stopped continues from its last checkpoint when the same command is given again.
    """
    _train(params, None, 0)


@cloup.command(name="transfer", epilog=_EPILOG_TRANSFER)
@cloup.argument("model", type=PATH, shell_complete=completion.models, help="Model to start from, as --model takes it.")
@_CONFIG
@cloup.option_group(
    "Recipe",
    *_RECIPE,
    cloup.option(
        "--freeze",
        "n_frozen",
        type=WholeNumber(0),
        default=0,
        show_default=True,
        metavar="N",
        help="Number of blocks, counted from the sequence, that keep their weights.",
    ),
)
@cloup.option_group("Genome and genes", *_GENOME)
@cloup.option_group("Output", _RUN, progress, options.verbose, options.quiet)
@cloup.option_group("Computing", options.device, options.threads)
def transfer(model: str, n_frozen: int, **params: Any) -> None:  # noqa: ANN401 (the options above)
    """Train a model that begins with the weights of another, e.g. for another species or tissue.

    Works like train. Context, channels and activation are those of MODEL, and so is the number of networks unless the
    recipe says otherwise. The licence of MODEL may extend to the result.
    """
    _train(params, model, n_frozen)


def _train(params: dict[str, Any], model: str | None, n_frozen: int) -> None:
    from spliceai_cli.engine.device import choose_device
    from spliceai_cli.genome.fasta import Reference
    from spliceai_cli.train.claim import claimed
    from spliceai_cli.train.inputs import Inputs
    from spliceai_cli.train.processes import joined
    from spliceai_cli.train.run import Run

    folder = _folder(params["folder"])
    use_threads(params["threads"], is_verbose=params["verbose"])
    start = _start(model, n_frozen)
    config = _recipe(params, start)
    reference = Reference(params["reference"])
    annotation = chosen_annotation({**params, "biotypes": ",".join(config.biotypes) or None}, reference)
    with (
        joined(os.environ, params["device"]) as processes,
        claimed(folder) if processes.is_first else nullcontext(),
    ):
        line = ProgressLine("positions", shown=is_shown(params) and processes.is_first)
        run = Run(
            Inputs(reference, annotation, config, start),
            folder,
            choose_device(params["device"]),
            processes,
            lambda progress: _move(line, progress),
        )
        if processes.is_first:
            _say_unused(config, reference, run)
            say(_described(run, config.networks))
        try:
            sha256 = run.train()
        except KeyboardInterrupt as error:
            if processes.is_first:
                say(f"Interrupted. The same command continues {_reached(run, config.networks)}.")
            raise click.exceptions.Exit(INTERRUPTED) from error
        finally:
            line.close()
        if processes.is_first:
            say(f"{folder}: {counted(config.networks, 'networks')}, SHA-256 {sha256[:12]}…")


def _folder(text: str) -> Path:
    if not text:
        # As a path, it would be the current folder.
        raise click.UsageError("-O names no folder. Was a variable empty?")
    return Path(text)


def _recipe(params: dict[str, Any], start: Start) -> TrainConfig:
    """The recipe, with --biotypes in it."""
    from spliceai_cli.train.read_config import read_config

    spec = start.ensemble.spec if start.ensemble else None
    config = read_config(params["config"], params["preset"], params["changes"], spec)
    if params["biotypes"] is not None:
        config = replace(config, biotypes=options.chosen_biotypes(params))
    return config


def _start(model: str | None, n_frozen: int) -> Start:
    """What training begins with."""
    from spliceai_cli.cli.weights import installed_store
    from spliceai_cli.evaluate.open import check_sites
    from spliceai_cli.models.open import open_model
    from spliceai_cli.train.inputs import Start

    if model is None:
        return Start()
    ensemble = open_model(model, installed_store().home)
    check_sites(ensemble.spec)
    return Start(ensemble, n_frozen)


def _say_unused(config: TrainConfig, reference: Reference, run: Run) -> None:
    from spliceai_cli.genome.regions import parse_regions

    chroms = {region.chrom: None for region in parse_regions([*config.train, *config.test])}
    if missing := [chrom for chrom in chroms if reference.contigs.find(chrom) is None]:
        say(f"train and test name contigs that the reference does not have: {', '.join(missing)}")
    if config.test and not run.split.test:
        say_warning("no gene is left for test.")


def _reached(run: Run, n_networks: int) -> str:
    n_finished = len(run.checkpoint.finished)
    if n_finished == n_networks:
        return "after the last step"
    return f"after step {run.checkpoint.step:,} of network {n_finished + 1}"


def _move(line: ProgressLine, progress: Progress) -> None:
    def place() -> str:
        step = progress.step
        return f"network {progress.network}, step {step.number:,}/{progress.n_steps:,}, loss {step.loss:.4f}"

    line.move(place, progress.n_positions, progress.share)


def _described(run: Run, n_networks: int) -> str:
    split, counts = run.split, [round(n) for n in run.survey.counts]
    _, acceptors, donors = counts
    genes = (
        f"{len(split.train):,} genes to train with, {len(split.validation):,} to validate, {len(split.test):,} to test"
    )
    sites = f"{sum(counts):,} positions, {acceptors:,} acceptors, {donors:,} donors"
    has_begun = run.checkpoint.finished or run.checkpoint.step
    return f"{genes}; {sites}" + (f"; continues {_reached(run, n_networks)}" if has_begun else "")
