"""Registry of the kinds of scores, by name."""

from __future__ import annotations

from spliceai_cli.scores.kind import ScoreKind
from spliceai_cli.scores.score import Score
from spliceai_cli.scores.sites import SITES
from spliceai_cli.scores.tissues import TISSUES

#: ``NetworkSpec.scoring`` -> kind. A text that matches no other kind is read as the first.
KINDS: dict[str, ScoreKind] = {kind.name: kind for kind in (SITES, TISSUES)}


def parse_score(text: str, key: str, allele: str) -> Score:
    """Read a value of an INFO field of scores; its kind is detected from the text.

    Args:
        text: the value.
        key: INFO key.
        allele: the allele to assume if the text names none.

    Raises:
        ValueError: the text is malformed.
    """
    return _kind_of(text).parse(text, key, allele)


def named_allele(text: str) -> str:
    """The allele that a value of an INFO field of scores names, even if the rest is malformed; empty if none."""
    return _kind_of(text).allele(text)


def _kind_of(text: str) -> ScoreKind:
    return next(kind for kind in reversed(KINDS.values()) if kind.text.match(text))
