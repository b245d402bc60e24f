"""The reliability picture: observed shares of sites against predicted probabilities."""

from __future__ import annotations

import io
from collections.abc import Sequence

from matplotlib.figure import Figure

from spliceai_cli.evaluate.sites import SiteAccuracy
from spliceai_cli.report.plot import style

_INCHES = 4.2
_METADATA: dict[str, dict[str, str | None]] = {
    "svg": {"Date": None, "Creator": None},
    "pdf": {"CreationDate": None, "Creator": None, "Producer": None},
    "png": {"Software": None},
}

#: Formats, which are also the endings of names.
FORMATS = tuple(_METADATA)


def draw_reliability(found: Sequence[SiteAccuracy], kind: str) -> bytes:
    """A panel for each kind of site with a line for each model; equal values give equal bytes.

    Args:
        found: the accuracy of each model and site.
        kind: one of ``FORMATS``.
    """
    sites = list(dict.fromkeys(one.site for one in found))
    stream = io.BytesIO()
    with style.applied():
        figure = Figure(figsize=(_INCHES * len(sites), _INCHES), layout="constrained")
        for axes, site in zip(figure.subplots(1, len(sites), squeeze=False)[0], sites, strict=True):
            axes.plot([0, 1], [0, 1], color=style.GREY, linewidth=0.6, linestyle=":")
            for one in found:
                if one.site == site:
                    means, observed = [b.mean for b in one.bins], [b.observed for b in one.bins]
                    axes.plot(means, observed, marker="o", markersize=3, linewidth=1, label=one.model)
            axes.set(xlim=(0, 1), ylim=(0, 1), aspect="equal", title=site)
            axes.set(xlabel="predicted probability", ylabel="observed share of sites")
            axes.legend(frameon=False)
        figure.savefig(stream, format=kind, dpi=150, metadata=_METADATA[kind])
    return stream.getvalue()
