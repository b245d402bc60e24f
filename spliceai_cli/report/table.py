"""Scores as an aligned table, with their meaning in plain words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from spliceai_cli.report.text_table import FAINT, HEADING, Cell, lay_out
from spliceai_cli.scores.effect import Effect
from spliceai_cli.scores.kind import ScoreKind
from spliceai_cli.scores.sites import KEY, SITES
from spliceai_cli.text import labelled
from spliceai_cli.variants.rows import Row

# Terminal styles of scores, by the authors' cut-offs.
_STYLES = ((0.8, "1;31"), (0.5, "31"), (0.2, "33"))

# The authors' cut-off for high recall (Jaganathan et al. 2019); ClinGen SVI uses it for PP3.
LEAST_SCORE = 0.2


def largest(row: Row) -> float | None:
    """The largest score of a row as printed; None if there is none."""
    return None if row.max_score is None else round(row.max_score, 2)


def reading(row: Row) -> str:
    """The scores in words, largest first, e.g. ``donor gain 0.91, 2 bp upstream``; or why there are none."""
    if row.score is None or row.max_score is None:
        return f"not scored: {row.reason_text}" if row.reason_text else "not scored"
    effects = largest_first(row.score.effects_by_name, LEAST_SCORE)
    said = (read_effect(name, effect, row.score.strand or None) for name, effect in effects)
    return "; ".join(said) or f"no effect predicted (largest {row.max_score:.2f})"


def _cells(row: Row, effects: Iterable[str], *, has_transcripts: bool) -> list[Cell]:
    """The columns: variant, gene, transcript if wanted, the effects named, reading."""
    variant, score = row.variant, row.score
    place = f"{variant.chrom}:{variant.pos} {labelled(variant.ref)}>{labelled(variant.alt)}"
    names = (score.symbol, score.transcript_id or ".") if score else (".", ".")
    by_name = score.effects_by_name if score else {}
    shown = [_effect_cell(by_name[name]) if by_name else Cell(".", FAINT) for name in effects]
    style = _style(largest(row))
    return [Cell(place), *map(Cell, names[: 1 + has_transcripts]), *shown, Cell(reading(row), style)]


def _effect_cell(effect: Effect) -> Cell:
    """A score with its offset, which means nothing for a score that prints as 0.00."""
    text = f"{effect.score:.2f}"
    return Cell(text if text == "0.00" else f"{text} ({effect.offset:+d})", _style(round(effect.score, 2)))


def _style(score: float | None) -> str:
    """The style of a printed score."""
    if not score:
        return FAINT
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


def by_position(rows: Iterable[Row], contigs: Iterable[str] = ()) -> list[Row]:
    """Rows by contig, in the order given or else of appearance, and position; rows of one position keep their order."""
    rows = list(rows)
    order = {chrom: i for i, chrom in enumerate(dict.fromkeys((*contigs, *(row.variant.chrom for row in rows))))}
    return sorted(rows, key=lambda row: (order[row.variant.chrom], row.variant.pos))


def by_score(rows: Iterable[Row]) -> list[Row]:
    """Rows by their largest score as printed, the largest first and those without one last; ties keep their order."""
    pairs = [(row, largest(row)) for row in rows]
    return [row for row, score in sorted(pairs, key=lambda pair: -1.0 if pair[1] is None else pair[1], reverse=True)]


def format_table(
    rows: Iterable[Row], *, has_transcripts: bool = False, width: int | None = None, is_coloured: bool = False
) -> Iterator[str]:
    """Aligned lines, heading first; offsets are in genome orientation, the reading in transcript direction.

    With several models, each gets a table under its name; alleles without a score are in all of these tables.

    Args:
        rows: the rows.
        has_transcripts: whether there is a column with the transcript of each score.
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
        aligned = _aligned(shown, kind, has_transcripts=has_transcripts)
        narrow = (range(len(aligned[0]) - 1 - len(kind.effects), len(aligned[0]) - 1), (0,))
        yield from lay_out(aligned, width=width, narrow=narrow, is_coloured=is_coloured)


def _aligned(rows: Sequence[Row], kind: ScoreKind, *, has_transcripts: bool) -> list[list[Cell]]:
    """A heading and the rows."""
    names = ("GENE", "TRANSCRIPT") if has_transcripts else ("GENE",)
    heading = ("VARIANT", *names, *(effect.short for effect in kind.effects.values()), "READING")
    cells = [_cells(row, kind.effects, has_transcripts=has_transcripts) for row in rows]
    return [[Cell(text, HEADING) for text in heading], *cells]
