"""Columns of tables for predicted transcripts."""

from __future__ import annotations

from collections.abc import Iterator

from spliceai_cli.scores.consequence import CSQ_FORMAT
from spliceai_cli.scores.score import Score
from spliceai_cli.scores.transcript import transcript_text
from spliceai_cli.variants.variant import Outcome

# ALLELE, SYMBOL, TRANSCRIPT and MANE come before the event in INFO.
_EVENT = CSQ_FORMAT.upper().split("|")[4:]


class ConsequenceColumns:
    """The columns of an allele's consequences on the transcript of a score.

    Attributes:
        names: headings.
        nothing: cells without consequences.
    """

    names = ("CSQ_TRANSCRIPT", "MANE", *_EVENT, "DLOGIT")
    nothing = (".",) * len(names)

    def of(self, outcome: Outcome, score: Score) -> Iterator[tuple[str, ...]]:
        """The cells of each consequence; those of one line without any if there are none.

        DLOGIT is the smallest change of log-odds among the exons that the event touches.
        """
        place = score.key, score.symbol, score.transcript_id
        found = [c for c in outcome.consequences if (c.key, c.symbol, c.transcript_id) == place]
        changes = {i.exon: i.change for i in outcome.inclusions if (i.key, i.symbol, i.transcript_id) == place}
        for one in found:
            touched = [change for exon, change in changes.items() if not one.first or one.first <= exon <= one.last]
            change = f"{min(touched):.3f}" if touched else "."
            yield (transcript_text(one.transcript_id), one.mane or ".", *one.cells(), change)
        if not found:
            yield self.nothing
