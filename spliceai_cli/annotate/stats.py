"""The counts of a run as JSON, for programs that collect them."""

from __future__ import annotations

import json

from spliceai_cli.provenance import Provenance
from spliceai_cli.summary import Summary


def stats_json(summary: Summary, provenance: Provenance) -> bytes:
    """The counts, and under ``origins`` the provenance of each model's scores."""
    return json.dumps({**summary.counts(), "origins": provenance.by_model()}, indent=2).encode() + b"\n"
