"""Writes pictures of profiles, in one or more formats."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Protocol

from spliceai_cli.genome.builds import detect_build
from spliceai_cli.report.plot.figure import draw
from spliceai_cli.report.plot.page import render_page
from spliceai_cli.report.plot.records import profiles_of
from spliceai_cli.scorer import Scorer
from spliceai_cli.scoring.profile import Profile
from spliceai_cli.settings import HTML
from spliceai_cli.variants.variant import Variant


class Writable(Protocol):
    """What a picture is written to."""

    def write(self, data: bytes) -> None:
        """Add bytes."""


class Pictures:
    """Draws what a scorer predicts.

    Args:
        scorer: gives the profiles.
        kinds: formats, see ``settings.PICTURES``.
        is_zoomed: see ``draw``.
    """

    def __init__(self, scorer: Scorer, kinds: tuple[str, ...], *, is_zoomed: bool) -> None:
        self.scorer = scorer
        self._kinds = kinds
        self._is_zoomed = is_zoomed
        build = detect_build(scorer.reference.lengths)
        self._made_with = (*([build] if build else []), scorer.annotation.title)

    def profiles(self, variants: Iterable[Variant]) -> tuple[Profile, ...]:
        """The profiles to draw of the alleles of a record."""
        return profiles_of(self.scorer, variants)

    def write(self, profiles: Sequence[Profile], outputs: Iterable[Writable]) -> None:
        """Draw profiles, at least one, and write the picture in each format to one of the outputs."""
        settings, made_with = self.scorer.settings, self._made_with
        picture = draw(profiles, settings, made_with=made_with, is_zoomed=self._is_zoomed)
        for kind, output in zip(self._kinds, outputs, strict=True):
            if kind == HTML:
                origin = self.scorer.provenance
                page = render_page(profiles, settings, origin, made_with=made_with, is_zoomed=self._is_zoomed)
                output.write(page)
            else:
                output.write(picture.render(kind))
