"""The INFO fields that we write: header lines, values, and which existing fields are replaced."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import NamedTuple

from spliceai_cli.provenance import PROVENANCE_KEY
from spliceai_cli.scores.consequence import CSQ_FORMAT, EXON_FORMAT
from spliceai_cli.scores.kind import ScoreKind, info_line
from spliceai_cli.scores.score import Score
from spliceai_cli.scores.sites import SITES
from spliceai_cli.scores.value_text import value_text
from spliceai_cli.variants.variant import Outcome

#: Kinds of fields, in the order of output.
SCORES, TRANSCRIPT, LARGEST, RAW, REASON = "scores", "transcript", "ds_max", "raw", "skip"
CONSEQUENCE, INCLUSION = "consequence", "inclusion"


class Field(NamedTuple):
    """One INFO field.

    Attributes:
        kind: ``SCORES``, ``TRANSCRIPT``, ``LARGEST``, ``RAW``, ``REASON``, ``CONSEQUENCE`` or ``INCLUSION``.
        key: INFO key.
        header_line: header line that declares the field.
        values: outcomes of a record's alleles, in order -> values; an empty list leaves the field out.
        score_kind: kind of the scores.
    """

    kind: str
    key: str
    header_line: str
    values: Callable[[Sequence[Outcome]], list[str]]
    score_kind: ScoreKind


def fields_of(key: str, kind: ScoreKind = SITES) -> tuple[Field, ...]:
    """Every field that we may write for a model, in the order of output.

    Args:
        key: INFO key of its scores, and prefix of the other keys.
        kind: kind of its scores.
    """

    def scores(outcome: Outcome) -> list[Score]:
        return [score for score in outcome.scores if score.model_key == key]

    def texts(outcomes: Sequence[Outcome]) -> list[str]:
        is_one = len(outcomes) == 1
        return [str(score) if is_one else score.named for outcome in outcomes for score in scores(outcome)]

    def transcripts(outcomes: Sequence[Outcome]) -> list[str]:
        return [value_text(score.transcript_id) for outcome in outcomes for score in scores(outcome)]

    def maxima(outcomes: Sequence[Outcome]) -> list[str]:
        return _unless_all_dots([largest(scores(outcome)) for outcome in outcomes])

    def raw(outcomes: Sequence[Outcome]) -> list[str]:
        return [score.raw for outcome in outcomes for score in scores(outcome) if not score.is_missing]

    transcripts_text = f"Transcript of each value of {key}, in their order; . where the annotation has no ID"
    largest_text = f"Largest {key} {kind.change} of the allele over all genes"
    largest_line = f'<ID={key}_DS_max,Number=A,Type=Float,Description="{largest_text}">'
    reason = f"Why the allele has no {key} score; . where it has one"
    reason_line = f'<ID={key}_SKIP,Number=A,Type=String,Description="{reason}">'
    return (
        Field(SCORES, key, kind.header(key), texts, kind),
        Field(TRANSCRIPT, f"{key}_TX", info_line(f"{key}_TX", transcripts_text), transcripts, kind),
        Field(LARGEST, f"{key}_DS_max", f"##INFO={largest_line}", maxima, kind),
        Field(RAW, f"{key}_RAW", kind.raw_header(f"{key}_RAW", key), raw, kind),
        Field(REASON, f"{key}_SKIP", f"##INFO={reason_line}", _reasons, kind),
        *(_of_consequences(key) if kind is SITES else ()),
    )


def _of_consequences(key: str) -> tuple[Field, Field]:
    """The fields of predicted transcripts, for models of acceptors and donors."""

    def consequences(outcomes: Sequence[Outcome]) -> list[str]:
        return [str(found) for outcome in outcomes for found in outcome.consequences if found.model_key == key]

    def inclusions(outcomes: Sequence[Outcome]) -> list[str]:
        return [str(found) for outcome in outcomes for found in outcome.inclusions if found.model_key == key]

    events = (
        f"Splicing events that {key} predicts, one for each allele, transcript and event; EVIDENCE has hints, never a "
        f"classification. Format: {CSQ_FORMAT}"
    )
    exons = f"Change of the log-odds that an exon is included, ALT minus REF, by {key}. Format: {EXON_FORMAT}"
    return (
        Field(CONSEQUENCE, f"{key}_CSQ", info_line(f"{key}_CSQ", events), consequences, SITES),
        Field(INCLUSION, f"{key}_EXON", info_line(f"{key}_EXON", exons), inclusions, SITES),
    )


class OwnKeys:
    """The INFO keys that this run may write or replace.

    Args:
        owned: every field that may be written for the models of the run.
    """

    def __init__(self, owned: Sequence[Field]) -> None:
        self._keys = frozenset(field.key.encode() for field in owned)
        # Every key begins with one of these.
        self._starts = tuple(field.key.encode() for field in owned if field.kind == SCORES) or tuple(self._keys)
        keys = b"|".join(map(re.escape, sorted(self._keys)))
        self._line = re.compile(
            rb'##(?:INFO=<(?:[^">]*,)?ID=(?:%b)[,>]|%b=<ID=(?:%b)[,>])' % (keys, PROVENANCE_KEY.encode(), keys)
        )

    def drop_from(self, info: bytes) -> bytes:
        """Remove our keys from INFO; returns the same object if it has none."""
        for start in self._starts:
            if start in info:
                return b";".join(f for f in info.split(b";") if _key(f) not in self._keys) or b"."
        return info

    def are_declared_by(self, line: bytes) -> bool:
        """Whether a header line is one of ours."""
        return self._line.match(line) is not None


def largest(scores: Sequence[Score]) -> str:
    """The largest of the scores, as printed; a dot if there are none."""
    known = [score.max_score for score in scores if not score.is_missing]
    return f"{max(0.0, *known):.2f}" if known else "."


def _reasons(outcomes: Sequence[Outcome]) -> list[str]:
    return _unless_all_dots([outcome.reason.code if outcome.reason else "." for outcome in outcomes])


def _unless_all_dots(values: list[str]) -> list[str]:
    return [] if all(value == "." for value in values) else values


def _key(info_field: bytes) -> bytes:
    return info_field.partition(b"=")[0]
