"""Rows of the table for programs: TSV and JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

from spliceai_cli.report.table import Row

_FIRST = ("CHROM", "POS", "REF", "ALT", "SYMBOL", "GENE_ID", "TRANSCRIPT_ID", "STRAND")
_LAST = ("MAX_SCORE", "REASON", "MODEL_KEY", "READING")


def format_tsv(rows: Sequence[Row]) -> Iterator[str]:
    """A heading and a line per row; a dot where there is no value.

    The columns of every kind of score among the rows are there, so that models of several kinds fit one table.
    """
    columns = dict.fromkeys(column for row in rows if row.score for column in row.score.kind.columns)
    yield "\t".join((*_FIRST, *columns, *_LAST))
    for row in rows:
        score, (chrom, pos, ref, alt, _) = row.score, row.variant
        numbers = dict(zip(score.kind.columns, score.numbers, strict=True)) if score else {}
        gene = (score.symbol if score else None, row.gene_id, row.transcript, row.strand)
        end = (None if row.largest is None else f"{row.largest:.2f}", row.code, score.model_key if score else None)
        texts = (chrom, str(pos), ref, alt, *gene, *(numbers.get(column) for column in columns), *end, row.reading)
        yield "\t".join(text or "." for text in texts)


def format_json(rows: Sequence[Row]) -> str:
    """A JSON array with an object per allele, as ``score --json`` writes it, but for what the user wrote."""
    by_allele: dict[tuple[Any, ...], list[Row]] = {}
    for row in rows:
        by_allele.setdefault(row.variant[:4], []).append(row)
    return json.dumps([_allele(of_one) for of_one in by_allele.values()], indent=2, ensure_ascii=False)


def _allele(rows: Sequence[Row]) -> dict[str, Any]:
    variant = rows[0].variant
    reason = next((row for row in rows if row.largest is None), Row(variant))
    return {
        "chrom": variant.chrom,
        "pos": variant.pos,
        "ref": variant.ref,
        "alt": variant.alt,
        "reason": reason.code,
        "reason_text": reason.reason,
        "scores": [_score(row) for row in rows if row.largest is not None],
    }


def _score(row: Row) -> dict[str, Any]:
    assert row.score is not None
    return {
        "model_key": row.score.model_key,
        "symbol": row.score.symbol,
        "gene_id": row.gene_id,
        "transcript_id": row.transcript or None,
        "strand": row.strand,
        "text": str(row.score),
        "max_score": row.largest,
        "effects": {
            name: {
                "score": effect.score,
                "offset": effect.offset,
                "pos": row.variant.pos + effect.offset,
                "ref": effect.ref,
                "alt": effect.alt,
            }
            for name, effect in row.score.effects_by_name.items()
        },
    }
