"""The exons of a predicted transcript below the annotated ones, with the changes of their inclusion."""

from __future__ import annotations

from typing import Any

from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from spliceai_cli.consequence.events import NO_EFFECT
from spliceai_cli.consequence.words import in_words
from spliceai_cli.genome.coords import Interval
from spliceai_cli.report.plot import style
from spliceai_cli.report.plot.scene import Scene
from spliceai_cli.scores.consequence import Consequence, ExonInclusion
from spliceai_cli.text import rounded

#: Height of a panel in inches.
PREDICTED = 0.46

# Height of a line of text in inches, and the size of its letters.
_LINE_HEIGHT, _SIZE = 0.16, 7.5

# Height of the intron line, half the height of an exon, and the foot of the text, as fractions of the panel's height.
# The text is nearer to its own strip than to the one above.
_LINE, _HALF, _TEXT = 0.2, 0.18, 0.44


def shown_consequences(scene: Scene) -> tuple[Consequence, ...]:
    """The consequences that change a transcript whose exons are known."""
    found = scene.profile.consequences
    return tuple(one for one in found if one.event != NO_EFFECT and one.exons is not None)


def draw_predicted(axes: Axes, scene: Scene, found: Consequence) -> None:
    """Draw the predicted exons in view; those that the annotation does not have as they are stand out.

    Annotated exons that the transcript lacks are dashed outlines.
    """
    gene, view = scene.profile.gene, scene.view
    axes.set_ylim(0, 1)
    start, end = max(gene.start, view.start), min(gene.end, view.end)
    axes.plot([start + 0.5, end + 0.5], [_LINE, _LINE], color=style.GREY, linewidth=1, solid_capstyle="butt")
    exons = [Interval(*pair) for pair in found.exons or ()]
    for exon in exons:
        _box(axes, scene, exon, facecolor=style.EXON if exon in gene.exons else style.INK, linewidth=0)
    for exon in gene.exons:
        if not any(exon.overlaps(*kept) for kept in exons):
            _box(axes, scene, exon, facecolor="white", edgecolor=style.GREY, linewidth=0.8, linestyle=(0, (3, 2)))
    text = f"{found.weight:.2f}  {in_words(found)}"
    axes.text(0, _TEXT, text, transform=axes.transAxes, ha="left", va="bottom", size=_SIZE, color=style.INK)
    style.write_beside(axes, _LINE, "predicted", size=_SIZE)


def _box(axes: Axes, scene: Scene, exon: Interval, **looks: Any) -> None:  # noqa: ANN401 (of matplotlib)
    """Draw the part of an exon that is in view."""
    if exon.overlaps(*scene.view):
        left, right = (x + 0.5 for x in scene.shown(*exon))
        axes.add_patch(Rectangle((left, _LINE - _HALF), right - left, 2 * _HALF, zorder=2, **looks))


def inclusion_height(scene: Scene) -> float:
    """Height of the changes of inclusion in inches; 0 without any."""
    return _LINE_HEIGHT * len(_lines(scene))


def draw_inclusions(axes: Axes, scene: Scene) -> None:
    """Write how the log-odds of exons change, and the probabilities that they come from."""
    axes.set_ylim(0, 1)
    lines = _lines(scene)
    for i, line in enumerate(lines):
        y = 1 - (i + 0.5) / len(lines)
        axes.text(0, y, line, transform=axes.transAxes, ha="left", va="center", size=_SIZE, color=style.INK)
    style.write_beside(axes, 1 - 0.5 / len(lines), "inclusion", size=_SIZE)


def _lines(scene: Scene) -> list[str]:
    """The changes, as many on a line as there is room for."""
    lines: list[str] = []
    for text in map(_inclusion_in_words, scene.profile.inclusions):
        longer = f"{lines[-1]};  {text}" if lines else text
        if lines and style.text_width(longer, _SIZE) <= style.PANEL * style.POINTS:
            lines[-1] = longer
        else:
            lines.append(text)
    return lines


def _inclusion_in_words(inclusion: ExonInclusion) -> str:
    pairs = (("acceptor", inclusion.acceptor), ("donor", inclusion.donor))
    sites = ", ".join(f"{kind} {pair[0]:.3f} → {pair[1]:.3f}" for kind, pair in pairs if pair)
    return f"exon {inclusion.exon} log-odds {rounded(inclusion.dlogit, 2, '+')} ({sites})"
