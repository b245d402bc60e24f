"""The gene's panels: an overview of its transcript, and the part that is shown in detail."""

from __future__ import annotations

from itertools import pairwise

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Polygon, Rectangle

from spliceai_cli.report.plot import style
from spliceai_cli.report.plot.scene import Scene
from spliceai_cli.report.plot.sites import exon_number

# Height of the intron line, and half the height of an exon, as fractions of the panel's height.
_LINE, _HALF = 0.3, 0.2

# Top of the allele's line, which is below the allele's name.
_ALLELE = 0.78

_N_ARROWS = 24
_DASHED = (0, (2, 2))


def draw_overview(axes: Axes, scene: Scene) -> None:
    """Draw the whole transcript, with the position of the allele."""
    gene = scene.profile.gene
    axes.set_xlim(gene.start, gene.end)
    axes.set_ylim(0, 1)
    axes.plot([gene.start, gene.end], [0.35, 0.35], color=style.GREY, linewidth=0.8, solid_capstyle="butt", zorder=1)
    for exon in gene.exons:
        # The edge keeps an exon visible that is narrower than a pixel.
        box = Rectangle((exon.start, 0.15), exon.length, 0.4, facecolor=style.EXON, edgecolor=style.EXON, linewidth=0.5)
        axes.add_patch(box).set_zorder(2)
    pos = min(max(scene.profile.variant.pos, gene.start), gene.end)
    axes.plot([pos], [0.85], marker="v", color=style.INK, markersize=5, clip_on=False)
    _label_ends(axes, scene, 0.35)
    style.write_beside(axes, 0.65, "transcript", size=7.5)
    style.write_beside(axes, 0.1, f"{gene.end - gene.start:,} bp", size=7.5)


def draw_wedge(figure: Figure, scene: Scene, top: float, height: float) -> None:
    """Draw a wedge from the part shown, in the overview that ends at ``top`` inches, to the panels that show it."""
    gene, total = scene.profile.gene, figure.get_figheight()
    ends = [min(max((x - gene.start) / (gene.end - gene.start), 0.0), 1.0) for x in scene.view]
    left, right, first, last = ((style.LEFT + style.PANEL * x) / style.WIDTH for x in (*ends, 0, 1))
    upper, lower = 1 - top / total, 1 - (top + height) / total
    wedge = Polygon([(left, upper), (right, upper), (last, lower), (first, lower)], transform=figure.transFigure)
    wedge.set(facecolor=style.SHADE, edgecolor=style.SHADE, linewidth=1)
    figure.add_artist(wedge)


def draw_gene(axes: Axes, scene: Scene) -> None:
    """Draw exons and introns with their numbers, the direction of the transcript, and the allele."""
    gene, view = scene.profile.gene, scene.view
    axes.set_ylim(0, 1)
    start, end = max(gene.start, view.start), min(gene.end, view.end)
    axes.plot([start + 0.5, end + 0.5], [_LINE, _LINE], color=style.GREY, linewidth=1, solid_capstyle="butt")
    step = view.length / _N_ARROWS
    arrows = [x for i in range(_N_ARROWS) if start < (x := view.start + 0.5 + (i + 0.5) * step) < end]
    marker = ">" if gene.strand == "+" else "<"
    axes.plot(arrows, [_LINE] * len(arrows), marker=marker, linestyle="", color=style.GREY, markersize=3.5)
    _draw_exons(axes, scene)
    _label_introns(axes, scene)
    _label_ends(axes, scene, _LINE)
    _label_allele(axes, scene)
    draw_allele(axes, scene, top=_ALLELE)


def draw_bases(axes: Axes, scene: Scene) -> None:
    """Draw the letters of the reference; those that the allele replaces are highlighted."""
    axes.set_ylim(0, 1)
    start, end = scene.profile.replaced
    if start < end:
        axes.axvspan(start + 0.5, end + 0.5, facecolor=style.SPAN, edgecolor=style.HATCH, linewidth=0.6)
    else:
        draw_allele(axes, scene)
    first = int(scene.profile.positions[0])
    for pos in range(scene.view.start + 1, scene.view.end + 1):
        weight = "bold" if start < pos <= end else "normal"
        letter = axes.text(pos, 0.5, scene.profile.bases[pos - first], ha="center", va="center_baseline", size=7)
        letter.set(color=style.INK, weight=weight, family="monospace")
    style.write_beside(axes, 0.5, "+ strand", size=7.5)


def draw_allele(axes: Axes, scene: Scene, *, top: float = 1.0) -> None:
    """Draw the allele: a line, or a hatched span if it replaces more than one base of REF."""
    start, end = scene.profile.replaced
    if end - start > 1:
        start, end = scene.shown(start, end)
        span = axes.axvspan(start + 0.5, end + 0.5, 0, top, facecolor=style.SPAN, edgecolor=style.HATCH, hatch="///")
        span.set(linewidth=0, zorder=0.2)
    else:
        x = end if end > start else start + 0.5
        axes.axvline(x, 0, top, color=style.INK, linewidth=0.8, linestyle=_DASHED, zorder=0.5)


def _draw_exons(axes: Axes, scene: Scene) -> None:
    gene, view = scene.profile.gene, scene.view
    free_from = 0.0
    for i, exon in enumerate(gene.exons):
        if not exon.overlaps(*view):
            continue
        left, right = (x + 0.5 for x in scene.shown(*exon))
        box = Rectangle((left, _LINE - _HALF), right - left, 2 * _HALF, facecolor=style.EXON, linewidth=0, zorder=2)
        axes.add_patch(box)
        middle, number = scene.x_points((left + right) / 2), str(exon_number(gene, i))
        room = scene.x_points(right) - scene.x_points(left)
        inside = [text for text in (f"exon {number}", number) if style.text_width(text, 9, "bold") + 6 < room]
        if inside:
            text = axes.text((left + right) / 2, _LINE, inside[0], ha="center", va="center_baseline", size=9)
            text.set(weight="bold", color="white", zorder=3)
            continue
        half = style.text_width(number, 7) / 2 + 1
        if middle - half >= free_from:
            text = axes.text((left + right) / 2, _LINE + _HALF + 0.02, number, ha="center", va="bottom", size=7)
            text.set(color=style.INK, bbox={"facecolor": "white", "linewidth": 0, "pad": 0.5})
            free_from = middle + half


def _label_introns(axes: Axes, scene: Scene) -> None:
    gene = scene.profile.gene
    for i, (before, after) in enumerate(pairwise(gene.exons), 1):
        left, right = (x + 0.5 for x in scene.shown(before.end, after.start))
        text = f"intron {i if gene.strand == '+' else len(gene.exons) - i}"
        if left < right and scene.x_points(right) - scene.x_points(left) > style.text_width(text, 8) + 8:
            label = axes.text((left + right) / 2, _LINE - 0.1, text, ha="center", va="top", size=8, color=style.GREY)
            label.set_bbox({"facecolor": "white", "linewidth": 0, "pad": 0.5})


def _label_ends(axes: Axes, scene: Scene, y: float) -> None:
    """Label both ends of a line as 5′ or 3′."""
    ends = ("5′", "3′") if scene.profile.gene.strand == "+" else ("3′", "5′")
    for x, side, name in ((-0.006, "right", ends[0]), (1.006, "left", ends[1])):
        text = axes.text(x, y, name, transform=axes.transAxes, ha=side, va="center", size=9)
        text.set(weight="bold", color=style.INK)


def _label_allele(axes: Axes, scene: Scene) -> None:
    start, end = scene.profile.replaced
    middle = min(max((start + end + 1) / 2, scene.view.start + 0.5), scene.view.end + 0.5)
    room = scene.x_points(scene.view.end + 0.5)
    left, half = scene.x_points(middle), style.text_width(scene.allele, 9.5, "bold") / 2
    side = "left" if left < half else "right" if left + half > room else "center"
    text = axes.text(middle, 0.99, scene.allele, ha=side, va="top", size=9.5)
    text.set(weight="bold", color=style.INK)
