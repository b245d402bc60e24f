from __future__ import annotations

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


@pytest.mark.parametrize(
    ("text", "error", "message"),
    [
        ("chrom\tpos\tref\talt\n", UsageError, "has no column label"),
        ("", UsageError, "has no column chrom"),
        ("chrom\tpos\tref\talt\tlabel\n1\t5\tA\tC\t1\n", VariantError, "both labels"),
        ("chrom\tpos\tref\talt\tlabel\n1\tx\tA\tC\t1\n", VariantError, "line 2: '1', 'x', 'A', 'C' is not a variant"),
        ("chrom\tpos\tref\talt\tlabel\n1\t5\tA\tC\tmaybe\n", VariantError, "line 2: the label is 'maybe'"),
        ("chrom\tpos\tref\talt\tlabel\n1\t5\n", VariantError, "line 2"),
        ("chrom\tpos\tref\talt\tlabel\n1\t²\tA\tC\t1\n", VariantError, "is not a variant"),
        ("chrom\tpos\tref\talt\tlabel\n1\t9\tA\tC,G\t1\n", VariantError, "line 2: alt of a Variant is 'C,G'"),
        (f"chrom\tpos\tref\talt\tlabel\n1\t{5000 * '9'}\tA\tC\t1\n", VariantError, "is not a variant"),
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
