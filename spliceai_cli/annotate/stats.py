"""The counts of a run as JSON, for programs that collect them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from spliceai_cli.summary import Summary


def stats_json(summary: Summary, origins: Sequence[Mapping[str, str | int]]) -> bytes:
    """Counts and origins.

    Args:
        summary: the counts.
        origins: what the scores of each model were made with.
    """
    return json.dumps({**summary.counts(), "origins": [dict(one) for one in origins]}, indent=2).encode() + b"\n"
