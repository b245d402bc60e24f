from __future__ import annotations

import gzip

import pytest

from spliceai_cli.errors import UsageError, VariantError
from spliceai_cli.evaluate.labelled import read_labelled


def table(tmp_path, text):
    path = tmp_path / "labelled.tsv"
    path.write_text(text)
    return path


def test_read__columns_in_any_order_and_case(tmp_path):
    path = table(tmp_path, "Truth\t#CHROM\tREF\tALT\tPOS\tSYMBOL\nYes\tchr1\tA\tC\t5\tG1\n0\t1\tG\tGT\t7\n\n")
    one, two = read_labelled(path, "truth", "symbol")
    assert (str(one.variant), one.is_affecting, one.gene) == ("chr1:5 A>C", True, "G1")
    assert (str(two.variant), two.is_affecting, two.gene) == ("1:7 G>GT", False, "")


def test_read__commas_and_quotes_as_spreadsheets_write_them(tmp_path):
    """Published tables have free text in other columns, with commas, quotes and line ends."""
    text = (
        'ID,#CHROM,POS,REF,ALT,Affects,Comments\r\nc.1+2T>G,1,5,T,G,1,"del, ""exon"" 2\nr.1_5del"\r\n,X,7,A,AT,0,\r\n'
    )
    one, two = read_labelled(table(tmp_path, text), "affects", None)
    assert (str(one.variant), one.is_affecting) == ("1:5 T>G", True)
    assert (str(two.variant), two.is_affecting) == ("X:7 A>AT", False)


@pytest.mark.parametrize(
    ("text", "error", "message"),
    [
        ("chrom\tpos\tref\talt\n", UsageError, "has no column label"),
        ("", UsageError, "has no column chrom"),
        ("chrom\tpos\tref\talt\tlabel\n\n", VariantError, "has no variants"),
        ("chrom\tpos\tref\talt\tlabel\n1\t5\tA\tC\t1\n", VariantError, "only one kind of label, in 1 row;"),
        (
            "chrom\tpos\tref\talt\tlabel\n1\tx\tA\tC\t1\n",
            VariantError,
            "line 2: pos of a Variant is 'x'",
        ),
        ("chrom\tpos\tref\talt\tlabel\n1\t5\tA\tC\tmaybe\n", VariantError, "line 2: the label is 'maybe'"),
        ("chrom\tpos\tref\talt\tlabel\n1\t5\n", VariantError, "line 2: ref of a Variant is ''"),
        ("chrom\tpos\tref\talt\tlabel\n\n1\t5\tA\tC,G\t1\n", VariantError, "line 3: alt of a Variant is 'C,G'"),
        ("chrom,pos,ref,alt,label\n1,5,A,C,1\n1,0,A,C,0\n", VariantError, "line 3: pos of a Variant is '0'"),
        ('chrom,pos,ref,alt,label\n1,5,A,C,1\n1,7,"A\nA",C,0\n', VariantError, "line 4: ref of a Variant"),
        ("chrom\tpos\tref\talt\tlabel\n1\t²\tA\tC\t1\n", VariantError, "line 2: pos of a Variant is '²'"),
        (f"chrom\tpos\tref\talt\tlabel\n1\t{5000 * '9'}\tA\tC\t1\n", VariantError, "line 2: pos of a Variant is '999"),
        ("chrom\tpos\tref\talt\tlabel\tLabel\n1\t5\tA\tC\t1\t0\n", UsageError, "has 2 columns label"),
        (
            "chrom\tpos\tref\talt\tlabel\n1\t5\tA\tC\t1\n1\t6\tA\tC\t0\nchr1\t5\ta\tc\tno\n",
            VariantError,
            "lines 2 and 4 contradict each other",
        ),
    ],
)
def test_read__refuses(tmp_path, text, error, message):
    with pytest.raises(error, match=message):
        read_labelled(table(tmp_path, text), "label", None)


def test_read__refuses_a_missing_file(tmp_path):
    with pytest.raises(VariantError, match="cannot be read"):
        read_labelled(tmp_path / "none.tsv", "label", None)


def test_read__says_if_the_table_is_compressed(tmp_path):
    path = tmp_path / "variants.tsv.gz"
    path.write_bytes(gzip.compress(b"chrom\tpos\tref\talt\tlabel\n"))
    with pytest.raises(VariantError, match="is compressed"):
        read_labelled(path, "label", None)
