"""Rows for programs: TSV and JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence

from spliceai_cli.consequence.described import described_consequences
from spliceai_cli.report.table import reading
from spliceai_cli.variants.rows import ALLELE, Row, allele_object, headings
from spliceai_cli.variants.variant import Variant


def format_tsv(rows: Sequence[Row]) -> Iterator[str]:
    """A heading and a line per row, or per consequence of it; a dot where there is no value.

    The columns of every kind of score among the rows are there, so that models of several kinds fit one table; those of
    consequences if a row has some.
    """
    has_consequences = any(row.consequences for row in rows)
    columns = dict.fromkeys(column for row in rows if row.score for column in row.score.kind.columns)
    yield "\t".join((*map(str.upper, ALLELE), *headings(columns, has_consequences=has_consequences), "READING"))
    for row in rows:
        numbers = dict(zip(row.score.kind.columns, row.score.numbers, strict=True)) if row.score else {}
        for cells in row.lines((numbers.get(column, ".") for column in columns), has_consequences=has_consequences):
            yield "\t".join((*map(str, row.variant[: len(ALLELE)]), *cells, reading(row)))


def format_json(rows: Sequence[Row]) -> str:
    """A JSON array with an object per allele of a record; ``docs/schema/table.json`` describes it."""
    by_allele: dict[tuple[int, Variant], list[Row]] = {}
    for row in rows:
        by_allele.setdefault((row.line, row.variant), []).append(row)
    objects = [allele_object(rows) | described_consequences(rows) for rows in by_allele.values()]
    return json.dumps(objects, indent=2, ensure_ascii=False)
