"""Transcript IDs as INFO values: formatting and parsing."""

from __future__ import annotations

import re
from urllib.parse import quote, unquote

# Characters that end an INFO value or one of its elements, and the % that begins an escape. A lone dot means no value.
_NOT_IN_VALUE = re.compile(r"[\x00-\x20\x7f\s,;=|%]")


def transcript_text(transcript_id: str) -> str:
    """A transcript ID as an INFO value, percent-encoded where VCF requires it; a dot if the ID is empty.

    >>> [transcript_text(text) for text in ("NM_000540.3", "", "my;tx 1")]
    ['NM_000540.3', '.', 'my%3Btx%201']
    """
    if transcript_id == ".":
        return "%2E"
    return _NOT_IN_VALUE.sub(lambda match: quote(match[0], safe=""), transcript_id) or "."


def parse_transcript(text: str) -> str:
    """The inverse of ``transcript_text``."""
    return "" if text == "." else unquote(text)
