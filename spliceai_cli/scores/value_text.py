"""IDs as INFO values and table cells: formatting and parsing."""

from __future__ import annotations

import re
from urllib.parse import quote, unquote

# Characters that end an INFO value or one of its elements, and the % that begins an escape. A lone dot means no value.
_NOT_IN_VALUE = re.compile(r"[\x00-\x20\x7f\s,;=|%]")


def value_text(value: str) -> str:
    """A text as an INFO value, percent-encoded where VCF requires it; a dot if it is empty.

    >>> [value_text(text) for text in ("NM_000540.3", "", "my;tx 1")]
    ['NM_000540.3', '.', 'my%3Btx%201']
    """
    if value == ".":
        return "%2E"
    return _NOT_IN_VALUE.sub(lambda match: quote(match[0], safe=""), value) or "."


def parse_value(text: str) -> str:
    """The inverse of ``value_text``."""
    return "" if text == "." else unquote(text)
