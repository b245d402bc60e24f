"""Options for predicted transcripts, which several commands share."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import fields
from typing import Any

import click
import cloup

from spliceai_cli.cli.local_path import PATH
from spliceai_cli.errors import UsageError
from spliceai_cli.settings.consequence import ConsequenceSettings
from spliceai_cli.settings.words import BY_PROFILE, CONSEQUENCE_METHODS

#: Thresholds, by the names that ``--consequence-with`` takes.
NAMES = {field.name.replace("_", "-"): field for field in fields(ConsequenceSettings)[1:]}

thresholds = cloup.option(
    "--consequence-with",
    "thresholds",
    multiple=True,
    metavar="NAME=VALUE",
    help=f"Change a threshold of consequences; repeat for more: {', '.join(NAMES)}.",
)

#: Options for consequences.
CONSEQUENCE = (
    cloup.option(
        "--consequence",
        type=click.Choice(CONSEQUENCE_METHODS),
        is_flag=False,
        flag_value=BY_PROFILE,
        help="Predict exon skipping, retention and the like, with the protein. Without a word: profile.",
    ),
    thresholds,
)


#: Where the predicted sequences go.
consequence_fasta = cloup.option(
    "--consequence-fasta",
    type=PATH,
    metavar="FILE",
    help="Write the transcripts and proteins that --consequence predicts as FASTA.",
)


def chosen_consequence(params: Mapping[str, Any]) -> ConsequenceSettings | None:
    """The settings that the options of ``CONSEQUENCE`` describe; None without ``--consequence``.

    Raises:
        UsageError: a threshold is given without ``--consequence``, is unknown, or is not a number.
    """
    method, pairs = params.get("consequence"), params.get("thresholds", ())
    if method is None:
        if pairs:
            raise click.UsageError("--consequence-with needs --consequence.")
        return None
    return consequence_settings(method, pairs)


def consequence_settings(method: str, pairs: Iterable[str]) -> ConsequenceSettings:
    """The settings of a method, with thresholds that are changed as ``NAME=VALUE``.

    Raises:
        UsageError: a threshold is unknown or out of range; the message has its name as it was typed.
    """
    values: dict[str, Any] = dict(map(_threshold, pairs))
    try:
        return ConsequenceSettings(method=method, **values)
    except UsageError as error:
        message = error.message
        for name, field in NAMES.items():
            message = message.replace(field.name, name)
        raise UsageError(message, error.hint) from None


def _threshold(text: str) -> tuple[str, float]:
    name, sign, value = text.partition("=")
    field = NAMES.get(name.strip().replace("_", "-"))
    if field is None or not sign:
        raise click.BadParameter(
            f"'{text}' is not NAME=VALUE with one of {', '.join(NAMES)}.", param_hint="--consequence-with"
        )
    try:
        return field.name, int(value) if isinstance(field.default, int) else float(value)
    except ValueError:
        kind = "a whole number" if isinstance(field.default, int) else "a number"
        raise click.BadParameter(f"{name} is '{value}'; {kind} expected.", param_hint="--consequence-with") from None
