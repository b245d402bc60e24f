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


def draw_reliability(accuracies: Sequence[SiteAccuracy], kind: str) -> bytes:
    """A panel for each kind of site with a line for each model; equal values give equal bytes.

    Args:
        accuracies: the accuracy of each model and site.
        kind: one of ``FORMATS``.

    Returns:
        The content of a file of that format.
    """
    sites = list(dict.fromkeys(accuracy.site for accuracy in accuracies))
    stream = io.BytesIO()
    with style.applied():
        figure = Figure(figsize=(_INCHES * len(sites), _INCHES), layout="constrained")
        for axes, site in zip(figure.subplots(1, len(sites), squeeze=False)[0], sites, strict=True):
            axes.plot([0, 1], [0, 1], color=style.GREY, linewidth=0.6, linestyle=":")
            for accuracy in accuracies:
                if accuracy.site == site:
                    means, observed = [b.mean for b in accuracy.bins], [b.observed for b in accuracy.bins]
                    axes.plot(means, observed, marker="o", markersize=3, linewidth=1, label=accuracy.model)
            axes.set(xlim=(0, 1), ylim=(0, 1), aspect="equal", title=site)
            axes.set(xlabel="predicted probability", ylabel="observed share of sites")
            axes.legend(frameon=False)
        figure.savefig(stream, format=kind, dpi=150, metadata=_METADATA[kind])
    return stream.getvalue()
