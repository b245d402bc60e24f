"""The counts of a run as JSON, for programs that collect them."""

from __future__ import annotations

import json
from collections.abc import Mapping

from spliceai_cli.report.summary import Summary


def stats_json(summary: Summary, origin: Mapping[str, str | int]) -> bytes:
    """Counts and origin.

    Args:
        summary: the counts.
        origin: what the scores were made with.
    """
    return json.dumps({**summary.counts(), "origin": dict(origin)}, indent=2).encode() + b"\n"
