"""The picture of one or more profiles, each with a heading, the gene, and one panel per output."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator

from spliceai_cli.errors import UsageError
from spliceai_cli.files.output import Output
from spliceai_cli.report.plot import style
from spliceai_cli.report.plot.alike import grouped
from spliceai_cli.report.plot.gene import draw_allele, draw_bases, draw_gene, draw_overview, draw_wedge
from spliceai_cli.report.plot.heading import draw_heading, draw_notes, heading_height, notes_height
from spliceai_cli.report.plot.labels import hidden_by_labels, label_share
from spliceai_cli.report.plot.predicted import (
    PREDICTED,
    draw_inclusions,
    draw_predicted,
    inclusion_height,
    shown_consequences,
)
from spliceai_cli.report.plot.scene import Scene, make_scene
from spliceai_cli.report.plot.tracks import draw_track, track_height
from spliceai_cli.report.plot.view import whole, with_room
from spliceai_cli.scoring.profile import Profile
from spliceai_cli.settings.checks import check_path, check_word
from spliceai_cli.settings.scoring import Settings

# Heights in inches.
_MARGIN, _OVERVIEW, _WEDGE, _GENE, _BASES, _GAP, _AXIS = 0.12, 0.32, 0.16, 0.72, 0.2, 0.06, 0.46

# Cost of doubling the width of a view, in the units of what labels hide: it has to gain more than moving a label does.
_WIDER = 0.3

# A label that is wider than this share of the panel gets no more room.
_MOST_SHARE = 0.4

_DPI = 200
_NOTEBOOK_DPI = 100

# The longest page that PDF readers show; a bitmap of this length takes 320 MB.
_MOST_INCHES = 200

# Matches the ID of a site, with or without the suffix of one of its parts.
_SITE = re.compile(r'<g id="([^"]+?)(?:-ref|-alt|-lost)?">')

# Fields in which matplotlib would write its version and the time, which would make equal pictures differ.
_METADATA: dict[str, dict[str, str | None]] = {
    "svg": {"Date": None, "Creator": None},
    "pdf": {"CreationDate": None, "Creator": None, "Producer": None},
    "png": {"Software": None},
}


@dataclass(frozen=True, repr=False)
class Picture:
    """A drawn picture.

    Attributes:
        figure: matplotlib's figure.
        scenes: the scenes that it shows, from the top.
    """

    figure: Figure
    scenes: tuple[Scene, ...]

    def render(self, kind: str, *, dpi: int = _DPI) -> bytes:
        """The picture as PNG, SVG or PDF, as bytes; equal profiles give equal bytes.

        Args:
            kind: ``"png"``, ``"svg"`` or ``"pdf"``.
            dpi: dots per inch of a bitmap.

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
            self.figure.savefig(stream, format=kind, dpi=dpi, metadata=_METADATA[kind])
        if kind != "svg":
            return stream.getvalue()
        return self._with_titles(stream.getvalue().decode()).encode()

    def save(self, path: Path | str) -> None:
        """Write the picture to a file whose name ends with ``.png``, ``.svg`` or ``.pdf``.

        Raises:
            UsageError: the name has another ending, or there are too many genes for one page or bitmap.
            OutputError: the file cannot be written; nothing is then left under its name.
        """
        check_path("path", path)
        kind = Path(path).suffix[1:].lower()
        check_word("format", kind, tuple(_METADATA))
        with Output(str(path), "v", label="picture") as output:
            output.write(self.render(kind))

    def __repr__(self) -> str:
        return f"<Picture: {'; '.join(scene.title for scene in self.scenes)}>"

    def _repr_png_(self) -> bytes:
        """The picture as notebooks show it."""
        return self.render("png", dpi=_NOTEBOOK_DPI)

    def _with_titles(self, svg: str) -> str:
        """Add the texts that browsers show when the mouse is over a site."""
        titles = {scene.site_id(site): scene.describe(site) for scene in self.scenes for site in scene.sites}

        def with_title(match: re.Match[str]) -> str:
            title = titles.get(match[1])
            return f"{match[0]}<title>{escape(title)}</title>" if title else match[0]

        return _SITE.sub(with_title, svg)


def draw(
    profiles: Sequence[Profile],
    settings: Settings,
    *,
    made_with: tuple[str, ...] = (),
    is_zoomed: bool = True,
    has_targets: bool = False,
) -> Picture:
    """Draw profiles of a record, one below the other; those that look alike are drawn once.

    Args:
        profiles: one per allele, gene and model, at least one.
        settings: the settings that they were made with.
        made_with: what to say of the genome and the genes.
        is_zoomed: show only the changes and the exons near them; otherwise all scored positions.
        has_targets: give each site a wide invisible area for the mouse to hit.
    """
    with style.applied():
        scenes = tuple(
            _with_room(
                make_scene(group, settings, f"gene{i}", is_zoomed=is_zoomed, has_targets=has_targets)._replace(
                    made_with=made_with
                )
            )
            for i, group in enumerate(grouped(profiles), 1)
        )
        figure = Figure(figsize=(style.WIDTH, sum(map(_height, scenes))), facecolor="white")
        top = 0.0
        for scene in scenes:
            _draw_scene(figure, scene, top)
            top += _height(scene)
    return Picture(figure, scenes)


def _with_room(scene: Scene) -> Scene:
    """The scene with the view widened, if labels then hide less."""
    views = with_room(scene.view, scene.marks, whole(scene.profile), min(label_share(scene), _MOST_SHARE))
    scenes = [scene._replace(view=view) for view in views]
    return min(scenes, key=lambda wider: hidden_by_labels(wider) + _WIDER * (wider.view.length / scene.view.length - 1))


def _height(scene: Scene) -> float:
    """Height of a scene in inches."""
    fixed = 2 * _MARGIN + _OVERVIEW + _WEDGE + _GENE + _BASES * scene.has_bases + _AXIS
    fixed += PREDICTED * len(shown_consequences(scene)) + inclusion_height(scene)
    tracks = sum(track_height(scene, row) + _GAP for row in range(len(scene.profile.tracks)))
    return heading_height(scene) + notes_height(scene) + fixed + tracks


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
    if scene.profile.inclusions:
        panels.append(style.add_panel(figure, top, inclusion_height(scene)))
        draw_inclusions(panels[-1], scene)
        top += inclusion_height(scene)
    if scene.has_bases:
        panels.append(style.add_panel(figure, top, _BASES))
        draw_bases(panels[-1], scene)
        top += _BASES
    for row in range(len(scene.profile.tracks)):
        height = track_height(scene, row)
        panels.append(style.add_panel(figure, top, height))
        draw_track(panels[-1], scene, row)
        draw_allele(panels[-1], scene)
        top += height + _GAP
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
