"""Consequences in words."""

from __future__ import annotations

import pytest

from spliceai_cli.consequence.words import in_words
from spliceai_cli.scores.consequence import Consequence


@pytest.mark.parametrize(
    ("event", "words"),
    [
        # It said "stop after 0 codons".
        (
            "exon_skipping|0.82|3/5|68|.|frameshift|106|0|1|expected|r.(219_286del)|p.(Trp73Ter)",
            "skips exon 3 (68 nt): frameshift, stop at once, NMD expected",
        ),
        (
            "intron_retention|0.14|3/18|2433|.|stop_gained|844|1|2|expected|r.(313_314ins313+1_314-1)|p.?",
            "retains intron 3 (2,433 nt): new stop in frame, stop after 1 codon, NMD expected",
        ),
        (
            "exon_skipping|0.50|3-4/18|1200|.|in_frame|400|0|.|no_new_stop|r.(191_1390del)|p.?",
            "skips exons 3 to 4 (1,200 nt): in frame",
        ),
    ],
)
def test_words(event, words):
    assert in_words(Consequence.parse(f"A|GENE|T1|.|{event}|.", "SpliceAI")) == words
