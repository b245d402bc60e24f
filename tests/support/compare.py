"""Scores of ours beside scores that another program wrote."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

from spliceai_cli import DeltaScore, Outcome, Scorer, Variant

# STYLE's equality rule for published scores.
EDGE = 1e-5


class Line(NamedTuple):
    """One VCF record and its scores."""

    chrom: str
    pos: int
    ref: str
    alts: tuple[str, ...]
    values: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.chrom}:{self.pos} {self.ref[:20]}>{','.join(self.alts)[:30]}"


def read_vcf(path: Path, key: str = "SpliceAI") -> list[Line]:
    """Records with what INFO has under ``key``."""
    lines = []
    for text in path.read_text().splitlines():
        if text.startswith("#"):
            continue
        chrom, pos, _, ref, alt, _, _, info = text.split("\t")[:8]
        value = next((f.removeprefix(f"{key}=") for f in info.split(";") if f.startswith(f"{key}=")), "")
        lines.append(Line(chrom, int(pos), ref, tuple(alt.split(",")), tuple(value.split(",")) if value else ()))
    return lines


def score(scorer: Scorer, lines: Sequence[Line]) -> list[list[Outcome]]:
    """Outcomes of each line's alleles."""
    # As the VCF reader makes them: a file may have a REF such as Z, which a caller of the API could not give.
    variants = (Variant._make((x.chrom, x.pos, x.ref, alt, None)) for x in lines for alt in x.alts)
    outcomes = iter(scorer.score(variants))
    return [[next(outcomes) for _ in line.alts] for line in lines]


def texts(outcomes: Iterable[Outcome]) -> tuple[str, ...]:
    return tuple(str(s) for outcome in outcomes for s in outcome.scores)


def not_to_the_letter(scorer: Scorer, lines: Sequence[Line]) -> list[str]:
    """Lines whose texts are not those that are expected."""
    return [
        f"{line}: {line.values} expected, {texts(found)} found"
        for line, found in zip(lines, score(scorer, lines), strict=True)
        if texts(found) != line.values
    ]


def differs(found: DeltaScore, expected: DeltaScore) -> bool:
    """Whether two scores differ by more than the allowance for published scores.

    Printed scores are equal, or 0.01 apart with the unrounded one within 1e-5 of the rounding edge; offsets are equal
    but where both scores print 0.00.
    """
    if (found.allele, found.symbol, found.is_missing) != (expected.allele, expected.symbol, expected.is_missing):
        return True
    for ours, theirs in zip(found.effects, expected.effects, strict=True):
        if f"{ours.score:.2f}" != f"{theirs.score:.2f}" and not _is_at_edge(ours.score, theirs.score):
            return True
        if ours.offset != theirs.offset and abs(theirs.score) >= 0.005:
            return True
    return False


def _is_at_edge(unrounded: float, printed: float) -> bool:
    """Whether the two lie on the two sides of one rounding edge, the unrounded one within 1e-5 of it."""
    edge = printed + 0.005 if unrounded > printed else printed - 0.005
    return abs(unrounded - edge) <= EDGE
