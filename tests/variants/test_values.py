"""Variants as Python callers make them: of what pandas and numpy read."""

from __future__ import annotations

import copy
import pickle
from decimal import Decimal

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from spliceai_cli import Outcome, SkipReason, SpliceAICliError, Structure, Variant
from spliceai_cli.errors import VariantError

SNV = Variant("19", 38467722, "C", "T")


@pytest.mark.parametrize(
    "chrom", ["19", 19, 19.0, np.int64(19), np.int8(19), np.float64(19), np.str_("19")], ids=lambda value: repr(value)
)
@pytest.mark.parametrize(
    "pos",
    [
        38467722,
        "38467722",
        38467722.0,
        np.int32(38467722),
        np.uint64(38467722),
        np.float64(38467722),
        np.str_("38467722"),
    ],
    ids=lambda value: repr(value),
)
def test_variant__takes_what_has_one_meaning(chrom, pos):
    variant = Variant(chrom, pos, np.str_("C"), "T")
    assert variant == SNV
    assert [type(field) for field in variant] == [str, int, str, str, type(None)]
    assert hash(variant) == hash(SNV)


@pytest.mark.parametrize("dtype", [None, "Int64", "float", "string", "object"])
def test_variant__takes_rows_of_frames(dtype):
    frame = pd.DataFrame({"chrom": [19], "pos": pd.array([38467722], dtype=dtype), "ref": ["C"], "alt": ["T"]})
    assert [Variant(*row) for row in frame.itertuples(index=False)] == [SNV]
    assert [Variant(**row) for row in frame.to_dict("records")] == [SNV]


def test_variant__takes_a_column_that_lacks_values_elsewhere():
    # pandas makes such a column one of floats.
    frame = pd.DataFrame({"chrom": [19, None], "pos": [38467722, None], "ref": ["C", "A"], "alt": ["T", "G"]})
    first, second = frame.itertuples(index=False)
    assert Variant(*first) == SNV
    with pytest.raises(SpliceAICliError, match=r"^chrom of a Variant is nan \(float\); the name of a contig"):
        Variant(*second)


MISSING = [None, float("nan"), np.nan, pd.NA, pd.NaT]
NO_NUMBER = [
    *MISSING,
    True,
    np.True_,
    1.5,
    np.inf,
    -np.inf,
    Decimal(5),
    [5],
    (5,),
    {},
    object(),
    "five",
    "1.0",
    "1e7",
    "",
]
WRONG = [
    *(("chrom", value) for value in ["nan", "NaN", "NaT", "<NA>", "None"]),  # of astype(str)
    *(("chrom", value) for value in [*MISSING, True, np.True_, 19.5, "", " ", "chr 19", b"19", ["19"], object()]),
    *(("pos", value) for value in [*NO_NUMBER, 0, -1, "0", "-1", "1,000", b"5", 10**18, "9" * 30, 1e300, 0.0]),
    # 38467722 is not a float32; what is there in its place is another position.
    ("pos", np.float32(38467722)),
    *(
        ("ref", value)
        for value in [*MISSING, "", ".", "-", "*", "<DEL>", "X", "rs1", "C T", "C,T", 1, True, b"C", ["C"]]
    ),
    *(
        ("alt", value)
        for value in [
            *MISSING,
            "",
            "-",
            "X",
            "rs1",
            "C T",
            "C,T",
            "<DEL>,T",
            "nan",
            "NaN",
            "None",
            "<NA>",
            "NaT",
            1,
            b"T",
            ("T",),
        ]
    ),
]


@pytest.mark.parametrize(("field", "value"), WRONG, ids=lambda value: repr(value)[:20])
def test_variant__a_wrong_field_is_named_with_its_value(field, value):
    with pytest.raises(SpliceAICliError) as error:
        Variant(**{**SNV._asdict(), field: value})
    shown = repr(value)[:30]
    assert error.value.message.startswith(f"{field} of a Variant is {shown}")
    assert f"({type(value).__name__});" in error.value.message
    assert "Variant(chrom, pos, ref, alt)" in error.value.hint


@pytest.mark.parametrize(("field", "value"), WRONG, ids=lambda value: repr(value)[:20])
def test_replace__checks_as_a_new_variant_does(field, value):
    """It used to take anything, which failed deep inside."""
    with pytest.raises(SpliceAICliError, match=f"^{field} of a Variant is "):
        SNV._replace(**{field: value})


def test_replace__takes_what_a_new_variant_takes():
    replaced = SNV._replace(chrom=20.0, pos="5")
    assert replaced == Variant("20", 5, "C", "T")
    assert type(replaced) is Variant
    assert type(replaced.pos) is int
    if hasattr(copy, "replace"):
        with pytest.raises(SpliceAICliError, match=r"^alt of a Variant is None \(NoneType\)"):
            copy.replace(SNV, alt=None)


@pytest.mark.parametrize(
    ("row", "field"),
    [
        (("19", "C", "T", 38467722), "pos"),
        (("C", "T", "19", 38467722), "pos"),
        ((0, "19", 38467722, "C", "T"), "ref"),
        (("19", 38467722, ".", "C", "T"), "ref"),
        (("19", 38467722, "rs1", "C", "T"), "ref"),
        (("19", 38467722, "C", "T", 29.5), "structure"),
        (("19", 38467722, "C", "T", float("nan")), "structure"),
    ],
)
def test_variant__of_a_row_in_another_order_is_refused(row, field):
    with pytest.raises(SpliceAICliError, match=f"^{field} of a Variant is "):
        Variant(*row)


@pytest.mark.parametrize(
    "alt", ["T", "t", "TTA", "N", "R", ".", "*", "<DEL>", "<INS:ME:ALU>", "C[19:5[", "]chr19:5]C", ".A", "A."]
)
def test_variant__takes_every_alt_of_a_vcf(alt):
    assert Variant("19", 5, "C", alt).alt == alt


DEL, INS = Structure("DEL", 60), Structure("INS", inserted="ACG")


def test_structure__is_taken_of_numpy_numbers():
    variant = Variant("19", 5, "G", "<DEL>", Structure("DEL", np.int64(60)))
    assert variant.structure == DEL
    assert type(variant.structure.length) is int
    assert Variant("19", 5, "G", "<DUP:TANDEM>", Structure("DUP", 60.0)).structure == Structure("DUP", 60)
    assert Variant("19", 5, "G", "<INS>", INS).structure == INS
    assert Variant("19", 5, "G", "<del>", Structure("DEL", 60, "ACG")).structure == ("DEL", 60, "ACG")


def test_structure__of_a_written_allele_of_a_record_is_taken():
    # What vcf.Record makes of N>ACG with SVLEN=3, ACG>N with SVLEN=3, and of IMPRECISE.
    for fields in ("N", "ACG", INS), ("ACG", "N", Structure("DEL", 3)), ("N", "ACG", Structure("")):
        assert Variant("19", 5, *fields) == ("19", 5, *fields)


@pytest.mark.parametrize(
    ("alt", "structure", "field"),
    [
        ("<DEL>", ("DEL", 60, ""), "structure"),
        ("<DEL>", "DEL", "structure"),
        ("<DEL>", Structure("del", 60), "structure.kind"),
        ("<BND>", Structure("BND", 60), "structure.kind"),
        ("<DEL>", Structure("DEL"), "structure.length"),
        ("<DEL>", Structure("DEL", -60), "structure.length"),
        ("<DEL>", Structure("DEL", "60"), "structure.length"),
        ("<DEL>", Structure("DEL", 60.5), "structure.length"),
        ("<DEL>", Structure("DEL", None), "structure.length"),
        ("<DEL>", Structure("DEL", 60, "ACR"), "structure.inserted"),
        ("<DEL>", Structure("DEL", 60, None), "structure.inserted"),
        ("<DUP>", Structure("DUP", 60, "ACG"), "structure.inserted"),
        ("<INV>", Structure("INV", 60, "ACG"), "structure.inserted"),
        ("N", Structure("DEL", 1, "ACG"), "alt"),
        ("<INS>", Structure("INS"), "structure.inserted"),
        ("<INS>", Structure("INS", inserted="<ALU>"), "structure.inserted"),
        ("<INS>", Structure("INS", inserted=None), "structure.inserted"),
        ("<INS>", Structure("INS", 3, "ACG"), "structure.length"),
        # Which of the two is it? The structure's would be scored.
        ("T", DEL, "alt"),
        ("N", DEL, "alt"),
        ("ACG", INS, "alt"),
        ("<DEL>", Structure(""), "structure.kind"),
        ("<DUP>", DEL, "alt"),
        (".", DEL, "alt"),
    ],
    ids=str,
)
def test_structure__that_is_wrong_is_refused(alt, structure, field):
    with pytest.raises(SpliceAICliError, match=f"^{field} of a Variant is "):
        Variant("19", 5, "G", alt, structure)


def test_variant__of_a_record_is_not_checked_nor_are_its_copies():
    odd = Variant._make(("", 0, "", "X", None))
    for copied in (copy.copy(odd), copy.deepcopy(odd), pickle.loads(pickle.dumps(odd)), odd._replace()):
        assert copied == odd
        assert type(copied) is Variant
    outcome = Outcome(odd, reason=SkipReason.OUTSIDE)
    assert pickle.loads(pickle.dumps(outcome)) == outcome


def test_variant__is_a_named_tuple():
    chrom, pos, ref, alt, structure = SNV
    assert (chrom, pos, ref, alt, structure) == ("19", 38467722, "C", "T", None) == SNV
    assert Variant(alt="T", ref="C", pos=38467722, chrom="19") == SNV
    assert repr(SNV) == "Variant(chrom='19', pos=38467722, ref='C', alt='T', structure=None)"
    assert not hasattr(SNV, "__dict__")


@given(st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=5), st.binary(max_size=3)))
def test_variant__of_any_value_is_made_or_refused(value):
    for field in Variant._fields:
        try:
            variant = Variant(**{**SNV._asdict(), field: value})
        except SpliceAICliError as error:
            message = error.message
        else:
            message = ""
            assert [type(field) for field in variant[:4]] == [str, int, str, str]
        assert message == "" or message.startswith(f"{field} of a Variant is ")


def test_parse__reads_chrom_pos_ref_alt():
    assert Variant.parse(" chr19:38467722:C:T ") == Variant("chr19", 38467722, "C", "T")
    assert Variant.parse("HLA-A*01:01:01:01:100:A:<DEL>") == Variant("HLA-A*01:01:01:01", 100, "A", "<DEL>")


@pytest.mark.parametrize("text", ["chr19-38467722-C-T", "chr19:38467722:C", "", None, 5, ("chr19", 1, "C", "T")])
def test_parse__of_another_notation_names_parse_variant(text):
    with pytest.raises(VariantError, match="CHROM:POS:REF:ALT expected") as caught:
        Variant.parse(text)
    assert "parse_variant" in caught.value.hint


@pytest.mark.parametrize(
    ("text", "field"),
    [("chr19:0:C:T", "pos"), ("chr19:x:C:T", "pos"), (":1:C:T", "chrom"), ("1:1::T", "ref"), ("1:1:C:", "alt")],
)
def test_parse__checks_every_field(text, field):
    with pytest.raises(VariantError, match=f"{field} of a Variant"):
        Variant.parse(text)
