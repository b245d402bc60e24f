"""Labels that describe effects, placed beside their lollipops where they hide least."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle
from matplotlib.transforms import Affine2D, Transform

from spliceai_cli.report.plot import style
from spliceai_cli.report.plot.scene import Scene
from spliceai_cli.report.plot.sites import LEAST_SITE, Mark, Site
from spliceai_cli.report.table import read_effect

#: Highest probability of a panel's scale, with room above a lollipop of 1.0 for its number.
TOP = 1.25

#: Half the width of a lollipop's head with a gap, in points.
HEAD = 5.0

# In points: size of the text, distance between lines, gap from a lollipop to its label, height and width of a panel.
_SIZE, _LEADING, _PAD = 9.0, 11.5, 9.0
_HEIGHT, _WIDTH = style.TRACK * style.POINTS, style.PANEL * style.POINTS

# Distances in points by which a label may be moved away, and the cost per point. Covering a lollipop costs 1, covering
# the allele's line less. A line to the label that crosses them costs half of that.
_SHIFTS = (0.0, 20.0, 40.0, 70.0, 110.0, 160.0, 220.0, 300.0)
_SHIFT_COST = 0.003
_LINE_COST = 0.05
_CROSSED = 0.5


class _Spot(NamedTuple):
    """A possible position of a label, in points from the lower left corner of the panel.

    Attributes:
        x: the end of the label that is nearer to its lollipop.
        is_right: whether the label extends to the right of ``x``.
        shift: distance by which it is moved away.
        n_covered: cost of the things it covers; infinite if it does not fit.
        n_crossed: cost of the things that the line to it crosses.
    """

    x: float
    is_right: bool
    shift: float
    n_covered: float = 0.0
    n_crossed: float = 0.0

    def left(self, width: float) -> float:
        """Left end of a label with this width."""
        return self.x if self.is_right else self.x - width


def draw_label(axes: Axes, scene: Scene, sites: Sequence[Site], mark: Mark) -> None:
    """Draw an effect in words: a gain beside the lollipop of ALT, a loss beside that of REF.

    Args:
        axes: the panel's axes.
        scene: the scene that is drawn.
        sites: the sites shown in this panel.
        mark: the effect.
    """
    lines = _words(scene, mark)
    sizes, width = _sizes(lines), _width(lines)
    spot = _free_spot(scene, sites, mark, width)
    color = style.GAIN if mark.is_gain else style.LOSS
    value = (mark.effect.alt if mark.is_gain else mark.effect.ref) or 0.0
    head = (0.5 + (-value if mark.is_gain else value) / (2 * TOP)) * _HEIGHT
    height = _LEADING * len(lines)
    lowest = 3.0 if mark.is_gain else _HEIGHT / 2 + 5
    bottom = min(max(head - height / 2, lowest), lowest + _HEIGHT / 2 - 8 - height)
    if spot.n_covered:
        box = Rectangle((spot.left(width) - 2, bottom), width + 4, height, facecolor="white", linewidth=0)
        box.set(alpha=0.85, zorder=4, transform=_from_points(axes))
        axes.add_artist(box)
    if spot.shift:
        near = spot.x - 2 if spot.is_right else spot.x + 2
        ends = ([scene.x_points(mark.pos), near], [head, bottom + height - _LEADING / 2])
        axes.add_line(Line2D(*ends, color=color, linewidth=0.6, zorder=2.8, transform=_from_points(axes)))
    for i, (line, size) in enumerate(zip(lines, sizes, strict=True)):
        y = bottom + height - _LEADING * (i + 0.5)
        text = axes.text(spot.x, y, line, size=size, ha="left" if spot.is_right else "right", va="center_baseline")
        text.set(color=style.INK if i else color, weight="normal" if i else "bold", zorder=5)
        text.set_transform(_from_points(axes))


def label_share(scene: Scene) -> float:
    """Room that the widest label needs if it is moved away once, as a fraction of the panel's width."""
    return max((_width(_words(scene, mark)) + _PAD + _SHIFTS[1] for mark in scene.marks), default=0.0) / _WIDTH


def hidden_by_labels(scene: Scene) -> float:
    """Cost of what the labels of a scene hide, cross, and stand away from."""
    return sum(
        _cost(_free_spot(scene, scene.sites_in_view(mark.track), mark, _width(_words(scene, mark))))
        for mark in scene.marks
    )


def _sizes(lines: Sequence[str]) -> list[float]:
    return [_SIZE, *(_SIZE - 1 for _ in lines[1:])]


def _width(lines: Sequence[str]) -> float:
    """Width of a label in points; only its first line is bold."""
    weights = ("bold", *("normal" for _ in lines[1:]))
    return max(map(style.text_width, lines, _sizes(lines), weights))


def _from_points(axes: Axes) -> Transform:
    """Transform from points, counted from the lower left corner of a panel."""
    return Affine2D().scale(1 / _WIDTH, 1 / _HEIGHT) + axes.transAxes


def _words(scene: Scene, mark: Mark) -> list[str]:
    effect = mark.effect
    known = next((site.known for site in scene.sites if site.pos == mark.pos and site.track == mark.track), "")
    lines = [read_effect(mark.name, effect, scene.profile.gene.strand)]
    if effect.ref is not None and effect.alt is not None:
        lines.append(f"REF {effect.ref:.2f} → ALT {effect.alt:.2f} at {mark.pos:,}")
    return [*lines, f"annotated {known}" if known else "not an annotated site"]


def _free_spot(scene: Scene, sites: Sequence[Site], mark: Mark, width: float) -> _Spot:
    """The spot in the panel where a label hides least and is near; ties take the nearest, and right before left."""
    covered = [(scene.x_points(site.pos), 1.0) for site in sites if site.pos != mark.pos and _is_beside(site, mark)]
    start, end = scene.profile.replaced
    covered += [(scene.x_points(pos), _LINE_COST) for pos in {start + 1, end}]

    def judged(spot: _Spot) -> _Spot:
        left = spot.left(width)
        if left < 0 or left + width > _WIDTH:
            return spot._replace(n_covered=float("inf"))
        n_covered = sum(cost for x, cost in covered if left - HEAD < x < left + width + HEAD)
        ends = sorted((here, spot.x))
        n_crossed = sum(cost for x, cost in covered if ends[0] < x < ends[1]) if spot.shift else 0.0
        return spot._replace(n_covered=n_covered, n_crossed=n_crossed)

    here = scene.x_points(mark.pos)
    return min(map(judged, _spots(here)), key=_cost)


def _cost(spot: _Spot) -> float:
    return spot.n_covered + _CROSSED * spot.n_crossed + _SHIFT_COST * spot.shift


def _is_beside(site: Site, mark: Mark) -> bool:
    """Whether a site has a lollipop, solid or dashed, in the half of the panel that holds the mark's label."""
    return max(site.ref, site.alt) >= LEAST_SITE if mark.is_gain else site.ref >= LEAST_SITE


def _spots(here: float) -> Iterator[_Spot]:
    for shift in _SHIFTS:
        yield _Spot(here + _PAD + shift, is_right=True, shift=shift)
        yield _Spot(here - _PAD - shift, is_right=False, shift=shift)
