"""The INFO fields that we write: header line and values of each."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from spliceai_cli import info
from spliceai_cli.info import DeltaScore
from spliceai_cli.variant import Outcome


class Field(NamedTuple):
    """One INFO field.

    Attributes:
        key: its ID.
        header_line: declares it.
        values: of the outcomes of a record's alleles, in their order; empty to leave the field out.
    """

    key: str
    header_line: str
    values: Callable[[Sequence[Outcome]], list[str]]


def _scores(outcomes: Sequence[Outcome]) -> list[str]:
    return [str(score) for outcome in outcomes for score in outcome.scores]


def _largest(outcomes: Sequence[Outcome]) -> list[str]:
    return _unless_all_dots([largest(outcome.scores) for outcome in outcomes])


def largest(scores: Sequence[DeltaScore]) -> str:
    """The largest of the scores as they are printed; a dot without any."""
    known = [score.max_score for score in scores if not score.is_missing]
    return f"{max(0.0, *known):.2f}" if known else "."


def _reasons(outcomes: Sequence[Outcome]) -> list[str]:
    return _unless_all_dots([outcome.skip.code if outcome.skip else "." for outcome in outcomes])


def _raw(outcomes: Sequence[Outcome]) -> list[str]:
    return [score.raw for outcome in outcomes for score in outcome.scores if not score.is_missing]


def _unless_all_dots(values: list[str]) -> list[str]:
    return [] if all(value == "." for value in values) else values


SCORES = Field(info.KEY, info.HEADER_LINE, _scores)
LARGEST = Field(
    "SpliceAI_DS_max",
    "##INFO=<ID=SpliceAI_DS_max,Number=A,Type=Float,"
    'Description="Largest SpliceAI delta score of the allele over all genes">',
    _largest,
)
REASON = Field(
    "SpliceAI_SKIP",
    "##INFO=<ID=SpliceAI_SKIP,Number=A,Type=String,"
    'Description="Why the allele has no SpliceAI score; . where it has one">',
    _reasons,
)
RAW = Field(
    "SpliceAI_RAW",
    '##INFO=<ID=SpliceAI_RAW,Number=.,Type=String,Description="Probabilities of REF and ALT where SpliceAI reports '
    'each effect. Format: ALLELE|SYMBOL|AG_REF|AG_ALT|AL_REF|AL_ALT|DG_REF|DG_ALT|DL_REF|DL_ALT">',
    _raw,
)

#: Every field that we may have written, in the order of output.
ALL = (SCORES, LARGEST, RAW, REASON)
