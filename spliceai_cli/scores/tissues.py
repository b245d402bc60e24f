"""Gain and loss of splice site usage in any tissue, for Pangolin; formats and parses INFO/Pangolin."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from spliceai_cli.scores.effect import Effect
from spliceai_cli.scores.kind import EffectName, ScoreKind
from spliceai_cli.scores.score import Score

# In files that Pangolin itself wrote, the text may end before the warnings.
_TEXT = re.compile(
    r"(?P<symbol>[^|]+)\|(?P<gain_offset>-?\d+):(?P<gain>-?[\d.]+)\|(?P<loss_offset>-?\d+):(?P<loss>-?[\d.]+)"
    r"(?:\|Warnings:(?:ALT=(?P<allele>.+))?[^|]*)?"
)


@dataclass(frozen=True, slots=True)
class TissueScore(Score):
    """How much one allele raises and lowers splice site usage, in the tissue that changes most.

    Attributes:
        allele: the record's ALT text, case kept.
        symbol: the gene's name as the annotation gives it.
        gain, loss: the two effects; in both, ``score`` is the size of the change, 0 to 1.
        model_key, gene_id, transcript_id, strand: as in ``Score``.
    """

    allele: str
    symbol: str
    gain: Effect
    loss: Effect
    model_key: str = "Pangolin"
    gene_id: str = field(default="", kw_only=True)
    transcript_id: str = field(default="", kw_only=True)
    strand: str = field(default="", kw_only=True)

    @property
    def kind(self) -> ScoreKind:
        """``TISSUES``."""
        return TISSUES

    @property
    def effects(self) -> tuple[Effect, ...]:
        """Gain and loss; never missing, because nothing is written for an unscored allele."""
        return self.gain, self.loss

    def __str__(self) -> str:
        """``gene|pos:gain|pos:loss|Warnings:`` as Pangolin writes it, with two decimals; a loss is negative."""
        gain, loss, gain_offset, loss_offset = self.numbers
        return f"{self.symbol}|{gain_offset}:{gain}|{loss_offset}:{loss}|Warnings:"

    @property
    def numbers(self) -> tuple[str, ...]:
        """Gain, loss and their offsets."""
        loss = f"{self.loss.score:.2f}"
        signed = f"-{loss}" if loss != "0.00" else loss
        return f"{self.gain.score:.2f}", signed, str(self.gain.offset), str(self.loss.offset)

    @property
    def named(self) -> str:
        """As ``str``, with the allele in the last field.

        Pangolin scores only the first ALT of a record, so its own text does not name the allele.
        """
        return f"{self}ALT={self.allele}"

    @classmethod
    def parse(cls, text: str, model_key: str, allele: str) -> TissueScore:
        """Read a text of the INFO field ``model_key``; the inverse of ``named`` up to the two decimals.

        Args:
            text: as ``str`` or ``named`` give it.
            model_key: INFO key of the model.
            allele: the allele to assume if the text names none.

        Raises:
            ValueError: the text is malformed.
        """
        match = _TEXT.fullmatch(text)
        if match is None:
            raise ValueError(f"'{text}' is not SYMBOL|position:gain|position:loss|Warnings:")
        gain = Effect(float(match["gain"]), int(match["gain_offset"]))
        loss = Effect(abs(float(match["loss"])), int(match["loss_offset"]))
        return cls(match["allele"] or allele, match["symbol"], gain, loss, model_key)


TISSUES = ScoreKind(
    name="tissues",
    effects={"gain": EffectName("GAIN", is_gain=True), "loss": EffectName("LOSS", is_gain=False)},
    columns=("GAIN", "LOSS", "POS_GAIN", "POS_LOSS"),
    change="change",
    # For Pangolin, these are the exact words that it writes itself.
    describe="{} splice scores.".format,
    format="gene|pos:score_change|pos:score_change|warnings,...",
    format_start="gene|pos:score_change|pos:score_change",
    # Only these texts have colons between their bars.
    text=re.compile(r"[^|]*\|-?\d+:"),
    parse=TissueScore.parse,
    is_gene_alone=False,
    is_averaged_first=False,
    allele=lambda text: text.partition("|Warnings:ALT=")[2],
)
