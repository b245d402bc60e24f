"""IDs in INFO and tables."""

from __future__ import annotations

import re

import pytest

from spliceai_cli.scores.value_text import parse_value, value_text


@pytest.mark.parametrize(
    "text", ["ENST00000359596.8", "", ".", "..", "%2E", "a%3Bb", "é\u00a0x", "tab\tand\nline", "a;b,c=d|e f"]
)
def test_value__parsing_inverts_printing_and_the_text_can_stand_in_info(text):
    printed = value_text(text)
    assert parse_value(printed) == text
    assert printed
    assert not re.search(r"[\s,;=|]", printed)
    assert (printed == ".") == (text == "")
