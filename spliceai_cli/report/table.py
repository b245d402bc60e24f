"""Scores as an aligned table with a reading in plain words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from spliceai_cli.genes.index import GeneIndex
from spliceai_cli.info import KEY, DeltaScore
from spliceai_cli.vcf import Record

_NAMES = ("acceptor gain", "acceptor loss", "donor gain", "donor loss")
# As in INFO: DS and, in parentheses, DP of acceptor gain and loss, donor gain and loss.
_HEADING = ("VARIANT", "GENE", "AG", "AL", "DG", "DL", "READING")

# The authors' cut-off for high recall (Jaganathan et al. 2019); ClinGen SVI uses it for PP3.
LEAST_SCORE = 0.2


@dataclass(frozen=True, slots=True)
class Row:
    """One allele in one gene."""

    record: Record
    score: DeltaScore
    strand: str | None

    @property
    def cells(self) -> tuple[str, ...]:
        """Texts of the columns."""
        alleles = f"{_short(self.record.ref)}>{_short(self.score.allele)}"
        shown = [f"{effect.score:.2f} ({effect.offset:+d})" for effect in self.score.effects] or ["."] * len(_NAMES)
        return (f"{self.record.chrom}:{self.record.pos} {alleles}", self.score.symbol, *shown, self.reading)

    @property
    def reading(self) -> str:
        """What the scores say, e.g. ``donor gain 0.91, 2 bp upstream``, largest first."""
        if self.score.is_missing:
            return "not scored"
        named = sorted(zip(self.score.effects, _NAMES, strict=True), key=lambda pair: pair[0].score, reverse=True)
        said = [
            f"{name} {effect.score:.2f}, {_place(effect.offset, self.strand)}"
            for effect, name in named
            if round(effect.score, 2) >= LEAST_SCORE
        ]
        return "; ".join(said) or f"no effect predicted (largest {self.score.max_score:.2f})"


def read_rows(records: Iterable[Record], genes: GeneIndex) -> Iterator[Row]:
    """The scores in annotated records, with the strand of each gene (None if the annotation does not have it).

    Raises:
        ValueError: INFO/SpliceAI does not have its ten fields.
    """
    for record in records:
        for text in record.values(KEY):
            if text == ".":
                continue
            score = DeltaScore.parse(text)
            found = genes.overlapping(record.chrom, record.pos - 1, record.pos - 1 + len(record.ref))
            strand = next((gene.strand for gene in found if score.symbol in gene.names), None)
            yield Row(record, score, strand)


def format_table(rows: Iterable[Row]) -> Iterator[str]:
    """Aligned lines, heading first; offsets in genome orientation, the reading in transcript direction."""
    cells = [_HEADING, *(row.cells for row in rows)]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    for line in cells:
        yield "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()


def _place(offset: int, strand: str | None) -> str:
    if offset == 0:
        return "at the variant"
    if strand is None:
        return f"{offset:+d} bp"
    return f"{abs(offset)} bp {'upstream' if (offset < 0) == (strand == '+') else 'downstream'}"


def _short(allele: str) -> str:
    return allele if len(allele) <= 12 else f"{allele[:4]}…({len(allele)} bp)"  # noqa: PLR2004
