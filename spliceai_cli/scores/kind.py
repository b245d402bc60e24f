"""A kind of score: what a family of models answers, and how that is written."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from spliceai_cli.scores.score import Score


class EffectName(NamedTuple):
    """How an effect is shown.

    Attributes:
        short: heading of its column.
        is_gain: whether ALT has more than REF there.
        track: name of the output that changes; the one that changes most is taken of models that have no such output.
    """

    short: str
    is_gain: bool
    track: str = ""


@dataclass(frozen=True, eq=False)
class ScoreKind:
    """What differs from one family of models to another; one object each, registered in ``kinds.KINDS``.

    Attributes:
        name: as ``NetworkSpec.scoring`` has it, and so weights files.
        effects: in the order of ``Score.effects``.
        columns: headings of ``Score.numbers`` in tables.
        change: what the size of an effect is called.
        describe: INFO key -> what the header says of the field, but for its format.
        format: of a text, for the header.
        format_start: with this the format begins in headers by anyone.
        text: matches texts of this kind from their start, and none of a kind registered before it.
        parse: reads such a text: the text, the INFO key, the allele that it is about if it does not say so itself.
            ``ValueError`` if it is malformed.
        missing: names an allele without a score: allele, symbol, INFO key, transcript ID. None where nothing is written
            of such an allele.
        is_gene_alone: whether the networks are shown N outside the gene; else what the genome has.
        is_averaged_first: whether the networks are averaged before ALT is laid on REF. Pangolin lays every network's
            answer for itself: of an insertion the maximum of means is not the mean of maxima.
        classes: outputs that each network must have, in one group; empty for any.
    """

    name: str
    effects: Mapping[str, EffectName]
    columns: tuple[str, ...]
    change: str
    describe: Callable[[str], str]
    format: str
    format_start: str
    text: re.Pattern[str]
    parse: Callable[[str, str, str], Score]
    is_gene_alone: bool
    is_averaged_first: bool
    missing: Callable[[str, str, str, str], Score] | None = None
    classes: tuple[str, ...] = ()

    def header(self, key: str) -> str:
        """The header line of the field of scores."""
        return info_line(key, f"{self.describe(key)} Format: {self.format}")

    def raw_header(self, key: str, of: str) -> str:
        """The header line of the probabilities behind the field ``of``."""
        pairs = (f"{name.short}_REF|{name.short}_ALT" for name in self.effects.values())
        written = "|".join(("ALLELE", "SYMBOL", *pairs))
        return info_line(key, f"Probabilities of REF and ALT where {of} reports each effect. Format: {written}")


def info_line(key: str, description: str) -> str:
    """The header line of an INFO field of texts."""
    return f'##INFO=<ID={key},Number=.,Type=String,Description="{description}">'
