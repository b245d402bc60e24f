"""The kinds of scores by name: the registration."""

from __future__ import annotations

from spliceai_cli.scores.kind import ScoreKind
from spliceai_cli.scores.score import Score
from spliceai_cli.scores.sites import SITES
from spliceai_cli.scores.tissues import TISSUES

#: ``NetworkSpec.scoring`` -> kind. The first is the one that a text is read as which looks like that of no other.
KINDS: dict[str, ScoreKind] = {kind.name: kind for kind in (SITES, TISSUES)}


def parse_score(text: str, key: str, allele: str) -> Score:
    """Read a value of an INFO field of scores; its kind is detected from the text.

    Args:
        text: the value.
        key: INFO key.
        allele: what it is about if it does not say so itself.

    Raises:
        ValueError: it is malformed.
    """
    kind = next(kind for kind in reversed(KINDS.values()) if kind.text.match(text))
    return kind.parse(text, key, allele)
