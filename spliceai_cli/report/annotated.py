"""The scores in annotated VCFs, as rows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import replace
from typing import NamedTuple

from spliceai_cli.genes.gene import Gene
from spliceai_cli.genes.index import GeneIndex
from spliceai_cli.genes.named import names_of
from spliceai_cli.report.predicted import Predicted
from spliceai_cli.scores.kinds import parse_score
from spliceai_cli.scores.score import Score
from spliceai_cli.variants.rows import Row
from spliceai_cli.variants.variant import SkipReason, Variant
from spliceai_cli.vcf.reader import Record
from spliceai_cli.vcf.transcripts import values_with_transcripts

_REASONS = {reason.code: reason for reason in SkipReason}


class ScoreFields(NamedTuple):
    """What is read of an annotated VCF.

    Attributes:
        keys: INFO keys of scores.
        genes: gives the strand of each gene; a gene that it lacks has none.
        wanted: names of the only genes to show; empty for all.
    """

    keys: Sequence[str]
    genes: GeneIndex
    wanted: Set[str] = frozenset()

    def rows(self, records: Iterable[Record]) -> Iterator[Row]:
        """A row for each score, and one for each allele that has none, unless there are only some genes to show.

        Raises:
            ValueError: the values of an INFO field are malformed.
        """
        for record in records:
            scored = set()
            predicted = Predicted.of(record, self.keys)
            for key in self.keys:
                for text, transcript in _values(record, key):
                    if text == ".":
                        continue
                    score = parse_score(text, key, record.alts[0])
                    scored.add(score.allele.upper())
                    gene = self._gene(record, score)
                    if self.wanted and self.wanted.isdisjoint(_names(score, gene)):
                        continue
                    score = _on_gene(score, gene, transcript)
                    consequences, inclusions = predicted.take(score)
                    yield self._row(record, score.allele, score)._replace(
                        consequences=consequences, inclusions=inclusions
                    )
            if not self.wanted:
                yield from (self._row(record, alt) for alt in record.alts if alt.upper() not in scored)

    def _row(self, record: Record, alt: str, score: Score | None = None) -> Row:
        variant = Variant._make((record.chrom, record.pos, record.ref, alt, None))
        if score is not None and not score.is_missing:
            return Row(variant, score=score, line=record.line_number)
        i = next((i for i, other in enumerate(record.alts) if other.upper() == alt.upper()), len(record.alts))
        code = next((code for key in self.keys if (code := _value(record, f"{key}_SKIP", i))), None)
        # A later version may have written a code that is not known here.
        reason = _REASONS.get(code or "")
        return Row(variant, reason, score, reason.phrase if reason else code, record.line_number)

    def _gene(self, record: Record, score: Score) -> Gene | None:
        candidates = self.genes.overlapping(record.chrom, record.pos - 1, record.pos - 1 + len(record.ref))
        return next((gene for gene in candidates if score.symbol in gene.names), None)


def _on_gene(score: Score, gene: Gene | None, transcript: str) -> Score:
    """A score with what the annotation and the record say of its gene."""
    known = {"gene_id": gene.gene_id, "strand": gene.strand} if gene else {}
    # Scores of all kinds are dataclasses.
    return replace(score, transcript_id=transcript, **known)  # type: ignore[type-var]


def _names(score: Score, gene: Gene | None) -> set[str]:
    return {score.symbol, *(names_of(gene) | set(gene.aliases) if gene else ())}


def _values(record: Record, key: str) -> list[tuple[str, str]]:
    try:
        return values_with_transcripts(record, key)
    except ValueError as error:
        raise ValueError(f"line {record.line_number} has {error}") from error


def _value(record: Record, key: str, i: int) -> str | None:
    """The value of a key that has one per ALT, for one of them; None if it is missing."""
    values = record.values(key)
    return values[i] if i < len(values) and values[i] not in ("", ".") else None
