"""Byte order marks, which some editors and spreadsheets write in front of text."""

from __future__ import annotations

from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE, BOM_UTF32_BE

from spliceai_cli.errors import EncodingError

_OTHERS = (BOM_UTF16_LE, BOM_UTF16_BE, BOM_UTF32_BE)


def drop_mark(head: bytes, name: str) -> bytes:
    """Strip the UTF-8 mark from the first bytes of a text; returns the same object if there is none.

    Args:
        head: at least the first four bytes, or all of a shorter text.
        name: file name, for messages.

    Raises:
        EncodingError: the text begins with the mark of UTF-16 or UTF-32.
    """
    if head.startswith(_OTHERS):
        raise EncodingError(
            f"{name} is UTF-16 or UTF-32 text; UTF-8 expected.",
            "Save it as UTF-8, or convert it: iconv -f UTF-16 -t UTF-8 FILE > NEW",
        )
    return head.removeprefix(BOM_UTF8)
