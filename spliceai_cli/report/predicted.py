"""The consequences in annotated VCFs, allele by allele."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import NamedTuple, TypeVar

from spliceai_cli.scores.consequence import Consequence, ExonInclusion
from spliceai_cli.scores.score import Score
from spliceai_cli.vcf.reader import Record

One = TypeVar("One", Consequence, ExonInclusion)


class Predicted(NamedTuple):
    """The consequences and inclusions in a record that no score has taken yet."""

    consequences: list[Consequence]
    inclusions: list[ExonInclusion]

    @classmethod
    def of(cls, record: Record, keys: Iterable[str]) -> Predicted:
        """Those of models with these INFO keys.

        Inclusions do not name their transcript: they get it if the record has consequences for only one of the gene.

        Raises:
            ValueError: the values of an INFO field are malformed.
        """
        consequences = [Consequence.parse(text, key) for key in keys for text in _values(record, f"{key}_CSQ")]
        inclusions = [ExonInclusion.parse(text, key) for key in keys for text in _values(record, f"{key}_EXON")]
        transcripts: dict[tuple[str, str], set[str]] = {}
        for one in consequences:
            transcripts.setdefault((one.model_key, one.symbol), set()).add(one.transcript_id)
        for i, inclusion in enumerate(inclusions):
            ids = transcripts.get((inclusion.model_key, inclusion.symbol), set())
            if len(ids) == 1:
                inclusions[i] = replace(inclusion, transcript_id=next(iter(ids)))
        return cls(consequences, inclusions)

    def take(self, score: Score) -> tuple[tuple[Consequence, ...], tuple[ExonInclusion, ...]]:
        """Take out those of a score; if its transcript is not known, those of all transcripts of the gene."""
        if not self.consequences and not self.inclusions:
            return (), ()
        return _taken(self.consequences, score), _taken(self.inclusions, score)


def _taken(left: list[One], score: Score) -> tuple[One, ...]:
    taken = tuple(one for one in left if _is_of(one, score))
    left[:] = [one for one in left if not _is_of(one, score)]
    return taken


def _is_of(one: Consequence | ExonInclusion, score: Score) -> bool:
    names = (one.model_key, one.symbol, one.allele.upper())
    is_same = "" in (one.transcript_id, score.transcript_id) or one.transcript_id == score.transcript_id
    return is_same and names == (score.model_key, score.symbol, score.allele.upper())


def _values(record: Record, key: str) -> Sequence[str]:
    return [text for text in record.values(key) if text != "."]
