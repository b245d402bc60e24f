"""Delta scores and their text in INFO/SpliceAI, both ways."""

from __future__ import annotations

from dataclasses import dataclass

KEY = "SpliceAI"

# Word for word that of spliceai 1.3.1: VEP's plugin, Nirvana and bcftools +split-vep parse it.
HEADER_LINE = (
    '##INFO=<ID=SpliceAI,Number=.,Type=String,Description="SpliceAIv1.3.1 variant annotation. These include delta '
    "scores (DS) and delta positions (DP) for acceptor gain (AG), acceptor loss (AL), donor gain (DG), and donor loss "
    '(DL). Format: ALLELE|SYMBOL|DS_AG|DS_AL|DS_DG|DS_DL|DP_AG|DP_AL|DP_DG|DP_DL">'
)

_N_FIELDS = 10
_DOTS = "|".join("." * 8)


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
    """

    allele: str
    symbol: str
    acceptor_gain: Effect | None = None
    acceptor_loss: Effect | None = None
    donor_gain: Effect | None = None
    donor_loss: Effect | None = None

    @property
    def effects(self) -> tuple[Effect, ...]:
        """The four effects in the order AG, AL, DG, DL; empty if missing."""
        four = (self.acceptor_gain, self.acceptor_loss, self.donor_gain, self.donor_loss)
        return tuple(effect for effect in four if effect is not None)

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
        if self.is_missing:
            return f"{self.allele}|{self.symbol}|{_DOTS}"
        scores = "|".join(f"{effect.score:.2f}" for effect in self.effects)
        offsets = "|".join(str(effect.offset) for effect in self.effects)
        return f"{self.allele}|{self.symbol}|{scores}|{offsets}"

    @property
    def raw(self) -> str:
        """``ALLELE|SYMBOL|`` and the probabilities of REF and ALT where each of the four effects is."""
        return "|".join((self.allele, self.symbol, *(effect.raw for effect in self.effects)))

    @classmethod
    def parse(cls, text: str) -> DeltaScore:
        """Read the ten fields; the inverse of ``str`` up to the two decimals.

        >>> str(DeltaScore.parse("T|RYR1|0.00|0.00|0.91|0.08|-28|-46|-2|-31"))
        'T|RYR1|0.00|0.00|0.91|0.08|-28|-46|-2|-31'

        Raises:
            ValueError: not ten fields, or a number that is none.
        """
        fields = text.split("|")
        if len(fields) != _N_FIELDS:
            raise ValueError(f"'{text}' has {len(fields)} fields, not {_N_FIELDS}")
        allele, symbol, *values = fields
        if values == ["."] * len(values):
            return cls(allele, symbol)
        pairs = zip(values[:4], values[4:], strict=True)
        return cls(allele, symbol, *(Effect(float(score), int(offset)) for score, offset in pairs))
