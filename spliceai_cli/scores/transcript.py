"""Transcript IDs as values of INFO, both ways."""

from __future__ import annotations

import re
from urllib.parse import quote, unquote

# What ends a value of INFO, or an element of it; % begins what stands for one, and a lone dot is no value.
_NOT_IN_VALUE = re.compile(r"[\x00-\x20\x7f\s,;=|%]")


def transcript_text(transcript_id: str) -> str:
    """A transcript ID as a value of INFO, percent-encoded where VCF wants that; a dot for none.

    >>> [transcript_text(text) for text in ("NM_000540.3", "", "my;tx 1")]
    ['NM_000540.3', '.', 'my%3Btx%201']
    """
    if transcript_id == ".":
        return "%2E"
    return _NOT_IN_VALUE.sub(lambda match: quote(match[0], safe=""), transcript_id) or "."


def parse_transcript(text: str) -> str:
    """The inverse of ``transcript_text``."""
    return "" if text == "." else unquote(text)
