"""Gain and loss of acceptors and donors, for SpliceAI and similar models; formats and parses INFO/SpliceAI."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from spliceai_cli.scores.effect import Effect
from spliceai_cli.scores.kind import EffectName, ScoreKind
from spliceai_cli.scores.score import Score
from spliceai_cli.text import counted

KEY = "SpliceAI"

_COLUMNS = ("DS_AG", "DS_AL", "DS_DG", "DS_DL", "DP_AG", "DP_AL", "DP_DG", "DP_DL")
_N_FIELDS = 2 + len(_COLUMNS)

_NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?", re.ASCII)
_OFFSET = re.compile(r"[+-]?\d{1,18}", re.ASCII)


@dataclass(frozen=True, slots=True)
class DeltaScore(Score):
    """The effect of one allele on the splice sites of one gene.

    Attributes:
        allele: the record's ALT text, case kept.
        symbol: the gene's name as the annotation gives it.
        acceptor_gain, acceptor_loss, donor_gain, donor_loss: the four effects; all None where spliceai 1.3.1 prints
            dots.
        model_key, gene_id, transcript_id, strand: as in ``Score``.
    """

    allele: str
    symbol: str
    acceptor_gain: Effect | None = None
    acceptor_loss: Effect | None = None
    donor_gain: Effect | None = None
    donor_loss: Effect | None = None
    model_key: str = field(default=KEY, kw_only=True)
    gene_id: str = field(default="", kw_only=True)
    transcript_id: str = field(default="", kw_only=True)
    strand: str = field(default="", kw_only=True)

    @property
    def kind(self) -> ScoreKind:
        """``SITES``."""
        return SITES

    @property
    def effects(self) -> tuple[Effect, ...]:
        """The four effects in the order AG, AL, DG, DL; empty if missing."""
        four = (self.acceptor_gain, self.acceptor_loss, self.donor_gain, self.donor_loss)
        return tuple(effect for effect in four if effect is not None)

    def __str__(self) -> str:
        """The ten fields, ``ALLELE|SYMBOL|DS_AG|…|DP_DL``, scores with two decimals."""
        return "|".join((self.allele, self.symbol, *self.numbers))

    @property
    def numbers(self) -> tuple[str, ...]:
        """The four scores and their offsets; dots if missing."""
        if self.is_missing:
            return (".",) * len(_COLUMNS)
        effects = self.effects
        return (*(f"{effect.score:.2f}" for effect in effects), *(str(effect.offset) for effect in effects))

    @classmethod
    def parse(cls, text: str, model_key: str = KEY) -> DeltaScore:
        """Read the ten fields of the INFO field ``model_key``; the inverse of ``str`` up to the two decimals.

        >>> str(DeltaScore.parse("T|RYR1|0.00|0.00|0.91|0.08|-28|-46|-2|-31"))
        'T|RYR1|0.00|0.00|0.91|0.08|-28|-46|-2|-31'

        Raises:
            ValueError: the text does not have ten fields, or a score or an offset is not one.
        """
        fields = text.split("|")
        if len(fields) != _N_FIELDS:
            raise ValueError(f"'{text}' has {counted(len(fields), 'fields')}, not {_N_FIELDS}")
        allele, symbol, *values = fields
        if values == ["."] * len(values):
            return cls(allele, symbol, model_key=model_key)
        four = zip(_COLUMNS, values[:4], values[4:], strict=False)
        return cls(allele, symbol, *(_effect(*one) for one in four), model_key=model_key)


def _effect(column: str, score: str, offset: str) -> Effect:
    # Scores of spliceai 1.3.1 can be slightly negative.
    if not _NUMBER.fullmatch(score) or abs(float(score)) > 1:
        raise ValueError(f"{column} is '{score}', a number up to 1 expected")
    if not _OFFSET.fullmatch(offset):
        raise ValueError(f"{column.replace('DS', 'DP')} is '{offset}', a whole number expected")
    return Effect(float(score), int(offset))


def _describe(key: str) -> str:
    """For SpliceAI the exact words of spliceai 1.3.1, which VEP's plugin, Nirvana and bcftools +split-vep parse."""
    name = "SpliceAIv1.3.1" if key == KEY else key
    return (
        f"{name} variant annotation. These include delta scores (DS) and delta positions (DP) for "
        "acceptor gain (AG), acceptor loss (AL), donor gain (DG), and donor loss (DL)."
    )


def _parse(text: str, key: str, _: str) -> DeltaScore:
    try:
        return DeltaScore.parse(text, key)
    except ValueError as error:
        raise ValueError(f"INFO/{key} is malformed: {error}") from error


SITES = ScoreKind(
    name="sites",
    effects={
        "acceptor_gain": EffectName("AG", is_gain=True, track="acceptor"),
        "acceptor_loss": EffectName("AL", is_gain=False, track="acceptor"),
        "donor_gain": EffectName("DG", is_gain=True, track="donor"),
        "donor_loss": EffectName("DL", is_gain=False, track="donor"),
    },
    columns=_COLUMNS,
    change="delta score",
    describe=_describe,
    format="|".join(("ALLELE", "SYMBOL", *_COLUMNS)),
    format_start="ALLELE|SYMBOL|DS_AG|",
    text=re.compile(""),
    parse=_parse,
    is_gene_alone=True,
    is_averaged_first=True,
    allele=lambda text: text.partition("|")[0],
    missing=DeltaScore,
    classes=("neither", "acceptor", "donor"),
)
