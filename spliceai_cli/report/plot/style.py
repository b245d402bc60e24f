"""Colours, sizes and matplotlib style of the picture."""

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

# Distinguishable with any colour vision (after Okabe and Ito); in addition, gains are solid and losses dashed.
GAIN, LOSS = "#C44E00", "#0066AA"
INK, GREY, EXON, SHADE = "#1a1a1a", "#666666", "#4d4d4d", "#f1f1f1"
SPAN, HATCH = "#fff6d6", "#d8b93c"

#: Fonts that come with matplotlib, so that every machine has them.
FONT, MONOSPACE = "DejaVu Sans", "DejaVu Sans Mono"

# Inches. At 100 dots per inch, a width of 10 gives the 1,000 pixels that a report or a slide has room for.
WIDTH, LEFT, RIGHT = 10.0, 1.2, 0.4
PANEL = WIDTH - LEFT - RIGHT
TRACK = 1.62
EDGE = 0.22
POINTS = 72

#: Left end of text in the left margin, as a fraction of the panel's width.
MARGIN = (EDGE - LEFT) / PANEL

_STYLE: dict[Any, Any] = {
    # In SVG, the generic names follow these, for viewers that do not have the fonts.
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
    """Apply only our style, because settings in a user's matplotlibrc would change the picture."""
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
    """Add frameless axes as wide as the panels, ``top`` inches from the top of the figure."""
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
    """Write text whose upper left corner is at ``left`` and ``top`` inches from that of the figure."""
    figure.text(left / WIDTH, 1 - top / figure.get_figheight(), text, va="top", size=size, color=color, weight=weight)


def write_beside(axes: Axes, y: float, text: str, *, size: float, color: str = GREY, weight: str = "normal") -> None:
    """Write text in the left margin of a panel, centred on ``y``, which is a fraction of the panel's height."""
    axes.text(MARGIN, y, text, transform=axes.transAxes, va="center", size=size, color=color, weight=weight)
