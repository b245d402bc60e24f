"""Delta scores and their text in INFO/SpliceAI, both ways."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from urllib.parse import quote, unquote

from spliceai_cli.text import counted

KEY = "SpliceAI"

#: The numbers of a score of either kind, by the names that tables use.
SITE_COLUMNS = ("DS_AG", "DS_AL", "DS_DG", "DS_DL", "DP_AG", "DP_AL", "DP_DG", "DP_DL")
TISSUE_COLUMNS = ("GAIN", "LOSS", "POS_GAIN", "POS_LOSS")

#: The effects of a score of either kind, in the order of the text, with short names.
SITE_EFFECTS = {"acceptor_gain": "AG", "acceptor_loss": "AL", "donor_gain": "DG", "donor_loss": "DL"}
TISSUE_EFFECTS = {"gain": "GAIN", "loss": "LOSS"}

_SITES_FORMAT = "ALLELE|SYMBOL|DS_AG|DS_AL|DS_DG|DS_DL|DP_AG|DP_AL|DP_DG|DP_DL"
_SITES_RAW_FORMAT = "ALLELE|SYMBOL|AG_REF|AG_ALT|AL_REF|AL_ALT|DG_REF|DG_ALT|DL_REF|DL_ALT"
_TISSUES_FORMAT = "gene|pos:score_change|pos:score_change|warnings,..."
_TISSUES_RAW_FORMAT = "ALLELE|SYMBOL|GAIN_REF|GAIN_ALT|LOSS_REF|LOSS_ALT"

# What spliceai 1.3.1 and Pangolin call themselves there: VEP's plugin reads the version.
_SELF_NAMES = {KEY: "SpliceAIv1.3.1"}

# What ends a value of INFO, or an element of it; % begins what stands for one, and a lone dot is no value.
_NOT_IN_VALUE = re.compile(r"[\x00-\x20\x7f\s,;=|%]")

_N_FIELDS = 10
# Pangolin's own files may end before the warnings.
_TISSUES_TEXT = re.compile(
    r"(?P<symbol>[^|]+)\|(?P<gain_offset>-?\d+):(?P<gain>-?[\d.]+)\|(?P<loss_offset>-?\d+):(?P<loss>-?[\d.]+)"
    r"(?:\|Warnings:(?:ALT=(?P<allele>.+))?[^|]*)?"
)


def sites_header(key: str) -> str:
    """The header line of a field of ten values.

    For SpliceAI word for word that of spliceai 1.3.1: VEP's plugin, Nirvana and bcftools +split-vep parse it.
    """
    return _info_line(
        key,
        f"{_SELF_NAMES.get(key, key)} variant annotation. These include delta scores (DS) and delta positions (DP) for "
        f"acceptor gain (AG), acceptor loss (AL), donor gain (DG), and donor loss (DL). Format: {_SITES_FORMAT}",
    )


def tissues_header(key: str) -> str:
    """The header line of a field of gains and losses; for Pangolin word for word its own."""
    return _info_line(key, f"{key} splice scores. Format: {_TISSUES_FORMAT}")


def raw_header(key: str, of: str, *, is_sites: bool) -> str:
    """The header line of the probabilities behind the field ``of``."""
    shown = _SITES_RAW_FORMAT if is_sites else _TISSUES_RAW_FORMAT
    return _info_line(key, f"Probabilities of REF and ALT where {of} reports each effect. Format: {shown}")


def transcripts_header(key: str, of: str) -> str:
    """The header line of the transcripts of the field ``of``."""
    return _info_line(key, f"Transcript of each value of {of}, in their order; . where the annotation has no ID")


def transcript_text(transcript_id: str) -> str:
    """A transcript ID as a value of INFO, percent-encoded where VCF wants that; a dot for none.

    >>> [transcript_text(text) for text in ("NM_000540.3", "", "my;tx 1")]
    ['NM_000540.3', '.', 'my%3Btx%201']
    """
    if transcript_id == ".":
        return "%2E"
    return _NOT_IN_VALUE.sub(lambda match: quote(match[0], safe=""), transcript_id) or "."


def parse_transcript(text: str) -> str:
    """The inverse of ``transcript_text``."""
    return "" if text == "." else unquote(text)


def _info_line(key: str, description: str) -> str:
    return f'##INFO=<ID={key},Number=.,Type=String,Description="{description}">'


@dataclass(frozen=True, slots=True)
class Effect:
    """One of the four kinds of change: how large, and where.

    Attributes:
        score: largest change of probability, 0 to 1, unrounded.
        offset: bp from POS in genome orientation; negative = lower coordinate.
        ref, alt: probabilities there; None if unknown or if a mask left no position.
    """

    score: float
    offset: int
    ref: float | None = None
    alt: float | None = None

    @property
    def raw(self) -> str:
        """``REF|ALT`` probabilities with four decimals; dots if unknown."""
        return ".|." if self.ref is None or self.alt is None else f"{self.ref:.4f}|{self.alt:.4f}"


@dataclass(frozen=True, slots=True)
class DeltaScore:
    """What one allele does to the splice sites of one gene.

    Attributes:
        allele: the record's ALT text, case kept.
        symbol: the gene's name as the annotation gives it.
        acceptor_gain, acceptor_loss, donor_gain, donor_loss: None together where spliceai 1.3.1 prints dots.
        key: INFO key of the model.
        transcript_id: of the transcript that was scored; empty where the annotation has none.
    """

    allele: str
    symbol: str
    acceptor_gain: Effect | None = None
    acceptor_loss: Effect | None = None
    donor_gain: Effect | None = None
    donor_loss: Effect | None = None
    key: str = field(default=KEY, kw_only=True)
    transcript_id: str = field(default="", kw_only=True)

    @property
    def effects(self) -> tuple[Effect, ...]:
        """The four effects in the order AG, AL, DG, DL; empty if missing."""
        four = (self.acceptor_gain, self.acceptor_loss, self.donor_gain, self.donor_loss)
        return tuple(effect for effect in four if effect is not None)

    @property
    def effects_by_name(self) -> dict[str, Effect]:
        """The effects by the names in ``SITE_EFFECTS``; empty if missing."""
        return dict(zip(SITE_EFFECTS, self.effects, strict=True)) if self.effects else {}

    @property
    def is_missing(self) -> bool:
        """Whether the allele is named without a score."""
        return self.acceptor_gain is None

    @property
    def max_score(self) -> float:
        """The largest of the four scores; 0.0 if missing."""
        return max((effect.score for effect in self.effects), default=0.0)

    def __str__(self) -> str:
        """The ten fields, ``ALLELE|SYMBOL|DS_AG|…|DP_DL``, scores with two decimals."""
        return "|".join((self.allele, self.symbol, *self.numbers))

    @property
    def numbers(self) -> tuple[str, ...]:
        """The texts of ``SITE_COLUMNS``."""
        if self.is_missing:
            return (".",) * len(SITE_COLUMNS)
        effects = self.effects
        return (*(f"{effect.score:.2f}" for effect in effects), *(str(effect.offset) for effect in effects))

    @property
    def named(self) -> str:
        """The text that tells alleles of one record apart: as ``str``."""
        return str(self)

    @property
    def raw(self) -> str:
        """``ALLELE|SYMBOL|`` and the probabilities of REF and ALT where each of the four effects is."""
        return "|".join((self.allele, self.symbol, *(effect.raw for effect in self.effects)))

    @classmethod
    def parse(cls, text: str, key: str = KEY) -> DeltaScore:
        """Read the ten fields of the INFO field ``key``; the inverse of ``str`` up to the two decimals.

        >>> str(DeltaScore.parse("T|RYR1|0.00|0.00|0.91|0.08|-28|-46|-2|-31"))
        'T|RYR1|0.00|0.00|0.91|0.08|-28|-46|-2|-31'

        Raises:
            ValueError: not ten fields, or a number that is none.
        """
        fields = text.split("|")
        if len(fields) != _N_FIELDS:
            raise ValueError(f"'{text}' has {counted(len(fields), 'fields')}, not {_N_FIELDS}")
        allele, symbol, *values = fields
        if values == ["."] * len(values):
            return cls(allele, symbol, key=key)
        pairs = zip(values[:4], values[4:], strict=True)
        return cls(allele, symbol, *(Effect(float(score), int(offset)) for score, offset in pairs), key=key)


@dataclass(frozen=True, slots=True)
class TissueScore:
    """How much one allele raises and lowers the use of positions for splicing, in whichever tissue most.

    Attributes:
        allele: the record's ALT text, case kept.
        symbol: the gene's name as the annotation gives it.
        gain, loss: ``score`` is the size of the change, 0 to 1, for both.
        key: INFO key of the model.
        transcript_id: as of ``DeltaScore``.
    """

    allele: str
    symbol: str
    gain: Effect
    loss: Effect
    key: str = "Pangolin"
    transcript_id: str = field(default="", kw_only=True)

    @property
    def effects(self) -> tuple[Effect, ...]:
        """Gain and loss."""
        return self.gain, self.loss

    @property
    def effects_by_name(self) -> dict[str, Effect]:
        """The effects by the names in ``TISSUE_EFFECTS``."""
        return {"gain": self.gain, "loss": self.loss}

    @property
    def is_missing(self) -> bool:
        """Never: an allele without a score has no text."""
        return False

    @property
    def max_score(self) -> float:
        """The larger of gain and loss."""
        return max(self.gain.score, self.loss.score)

    def __str__(self) -> str:
        """``gene|pos:gain|pos:loss|Warnings:`` as Pangolin has it, with two decimals; a loss is negative."""
        gain, loss, gain_offset, loss_offset = self.numbers
        return f"{self.symbol}|{gain_offset}:{gain}|{loss_offset}:{loss}|Warnings:"

    @property
    def numbers(self) -> tuple[str, ...]:
        """The texts of ``TISSUE_COLUMNS``."""
        loss = f"{self.loss.score:.2f}"
        signed = f"-{loss}" if loss != "0.00" else loss
        return f"{self.gain.score:.2f}", signed, str(self.gain.offset), str(self.loss.offset)

    @property
    def named(self) -> str:
        """As ``str``, with the allele in the last field.

        Pangolin scores the first ALT of a record only, so its text does not say of which allele a score is.
        """
        return f"{self}ALT={self.allele}"

    @property
    def raw(self) -> str:
        """``ALLELE|SYMBOL|`` and the probabilities of REF and ALT at gain and loss."""
        return "|".join((self.allele, self.symbol, *(effect.raw for effect in self.effects)))

    @classmethod
    def parse(cls, text: str, key: str, allele: str) -> TissueScore:
        """Read a text of the INFO field ``key``; the inverse of ``named`` up to the two decimals.

        Args:
            text: as ``str`` or ``named`` give it.
            key: INFO key.
            allele: what it is about if it does not say so itself.

        Raises:
            ValueError: it is none.
        """
        match = _TISSUES_TEXT.fullmatch(text)
        if match is None:
            raise ValueError(f"'{text}' is not SYMBOL|position:gain|position:loss|Warnings:")
        gain = Effect(float(match["gain"]), int(match["gain_offset"]))
        loss = Effect(abs(float(match["loss"])), int(match["loss_offset"]))
        return cls(match["allele"] or allele, match["symbol"], gain, loss, key)


#: What one model says of one allele and gene.
Score = DeltaScore | TissueScore
