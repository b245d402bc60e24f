"""Pictures, read back: texts, places, and that nothing is cut off or lies upon another."""

from __future__ import annotations

import itertools
import re
import xml.etree.ElementTree as ET
from dataclasses import replace

import matplotlib as mpl
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from support import plot_profiles
from support.plot_profiles import Peak

from spliceai_cli import Settings, Variant
from spliceai_cli.errors import UsageError
from spliceai_cli.models.spec import ModelIdentity, Track
from spliceai_cli.provenance import Provenance
from spliceai_cli.report.plot import style
from spliceai_cli.report.plot.figure import draw
from spliceai_cli.report.plot.labels import hidden_by_labels
from spliceai_cli.report.plot.page import render_page
from spliceai_cli.report.plot.tracks import EMPTY
from spliceai_cli.report.plot.view import zoom
from spliceai_cli.scores.effect import Effect

SVG = "{http://www.w3.org/2000/svg}"
SETTINGS = Settings(distance=500)
NONE = "none with 0.10 or more in REF or ALT"
PROVENANCE = Provenance((ModelIdentity("toy", "Toy", "a", "b"),), {"genes_sha256": "ab<c"}, {}, "1")


class Read:
    """An SVG as a reader finds it."""

    def __init__(self, raw: bytes) -> None:
        self.root = ET.fromstring(raw)

    @property
    def texts(self) -> list[str]:
        return ["".join(element.itertext()).strip() for element in self.root.iter(f"{SVG}text")]

    def place(self, text: str) -> tuple[float, float]:
        """Where the first such text stands."""
        element = next(e for e in self.root.iter(f"{SVG}text") if "".join(e.itertext()).strip() == text)
        if "x" in element.attrib:
            return float(element.attrib["x"]), float(element.attrib["y"])
        found = re.search(r"translate\(([-0-9.]+) ([-0-9.]+)\)", element.attrib["transform"])
        return float(found[1]), float(found[2])

    def heights(self) -> list[tuple[str, float]]:
        """Each text, and how far from the top it stands."""
        elements = [element for element in self.root.iter(f"{SVG}text") if "y" in element.attrib]
        return [("".join(element.itertext()).strip(), float(element.attrib["y"])) for element in elements]

    def part(self, name: str) -> ET.Element | None:
        return next((group for group in self.root.iter(f"{SVG}g") if group.get("id") == name), None)

    def line(self, name: str) -> tuple[float, float, float, float]:
        """Ends of a lollipop, from its foot to its head."""
        path = self.part(name).find(f"{SVG}path").attrib["d"]
        x1, y1, x2, y2 = map(float, re.findall(r"[-0-9.]+", path))
        return x1, y1, x2, y2


def read(profile, **how):
    return Read(draw([profile], SETTINGS, **how).render("svg"))


@pytest.fixture(scope="module")
def plus():
    return read(plot_profiles.loss_and_gain())


@pytest.mark.parametrize(("strand", "is_zoomed"), [("+", True), ("-", True), ("-", False)])
def test_svg__lollipops_stand_where_axis_and_scale_say(strand, is_zoomed):
    svg = read(plot_profiles.loss_and_gain(strand), is_zoomed=is_zoomed)
    kind = "donor" if strand == "+" else "acceptor"
    ticks = sorted(
        (int(text.replace(",", "")), svg.place(text)[0]) for text in svg.texts if re.fullmatch(r"\d,\d{3}", text)
    )
    (first, x_first), (last, x_last) = ticks[0], ticks[-1]
    x_of = {pos: x_first + (pos - first) * (x_last - x_first) / (last - first) for pos in (1501, 1650, 1700)}
    x1, foot, x2, head = svg.line(f"gene1-{kind}-1650-alt")
    # Tick labels are centred by the font of whoever reads: half a point is what that leaves.
    assert x1 == x2 == pytest.approx(x_of[1650], abs=0.5)
    _, y_ref, x_loss, head_ref = svg.line(f"gene1-{kind}-1700-ref")
    assert x_loss == pytest.approx(x_of[1700], abs=0.5)
    assert y_ref == foot
    # y grows downwards: ALT goes down from the line in the middle, REF up, and both by their probability.
    assert (head - foot) / (foot - head_ref) == pytest.approx(0.93 / 0.97, abs=1e-4)
    assert head > foot > head_ref
    assert svg.line(f"gene1-{kind}-1700-lost")[3] - foot == pytest.approx(foot - head_ref, abs=1e-3)
    assert svg.part(f"gene1-{kind}-1650-lost") is None
    assert "stroke: #c44e00" in svg.part(f"gene1-{kind}-1650-alt").find(f"{SVG}path").attrib["style"]
    assert "stroke: #0066aa" in svg.part(f"gene1-{kind}-1700-ref").find(f"{SVG}path").attrib["style"]


def test_svg__says_what_a_geneticist_asks(plus):
    assert {
        "7:1600 C>T in GENE",
        "donor loss 0.95, 100 bp downstream",
        "donor gain 0.92, 50 bp downstream",
        *("GENE on the + strand", "exon 2 of 3, 99 bp from its 5′ end", "SpliceAI, ±500 bp", "unmasked scores"),
        "REF 0.97 → ALT 0.02 at 1,700",
        "annotated donor of exon 2",
        "REF 0.01 → ALT 0.93 at 1,650",
        "not an annotated site",
        *("exon 2", "C>T", "Acceptor", "Donor", "REF ↑", "ALT ↓", "position on chromosome 7"),
        "Scored: 1,100–2,100. Largest change of a probability outside of what is shown: 0.00.",
    } <= set(plus.texts)
    assert plus.place("5′")[0] < plus.place("3′")[0]


def test_svg__of_the_minus_strand_runs_from_right_to_left():
    svg = read(plot_profiles.loss_and_gain("-"))
    assert svg.place("5′")[0] > svg.place("3′")[0]
    assert {"acceptor loss 0.95, 100 bp upstream", "annotated acceptor of exon 2", "intron 1", "intron 2"} <= set(
        svg.texts
    )
    # Genomic coordinates ascend to the right on both strands: intron 1 lies at the higher ones.
    assert svg.place("intron 1")[0] > svg.place("intron 2")[0]


def test_svg__without_effect_says_so():
    texts = read(plot_profiles.profile(Peak(1501, 1, 0.99, 0.95))).texts
    assert "no effect predicted (largest score 0.04)" in texts
    assert not any("loss" in text for text in texts)


def test_svg__has_titles_for_the_mouse(plus):
    part = plus.part("gene1-donor-1700-ref")
    assert part.find(f"{SVG}title").text == "donor at 1,700: REF 0.97, ALT 0.02 (-0.95); annotated donor of exon 2"


@pytest.mark.parametrize(
    ("strand", "sites"),
    [
        ("+", "acceptor 0.990 → 0.980, donor 0.970 → 0.020"),
        ("-", "acceptor 0.970 → 0.020, donor 0.990 → 0.980"),
    ],
)
def test_svg__has_log_odds_below_the_predicted_exons(strand, sites):
    svg = read(plot_profiles.with_consequences(strand))
    said = f"exon 2 log-odds -7.95 ({sites});  exon 3 log-odds +0.10 (acceptor 0.900 → 0.910)"
    assert said in svg.texts
    events = [svg.place(next(text for text in svg.texts if text.startswith(weight)))[1] for weight in ("0.60", "0.30")]
    assert events[0] < events[1] < svg.place(said)[1] < svg.place("Acceptor")[1]
    assert svg.place("inclusion")[1] == pytest.approx(svg.place(said)[1], abs=1)


def test_svg__says_each_event_nearer_to_its_own_strip():
    svg = read(plot_profiles.with_consequences())
    strips = [y for text, y in svg.heights() if text == "predicted"]
    events = [y for text, y in svg.heights() if text.startswith(("0.60", "0.30"))]
    assert events[0] < strips[0] < events[1] < strips[1]
    # The second stood below the first strip as if it belonged to that.
    assert events[1] - strips[0] > strips[1] - events[1]


def test_svg__no_number_lies_under_a_head():
    """Small numbers lay under taller lollipops beside them, and ALT's under the empty head of its own loss."""
    peaks = Peak(1400, 1, 0.11, 0.0), Peak(1403, 1, 0.4, 0.4), Peak(1600, 1, 0.69, 0.59), Peak(1700, 2, 0.97, 0.02)
    svg = read(plot_profiles.profile(*peaks, Peak(1800, 1, 0.9, 0.0), Peak(1900, 1, 0.0, 0.9)))
    assert "0.11" not in svg.texts
    assert "0.40" in svg.texts
    heads = [svg.line(f"gene1-acceptor-1600-{name}")[3] for name in ("alt", "lost")]
    # Downwards, as SVG has it.
    assert svg.place("0.59")[1] > max(heads) > min(heads)


def test_svg__outlines_an_exon_that_is_skipped():
    found = plot_profiles.with_consequences()
    for events, n in ((found.consequences, 1), (found.consequences[:1], 0)):
        paths = read(replace(found, consequences=events)).root.iter(f"{SVG}path")
        outlines = [path for path in paths if re.search("fill: #ffffff.*dasharray", path.get("style", ""))]
        assert len(outlines) == n


def test_svg__without_effect_still_has_log_odds():
    """A site at 0.999 that falls to 0.99 has a delta of 0.01, and log-odds that no delta shows."""
    found = plot_profiles.with_consequences(n_inclusions=1)
    texts = read(replace(found, consequences=())).texts
    assert any(text.startswith("exon 2 log-odds -7.95") for text in texts)
    assert "predicted" not in texts


@pytest.mark.parametrize(
    ("replaced", "n_inserted", "name", "note"),
    [
        ((1600, 1660), 0, "60 bp deleted", "Deleted bases have probability 0 in ALT."),
        ((1600, 1600), 5, "5 bp inserted", "Inserted bases stand at the base before them, with the largest of"),
        ((1600, 1600), 0, "no change", "Scored: 1,100–2,100"),
    ],
)
def test_svg__names_the_allele(replaced, n_inserted, name, note):
    texts = read(plot_profiles.loss_and_gain(replaced=replaced, n_inserted=n_inserted)).texts
    assert name in texts
    assert any(note in text for text in texts)


def test_svg__shows_letters_where_there_is_room(plus):
    near = plot_profiles.profile(distance=50)
    letters = [text for text in read(near).texts if text in list("ACGT")]
    assert "".join(letters) == near.bases
    assert not {"A", "C", "G", "T"} & set(plus.texts)


def test_svg__has_a_panel_for_each_output_of_other_models():
    tissues = tuple(Track(f"{name}_splice", column) for name, column in [("heart", 1), ("liver", 2), ("brain", 0)])
    texts = read(replace(plot_profiles.loss_and_gain(), tracks=tissues)).texts
    assert [text for text in texts if text in ("Heart", "Liver", "Brain")] == ["Heart", "Liver", "Brain"]
    # No tissue has a site in column 0.
    assert texts.count("splice sites") == texts.count("probability") == 2
    assert texts.count(NONE) == 1


def test_svg__a_panel_without_sites_is_a_strip_that_says_so(plus):
    """It used to be as high as the others, with a scale and nothing in it."""
    donors_only = draw([plot_profiles.profile(Peak(1650, 2, 0.0, 0.9))], SETTINGS)
    both = draw([plot_profiles.profile(Peak(1650, 2, 0.0, 0.9), Peak(1501, 1, 0.9, 0.9))], SETTINGS)
    assert both.figure.get_figheight() - donors_only.figure.get_figheight() == pytest.approx(style.TRACK - EMPTY)
    svg = Read(donors_only.render("svg"))
    assert NONE in svg.texts
    assert svg.place("Acceptor")[1] == pytest.approx(svg.place(NONE)[1], abs=2)
    assert NONE not in plus.texts


@pytest.mark.parametrize("side", ["left", "right"])
def test_view__is_widened_so_that_no_label_lies_beyond_another_site(side):
    """A label without room on its own side used to be moved across the other site, with a line through it."""
    near, far = (1480, 1520) if side == "left" else (1720, 1680)
    peaks = Peak(near, 1, 0.1, 0.7), Peak(far, 1, 0.99, 0.5)
    [scene] = draw([plot_profiles.profile(*peaks)], SETTINGS).scenes
    narrow = scene._replace(view=zoom(scene.profile, scene.marks))
    assert hidden_by_labels(scene) < 0.1
    assert hidden_by_labels(narrow) > 0.9


def test_view__stays_where_labels_have_room(plus):
    [scene] = draw([plot_profiles.loss_and_gain()], SETTINGS).scenes
    assert scene.view == zoom(scene.profile, scene.marks)


def with_transcript(profile, name, **more):
    return replace(profile, gene=replace(profile.gene, transcript_id=name, **more))


def test_figure__transcripts_that_look_alike_are_drawn_once():
    first = with_transcript(plot_profiles.loss_and_gain(), "T1")
    near = with_transcript(replace(first, alt=first.alt * 0.96), "T2")  # 0.93 becomes 0.89
    far = with_transcript(replace(first, alt=first.alt * 0.9), "T3")
    exons = with_transcript(first, "T4", exons=first.gene.exons[1:])
    picture = draw([first, near, far, exons], SETTINGS)
    assert [scene.profile.gene.transcript_id for scene in picture.scenes] == ["T1", "T3", "T4"]
    note = "Probabilities within 0.05 of these, largest score in parentheses: T2 (0.95)."
    assert Read(picture.render("svg")).texts.count(note) == 1
    html = render_page([first, near, far, exons], SETTINGS, PROVENANCE).decode()
    assert html.count("<figure ") == 3


def test_figure__says_what_annotate_and_score_print():
    """They look ±50 bp by default, and a picture ±500 bp."""
    profile = plot_profiles.loss_and_gain()
    none = replace(profile.score, **{name: Effect(0.04, 3) for name in profile.score.effects_by_name})
    there = "within ±50 bp, the default of annotate and score"
    assert not any(there in text for text in read(profile).texts)
    assert f"{there}, the same" in read(replace(profile, near=profile.score)).texts
    assert f"{there}: no effect (largest score 0.04)" in read(replace(profile, near=none)).texts
    gain = replace(none, donor_gain=Effect(0.92, 50))
    assert f"{there}: donor gain 0.92, 50 bp downstream" in read(replace(profile, near=gain)).texts


def test_figure__says_which_genes_it_shows():
    made_with = ("GRCh38", "GENCODE V24 (2015), one transcript per gene (grch38)")
    texts = read(plot_profiles.loss_and_gain(), made_with=made_with).texts
    assert set(made_with) <= set(texts)
    html = render_page([plot_profiles.loss_and_gain()], SETTINGS, PROVENANCE, made_with=made_with).decode()
    assert f"<dt>Genome and genes</dt><dd>{', '.join(made_with)}</dd>" in html


def crowded():
    """Sites beside one another, at both ends of what is scored, and all four effects."""
    peaks = [Peak(1501 + 3 * i, 1 + i % 2, 0.3 + 0.02 * i, 0.9 - 0.02 * i) for i in range(20)]
    ends = [Peak(1100, 2, 0.9, 0.0), Peak(2100, 1, 0.0, 0.9), Peak(1101, 1, 0.8, 0.1), Peak(2099, 2, 0.1, 0.8)]
    return plot_profiles.profile(*peaks, *ends)


CASES = {
    "consequences": plot_profiles.with_consequences(),
    "consequences-minus": plot_profiles.with_consequences("-"),
    "consequences-of-many-exons": plot_profiles.with_consequences(n_inclusions=10),
    "plus": plot_profiles.loss_and_gain(),
    "minus": plot_profiles.loss_and_gain("-"),
    "crowded": crowded(),
    "nothing": plot_profiles.profile(),
    "narrow": plot_profiles.profile(Peak(1590, 2, 0.0, 0.6), Peak(1611, 2, 0.7, 0.1), distance=50),
    "at-the-edges": plot_profiles.profile(Peak(1550, 1, 0.9, 0.0), Peak(1650, 2, 0.0, 0.9), distance=50),
    "insertion": plot_profiles.loss_and_gain(replaced=(1600, 1600), n_inserted=5),
    "long": replace(
        plot_profiles.loss_and_gain(replaced=(1590, 1650), n_inserted=0, symbol="ENSG00000196218.13"),
        variant=Variant("NW_003315964.2", 1600, "ACGT" * 20, "TTGCA" * 30),
        gene=replace(plot_profiles.gene(), symbol="ENSG00000196218.13", transcript_id="ENST00000359596.8"),
    ),
}


def texts_of(figure):
    """Boxes in pixels of all texts that are shown."""
    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    texts = list(figure.texts)
    for axes in figure.axes:
        texts += [*axes.texts, axes.xaxis.label]
        for axis, limits in ((axes.xaxis, axes.get_xlim()), (axes.yaxis, axes.get_ylim())):
            # matplotlib keeps ticks outside of what is shown, and does not draw them.
            texts += [tick.label1 for tick in axis.get_major_ticks() if limits[0] <= tick.get_loc() <= limits[1]]
    renderer = canvas.get_renderer()
    return [(text.get_text(), text.get_window_extent(renderer)) for text in texts if text.get_text()]


def check_nothing_is_cut_off(figure, texts):
    for text, box in texts:
        assert box.x0 >= 0, text
        assert box.x1 <= figure.bbox.x1, text
        assert box.y0 >= 0, text
        assert box.y1 <= figure.bbox.y1, text


@pytest.mark.parametrize("name", CASES)
def test_figure__no_text_is_cut_off_or_lies_on_another(name):
    with style.applied():
        figure = draw([CASES[name]], SETTINGS).figure
        texts = texts_of(figure)
    check_nothing_is_cut_off(figure, texts)
    for (one, a), (two, b) in itertools.combinations(texts, 2):
        # Line heights have room above and below the letters.
        width = min(a.x1, b.x1) - max(a.x0, b.x0)
        height = min(a.y1, b.y1) - max(a.y0, b.y0)
        is_crowded = name == "crowded"  # labels may cover numbers there, for want of a free place
        assert width <= 0.5 or height <= 0.3 * min(a.height, b.height) or is_crowded, f"{one!r} and {two!r}"


def test_figure__no_text_is_cut_off_where_all_is_shown():
    with style.applied():
        figure = draw([CASES["crowded"]], SETTINGS, is_zoomed=False).figure
        check_nothing_is_cut_off(figure, texts_of(figure))


@pytest.mark.parametrize("kind", ["png", "svg", "pdf"])
def test_render__equal_pictures_have_equal_bytes(kind):
    first = draw([plot_profiles.loss_and_gain()], SETTINGS).render(kind)
    # Somebody else's style and the clock make no difference.
    with mpl.rc_context({"font.size": 20, "svg.fonttype": "path", "axes.facecolor": "red", "savefig.dpi": 30}):
        assert draw([plot_profiles.loss_and_gain()], SETTINGS).render(kind) == first
    assert b"20" + b"26-" not in first
    assert mpl.rcParams["svg.hashsalt"] is None


def test_render__genes_stand_below_one_another():
    genes = [plot_profiles.loss_and_gain(), plot_profiles.loss_and_gain("-", symbol="OTHER")]
    svg = Read(draw(genes, SETTINGS).render("svg"))
    assert svg.place("7:1600 C>T in GENE")[1] < svg.place("7:1600 C>T in OTHER")[1]
    assert svg.line("gene1-donor-1700-ref")[1] < svg.line("gene2-acceptor-1700-ref")[1]


def test_render__too_many_genes_for_a_page():
    picture = draw([plot_profiles.profile()], SETTINGS)
    picture.figure.set_figheight(201)
    with pytest.raises(UsageError, match="1 genes or transcripts are too many for one PNG"):
        picture.render("png")


def test_page__fetches_nothing_and_lists_the_sites():
    genes = [plot_profiles.loss_and_gain(), plot_profiles.profile(symbol="<&>")]
    html, again = (render_page(genes, SETTINGS, PROVENANCE).decode() for _ in range(2))
    assert html == again
    assert not re.findall(r"<(?:script|link|img|iframe|image|object)\b", html)
    assert not re.findall(r"(?:src|href)=\"(?!#)|url\((?!#)|@import", html)
    assert html.count("<figure ") == html.count("</svg>") == 2
    ids = re.findall(r'\bid="([^"]+)"', html)
    assert len(ids) == len(set(ids))
    assert set(re.findall(r'href="#([^"]+)"|url\(#([^)]+)\)', html)) <= {(i, "") for i in ids} | {("", i) for i in ids}
    [table] = re.findall("<tbody>(.*?)</tbody>", html, re.DOTALL)
    rows = [re.findall("<td[^>]*>(.*?)</td>", row) for row in table.splitlines() if row]
    assert rows == [
        ["1,501", "99 bp upstream", "acceptor", "acceptor of exon 2", "0.99", "0.98", "-0.01", ""],
        ["1,650", "50 bp downstream", "donor", "no", "0.01", "0.93", "+0.92", "donor gain 0.92, 50 bp downstream"],
        ["1,700", "100 bp downstream", "donor", "donor of exon 2", "0.97", "0.02", "-0.95"]
        + ["donor loss 0.95, 100 bp downstream"],
    ]
    assert "<p>No position has a probability of 0.10 or more in REF or ALT.</p>" in html
    assert "<dt>GenesSHA256</dt><dd>ab&lt;c</dd>" in html
    assert "7:1600 C&gt;T in &lt;&amp;&gt;" in html
    ET.fromstring(re.sub(r"<!DOCTYPE html>|<meta[^>]*>", "", html))
