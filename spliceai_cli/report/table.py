"""Scores as an aligned table, with their meaning in plain words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from spliceai_cli.genes.gene import Gene
from spliceai_cli.report.text_table import Cell, lay_out
from spliceai_cli.scores.effect import Effect
from spliceai_cli.scores.kind import ScoreKind
from spliceai_cli.scores.score import Score
from spliceai_cli.scores.sites import KEY, SITES
from spliceai_cli.text import labelled
from spliceai_cli.variants.variant import Variant

if TYPE_CHECKING:
    from spliceai_cli.lookup import Answer

# Terminal styles of scores by the authors' cut-offs, of what is no effect, and of headings.
_STYLES = ((0.8, "1;31"), (0.5, "31"), (0.2, "33"))
_FAINT, _HEADING = "2", "1"

# The authors' cut-off for high recall (Jaganathan et al. 2019); ClinGen SVI uses it for PP3.
LEAST_SCORE = 0.2


@dataclass(frozen=True, slots=True)
class Row:
    """One allele in one gene, or the reason why it has no score.

    Attributes:
        variant: the allele.
        score: the allele's score; None if it has none.
        gene: the gene, for its strand and ID; None if it is not known.
        reason: reason in words why the allele has no score; None if it has one, or if the reason is not known.
        code: the reason's code, as far as it is known.
        transcript: text to show for the score's transcript; None to show nothing.
    """

    variant: Variant
    score: Score | None = None
    gene: Gene | None = None
    reason: str | None = None
    code: str | None = None
    transcript: str | None = None

    @property
    def strand(self) -> str | None:
        """Strand of the gene, if known."""
        return self.gene.strand if self.gene else None

    @property
    def gene_id(self) -> str | None:
        """ID of the gene, if known."""
        return self.gene.gene_id or None if self.gene else None

    @property
    def largest(self) -> float | None:
        """The largest score, as printed; None if there is none."""
        effects = self._effects
        return round(max(effect.score for effect in effects.values()), 2) if effects else None

    @property
    def reading(self) -> str:
        """The scores in words, largest first, e.g. ``donor gain 0.91, 2 bp upstream``; or why there are none."""
        if self.largest is None:
            return f"not scored: {self.reason}" if self.reason else "not scored"
        said = (read_effect(name, effect, self.strand) for name, effect in largest_first(self._effects, LEAST_SCORE))
        return "; ".join(said) or f"no effect predicted (largest {self.largest:.2f})"

    def cells(self, effects: Iterable[str], *, has_transcripts: bool) -> list[Cell]:
        """The columns: variant, gene, transcript if any row has one, the effects named, reading."""
        variant, by_name = self.variant, self._effects
        place = f"{variant.chrom}:{variant.pos} {labelled(variant.ref)}>{labelled(variant.alt)}"
        names = (self.score.symbol if self.score else ".", *([self.transcript or "."] if has_transcripts else ()))
        shown = [_effect_cell(by_name[name]) if by_name else Cell(".", _FAINT) for name in effects]
        return [Cell(place), *map(Cell, names), *shown, Cell(self.reading, _style(self.largest))]

    @property
    def _effects(self) -> dict[str, Effect]:
        return self.score.effects_by_name if self.score else {}


def _effect_cell(effect: Effect) -> Cell:
    """A score with its offset, which means nothing for a score that prints as 0.00."""
    text = f"{effect.score:.2f}"
    return Cell(text if text == "0.00" else f"{text} ({effect.offset:+d})", _style(round(effect.score, 2)))


def _style(score: float | None) -> str:
    """The style of a printed score."""
    if not score:
        return _FAINT
    return next((style for least, style in _STYLES if score >= least), "")


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


def rows_of(answers: Iterable[Answer], *, has_transcripts: bool = False) -> Iterator[Row]:
    """Rows of the table: one per gene for each answer, or one that says why there is no score.

    Args:
        answers: the answers.
        has_transcripts: whether to show the transcript of each score.
    """
    for answer in answers:
        variant, skip, reason = answer.outcome.variant, answer.outcome.reason, answer.reason
        code = skip.code if skip else None
        rows = [
            Row(variant, score, gene, reason, code, score.transcript_id if has_transcripts else None)
            for score, gene in answer.scored
        ]
        yield from rows or [Row(variant, reason=reason, code=code)]


def by_position(rows: Iterable[Row], contigs: Iterable[str] = ()) -> list[Row]:
    """Rows by contig, in the order given or else of appearance, and position; rows of one position keep their order."""
    rows = list(rows)
    order = {chrom: i for i, chrom in enumerate(dict.fromkeys((*contigs, *(row.variant.chrom for row in rows))))}
    return sorted(rows, key=lambda row: (order[row.variant.chrom], row.variant.pos))


def by_score(rows: Iterable[Row]) -> list[Row]:
    """Rows by their largest score as printed, the largest first and those without one last; ties keep their order."""
    return sorted(rows, key=lambda row: -1.0 if row.largest is None else row.largest, reverse=True)


def format_table(rows: Iterable[Row], *, width: int | None = None, is_coloured: bool = False) -> Iterator[str]:
    """Aligned lines, heading first; offsets are in genome orientation, the reading in transcript direction.

    With several models, each gets a table under its name; alleles without a score are in all of these tables.

    Args:
        rows: the rows.
        width: width of the terminal, which the lines fit if words allow it; None for lines of any length.
        is_coloured: whether to colour scores by the cut-offs of the authors.
    """
    rows = list(rows)
    # By kind as well: values of one key may be of several kinds, where files of several programs were joined.
    tables = list(dict.fromkeys((row.score.model_key, row.score.kind) for row in rows if row.score)) or [(KEY, SITES)]
    for i, (key, kind) in enumerate(tables):
        if len(tables) > 1:
            yield from [*([""] if i else []), f"{key}:"]
        shown = [row for row in rows if row.score is None or (row.score.model_key, row.score.kind) == (key, kind)]
        yield from _aligned(shown, kind, width=width, is_coloured=is_coloured)


def _aligned(rows: Sequence[Row], kind: ScoreKind, *, width: int | None, is_coloured: bool) -> Iterator[str]:
    effects = kind.effects
    has_transcripts = any(row.transcript is not None for row in rows)
    names = ("GENE", "TRANSCRIPT") if has_transcripts else ("GENE",)
    heading = ("VARIANT", *names, *(effect.short for effect in effects.values()), "READING")
    cells = [[Cell(text, _HEADING) for text in heading]]
    cells += [row.cells(effects, has_transcripts=has_transcripts) for row in rows]
    with_offsets = range(1 + len(names), 1 + len(names) + len(effects))
    yield from lay_out(cells, width=width, narrow=(with_offsets, (0,)), is_coloured=is_coloured)
