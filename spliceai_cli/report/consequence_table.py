"""Consequences as an aligned table: for each allele and transcript, a line in words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from spliceai_cli.consequence.events import NO_EFFECT
from spliceai_cli.consequence.words import in_words
from spliceai_cli.report.text_table import FAINT, HEADING, Cell, lay_out
from spliceai_cli.scores.consequence import Consequence
from spliceai_cli.text import labelled, rounded
from spliceai_cli.variants.rows import Row, mane_first
from spliceai_cli.variants.variant import Variant


def format_consequences(rows: Iterable[Row], *, width: int | None = None, is_coloured: bool = False) -> Iterator[str]:
    """An empty line, and aligned lines, heading first; nothing if no row has consequences.

    Alleles are in the order of the rows; the transcripts of each begin with those of MANE. With several models, each
    line names its own.

    Args:
        rows: the rows.
        width: width of the terminal, which the lines fit if words allow it; None for lines of any length.
        is_coloured: whether lines without an effect are faint.
    """
    by_allele: dict[tuple[int, Variant], list[Row]] = {}
    for row in rows:
        if row.consequences:
            by_allele.setdefault((row.line, row.variant), []).append(row)
    shown = [row for of_one in by_allele.values() for row in mane_first(of_one)]
    if not shown:
        return
    has_models = len({row.model_key for row in shown}) > 1
    names = ("VARIANT", "GENE", "TRANSCRIPT", *(("MODEL_KEY",) if has_models else ()), "CONSEQUENCE")
    cells = [line for row in shown for line in _lines(row, has_models=has_models)]
    yield ""
    yield from lay_out(
        [[Cell(name, HEADING) for name in names], *cells], width=width, narrow=((0,),), is_coloured=is_coloured
    )


def _lines(row: Row, *, has_models: bool) -> Iterator[list[Cell]]:
    """A line for each transcript; the events of a transcript are neighbours."""
    variant = row.variant
    place = f"{variant.chrom}:{variant.pos} {labelled(variant.ref)}>{labelled(variant.alt)}"
    for transcript, events in groupby(row.consequences, key=lambda one: one.transcript_id):
        found = list(events)
        names = (place, found[0].symbol, transcript or ".", *((row.model_key or ".",) if has_models else ()))
        style = FAINT if all(one.event == NO_EFFECT for one in found) else ""
        yield [*map(Cell, names), Cell(_said(row, found), style)]


def _said(row: Row, events: Sequence[Consequence]) -> str:
    """The events of a transcript in words, with their weights if there are several, and the log-odds of its exons."""
    said = [f"{one.weight:.2f} {in_words(one)}" if len(events) > 1 else in_words(one) for one in events]
    own = [one for one in row.inclusions if one.transcript_id == events[0].transcript_id]
    return "; ".join((*said, *(f"exon {one.exon} log-odds {rounded(one.dlogit, 2, '+')}" for one in own)))
