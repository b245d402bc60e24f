"""Pictures of the variants that a scorer scores."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Protocol

from spliceai_cli.errors import AnnotationError, VariantError
from spliceai_cli.genes.named import rows_by_name
from spliceai_cli.genome.builds import detect_build
from spliceai_cli.lookup import reason_in_words
from spliceai_cli.report.plot.figure import Picture, draw
from spliceai_cli.report.plot.page import render_page
from spliceai_cli.scorer import Scorer
from spliceai_cli.scores.score import Score
from spliceai_cli.scoring.profile import Profile
from spliceai_cli.scoring.watcher import NoWatcher, Watcher
from spliceai_cli.settings.scoring import Settings
from spliceai_cli.settings.words import HTML
from spliceai_cli.text import labelled
from spliceai_cli.variants.variant import Variant

_NO_WATCHER = NoWatcher()


class Writable(Protocol):
    """What a picture is written to."""

    def write(self, data: bytes) -> None:
        """Add bytes."""


class Pictures:
    """Draws what a scorer predicts, next to what it would print within the default distance.

    Args:
        scorer: gives the profiles.
        is_zoomed: see ``draw``.
    """

    def __init__(self, scorer: Scorer, *, is_zoomed: bool) -> None:
        self.scorer = scorer
        self._is_zoomed = is_zoomed
        is_near = scorer.settings.distance == Settings.distance
        self._near = None if is_near else scorer.at_distance(Settings.distance, has_consequences=False)
        build = detect_build(scorer.reference.lengths)
        self._made_with = (*([build] if build else []), scorer.annotation.title)

    def profiles(self, variant: Variant, watcher: Watcher = _NO_WATCHER) -> tuple[Profile, ...]:
        """The profiles to draw of an allele, each with its score within the default distance if that is different."""
        profiles = self.scorer.profiles(variant, watcher=watcher)
        if self._near is None or not profiles:
            return profiles
        [outcome] = self._near.score([variant])
        # Under the rules of 1.3.1, whether an allele has a score depends on the distance.
        near: Sequence[Score | None] = outcome.scores if outcome.reason is None else [None] * len(profiles)
        return tuple(replace(profile, near=score) for profile, score in zip(profiles, near, strict=True))

    def profiles_of_one(
        self, variant: Variant, gene: str | None, watcher: Watcher = _NO_WATCHER
    ) -> tuple[Profile, ...]:
        """The profiles to draw of a variant that has to have some.

        Args:
            variant: the variant.
            gene: only this gene, by symbol, gene ID, transcript ID or alias; None for all that the variant lies in.
            watcher: follows the computing.

        Raises:
            VariantError: the variant has no score.
            AnnotationError: the variant does not lie in the gene.
        """
        name = f"{variant.chrom}:{variant.pos} {labelled(variant.ref)}>{labelled(variant.alt)}"
        profiles = self.profiles(variant, watcher)
        if not profiles:
            raise VariantError(f"{name} has no score: {reason_in_words(self.scorer.plan(variant))}.")
        wanted = on_gene(profiles, gene)
        if not wanted:
            genes = ", ".join(dict.fromkeys(profile.gene.symbol for profile in profiles))
            raise AnnotationError(f"{name} does not lie in {gene}, but in {genes}.", "Use the names of the annotation.")
        return wanted

    def draw(self, profiles: Sequence[Profile]) -> Picture:
        """The picture of profiles, at least one."""
        return draw(profiles, self.scorer.settings, made_with=self._made_with, is_zoomed=self._is_zoomed)

    def write(self, profiles: Sequence[Profile], outputs: Iterable[tuple[str, Writable]]) -> None:
        """Draw profiles, at least one, and write the picture to outputs, each with its format of ``PICTURES``."""
        picture = self.draw(profiles)
        for kind, output in outputs:
            if kind == HTML:
                settings, origin = self.scorer.settings, self.scorer.provenance
                page = render_page(profiles, settings, origin, made_with=self._made_with, is_zoomed=self._is_zoomed)
                output.write(page)
            else:
                output.write(picture.render(kind))


def on_gene(profiles: tuple[Profile, ...], gene: str | None) -> tuple[Profile, ...]:
    """The profiles on a gene, by any of its names; all of them for None."""
    if gene is None:
        return profiles
    rows = rows_by_name([profile.gene for profile in profiles], {gene})
    return tuple(profiles[row] for row in rows[gene])
