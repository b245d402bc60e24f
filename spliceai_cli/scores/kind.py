"""A kind of score: the effects that a family of models predicts, and how they are written."""

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
        is_gain: whether the probability of ALT is the larger one.
        track: name of the output that changes; for models without such an output, the one that changes most is used.
    """

    short: str
    is_gain: bool
    track: str = ""


@dataclass(frozen=True, eq=False)
class ScoreKind:
    """Everything that differs between families of models; one object per family, registered in ``kinds.KINDS``.

    Attributes:
        name: the value of ``NetworkSpec.scoring``, which is also stored in weights files.
        effects: effect names, in the order of ``Score.effects``, with how each is shown.
        columns: headings of ``Score.numbers`` in tables.
        change: noun for the size of an effect.
        describe: INFO key -> description of the field in the header, without its format.
        format: format of the text, for the header.
        format_start: how the format begins in a header, whichever program wrote it.
        text: matches the start of texts of this kind, but of no kind registered before it.
        parse: reads such a text. Takes the text, the INFO key, and the allele to assume if the text names none. Raises
            ``ValueError`` if the text is malformed.
        allele: the allele that such a text names, even if the rest of the text is malformed; empty if it names none.
        missing: makes the score that names an unscored allele, from allele, symbol, and the other fields of ``Score``
            by name. None if nothing is written for such an allele.
        is_gene_alone: whether the networks see N outside the gene; otherwise they see the genome.
        is_averaged_first: whether the networks are averaged before ALT is laid on REF. Pangolin lays the output of each
            network separately: for an insertion, the maximum of means differs from the mean of maxima.
        classes: classes that each network must output, in one group; empty if any will do.
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
    allele: Callable[[str], str]
    missing: Callable[..., Score] | None = None
    classes: tuple[str, ...] = ()

    def header(self, key: str) -> str:
        """The header line of the INFO field with the scores."""
        return info_line(key, f"{self.describe(key)} Format: {self.format}")

    @property
    def raw_columns(self) -> tuple[str, ...]:
        """Headings of ``Score.probabilities`` in tables."""
        return tuple(f"{name.short}_{allele}" for name in self.effects.values() for allele in ("REF", "ALT"))

    def raw_header(self, key: str, of: str) -> str:
        """The header line of the INFO field with the probabilities behind the scores in field ``of``."""
        written = "|".join(("ALLELE", "SYMBOL", *self.raw_columns))
        return info_line(key, f"Probabilities of REF and ALT where {of} reports each effect. Format: {written}")


def info_line(key: str, description: str) -> str:
    """The header line of an INFO field of strings."""
    return f'##INFO=<ID={key},Number=.,Type=String,Description="{description}">'
