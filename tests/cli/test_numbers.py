"""Numbers as values of options: one plain sentence for whatever is wrong."""

from __future__ import annotations

import pytest

from spliceai_cli.cli.numbers import Number, WholeNumber

WRONG = [
    ("--threads", "2x", "'2x' is not a whole number from 1 to 1,024."),
    ("--threads", "0", "'0' is not a whole number from 1 to 1,024."),
    ("--threads", "2000", "'2000' is not a whole number from 1 to 1,024."),
    ("--threads", "1.5", "'1.5' is not a whole number from 1 to 1,024."),
    ("--threads", "", "'' is not a whole number from 1 to 1,024."),
    ("--workers", "x", "'x' is not auto or a whole number from 1 to 1,024."),
    ("--workers", "0", "'0' is not auto or a whole number from 1 to 1,024."),
    ("-D", "1_000", "'1_000' is not a whole number, 0 or more."),
    ("-D", "-1", "'-1' is not a whole number, 0 or more."),
    ("-D", "1e3", "'1e3' is not a whole number, 0 or more."),
    ("--batch-size", "0", "'0' is not a whole number, 1 or more."),
    ("--max-allele-length", "9" * 30, f"'{'9' * 30}' is not a whole number, 1 or more."),
    ("--max-sv-length", "²", "'²' is not a whole number, 0 or more."),
]


@pytest.mark.parametrize(("option", "value", "message"), WRONG)
def test_whole_number__says_what_is_allowed(cli, option, value, message):
    # Was "'2x' is not a valid integer range." and "-1 is not in the range x>=0."
    result = cli("score", "1:1:A:C", "-R", "a.fa", option, value)
    assert (result.code, result.stdout) == (2, b"")
    assert result.stderr.splitlines()[-1].endswith(f": {message}")


@pytest.mark.parametrize("value", ["2", "-0.1", "nan", "inf", "one", "", "0,5", "1_0"])
def test_number__says_what_is_allowed(cli, value):
    result = cli("table", "in.vcf", "--min-score", value)
    assert result.code == 2
    assert result.stderr.splitlines()[-1].endswith(f": '{value}' is not a number from 0 to 1.")


@pytest.mark.parametrize(("text", "number"), [("0", 0), (" 12 ", 12), ("+3", 3), ("007", 7), ("1024", 1024), (5, 5)])
def test_whole_number__as_people_write_it(text, number):
    assert WholeNumber(0, 1024).convert(text, None, None) == number


@pytest.mark.parametrize(
    ("text", "number"),
    [("0", 0), ("1", 1), ("2.5", 2.5), (".5", 0.5), ("5.", 5), ("1e-3", 1e-3), ("5%", 5), ("5 %", 5)],
)
def test_number__as_people_write_it(text, number):
    assert Number(0, 100, "%").convert(text, None, None) == number
