"""The INFO fields that we write: header line and values of each, and which of them are ours to replace."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import NamedTuple

from spliceai_cli.provenance import PROVENANCE_KEY
from spliceai_cli.scores import Score, raw_header, sites_header, tissues_header, transcript_text, transcripts_header
from spliceai_cli.variants.variant import Outcome

#: Kinds of fields, in the order of output.
SCORES, TRANSCRIPT, LARGEST, RAW, REASON = "scores", "transcript", "ds_max", "raw", "skip"


class Field(NamedTuple):
    """One INFO field.

    Attributes:
        kind: ``SCORES``, ``TRANSCRIPT``, ``LARGEST``, ``RAW`` or ``REASON``.
        key: its ID.
        header_line: declares it.
        values: of the outcomes of a record's alleles, in their order; empty to leave the field out.
        is_sites: whether its model scores acceptors and donors, else tissues.
    """

    kind: str
    key: str
    header_line: str
    values: Callable[[Sequence[Outcome]], list[str]]
    is_sites: bool = True


def fields_of(key: str, *, is_sites: bool = True) -> tuple[Field, ...]:
    """Every field that we may write for a model, in the order of output.

    Args:
        key: INFO key of its scores, with which the others begin.
        is_sites: whether it scores acceptors and donors, else tissues.
    """

    def scores(outcome: Outcome) -> list[Score]:
        return [score for score in outcome.scores if score.key == key]

    def texts(outcomes: Sequence[Outcome]) -> list[str]:
        is_one = len(outcomes) == 1
        return [str(score) if is_one else score.named for outcome in outcomes for score in scores(outcome)]

    def transcripts(outcomes: Sequence[Outcome]) -> list[str]:
        return [transcript_text(score.transcript_id) for outcome in outcomes for score in scores(outcome)]

    def maxima(outcomes: Sequence[Outcome]) -> list[str]:
        return _unless_all_dots([largest(scores(outcome)) for outcome in outcomes])

    def raw(outcomes: Sequence[Outcome]) -> list[str]:
        return [score.raw for outcome in outcomes for score in scores(outcome) if not score.is_missing]

    what = f"{key} delta score" if is_sites else f"{key} change"
    largest_line = f'<ID={key}_DS_max,Number=A,Type=Float,Description="Largest {what} of the allele over all genes">'
    reason = f"Why the allele has no {key} score; . where it has one"
    reason_line = f'<ID={key}_SKIP,Number=A,Type=String,Description="{reason}">'
    scores_line = sites_header(key) if is_sites else tissues_header(key)
    return (
        Field(SCORES, key, scores_line, texts, is_sites),
        Field(TRANSCRIPT, f"{key}_TX", transcripts_header(f"{key}_TX", key), transcripts, is_sites),
        Field(LARGEST, f"{key}_DS_max", f"##INFO={largest_line}", maxima, is_sites),
        Field(RAW, f"{key}_RAW", raw_header(f"{key}_RAW", key, is_sites=is_sites), raw, is_sites),
        Field(REASON, f"{key}_SKIP", f"##INFO={reason_line}", _reasons, is_sites),
    )


class OwnKeys:
    """The INFO keys that are this run's to write.

    Args:
        owned: every field that may be written for the models of the run.
    """

    def __init__(self, owned: Sequence[Field]) -> None:
        self._keys = frozenset(field.key.encode() for field in owned)
        # With these all keys begin.
        self._starts = tuple(field.key.encode() for field in owned if field.kind == SCORES)
        infos, starts = b"|".join(map(re.escape, sorted(self._keys))), b"|".join(map(re.escape, self._starts))
        self._line = re.compile(
            rb'##(?:INFO=<(?:[^">]*,)?ID=(?:%b)[,>]|%b=<ID=(?:%b)[,>])' % (infos, PROVENANCE_KEY.encode(), starts)
        )

    def drop_from(self, info: bytes) -> bytes:
        """INFO without our keys; the same object if it has none."""
        for start in self._starts:
            if start in info:
                return b";".join(f for f in info.split(b";") if _key(f) not in self._keys) or b"."
        return info

    def are_declared_by(self, line: bytes) -> bool:
        """Whether a header line is one of ours."""
        return self._line.match(line) is not None


def largest(scores: Sequence[Score]) -> str:
    """The largest of the scores as they are printed; a dot without any."""
    known = [score.max_score for score in scores if not score.is_missing]
    return f"{max(0.0, *known):.2f}" if known else "."


def _reasons(outcomes: Sequence[Outcome]) -> list[str]:
    return _unless_all_dots([outcome.skip.code if outcome.skip else "." for outcome in outcomes])


def _unless_all_dots(values: list[str]) -> list[str]:
    return [] if all(value == "." for value in values) else values


def _key(info_field: bytes) -> bytes:
    return info_field.partition(b"=")[0]
