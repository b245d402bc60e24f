"""One gene's part of a picture, with everything that is worked out before drawing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from spliceai_cli.genome.coords import Interval
from spliceai_cli.report.plot import style
from spliceai_cli.report.plot.sites import Mark, Site, find_marks, find_sites
from spliceai_cli.report.plot.view import whole, zoom
from spliceai_cli.scoring.profile import Profile
from spliceai_cli.settings.scoring import Settings
from spliceai_cli.text import labelled

# A base's letter needs 8 px.
_MOST_BASES = 125


class Scene(NamedTuple):
    """One gene's part of a figure.

    Attributes:
        profile: the profile that is shown.
        settings: the settings that it was made with.
        marks: effects that are pointed out.
        sites: likely splice sites.
        view: positions that are shown, 0-based.
        name: prefix of the IDs of its parts.
        has_targets: whether each site gets a wide invisible area for the mouse to hit.
        others: profiles that look the same, and are not drawn.
        made_with: what to say of the genome and the genes.
    """

    profile: Profile
    settings: Settings
    marks: tuple[Mark, ...]
    sites: tuple[Site, ...]
    view: Interval
    name: str
    has_targets: bool
    others: tuple[Profile, ...] = ()
    made_with: tuple[str, ...] = ()

    def shown(self, start: int, end: int) -> Interval:
        """The part of a 0-based interval that is in view; it ends before it starts if no part is."""
        return Interval(max(start, self.view.start), min(end, self.view.end))

    def x_points(self, pos: float) -> float:
        """Distance in points from the left edge of the panels to a 1-based position."""
        return (pos - 0.5 - self.view.start) / self.view.length * style.PANEL * style.POINTS

    def sites_in_view(self, row: int) -> list[Site]:
        """The sites of a track that are shown."""
        return [site for site in self.sites if site.track == row and self.view.start < site.pos <= self.view.end]

    @property
    def title(self) -> str:
        """The variant and the gene."""
        variant = self.profile.variant
        alleles = f"{labelled(variant.ref)}>{labelled(variant.alt)}"
        return f"{variant.chrom}:{variant.pos} {alleles} in {self.profile.gene.symbol}"

    @property
    def has_bases(self) -> bool:
        """Whether there is room for the letters of the bases."""
        return self.view.length <= _MOST_BASES

    @property
    def allele(self) -> str:
        """Short text for the change."""
        replaced, n_inserted = self.profile.replaced, self.profile.n_inserted
        if not n_inserted and not replaced.length:
            return "no change"
        if not n_inserted:
            return f"{replaced.length:,} bp deleted"
        if not replaced.length:
            return f"{n_inserted:,} bp inserted"
        return f"{labelled(self.profile.variant.ref)}>{labelled(self.profile.variant.alt)}"

    def site_id(self, site: Site) -> str:
        """ID of the drawing of a site."""
        return f"{self.name}-{self.profile.tracks[site.track].name}-{site.pos}"

    def describe(self, site: Site) -> str:
        """A site in words."""
        track = self.profile.tracks[site.track].name.replace("_", " ")
        known = f"annotated {site.known}" if site.known else "not an annotated site"
        return f"{track} at {site.pos:,}: REF {site.ref:.2f}, ALT {site.alt:.2f} ({signed(site.change)}); {known}"


def make_scene(
    profiles: Sequence[Profile], settings: Settings, name: str, *, is_zoomed: bool, has_targets: bool
) -> Scene:
    """Work out the scene of a profile.

    Args:
        profiles: the profile to show, and those that look the same.
        settings: the settings that it was made with.
        name: prefix of the IDs of its parts.
        is_zoomed: show only the changes and the exons near them; otherwise all scored positions.
        has_targets: give each site a wide invisible area for the mouse to hit.
    """
    profile, *others = profiles
    marks = find_marks(profile)
    view = zoom(profile, marks) if is_zoomed else whole(profile)
    return Scene(profile, settings, marks, find_sites(profile), view, name, has_targets, tuple(others))


def signed(change: float) -> str:
    """A change with its sign; no sign if it prints as 0."""
    text = f"{change:+.2f}"
    return text if float(text) else "0.00"
