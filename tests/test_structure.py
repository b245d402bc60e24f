from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spliceai_cli.coords import Interval
from spliceai_cli.structure import affected, read_structure
from spliceai_cli.variant import Structure, Variant


def read(alt, *, end=None, svlen=None, inserted="", is_imprecise=False):
    return read_structure(alt, 100, end=end, svlen=svlen, inserted=inserted, is_imprecise=is_imprecise)


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
    ],
)
def test_read_structure__length_is_by_end_or_svlen(kind, end, svlen, length):
    expected = None if length is None else Structure(kind, length)
    assert read(f"<{kind}>", end=end, svlen=svlen) == expected


@given(st.text(max_size=6))
def test_read_structure__knows_every_svlen(svlen):
    """Whatever stands there is a length or nothing: ``--5`` and a superscript 2 used to raise ValueError."""
    found = read("<DEL>", svlen=svlen)
    assert found is None or found.length >= 1


@pytest.mark.parametrize("svlen", ["--5", "²", "-²", "٣"])
def test_read_structure__svlen_has_ascii_digits_and_one_sign(svlen):
    assert read("<DEL>", svlen=svlen) is None


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
        ("<del>", None),
        ("DEL", None),
        ("<DEL", None),
        ("A<DEL>", None),
        ("<>", None),
    ],
)
def test_read_structure__kinds(alt, kind):
    assert read(alt, end=110) == (None if kind is None else Structure(kind, 10))


@pytest.mark.parametrize("alt", ["<INS>", "<INS:ME:LINE1>"])
@pytest.mark.parametrize(
    ("inserted", "is_known"), [("ACG", True), ("acgn", True), ("", False), (".", False), ("ACR", False), ("A-C", False)]
)
def test_read_structure__insertion_needs_its_sequence(alt, inserted, is_known):
    expected = Structure("INS", inserted=inserted) if is_known else None
    assert read(alt, end=100, inserted=inserted) == expected


@pytest.mark.parametrize("alt", ["<DEL>", "<DUP>", "<INV>", "<INS>"])
def test_read_structure__imprecise_is_unknown(alt):
    assert read(alt, end=110, inserted="ACG") is not None
    assert read(alt, end=110, inserted="ACG", is_imprecise=True) is None


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
    assert affected(Variant("1", 100, "A", "<X>", structure)) == expected
