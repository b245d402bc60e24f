"""Text above and below the panels: the variant, its effects, how they were computed, and notes on the drawing."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable
from typing import NamedTuple

from matplotlib.figure import Figure

from spliceai_cli.report.plot import style
from spliceai_cli.report.plot.alike import LEAST_VISIBLE
from spliceai_cli.report.plot.scene import Scene
from spliceai_cli.report.plot.sites import locate
from spliceai_cli.report.plot.view import largest_change, whole
from spliceai_cli.report.table import LEAST_SCORE, largest_first, read_effect
from spliceai_cli.scores.score import Score
from spliceai_cli.scoring.profile import Profile
from spliceai_cli.settings.scoring import Settings

# Inches from line to line: in the title, in the lines below it, in the notes.
_TITLE, _LINE, _NOTE = 0.34, 0.25, 0.16
_ROOM = style.WIDTH - 2 * style.EDGE

_TITLE_SIZE = 14.0

# Letters of a note that surely fit on a line.
_NOTE_LETTERS = 120

_MASKS = ("unmasked scores", "masked scores (-M 1)", "masked scores (-M 2)")


class _Part(NamedTuple):
    """A part of a line that is not broken across lines."""

    text: str
    size: float
    color: str
    weight: str = "normal"

    @property
    def width(self) -> float:
        """Width in inches, including the gap to the next part."""
        return style.text_width(self.text, self.size, self.weight) / style.POINTS + 0.22


def heading_height(scene: Scene) -> float:
    """Height of the heading in inches."""
    return _TITLE + _LINE * len(_lines(scene))


def draw_heading(figure: Figure, scene: Scene, top: float) -> None:
    """Draw the variant, its effects in words, its location and how they were computed, ``top`` inches from the top."""
    width = style.text_width(scene.title, _TITLE_SIZE, "bold") / style.POINTS
    style.write(figure, style.EDGE, top, scene.title, size=_TITLE_SIZE * min(1, _ROOM / width), weight="bold")
    top += _TITLE
    for line in _lines(scene):
        left = style.EDGE
        for part in line:
            style.write(figure, left, top, part.text, size=part.size, color=part.color, weight=part.weight)
            left += part.width
        top += _LINE


def notes_height(scene: Scene) -> float:
    """Height of the notes in inches."""
    return _NOTE * len(_notes(scene))


def draw_notes(figure: Figure, scene: Scene, top: float) -> None:
    """Write notes on what the picture leaves out or shows differently, ``top`` inches from the top."""
    for i, note in enumerate(_notes(scene)):
        style.write(figure, style.LEFT, top + i * _NOTE, note, size=7.5, color=style.GREY)


def _lines(scene: Scene) -> list[list[_Part]]:
    return [*_packed(_readings(scene)), *_packed(_Part(text, 8.5, style.GREY) for text in _facts(scene))]


def _packed(parts: Iterable[_Part]) -> list[list[_Part]]:
    """Pack as many parts into each line as there is room for."""
    lines: list[list[_Part]] = []
    free = 0.0
    for part in parts:
        if not lines or part.width > free:
            lines.append([])
            free = _ROOM + 0.22
        lines[-1].append(part)
        free -= part.width
    return lines


def _readings(scene: Scene) -> list[_Part]:
    """The effects in words, gains and losses in their colours."""
    score, strand = scene.profile.score, scene.profile.gene.strand
    effects = largest_first(score.effects_by_name, LEAST_SCORE)
    if not effects:
        return [_Part(f"no effect predicted (largest score {score.max_score:.2f})", 11, style.GREY, "bold")]
    names = score.kind.effects
    return [
        _Part(read_effect(name, effect, strand), 11, style.GAIN if names[name].is_gain else style.LOSS, "bold")
        for name, effect in effects
    ]


def _facts(scene: Scene) -> list[str]:
    profile, settings = scene.profile, scene.settings
    gene = profile.gene
    return [
        f"{gene.symbol} on the {'+' if gene.strand == '+' else '−'} strand",
        *([gene.transcript_id] if gene.transcript_id not in ("", gene.symbol) else []),
        locate(profile),
        f"{profile.model_key}, ±{settings.distance:,} bp",
        _MASKS[settings.mask],
        *scene.made_with,
        *([_near(profile)] if profile.near is not None else []),
    ]


def _near(profile: Profile) -> str:
    """The score within the default distance, which ``annotate`` and ``score`` print."""
    assert profile.near is not None
    there = f"within ±{Settings.distance} bp, the default of annotate and score"
    words, words_here = (_in_words(score, profile.gene.strand) for score in (profile.near, profile.score))
    return f"{there}, the same" if words == words_here else f"{there}: {words}"


def _in_words(score: Score, strand: str) -> str:
    effects = largest_first(score.effects_by_name, LEAST_SCORE)
    words = "; ".join(read_effect(name, effect, strand) for name, effect in effects)
    return words or f"no effect (largest score {score.max_score:.2f})"


def _notes(scene: Scene) -> list[str]:
    scored = whole(scene.profile)
    notes = [f"Scored: {scored.start + 1:,}–{scored.end:,}."]
    if scene.view != scored:
        largest = largest_change(scene.profile, scene.view)
        notes[0] += f" Largest change of a probability outside of what is shown: {largest:.2f}."
    replaced, n_inserted = scene.profile.replaced, scene.profile.n_inserted
    if n_inserted > replaced.length:
        notes.append("Inserted bases stand at the base before them, with the largest of their probabilities.")
    if n_inserted < replaced.length:
        notes.append("Deleted bases have probability 0 in ALT.")
    return notes + _alike(scene)


def _alike(scene: Scene) -> list[str]:
    """The transcripts that are not drawn because they look the same, with their largest scores, line by line."""
    if not scene.others:
        return []
    names = [f"{other.gene.transcript_id or 'another'} ({other.score.max_score:.2f})" for other in scene.others]
    text = f"Probabilities within {LEAST_VISIBLE:.2f} of these, largest score in parentheses: {', '.join(names)}."
    return textwrap.wrap(text, _NOTE_LETTERS, break_long_words=False)
