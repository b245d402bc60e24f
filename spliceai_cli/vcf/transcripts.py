"""The transcripts of the scores in a record."""

from __future__ import annotations

from spliceai_cli.scores.value_text import parse_value
from spliceai_cli.text import counted
from spliceai_cli.vcf.reader import Record


def values_with_transcripts(record: Record, key: str) -> list[tuple[str, str]]:
    """The values of a key, each with its transcript; empty if the record does not give it.

    Raises:
        ValueError: there are more or fewer transcripts than values.
    """
    texts, transcripts = record.values(key), record.values(f"{key}_TX")
    if not transcripts:
        return [(text, "") for text in texts]
    if texts and len(texts) != len(transcripts):
        raise ValueError(f"{counted(len(texts), 'values')} of INFO/{key} and {len(transcripts)} of INFO/{key}_TX")
    return list(zip(texts, map(parse_value, transcripts), strict=False))
