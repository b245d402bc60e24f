"""Recognises texts that files write in place of a missing ID."""

from __future__ import annotations

import re

# "nan" and "na" in lower case are genes of Drosophila.
_BLANK = re.compile(rb"[.-]?|NA|NaN|N/A|(?i:none|null|nil|n/a)")

# NCBI writes unknown_transcript_1 for features without a transcript: tRNAs, mitochondrial coding sequences.
_PLACEHOLDER = re.compile(rb"(?i:(?:unknown|unassigned|unnamed|novel)(?:[_ -]?(?:gene|transcript))?(?:[_.-]?\d+)?)")


def is_blank(text: bytes) -> bool:
    """Whether a text means that there is no ID.

    >>> [is_blank(text) for text in (b"", b".", b"NA", b"None", b"none", b"nan")]
    [True, True, True, True, True, False]
    """
    return _BLANK.fullmatch(text) is not None


def is_placeholder(text: bytes) -> bool:
    """Whether a text is blank, or a name shared by features without an ID.

    >>> [is_placeholder(text) for text in (b"", b"Unknown_Transcript_1", b"unknown_gene", b"novel")]
    [True, True, True, True]
    >>> is_placeholder(b"ENST00000359596.7")
    False
    """
    return is_blank(text) or _PLACEHOLDER.fullmatch(text) is not None
