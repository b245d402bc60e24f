"""Consequences below a table of scores: for each allele and transcript, one line in words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from spliceai_cli.consequence.words import in_words
from spliceai_cli.scores.consequence import Consequence, ExonInclusion
from spliceai_cli.text import labelled
from spliceai_cli.variants.variant import Outcome, Variant
from spliceai_cli.vcf.reader import Record


def consequence_lines(outcomes: Iterable[Outcome]) -> Iterator[str]:
    """A heading, and a line for each allele and transcript; nothing if no outcome has consequences."""
    lines = [line for outcome in outcomes for line in _lines(outcome)]
    if lines:
        yield from ("", "CONSEQUENCES", *lines)


def read_consequences(records: Iterable[Record], keys: Sequence[str]) -> Iterator[Outcome]:
    """The consequences in annotated records: one outcome per record, without its scores.

    Raises:
        ValueError: the values of an INFO field are malformed.
    """
    for record in records:
        found = [Consequence.parse(text, key) for key in keys for text in _values(record, f"{key}_CSQ")]
        changes = [ExonInclusion.parse(text, key) for key in keys for text in _values(record, f"{key}_EXON")]
        variant = Variant._make((record.chrom, record.pos, record.ref, ",".join(record.alts), None))
        yield Outcome(variant, consequences=tuple(found), inclusions=tuple(changes))


def _values(record: Record, key: str) -> list[str]:
    return [text for text in record.values(key) if text != "."]


def _lines(outcome: Outcome) -> Iterator[str]:
    variant = outcome.variant
    for place, found in groupby(outcome.consequences, key=lambda c: (c.allele, c.symbol, c.transcript_id, c.key)):
        allele, symbol, transcript_id, key = place
        events = list(found)
        weighted = len(events) > 1
        said = "; ".join(f"{one.weight:.2f} {in_words(one)}" if weighted else in_words(one) for one in events)
        odds = [
            f"exon {one.exon} log-odds {one.change:+.2f}"
            for one in outcome.inclusions
            if (one.allele, one.symbol, one.key) == (allele, symbol, key) and one.transcript_id in ("", transcript_id)
        ]
        names = " ".join(filter(None, (symbol, transcript_id)))
        where = f"{variant.chrom}:{variant.pos} {labelled(variant.ref)}>{labelled(allele)}"
        yield f"{where}  {names}  {'; '.join((said, *odds))}"
