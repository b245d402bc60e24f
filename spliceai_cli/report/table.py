"""Scores as an aligned table, with their meaning in plain words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from spliceai_cli.genes.index import GeneIndex
from spliceai_cli.scores.effect import Effect
from spliceai_cli.scores.kinds import parse_score
from spliceai_cli.scores.score import Score
from spliceai_cli.scores.sites import KEY, SITES
from spliceai_cli.scores.value_text import parse_value
from spliceai_cli.text import counted, labelled
from spliceai_cli.variants.variant import Variant
from spliceai_cli.vcf.reader import Record

if TYPE_CHECKING:
    from spliceai_cli.lookup import Answer

# The authors' cut-off for high recall (Jaganathan et al. 2019); ClinGen SVI uses it for PP3.
LEAST_SCORE = 0.2


@dataclass(frozen=True, slots=True)
class Row:
    """One allele in one gene, or the reason why it has no score.

    Attributes:
        variant: the allele.
        score: the allele's score; None if it has none.
        strand: strand of the gene, if known.
        reason: reason in words why the allele has no score; None if it has one, or if the reason is not known.
        transcript: text to show for the score's transcript; None to show nothing.
    """

    variant: Variant
    score: Score | None = None
    strand: str | None = None
    reason: str | None = None
    transcript: str | None = None

    def cells(self, effects: Iterable[str], *, has_transcripts: bool) -> tuple[str, ...]:
        """Texts of the columns: variant, gene, transcript if any row has one, the effects named, reading."""
        variant, by_name = self.variant, self._effects
        place = f"{variant.chrom}:{variant.pos} {labelled(variant.ref)}>{labelled(variant.alt)}"
        shown = [f"{by_name[name].score:.2f} ({by_name[name].offset:+d})" if by_name else "." for name in effects]
        names = (self.score.symbol if self.score else ".", *([self.transcript or "."] if has_transcripts else ()))
        return (place, *names, *shown, self.reading)

    @property
    def reading(self) -> str:
        """The scores in words, largest first, e.g. ``donor gain 0.91, 2 bp upstream``; or why there are none."""
        effects = self._effects
        if not effects:
            return f"not scored: {self.reason}" if self.reason else "not scored"
        said = (read_effect(name, effect, self.strand) for name, effect in largest_first(effects, LEAST_SCORE))
        largest = max(effect.score for effect in effects.values())
        return "; ".join(said) or f"no effect predicted (largest {largest:.2f})"

    @property
    def _effects(self) -> dict[str, Effect]:
        return self.score.effects_by_name if self.score else {}


def largest_first(effects: Mapping[str, Effect], least: float) -> list[tuple[str, Effect]]:
    """Effects with their names, largest first, whose printed score is at least ``least``; ties keep their order."""
    shown = [(name, effect) for name, effect in effects.items() if round(effect.score, 2) >= least]
    return sorted(shown, key=lambda pair: pair[1].score, reverse=True)


def read_effect(name: str, effect: Effect, strand: str | None) -> str:
    """An effect in words, e.g. ``donor gain 0.91, 2 bp upstream``; in transcript direction if the strand is known."""
    return f"{name.replace('_', ' ')} {effect.score:.2f}, {read_offset(effect.offset, strand)}"


def read_offset(offset: int, strand: str | None) -> str:
    """An offset in words, e.g. ``2 bp upstream``; in transcript direction if the strand is known."""
    if offset == 0:
        return "at the variant"
    if strand is None:
        return f"{offset:+d} bp"
    return f"{abs(offset)} bp {'upstream' if (offset < 0) == (strand == '+') else 'downstream'}"


def read_rows(records: Iterable[Record], keys: Sequence[str], genes: GeneIndex) -> Iterator[Row]:
    """The scores in annotated records, with the strand of each gene (None if the annotation does not have the gene).

    Raises:
        ValueError: the values of an INFO field are malformed.
    """
    for record in records:
        texts = [(key, *pair) for key in keys for pair in _with_transcripts(record, key)]
        for model, text, transcript in texts:
            if text == ".":
                continue
            score = parse_score(text, model, record.alts[0])
            candidates = genes.overlapping(record.chrom, record.pos - 1, record.pos - 1 + len(record.ref))
            strand = next((gene.strand for gene in candidates if score.symbol in gene.names), None)
            variant = Variant._make((record.chrom, record.pos, record.ref, score.allele, None))
            yield Row(variant, score, strand, transcript=transcript)


def _with_transcripts(record: Record, key: str) -> Iterator[tuple[str, str | None]]:
    """The values of a key, each with its transcript; None if the record does not give transcripts.

    Raises:
        ValueError: there are more or fewer transcripts than values.
    """
    texts, transcripts = record.values(key), record.values(f"{key}_TX")
    if not transcripts:
        yield from ((text, None) for text in texts)
    elif texts and len(texts) != len(transcripts):
        raise ValueError(
            f"line {record.line_number} has {counted(len(texts), 'values')} of INFO/{key} and {len(transcripts)} of "
            f"INFO/{key}_TX"
        )
    else:
        yield from zip(texts, map(parse_value, transcripts), strict=False)


def rows_of(answers: Iterable[Answer]) -> Iterator[Row]:
    """Rows of the table: one per gene for each answer, or one that says why there is no score."""
    for answer in answers:
        variant, reason = answer.outcome.variant, answer.reason
        rows = [Row(variant, score, gene.strand if gene else None, reason) for score, gene in answer.scored]
        yield from rows or [Row(variant, reason=reason)]


def format_table(rows: Iterable[Row]) -> Iterator[str]:
    """Aligned lines, heading first; offsets are in genome orientation, the reading in transcript direction.

    With several models, each gets a table under its name; alleles without a score are in all of these tables.
    """
    rows = list(rows)
    models = list(dict.fromkeys(row.score.model_key for row in rows if row.score)) or [KEY]
    for i, model in enumerate(models):
        if len(models) > 1:
            yield from [*([""] if i else []), f"{model}:"]
        yield from _aligned([row for row in rows if row.score is None or row.score.model_key == model])


def _aligned(rows: Sequence[Row]) -> Iterator[str]:
    effects = next((row.score.kind for row in rows if row.score), SITES).effects
    has_transcripts = any(row.transcript is not None for row in rows)
    names = ("GENE", "TRANSCRIPT") if has_transcripts else ("GENE",)
    cells = [("VARIANT", *names, *(effect.short for effect in effects.values()), "READING")]
    cells += [row.cells(effects, has_transcripts=has_transcripts) for row in rows]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    for line in cells:
        yield "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
