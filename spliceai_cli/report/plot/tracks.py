"""The panel of one output, with REF upwards, ALT downwards, and the differences marked."""

from __future__ import annotations

from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from spliceai_cli.report.plot import style
from spliceai_cli.report.plot.labels import HEAD, TOP, draw_label
from spliceai_cli.report.plot.scene import Scene
from spliceai_cli.report.plot.sites import LEAST_SITE, Site

#: Height in inches of a panel without sites.
EMPTY = 0.44

# The lollipop of an allele is drawn if its probability is at least this.
_LEAST_DRAWN = 0.01

_SMALL = 7.5

_SUBTITLES = {"acceptor": "starts of exons", "donor": "ends of exons"}


def draw_track(axes: Axes, scene: Scene, row: int) -> None:
    """Draw the probabilities of one output.

    Args:
        axes: the panel's axes; x is a 1-based position.
        scene: the scene that is drawn.
        row: index into ``Profile.tracks``.
    """
    sites = scene.sites_in_view(row)
    if not sites:
        _draw_empty(axes, scene, row)
        return
    axes.set_ylim(-TOP, TOP)
    _draw_frame(axes, scene, row)
    marks = [mark for mark in scene.marks if mark.track == row]
    for site in sites:
        _draw_site(axes, scene, site)
    for is_alt in (False, True):
        _draw_numbers(axes, scene, sites, {mark.pos for mark in marks}, is_alt=is_alt)
    for mark in marks:
        draw_label(axes, scene, sites, mark)


def track_height(scene: Scene, row: int) -> float:
    """Height of a panel in inches."""
    return style.TRACK if scene.sites_in_view(row) else EMPTY


def _draw_empty(axes: Axes, scene: Scene, row: int) -> None:
    """Draw a panel that says that it has no sites."""
    axes.set_ylim(-1, 1)
    _draw_exons(axes, scene)
    axes.axhline(0, color=style.INK, linewidth=0.6, zorder=1)
    style.write_beside(axes, 0.5, _title(scene, row), size=10.5, color=style.INK, weight="bold")
    text = axes.text(0.5, 0.5, f"none with {LEAST_SITE:.2f} or more in REF or ALT", transform=axes.transAxes, size=8)
    text.set(ha="center", va="center", color=style.GREY, zorder=4)
    text.set_bbox({"facecolor": "white", "linewidth": 0, "pad": 1.5})


def _title(scene: Scene, row: int) -> str:
    return scene.profile.tracks[row].name.partition("_")[0].capitalize()


def _draw_exons(axes: Axes, scene: Scene) -> None:
    for exon in scene.profile.gene.exons:
        if exon.overlaps(*scene.view):
            axes.axvspan(*(x + 0.5 for x in scene.shown(*exon)), facecolor=style.SHADE, linewidth=0, zorder=0)


def _draw_frame(axes: Axes, scene: Scene, row: int) -> None:
    """Draw the zero line, the scale, exons in the background, and labels for REF and ALT."""
    _draw_exons(axes, scene)
    axes.axhline(0, color=style.INK, linewidth=0.6, zorder=1)
    axes.spines["left"].set(visible=True, bounds=(-1, 1), color=style.GREY)
    axes.set_yticks([-1, -0.5, 0, 0.5, 1], ["1", "0.5", "0", "0.5", "1"])
    axes.tick_params(axis="y", length=3, width=0.6, color=style.GREY, labelcolor=style.GREY, labelsize=7.5)
    style.write_beside(axes, 0.5, _title(scene, row), size=10.5, color=style.INK, weight="bold")
    style.write_beside(axes, 0.39, _SUBTITLES.get(scene.profile.tracks[row].name, "splice sites"), size=7.5)
    style.write_beside(axes, 0.31, "probability", size=7.5)
    style.write_beside(axes, 0.87, "REF ↑", size=9, weight="bold")
    style.write_beside(axes, 0.13, "ALT ↓", size=9, weight="bold")


def _draw_site(axes: Axes, scene: Scene, site: Site) -> None:
    """Draw the lollipops of REF and ALT; for a loss, a dashed line extends that of ALT to the length of REF's."""
    name = scene.site_id(site)
    if scene.has_targets:
        axes.add_line(Line2D([site.pos] * 2, [-max(site.alt, site.ref), site.ref], linewidth=9, alpha=0, gid=name))
    if site.ref >= _LEAST_DRAWN:
        _lollipop(axes, site.pos, (0, site.ref), f"{name}-ref", style.LOSS if site.is_lost else style.EXON)
    if site.alt >= _LEAST_DRAWN:
        _lollipop(axes, site.pos, (0, -site.alt), f"{name}-alt", style.GAIN if site.is_gained else style.EXON)
    if site.is_lost:
        dashed = {"linewidth": 1.0, "linestyle": (0, (2, 1.5)), "markerfacecolor": "white", "zorder": 2.5}
        _lollipop(axes, site.pos, (-site.alt, -site.ref), f"{name}-lost", style.LOSS).set(**dashed)


def _lollipop(axes: Axes, pos: int, ends: tuple[float, float], gid: str, color: str) -> Line2D:
    """Draw a line from foot to head; heads at the ends of the panel are not clipped."""
    line = Line2D([pos, pos], ends, color=color, linewidth=1.8, solid_capstyle="butt")
    line.set(marker="o", markevery=[1], markersize=5, gid=gid, zorder=3, clip_on=False)
    return axes.add_line(line)


def _draw_numbers(axes: Axes, scene: Scene, sites: list[Site], marked: set[int], *, is_alt: bool) -> None:
    """Write probabilities at the heads, unless a label already states them or they would touch their neighbours."""
    half, free_from = style.text_width("0.00", _SMALL) / 2, 0.0
    for site in sites:
        value, x = site.alt if is_alt else site.ref, scene.x_points(site.pos)
        near = [other for other in sites if abs(scene.x_points(other.pos) - x) < half + HEAD]
        is_crossed = any(_length(other, is_alt=is_alt) > value for other in near if other is not site)
        if (
            value < LEAST_SITE
            or is_crossed
            or not marked.isdisjoint(other.pos for other in near)
            or x - half < free_from
        ):
            continue
        free_from = x + half + 2
        y = _length(site, is_alt=is_alt) + 0.07
        y, side = (-y, "top") if is_alt else (y, "bottom")
        number = axes.text(site.pos, y, f"{value:.2f}", size=_SMALL, ha="center", va=side, color=style.GREY, zorder=4)
        if any(abs(scene.x_points(edge) - x) < half for edge in scene.profile.replaced):
            number.set_bbox({"facecolor": "white", "alpha": 0.85, "linewidth": 0, "pad": 0.5})


def _length(site: Site, *, is_alt: bool) -> float:
    """How far a lollipop goes from the line, with the dashed part of a loss."""
    return max(site.alt, site.ref * site.is_lost) if is_alt else site.ref
