"""Predicted consequences of an allele on a transcript, and their text in INFO."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from urllib.parse import quote, unquote

from spliceai_cli.text import rounded

# Characters that end an INFO value or one of its parts, and the % that begins an escape.
_NOT_IN_PART = re.compile(r"[\x00-\x20\x7f,;=|%&]")

#: Words for MANE transcripts, in the order in which transcripts are listed; the last is that of all others.
MANE = ("MANE_Select", "MANE_Plus_Clinical", "")

# bcftools +split-vep insists on a field that is called Consequence.
CSQ_FORMAT = (
    "ALLELE|SYMBOL|TRANSCRIPT|MANE|Consequence|WEIGHT|EXON|SIZE|SITES|FRAME|"
    "AA_LOST|AA_GAINED|STOP|NMD|RNA|PROTEIN|EVIDENCE"
)
EXON_FORMAT = "ALLELE|SYMBOL|EXON|DLOGIT|a_REF|a_ALT|d_REF|d_ALT"

#: The columns of an event in tables, see ``Consequence.cells``.
EVENT_COLUMNS = (
    "event",
    "weight",
    "exon",
    "size",
    "sites",
    "frame",
    "aa_lost",
    "aa_gained",
    "codons_to_stop",
    "nmd",
    "rna",
    "protein",
    "evidence",
)


@dataclass(frozen=True, slots=True)
class Consequence:
    """One splicing event that an allele may cause in a transcript, with the protein that results.

    Attributes:
        allele: the record's ALT text, case kept.
        symbol: the gene's name as the annotation gives it.
        model_key: INFO key of the model.
        transcript_id: ID of the transcript; empty if the annotation does not give one.
        mane: one of ``MANE``.
        event: kind of event, see ``consequence.events``.
        weight: support for it, 0 to 1.
        first_exon, last_exon: numbers of the exons that it touches, from 1 in transcript order; of a retained intron
            and a new exon, that of the exon before.
        n_exons: exons of the transcript.
        size: bases that the event adds or removes.
        sites: kind and 1-based genomic position of each site used instead of an annotated one.
        frame: effect on the reading frame, see ``consequence.frame``.
        aa_lost, aa_gained: amino acids that the protein loses and gains; None if unknown.
        codons_to_stop: codons from the first changed amino acid to a new stop, both included; None without one.
        nmd: whether nonsense-mediated decay is expected, or why not; see ``consequence.nmd``.
        rna, protein: HGVS descriptions, the first with its accession if that is known; empty if nothing changes.
        evidence: criteria of ClinGen that the scores alone would support, see ``consequence.evidence``.
        exons: exons of the predicted transcript in genomic order, 0-based half-open, on REF; None if unknown.
        bases, amino_acids: the predicted transcript's sequence and its protein; empty if unknown.
    """

    allele: str
    symbol: str
    model_key: str
    transcript_id: str
    mane: str
    event: str
    weight: float
    first_exon: int
    last_exon: int
    n_exons: int
    size: int
    sites: tuple[tuple[str, int], ...]
    frame: str
    aa_lost: int | None = None
    aa_gained: int | None = None
    codons_to_stop: int | None = None
    nmd: str = ""
    rna: str = ""
    protein: str = ""
    evidence: tuple[str, ...] = ()
    exons: tuple[tuple[int, int], ...] | None = None
    bases: str = field(default="", repr=False)
    amino_acids: str = field(default="", repr=False)

    @property
    def exon_text(self) -> str:
        """The exons as ``9/24`` or ``9-10/24``; empty if the event touches none."""
        if not self.first_exon:
            return ""
        span = str(self.first_exon) if self.first_exon == self.last_exon else f"{self.first_exon}-{self.last_exon}"
        return f"{span}/{self.n_exons}"

    @property
    def site_texts(self) -> tuple[str, ...]:
        """Each new site, as ``donor:38467720``."""
        return tuple(f"{kind}:{pos}" for kind, pos in self.sites)

    def cells(self) -> tuple[str, ...]:
        """The texts of ``EVENT_COLUMNS``, which INFO has from Consequence on; dots where there is nothing to say."""
        cells = (
            self.event,
            f"{self.weight:.2f}",
            self.exon_text,
            str(self.size) if self.size else "",
            "&".join(self.site_texts),
            self.frame,
            *("" if n is None else str(n) for n in (self.aa_lost, self.aa_gained, self.codons_to_stop)),
            self.nmd,
            self.rna,
            self.protein,
            "&".join(self.evidence),
        )
        return tuple(cell or "." for cell in cells)

    def __str__(self) -> str:
        """The value of the INFO field, percent-encoded where VCF requires it."""
        names = (self.allele, self.symbol, self.transcript_id or ".", self.mane or ".")
        return "|".join(_encoded(text) for text in (*names, *self.cells()))

    @classmethod
    def parse(cls, text: str, model_key: str) -> Consequence:
        """Read a value of the INFO field of a model; the inverse of ``str``, except for rounding and sequences.

        Raises:
            ValueError: the text does not have the parts of ``CSQ_FORMAT``.
        """
        parts = text.split("|")
        if len(parts) != len(CSQ_FORMAT.split("|")):
            raise ValueError(f"INFO/{model_key}_CSQ is malformed: '{text}' has {len(parts)} parts")
        allele, symbol, transcript, mane, event, weight, exon, size, sites, frame, *rest = map(_decoded, parts)
        lost, gained, stop, nmd, rna, protein, evidence = rest
        try:
            span, _, n_exons = exon.partition("/")
            first, _, last = span.partition("-")
            pairs = [site.rpartition(":") for site in sites.split("&") if site]
            numbers = [int(n) if n else None for n in (lost, gained, stop)]
            return cls(
                allele,
                symbol,
                model_key,
                transcript,
                mane,
                event,
                float(weight),
                int(first or 0),
                int(last or first or 0),
                int(n_exons or 0),
                int(size or 0),
                tuple((kind, int(pos)) for kind, _, pos in pairs),
                frame,
                aa_lost=numbers[0],
                aa_gained=numbers[1],
                codons_to_stop=numbers[2],
                nmd=nmd,
                rna=rna,
                protein=protein,
                evidence=tuple(filter(None, evidence.split("&"))),
            )
        except ValueError as error:
            raise ValueError(f"INFO/{model_key}_CSQ is malformed: {error}") from error


@dataclass(frozen=True, slots=True)
class ExonInclusion:
    """How an allele changes the inclusion of an exon, by the probabilities of its two sites.

    Attributes:
        allele, symbol, model_key, transcript_id: as in ``Consequence``.
        exon: number of the exon, from 1 in transcript order.
        dlogit: log-odds of ALT minus those of REF, acceptor and donor together; negative if ALT includes it less.
        acceptor, donor: probabilities of REF and ALT at the annotated site; None for a site that the exon lacks.
    """

    allele: str
    symbol: str
    model_key: str
    transcript_id: str
    exon: int
    dlogit: float
    acceptor: tuple[float, float] | None
    donor: tuple[float, float] | None

    def __str__(self) -> str:
        """The value of the INFO field."""
        pairs = [f"{pair[0]:.4f}|{pair[1]:.4f}" if pair else ".|." for pair in (self.acceptor, self.donor)]
        names = (_encoded(self.allele), _encoded(self.symbol))
        return "|".join((*names, str(self.exon), rounded(self.dlogit, 3), *pairs))

    @classmethod
    def parse(cls, text: str, model_key: str) -> ExonInclusion:
        """Read a value of the INFO field of a model; the transcript is not in it.

        Raises:
            ValueError: the text does not have the parts of ``EXON_FORMAT``, or one of them is not a number.
        """
        try:
            allele, symbol, exon, dlogit, *four = text.split("|")
            pairs = ((one, two) for one, two in (four[:2], four[2:]))
            acceptor, donor = (None if one == "." else (float(one), float(two)) for one, two in pairs)
            return cls(_decoded(allele), _decoded(symbol), model_key, "", int(exon), float(dlogit), acceptor, donor)
        except (ValueError, IndexError) as error:
            raise ValueError(f"INFO/{model_key}_EXON is malformed: '{text}'") from error


def _decoded(text: str) -> str:
    return "" if text == "." else unquote(text)


def _encoded(text: str) -> str:
    """Percent-encode a part; the & that joins several things in one part stays."""
    return "&".join(_NOT_IN_PART.sub(lambda match: quote(match[0], safe=""), part) for part in text.split("&"))
