"""Choices and defaults of options are those of the settings that they stand for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import MISSING, fields

import click
import pytest

from spliceai_cli.annotate.options import AnnotateOptions
from spliceai_cli.cli.main import group
from spliceai_cli.genes.selection import Selection
from spliceai_cli.settings import words
from spliceai_cli.settings.compute import Compute
from spliceai_cli.settings.scoring import Settings, TrackSettings
from spliceai_cli.train.config import PRESETS


def options_of(
    command: click.Command, parent: click.Context | None = None
) -> Iterator[tuple[click.Context, click.Option]]:
    context = click.Context(command, parent, info_name=command.name, **command.context_settings)
    for param in command.get_params(context):
        if isinstance(param, click.Option):
            yield context, param
    if isinstance(command, click.Group):
        for member in command.commands.values():
            yield from options_of(member, context)


OPTIONS = list(options_of(group))
GIVEN = [(context, option) for context, option in OPTIONS if option.expose_value and not option.required]
CHOOSING = [(context, option) for context, option in OPTIONS if isinstance(option.type, click.Choice)]

VOCABULARIES = {
    "color": words.COLOURS,
    "compat": words.COMPAT_MODES,
    "consequence": words.CONSEQUENCE_METHODS,
    "context": words.CONTEXTS,
    "engine": words.ENGINES,
    "existing": words.EXISTING,
    "gene_id": words.GENE_IDS,
    "kernels": words.KERNELS,
    "layout": words.LAYOUTS,
    "mask": tuple(map(str, words.MASKS)),
    "method": words.CONSEQUENCE_METHODS,
    "output_format": words.TRACK_FORMATS,
    "output_type": words.OUTPUT_TYPES,
    "precision": words.PRECISIONS,
    "preset": tuple(PRESETS),
    "sort": words.ORDERS,
    "strand": tuple(words.STRANDS),
    "write_index": words.INDEXES,
}


def defaults(*kinds: type, **others: object) -> dict[str, object]:
    known = {field.name: field.default for kind in kinds for field in fields(kind) if field.default is not MISSING}
    return {**known, **others}


SCORING = defaults(
    Settings,
    Compute,
    Selection,
    mask=str(Settings.mask),
    annotation=words.DEFAULT_ANNOTATION,
    genes_file=Selection.genes,
    strict_annotation=Selection.strict,
    biotypes=None,  # of the same meaning as the empty tuple
)
ANNOTATE = defaults(
    AnnotateOptions,
    source=None,  # standard input, unless the argument names a file
    target="-",
    output_type=None,  # by the name of the output
    layout=None,  # --tsv may say it
    write_index=AnnotateOptions.index,
    strict=None,
    regions=(),
    targets_file=AnnotateOptions.targets,
)
PREDICT = {"strand": words.BOTH, "context": None, "min_probability": 0.0, "annotation": None}
MEASURED = {"target": "-", "n_resamples": 200, "seed": 1}
# A command starts processes for a long input, Python only if asked to.
WORKERS = {"workers": words.AUTO}
PRINTED = {"target": "-", "color": words.AUTO}
DEFAULTS = {
    "annotate": {**SCORING, **ANNOTATE, **WORKERS},
    "score": {**SCORING, **PRINTED, **WORKERS},
    "plot": {**SCORING, "distance": words.PICTURE_DISTANCE, "limit": words.PICTURE_LIMIT, "is_zoomed": True},
    "predict": {**SCORING, **defaults(TrackSettings), **PREDICT, **WORKERS},
    "consequence": {**SCORING, **ANNOTATE, "method": words.BY_SAI10K},
    "sites": {**SCORING, **MEASURED, "strand": words.BOTH, "context": words.GENOME_AROUND},
    "variants": {**SCORING, **MEASURED, "label": "label"},
    "train": {**SCORING, "preset": None},  # as the file says, else card
    "transfer": {**SCORING, "preset": None},  # as the file says, else card
    "calibrate": {**SCORING, "context": words.N_AROUND},
    "table": {"annotation": None, "sort": words.POSITION, "source": None, **PRINTED},
    # Of scatter: without these, a run of a part has what the plan says.
    "plan": {**SCORING, **ANNOTATE},
    "run": {**SCORING, "annotation": None},
    "finish": ANNOTATE,
}

# What an option has that nobody gave.
NOTHING = (None, False, ())


def ids(options: list[tuple[click.Context, click.Option]]) -> list[str]:
    return [f"{context.command_path} {option.opts[-1]}" for context, option in options]


@pytest.mark.parametrize(("context", "option"), CHOOSING, ids=ids(CHOOSING))
def test_choices__are_the_words_of_the_settings(context, option):
    assert tuple(option.type.choices) == tuple(VOCABULARIES[option.name])


@pytest.mark.parametrize(("context", "option"), GIVEN, ids=ids(GIVEN))
def test_default__is_that_of_the_settings(context, option):
    # Resilient: without what has to be given.
    parsed = context.command.make_context(context.info_name, [], context.parent, resilient_parsing=True)
    default = parsed.params[option.name]
    known = DEFAULTS.get(context.command.name, SCORING)
    if option.name in known:
        assert default == known[option.name]
    else:
        assert default in NOTHING
