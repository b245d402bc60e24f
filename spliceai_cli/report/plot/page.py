"""The picture as a self-contained web page, which fetches nothing and runs no scripts."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from html import escape

from spliceai_cli.provenance import Provenance, header_facts
from spliceai_cli.report.plot import style
from spliceai_cli.report.plot.alike import grouped
from spliceai_cli.report.plot.figure import draw
from spliceai_cli.report.plot.scene import Scene, signed
from spliceai_cli.report.plot.sites import LEAST_SITE, Site
from spliceai_cli.report.table import read_effect, read_offset
from spliceai_cli.scoring.profile import Profile
from spliceai_cli.settings.scoring import Settings

_STYLE = f"""
body {{ margin: 1.5rem auto; max-width: 1100px; padding: 0 1rem; font: 15px/1.45 sans-serif; color: {style.INK}; }}
figure {{ margin: 0; }}
svg {{ width: 100%; height: auto; }}
table {{ border-collapse: collapse; margin: 0.5rem 0 2rem; }}
caption {{ text-align: left; padding: 0.3rem 0; color: {style.GREY}; }}
th, td {{ text-align: left; padding: 0.2rem 0.9rem 0.2rem 0; border-bottom: 1px solid #ddd; }}
th.n, td.n {{ text-align: right; font-variant-numeric: tabular-nums; }}
tr.gain td {{ color: {style.GAIN}; }}
tr.loss td {{ color: {style.LOSS}; }}
td.said {{ font-weight: bold; }}
footer, details {{ color: {style.GREY}; font-size: 13px; }}
dl {{ display: grid; grid-template-columns: max-content auto; gap: 0.1rem 1rem; }}
dd {{ margin: 0; overflow-wrap: anywhere; }}
"""

_HEADINGS = ("position", "from the variant", "kind", "annotated", "REF", "ALT", "change", "effect")
_N_TEXTS = 4  # columns before the numbers

# Everything around the drawing, and its metadata, which names web addresses without fetching from them.
_NOT_INLINE = re.compile(r"^.*?(?=<svg )|<metadata>.*?</metadata>\s*", re.DOTALL)
_ID = re.compile(r'(\bid="|href="#|url\(#)')


def render_page(
    profiles: Sequence[Profile],
    settings: Settings,
    provenance: Provenance,
    *,
    made_with: tuple[str, ...] = (),
    is_zoomed: bool = True,
) -> bytes:
    """A page with a picture and a table of sites for each profile.

    Args:
        profiles: profiles of one variant, at least one.
        settings: the settings that they were made with.
        provenance: provenance of the scores.
        made_with: see ``draw``.
        is_zoomed: see ``draw``.
    """
    pictures = [
        draw(group, settings, made_with=made_with, is_zoomed=is_zoomed, has_targets=True) for group in grouped(profiles)
    ]
    parts = [
        _part(picture.scenes[0], picture.render("svg").decode(), f"p{i}-") for i, picture in enumerate(pictures, 1)
    ]
    title = pictures[0].scenes[0].title
    stated = {"Genome and genes": ", ".join(made_with)} if made_with else {}
    facts = "".join(_facts({**stated, **header_facts(facts)}) for facts in provenance.by_model())
    return (
        f'<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta name="viewport" content="width=device-width">\n<title>{escape(title)}</title>\n'
        f"<style>{_STYLE}</style>\n</head>\n<body>\n{''.join(parts)}"
        f"<details>\n<summary>What this was made with</summary>\n{facts}</details>\n"
        "<footer><p>Predicted probabilities, made by spliceai-cli, which is not a diagnostic device.</p></footer>\n"
        "</body>\n</html>\n"
    ).encode()


def _facts(facts: Mapping[str, str]) -> str:
    rows = (f"<dt>{escape(name)}</dt><dd>{escape(value)}</dd>\n" for name, value in facts.items())
    return f"<dl>\n{''.join(rows)}</dl>\n"


def _part(scene: Scene, svg: str, prefix: str) -> str:
    """A picture and its table; IDs get a prefix, since all pictures of a page share one namespace."""
    inline = _ID.sub(rf"\g<1>{prefix}", _NOT_INLINE.sub("", svg))
    return f'<figure role="img" aria-label="{escape(scene.title)}">\n{inline}</figure>\n{_table(scene)}'


def _table(scene: Scene) -> str:
    if not scene.sites:
        return f"<p>No position has a probability of {LEAST_SITE:.2f} or more in REF or ALT.</p>\n"
    classes = ["" if i < _N_TEXTS else ' class="n"' for i in range(len(_HEADINGS) - 1)] + [""]
    heading = "".join(
        f'<th scope="col"{attribute}>{name}</th>' for attribute, name in zip(classes, _HEADINGS, strict=True)
    )
    rows = "".join(map(lambda site: _row(scene, site, classes), scene.sites))
    caption = f"All scored positions with a probability of {LEAST_SITE:.2f} or more in REF or ALT"
    return (
        f"<table>\n<caption>{caption}</caption>\n<thead><tr>{heading}</tr></thead>\n<tbody>\n{rows}</tbody>\n</table>\n"
    )


def _row(scene: Scene, site: Site, classes: Sequence[str]) -> str:
    profile = scene.profile
    strand = profile.gene.strand
    said = [
        read_effect(mark.name, mark.effect, strand)
        for mark in scene.marks
        if (mark.pos, mark.track) == (site.pos, site.track)
    ]
    cells = (
        f"{site.pos:,}",
        read_offset(site.pos - profile.variant.pos, strand),
        profile.tracks[site.track].name.replace("_", " "),
        site.known or "no",
        f"{site.ref:.2f}",
        f"{site.alt:.2f}",
        signed(site.change),
        "; ".join(said),
    )
    kind = "gain" if site.is_gained else "loss" if site.is_lost else ""
    shown = [f"<td{attribute}>{escape(cell)}</td>" for attribute, cell in zip(classes, cells, strict=True)]
    return f'<tr class="{kind}">{"".join(shown)}</tr>\n'
