from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spliceai_cli.genome.coords import Interval
from spliceai_cli.variants.structure import affected, n_unknown_anchors, read_structure
from spliceai_cli.variants.variant import INEXACT, Structure, Variant


def read_all(alts, column, ref="A"):
    """What INFO says of each ALT of a record at POS 100."""
    info = {key: value for key, _, value in (field.partition("=") for field in column.split(";"))}
    alts = alts.split(",")
    return [read_structure(info, i, pos=100, ref=ref, alts=alts) for i in range(len(alts))]


def read(alt, column, ref="A"):
    return read_all(alt, column, ref)[0]


@pytest.mark.parametrize("kind", ["DEL", "DUP", "INV"])
@pytest.mark.parametrize(
    ("end", "svlen", "length"),
    [
        (110, None, 10),
        (None, "-10", 10),
        # VCF 4.4 has no sign.
        (None, "10", 10),
        (110, "-10", 10),
        (101, None, 1),
        # The two disagree.
        (110, "-11", None),
        (110, "9", None),
        # None, or nothing affected.
        (None, None, None),
        (100, None, None),
        (99, None, None),
        (None, "0", None),
        # No whole number.
        (None, ".", None),
        (None, "", None),
        (None, "-", None),
        (None, "1e3", None),
        (None, "10.0", None),
        (None, "9" * 5000, None),
        (None, "-.", None),
        ("9" * 5000, None, None),
        # Malformed beside one that is well: which of them is right?
        ("x", "10", None),
        ("1e3", "10", None),
        ("-110", "10", None),
        ("", "10", None),
        (110, "x", None),
        (110, "10,20", None),
        ("110,120", "10", None),
        # Missing beside one that is there.
        (".", "10", 10),
        (110, ".", 10),
    ],
)
def test_read_structure__length_is_by_end_or_svlen(kind, end, svlen, length):
    column = ";".join(f"{key}={value}" for key, value in (("END", end), ("SVLEN", svlen)) if value is not None)
    assert read(f"<{kind}>", column) == (None if length is None else Structure(kind, length))


@given(st.text(st.characters(exclude_characters=";"), max_size=6))
def test_read_structure__knows_every_svlen(svlen):
    """Whatever stands there is a length or nothing: ``--5`` and a superscript 2 used to raise ValueError."""
    found = read("<DEL>", f"SVLEN={svlen}")
    assert found is None or found.length >= 1


@pytest.mark.parametrize("svlen", ["--5", "²", "-²", "٣"])
def test_read_structure__svlen_has_ascii_digits_and_one_sign(svlen):
    assert read("<DEL>", f"SVLEN={svlen}") is None


@pytest.mark.parametrize(
    ("alt", "kind"),
    [
        ("<DEL>", "DEL"),
        ("<DEL:ME:ALU>", "DEL"),
        ("<INV>", "INV"),
        ("<DUP>", "DUP"),
        ("<DUP:TANDEM>", "DUP"),
        # A copy elsewhere, or no one knows where.
        ("<DUP:DISPERSED>", None),
        ("<DUP:TANDEM:X>", None),
        ("<DUP:ISP>", None),
        # Several copy numbers, reference blocks, anything else.
        ("<CNV>", None),
        ("<CN0>", None),
        ("<CNV:TR>", None),
        ("<NON_REF>", None),
        ("<*>", None),
        ("<BND>", None),
        ("<TRA>", None),
        ("<DELX>", None),
        ("<del>", "DEL"),
        ("<Dup:Tandem>", "DUP"),
        ("<ME:DEL>", None),
        # Read depth.
        ("<DEL:CNV>", None),
        ("<del:cnv>", None),
        ("<DEL:CNV:X>", None),
        ("<DEL:X:CNV>", None),
        ("<INV:CNV>", None),
        ("<DEL:CNVS>", "DEL"),
        ("<DEL:A><DEL>", None),
        ("DEL", None),
        ("<DEL", None),
        ("A<DEL>", None),
        ("<>", None),
    ],
)
def test_read_structure__kinds(alt, kind):
    assert read(alt, "END=110") == (None if kind is None else Structure(kind, 10))


@pytest.mark.parametrize("alt", ["<INS>", "<INS:ME:LINE1>"])
@pytest.mark.parametrize(
    ("inserted", "is_known"), [("ACG", True), ("acgn", True), ("", False), (".", False), ("ACR", False), ("A-C", False)]
)
def test_read_structure__insertion_needs_its_sequence(alt, inserted, is_known):
    expected = Structure("INS", inserted=inserted) if is_known else None
    assert read(alt, f"END=100;SEQ={inserted}") == expected


EXACT = [
    "",
    "PRECISE",
    "PRECISE=1;IMPRECISE=0",
    "PRECISE=TRUE",
    "IMPRECISE=FALSE",
    "imprecise",
    "SVCLAIM=J",
    "SVCLAIM=DJ",
    "SVCLAIM=.",
    "CIPOS=0,0;CIEND=0,0;CILEN=0,0",
    # A microhomology may put the same breakpoint at any of several places; Manta and GRIDSS.
    "CIPOS=0,5;CIEND=0,5;HOMLEN=5;HOMSEQ=ACGTA",
    "CIPOS=-5,0;HOMLEN=5",
    "CIPOS=-2,3;HOMLEN=5",
    "CIPOS=0,4;HOMLEN=5",
    # Delly.
    "PRECISE;CIPOS=-5,5;CIEND=-5,5;HOMLEN=5",
]

NOT_EXACT = [
    "IMPRECISE",
    "IMPRECISE=1",
    "IMPRECISE=TRUE",
    "IMPRECISE=true",
    "IMPRECISE=.",
    "IMPRECISE=maybe",
    "PRECISE;IMPRECISE",
    "PRECISE=FALSE",
    "PRECISE=0",
    "PRECISE=.",
    "SVCLAIM=D",
    "SVCLAIM=d",
    "SVCLAIM=X",
    "SVCLAIM=",
    "SVCLAIM",
    "SVCLAIM=J,J",
    "CIPOS=0,5",
    "CIPOS=-141,50;CIEND=-50,141",
    "CIEND=0,1",
    "CIPOS=0,6;HOMLEN=5",
    "CIPOS=-5,5;HOMLEN=5",
    "PRECISE;CIPOS=-6,6;HOMLEN=5",
    "CIPOS=0,5;CIEND=0,6;HOMLEN=5",
    "CIPOS=0,5;HOMLEN=.",
    "CIPOS=0,5;HOMLEN=x",
    "CIPOS=0,5;HOMLEN=5,5",
    # A length is the same wherever a homology puts it.
    "CILEN=-5,0;HOMLEN=5",
    # Without 0, or upside down.
    "CIPOS=1,2;HOMLEN=5",
    "CIPOS=-2,-1;HOMLEN=5",
    "CIPOS=2,-2;HOMLEN=5",
    # Malformed.
    "CIPOS",
    "CIPOS=",
    "CIPOS=.",
    "CIPOS=.,.",
    "CIPOS=0,",
    "CIPOS=,0",
    "CIPOS=-5",
    "CIPOS=0",
    "CIPOS=0,0,0",
    "CIPOS=a,b",
    "CIPOS=0.0,0.0",
    "CIEND=0,.",
    "CILEN=.",
    f"CIPOS=0,{'9' * 5000}",
]

DESCRIBED = [("<DEL>", "END=110"), ("<DUP>", "SVLEN=10"), ("<INV>", "END=110;SVLEN=10"), ("<INS>", "SEQ=ACG")]


@pytest.mark.parametrize(("alt", "column"), DESCRIBED)
@pytest.mark.parametrize("claims", EXACT)
def test_read_structure__is_exact_where_nothing_says_otherwise(alt, column, claims):
    assert read(alt, column) is not None
    assert read(alt, f"{column};{claims}") == read(alt, column)


@pytest.mark.parametrize(("alt", "column"), DESCRIBED)
@pytest.mark.parametrize("claims", NOT_EXACT)
def test_read_structure__is_unknown_where_its_ends_are(alt, column, claims):
    assert read(alt, f"{column};{claims}") is None


@pytest.mark.parametrize(
    ("column", "lengths"),
    [
        ("SVLEN=5,6", [5, 6]),
        ("SVLEN=5", [None, None]),
        ("SVLEN=5,6,7", [None, None]),
        ("SVLEN=5,.", [5, None]),
        ("SVLEN=5,6;SVCLAIM=J,D", [5, None]),
        ("SVLEN=5,6;SVCLAIM=D,DJ", [None, 6]),
        ("SVLEN=5,6;SVCLAIM=D", [None, None]),
        # Two bounds for all, or since VCF 4.4 for each.
        ("SVLEN=5,6;CIPOS=0,0", [5, 6]),
        ("SVLEN=5,6;CIPOS=-9,9", [None, None]),
        ("SVLEN=5,6;CIPOS=0,0,-9,9", [5, None]),
        ("SVLEN=5,6;CIPOS=0,4,0,4;HOMLEN=4,3", [5, None]),
        ("SVLEN=5,6;CIPOS=0,0,0", [None, None]),
        ("SVLEN=5,6;CILEN=-1,1,0,0", [None, 6]),
        ("SVLEN=5,6;IMPRECISE", [None, None]),
    ],
)
def test_read_structure__takes_values_of_its_own_alt(column, lengths):
    found = read_all("<DEL>,<DEL>", column)
    assert [one and one.length for one in found] == lengths


@pytest.mark.parametrize(
    ("column", "inserted"),
    [
        # Manta; its sequences used to be dropped, so that a clean deletion was scored.
        ("END=110;SVTYPE=DEL;SVLEN=-10;SVINSLEN=3;SVINSSEQ=ACG", "ACG"),
        ("END=110;SVINSSEQ=acg", "acg"),
        ("END=110;INSSEQ=ACG;SVINSSEQ=ACG", "ACG"),
        ("END=110;INSERTION=ACG", "ACG"),
        # None; Delly's length of it, and a sequence of the deletion.
        ("END=110;SVINSLEN=0;INSLEN=0;SVINSSEQ=.", ""),
        ("SVLEN=-10;INSLEN=0;CONSENSUS=ACGTACGT", ""),
        ("END=110;SEQ=ACGTACGTAC", ""),
        # Not whole.
        ("END=110;SVINSLEN=3", None),
        ("END=110;INSLEN=3;CONSENSUS=ACGTACGT", None),
        ("END=110;NTLEN=3", None),
        ("END=110;SVINSLEN=4;SVINSSEQ=ACG", None),
        ("END=110;SVINSLEN=x", None),
        ("END=110;INSLEN=", None),
        ("END=110;SVINSSEQ=", None),
        ("END=110;SVINSSEQ", None),
        ("END=110;SVINSSEQ=ACR", None),
        ("END=110;SVINSSEQ=ACG,ACT", None),
        ("END=110;INSSEQ=ACT;SVINSSEQ=ACG", None),
        ("END=110;LEFT_SVINSSEQ=ACG", None),
        ("END=110;RIGHT_SVINSSEQ=ACG;SVINSSEQ=ACG", None),
        # SVLEN counts what is deleted, or how much shorter ALT is.
        ("SVLEN=-10;SVINSSEQ=ACG", None),
        ("END=110;SVLEN=-7;SVINSSEQ=ACG", None),
    ],
)
def test_read_structure__bases_inserted_at_the_junction(column, inserted):
    assert read("<DEL>", column) == (None if inserted is None else Structure("DEL", 10, inserted))
    assert read("<DUP>", column) == (Structure("DUP", 10) if inserted == "" else None)
    assert read("<INV>", column) == (Structure("INV", 10) if inserted == "" else None)


@pytest.mark.parametrize("more", ["LEFT_SVINSSEQ=A", "SVINSLEN=4", "INSLEN=4", "SVINSSEQ=ACT", "INSSEQ=ACGT"])
def test_read_structure__insertion_that_is_said_to_be_another(more):
    assert read("<INS>", "SEQ=ACG;SVINSLEN=3") == Structure("INS", inserted="ACG")
    assert read("<INS>", f"SEQ=ACG;{more}") is None


@pytest.mark.parametrize(
    ("alt", "svtype", "agrees"),
    [
        ("<DEL>", "DEL", True),
        ("<DEL>", "del", True),
        ("<DEL>", "DEL:ME:ALU", True),
        ("<DEL:ME:ALU>", "DEL", True),
        ("<DEL>", ".", True),
        ("<DUP:TANDEM>", "DUP", True),
        ("<DUP>", "DUP:TANDEM", True),
        ("<INV>", "INV", True),
        # Read depth, or something else altogether: they used to be scored.
        ("<DEL>", "CNV", False),
        ("<DUP>", "CNV", False),
        ("<DEL>", "DEL:CNV", False),
        ("<DEL>", "DUP", False),
        ("<DEL>", "BND", False),
        ("<INV>", "BND", False),
        ("<DEL>", "", False),
        ("<DEL>", "DEL,DUP", False),
        ("<DUP>", "DUP:DISPERSED", False),
        # Severus: an insertion of a copy, which need not stand beside the first.
        ("<DUP>", "INS", False),
    ],
)
def test_read_structure__svtype_has_to_agree(alt, svtype, agrees):
    assert (read(alt, f"SVTYPE={svtype};END=110") is not None) == agrees


def test_read_structure__svtype_of_several_alts():
    def kinds(svtype):
        return [one and one.kind for one in read_all("<DEL>,<DUP>", f"SVTYPE={svtype};SVLEN=5,6")]

    assert kinds("DEL,DUP") == ["DEL", "DUP"]
    assert kinds("DEL") == ["DEL", None]
    assert kinds("CNV") == [None, None]
    assert kinds("DEL,DUP,INV") == [None, None]


INFO_KEYS = ["SVTYPE", "SVLEN", "END", "SEQ", "IMPRECISE", "PRECISE", "SVCLAIM", "CIPOS", "CIEND", "CILEN", "HOMLEN"]


@given(
    st.sampled_from(["<DEL>", "<DUP>,<INS>", "<INV>,A,<DEL>", "N", "NA,TTT", "A"]),
    st.sampled_from(["A", "N", "TTT"]),
    st.dictionaries(st.sampled_from(INFO_KEYS), st.text("0123456789-.,DJxNAC", max_size=8)),
)
def test_read_structure__survives_any_values(alts, ref, info):
    column = ";".join(f"{key}={value}" for key, value in info.items())
    for found in read_all(alts, column, ref):
        assert found in (None, INEXACT) or found.inserted or found.length >= 1


@pytest.mark.parametrize(
    ("ref", "alt", "column", "expected"),
    [
        # Sniffles, Severus: what is inserted or deleted alone, and N in place of nothing.
        ("N", "TTC", "SVTYPE=INS;SVLEN=3", Structure("INS", inserted="TTC")),
        ("n", "ttc", "SVTYPE=INS:ME:ALU;SVLEN=3;END=100", Structure("INS", inserted="ttc")),
        ("N", "TTNC", "PRECISE;SVTYPE=INS;SVLEN=4", Structure("INS", inserted="TTNC")),
        ("N", "A", "SVTYPE=INS;SVLEN=1", Structure("INS", inserted="A")),
        ("TTC", "N", "SVTYPE=DEL;SVLEN=-3", Structure("DEL", 3)),
        ("ttc", "n", "SVTYPE=DEL;SVLEN=3;END=103", Structure("DEL", 3)),
        ("TTC", "N", "SVTYPE=DEL;SVLEN=3;END=102", Structure("DEL", 3)),
        ("T", "N", "SVTYPE=DEL;SVLEN=-1", Structure("DEL", 1)),
        # Without SVLEN, or in another case: they used to be left out.
        ("N", "TTC", "SVTYPE=INS", Structure("INS", inserted="TTC")),
        ("N", "TTC", "SVTYPE=INS;SVLEN=.", Structure("INS", inserted="TTC")),
        ("N", "TTC", "SVTYPE=ins;SVINSSEQ=ttc;SVINSLEN=3", Structure("INS", inserted="TTC")),
        ("TTC", "N", "SVTYPE=DEL", Structure("DEL", 3)),
        ("TTC", "N", "SVTYPE=Del;SVLEN=.;SVINSLEN=0", Structure("DEL", 3)),
        ("TTC", "N", "SVTYPE=DEL;END=103", Structure("DEL", 3)),
        # N for the base before in both alleles: that says all.
        ("N", "NTT", "SVTYPE=INS;SVLEN=2", None),
        ("N", "NTT", ".", None),
        ("NTT", "N", "SVTYPE=DEL;SVLEN=-2", None),
        ("NTT", "n", "SVTYPE=DEL", None),
        # No word of what it is: letters as they are.
        ("N", "TTC", ".", None),
        ("N", "A", "AC=1", None),
        ("TTC", "N", ".", None),
        ("T", "N", "SVTYPE=.", None),
        # Contradictions.
        ("N", "TTC", "SVTYPE=INS;SVLEN=2", INEXACT),
        ("N", "TTC", "SVTYPE=INS;SVLEN=", INEXACT),
        ("N", "TTC", "SVTYPE=INS;SVINSSEQ=TTG", INEXACT),
        ("N", "TTC", "SVTYPE=INS;SVINSLEN=4", INEXACT),
        ("N", "TTC", "SVTYPE=INS;LEFT_SVINSSEQ=TT", INEXACT),
        ("TTC", "N", "SVTYPE=DEL;SVINSSEQ=A", INEXACT),
        ("TTC", "N", "SVTYPE=DEL:CNV", INEXACT),
        ("TTC", "N", "SVTYPE=", INEXACT),
        ("N", "TTC", "SVTYPE=INS;SVLEN=x", INEXACT),
        ("N", "TTC", "SVTYPE=DUP;SVLEN=3", INEXACT),
        ("TTC", "N", "SVTYPE=DEL;END=200", INEXACT),
        ("TTC", "N", "SVTYPE=DEL;SVLEN=-2", INEXACT),
        ("TTC", "N", "SVTYPE=DEL;SVLEN=-3;END=200", INEXACT),
        ("TTC", "N", "SVTYPE=DEL;SVLEN=-3;END=x", INEXACT),
        ("TTC", "N", "SVTYPE=INV;SVLEN=3", INEXACT),
        ("N", "N", "SVTYPE=DEL;SVLEN=-500;END=600", INEXACT),
        ("A", "NTT", "SVTYPE=INS;SVLEN=2", INEXACT),
        # Not known to the base.
        ("N", "TTC", "SVTYPE=INS;SVLEN=3;IMPRECISE", INEXACT),
        ("N", "NTT", "IMPRECISE", INEXACT),
        ("NTT", "N", "CIPOS=-5,5", INEXACT),
        ("TTC", "N", "SVTYPE=DEL;SVLEN=-3;PRECISE=0", INEXACT),
    ],
)
def test_read_structure__of_written_alleles_with_n_for_a_base(ref, alt, column, expected):
    assert read(alt, column, ref) == expected


@pytest.mark.parametrize(
    ("ref", "alt", "n"),
    [
        ("N", "NTT", 1),
        ("n", "NTT", 1),
        ("NTT", "N", 1),
        ("NTG", "NAC", 1),
        ("NNT", "NN", 2),
        ("NN", "NNT", 2),
        ("NNN", "N", 1),
        # Nothing changes.
        ("N", "N", 0),
        ("NN", "nN", 0),
        ("N", "A", 0),
        ("A", "N", 0),
        ("N", "TTN", 0),
        ("ANG", "ANC", 0),
    ],
)
def test_n_unknown_anchors__are_n_in_both(ref, alt, n):
    assert n_unknown_anchors(ref, alt) == n


@pytest.mark.parametrize(
    ("structure", "expected"),
    [
        # POS 100 is 0-based 99; the ten bases after it are 100 to 110.
        (Structure("DEL", 10), Interval(99, 110)),
        (Structure("INV", 10), Interval(99, 110)),
        # A copy is put behind POS and changes nothing else.
        (Structure("DUP", 10), Interval(99, 100)),
        (Structure("INS", inserted="ACG"), Interval(99, 100)),
        (None, Interval(99, 100)),
    ],
)
def test_affected__is_pos_with_what_is_deleted_or_turned(structure, expected):
    assert affected(Variant._make(("1", 100, "A", "<X>", structure))) == expected
