"""Numbers of things in messages."""

from __future__ import annotations

import pytest

from spliceai_cli.text import counted


@pytest.mark.parametrize(
    ("n", "plural", "text"),
    [
        (0, "alleles", "0 alleles"),
        (1, "alleles", "1 allele"),
        (1234, "alleles", "1,234 alleles"),
        (1, "allele×gene scores", "1 allele×gene score"),
        (1, "transcripts with exons on both strands", "1 transcript with exons on both strands"),
        (1, "CDS ends", "1 CDS end"),
        (1, "CDS lines without Parent", "1 CDS line without Parent"),
    ],
)
def test_counted__one_is_singular(n, plural, text):
    assert counted(n, plural) == text
