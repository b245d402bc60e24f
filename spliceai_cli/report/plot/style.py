"""Colours and measures of the picture, and the style that it is drawn in."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import Any

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.textpath import TextPath

# Told apart with any colour vision (after Okabe and Ito); gains are solid and losses dashed as well.
GAIN, LOSS = "#C44E00", "#0066AA"
INK, GREY, EXON, SHADE = "#1a1a1a", "#666666", "#4d4d4d", "#f1f1f1"
SPAN, HATCH = "#fff6d6", "#d8b93c"

#: Comes with matplotlib, so that every machine has it.
FONT, MONOSPACE = "DejaVu Sans", "DejaVu Sans Mono"

# Inches. 10 at 100 dots per inch are the 1,000 pixels that a report or a slide gives it.
WIDTH, LEFT, RIGHT = 10.0, 1.2, 0.4
PANEL = WIDTH - LEFT - RIGHT
TRACK = 1.62
EDGE = 0.22
POINTS = 72

#: Where text in the left margin begins, in widths of a panel.
MARGIN = (EDGE - LEFT) / PANEL

_STYLE: dict[Any, Any] = {
    # The generic names are written into SVG behind these, for viewers that do not have them.
    "font.family": ["sans-serif"],
    "font.sans-serif": [FONT],
    "font.monospace": [MONOSPACE],
    "svg.fonttype": "none",
    "svg.hashsalt": "spliceai-cli",
    "pdf.fonttype": 42,
    "text.parse_math": False,
    "axes.linewidth": 0.6,
    "hatch.linewidth": 0.5,
}


@contextmanager
def applied() -> Iterator[None]:
    """Our style alone: what a user's matplotlibrc says would change the picture."""
    with mpl.rc_context():
        mpl.rcdefaults()
        mpl.rcParams.update(_STYLE)
        yield


@lru_cache(maxsize=1024)
def text_width(text: str, size: float, weight: str = "normal") -> float:
    """Width of a text in points."""
    font = FontProperties(family=FONT, size=size, weight=weight)
    return float(TextPath((0, 0), text, size=size, prop=font).get_extents().width)


def add_panel(figure: Figure, top: float, height: float) -> Axes:
    """Axes without a frame over the width of the panels; inches from the top of the figure."""
    total = figure.get_figheight()
    axes = figure.add_axes((LEFT / WIDTH, 1 - (top + height) / total, PANEL / WIDTH, height / total))
    axes.patch.set_visible(False)
    for side in axes.spines.values():
        side.set_visible(False)
    axes.set_xticks([])
    axes.set_yticks([])
    return axes


def write(
    figure: Figure, left: float, top: float, text: str, *, size: float, color: str = INK, weight: str = "normal"
) -> None:
    """Text with its upper left corner at inches from that of the figure."""
    figure.text(left / WIDTH, 1 - top / figure.get_figheight(), text, va="top", size=size, color=color, weight=weight)


def write_beside(axes: Axes, y: float, text: str, *, size: float, color: str = GREY, weight: str = "normal") -> None:
    """Text in the margin left of a panel, in the middle of a height that is given in heights of the panel."""
    axes.text(MARGIN, y, text, transform=axes.transAxes, va="center", size=size, color=color, weight=weight)
