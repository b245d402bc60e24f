"""The picture of one or more profiles, each with a heading, the gene, and one panel per output."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator

from spliceai_cli.errors import UsageError
from spliceai_cli.report.plot import style
from spliceai_cli.report.plot.gene import draw_allele, draw_bases, draw_gene, draw_overview, draw_wedge
from spliceai_cli.report.plot.heading import draw_heading, draw_notes, heading_height, notes_height
from spliceai_cli.report.plot.predicted import PREDICTED, draw_predicted, shown_consequences
from spliceai_cli.report.plot.scene import Scene, make_scene
from spliceai_cli.report.plot.tracks import draw_track
from spliceai_cli.scoring.profile import Profile
from spliceai_cli.settings import Settings

# Heights in inches.
_MARGIN, _OVERVIEW, _WEDGE, _GENE, _BASES, _GAP, _AXIS = 0.12, 0.32, 0.16, 0.72, 0.2, 0.06, 0.46

_DPI = 200

# The longest page that PDF readers show; a bitmap of this length takes 320 MB.
_MOST_INCHES = 200

# An ID that matches is that of a site, with or without the suffix of one of its parts.
_SITE = re.compile(r'<g id="([^"]+?)(?:-ref|-alt|-lost)?">')

# Fields in which matplotlib would write its version and the time, which would make equal pictures differ.
_METADATA: dict[str, dict[str, str | None]] = {
    "svg": {"Date": None, "Creator": None},
    "pdf": {"CreationDate": None, "Creator": None, "Producer": None},
    "png": {"Software": None},
}


@dataclass(frozen=True)
class Picture:
    """A drawn picture.

    Attributes:
        figure: matplotlib's figure.
        scenes: the scenes that it shows, from the top.
    """

    figure: Figure
    scenes: tuple[Scene, ...]

    def render(self, kind: str) -> bytes:
        """The picture in a format of ``settings.PICTURES``, as bytes; equal profiles give equal bytes.

        Raises:
            UsageError: there are too many genes for one page or bitmap.
        """
        if kind != "svg" and self.figure.get_figheight() > _MOST_INCHES:
            raise UsageError(
                f"{len(self.scenes)} genes or transcripts are too many for one {kind.upper()}.",
                "Choose one with --gene, or write SVG or HTML.",
            )
        stream = io.BytesIO()
        with style.applied():
            self.figure.savefig(stream, format=kind, dpi=_DPI, metadata=_METADATA[kind])
        if kind != "svg":
            return stream.getvalue()
        return self._with_titles(stream.getvalue().decode()).encode()

    def _with_titles(self, svg: str) -> str:
        """Add the texts that browsers show when the mouse is over a site."""
        titles = {scene.site_id(site): scene.describe(site) for scene in self.scenes for site in scene.sites}

        def with_title(match: re.Match[str]) -> str:
            title = titles.get(match[1])
            return f"{match[0]}<title>{escape(title)}</title>" if title else match[0]

        return _SITE.sub(with_title, svg)


def draw(
    profiles: Sequence[Profile], settings: Settings, *, is_zoomed: bool = True, has_targets: bool = False
) -> Picture:
    """Draw profiles of a variant, one below the other.

    Args:
        profiles: one per gene, at least one.
        settings: the settings that they were made with.
        is_zoomed: show only the changes and the exons near them; otherwise all scored positions.
        has_targets: give each site a wide invisible area for the mouse to hit.
    """
    scenes = tuple(
        make_scene(profile, settings, f"gene{i}", is_zoomed=is_zoomed, has_targets=has_targets)
        for i, profile in enumerate(profiles, 1)
    )
    with style.applied():
        figure = Figure(figsize=(style.WIDTH, sum(map(_height, scenes))), facecolor="white")
        top = 0.0
        for scene in scenes:
            _draw_scene(figure, scene, top)
            top += _height(scene)
    return Picture(figure, scenes)


def _height(scene: Scene) -> float:
    """Height of a scene in inches."""
    fixed = 2 * _MARGIN + _OVERVIEW + _WEDGE + _GENE + _BASES * scene.has_bases + _AXIS
    fixed += PREDICTED * len(shown_consequences(scene))
    return heading_height(scene) + notes_height(scene) + fixed + (style.TRACK + _GAP) * len(scene.profile.tracks)


def _draw_scene(figure: Figure, scene: Scene, top: float) -> None:
    top += _MARGIN
    draw_heading(figure, scene, top)
    top += heading_height(scene)
    draw_overview(style.add_panel(figure, top, _OVERVIEW), scene)
    top += _OVERVIEW
    draw_wedge(figure, scene, top, _WEDGE)
    top += _WEDGE
    panels = [style.add_panel(figure, top, _GENE)]
    draw_gene(panels[0], scene)
    top += _GENE
    for found in shown_consequences(scene):
        panels.append(style.add_panel(figure, top, PREDICTED))
        draw_predicted(panels[-1], scene, found)
        top += PREDICTED
    if scene.has_bases:
        panels.append(style.add_panel(figure, top, _BASES))
        draw_bases(panels[-1], scene)
        top += _BASES
    for row in range(len(scene.profile.tracks)):
        panels.append(style.add_panel(figure, top, style.TRACK))
        draw_track(panels[-1], scene, row)
        draw_allele(panels[-1], scene)
        top += style.TRACK + _GAP
    for panel in panels:
        panel.set_xlim(scene.view.start + 0.5, scene.view.end + 0.5)
    _draw_positions(panels[-1], scene)
    draw_notes(figure, scene, top + _AXIS)


def _draw_positions(axes: Axes, scene: Scene) -> None:
    """Label the axis with genomic coordinates."""
    axes.xaxis.set_major_locator(MaxNLocator(6, integer=True))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda x, _: f"{x:,.0f}"))
    axes.tick_params(axis="x", length=3, width=0.6, color=style.INK, labelcolor=style.INK, labelsize=8.5)
    chrom = scene.profile.variant.chrom
    name = f"chromosome {chrom}" if len(chrom) <= len("MT") else chrom
    axes.set_xlabel(f"position on {name}", size=8.5, color=style.INK, labelpad=2)
