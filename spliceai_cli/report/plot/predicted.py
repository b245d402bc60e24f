"""The exons of a predicted transcript below the annotated ones, with the changes of their inclusion."""

from __future__ import annotations

from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from spliceai_cli.consequence.events import NO_EFFECT
from spliceai_cli.consequence.words import in_words
from spliceai_cli.genome.coords import Interval
from spliceai_cli.report.plot import style
from spliceai_cli.report.plot.scene import Scene
from spliceai_cli.scores.consequence import Consequence, ExonInclusion

#: Height of a panel in inches.
PREDICTED = 0.42

# Height of a line of text in inches, and the size of its letters.
_LINE_HEIGHT, _SIZE = 0.16, 7.5

# Height of the intron line, and half the height of an exon, as fractions of the panel's height.
_LINE, _HALF = 0.25, 0.2


def shown_consequences(scene: Scene) -> tuple[Consequence, ...]:
    """The consequences that change a transcript whose exons are known."""
    found = scene.profile.consequences
    return tuple(one for one in found if one.event != NO_EFFECT and one.exons is not None)


def draw_predicted(axes: Axes, scene: Scene, found: Consequence) -> None:
    """Draw the predicted exons in view; those that the annotation does not have as they are stand out."""
    gene, view = scene.profile.gene, scene.view
    axes.set_ylim(0, 1)
    start, end = max(gene.start, view.start), min(gene.end, view.end)
    axes.plot([start + 0.5, end + 0.5], [_LINE, _LINE], color=style.GREY, linewidth=1, solid_capstyle="butt")
    annotated = set(gene.exons)
    for exon in (Interval(*pair) for pair in found.exons or ()):
        if not exon.overlaps(*view):
            continue
        left, right = (x + 0.5 for x in scene.shown(*exon))
        color = style.EXON if exon in annotated else style.INK
        box = Rectangle((left, _LINE - _HALF), right - left, 2 * _HALF, facecolor=color, linewidth=0, zorder=2)
        axes.add_patch(box)
    text = f"{found.weight:.2f}  {in_words(found)}"
    axes.text(0, 0.98, text, transform=axes.transAxes, ha="left", va="top", size=_SIZE, color=style.INK)
    style.write_beside(axes, 0.25, "predicted", size=_SIZE)


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
    return f"exon {inclusion.exon} log-odds {inclusion.dlogit:+.2f} ({sites})"
