"""The counts of a run as JSON, for programs that collect them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from spliceai_cli.summary import Summary


def stats_json(summary: Summary, origins: Sequence[Mapping[str, object]]) -> bytes:
    """The counts, and under ``origins`` the provenance of each model's scores."""
    return json.dumps({**summary.counts(), "origins": origins}, indent=2).encode() + b"\n"
