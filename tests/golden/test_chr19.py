"""Records that spliceai 1.3.1 scored on GRCh38 chr19; needs nothing but fetched packages (see chr19/PROVENANCE.md)."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.compare import not_to_the_letter, read_vcf

from spliceai_cli import Compute, Scorer, Settings

pytestmark = [pytest.mark.golden, pytest.mark.weights]

FOLDER = Path(__file__).parent / "chr19"


@pytest.mark.parametrize(
    ("name", "settings"),
    [("D50", {"distance": 50}), ("D500.masked", {"distance": 500, "mask": 1})],
    ids=["D50", "D500.masked"],
)
def test_compat__every_text_is_that_of_1_3_1(name, settings, store, chr19):
    lines = read_vcf(FOLDER / f"{name}.expected.vcf")
    assert [x[:4] for x in lines] == [x[:4] for x in read_vcf(FOLDER / "input.vcf")]
    scorer = Scorer(
        reference=chr19,
        annotation="grch38",
        settings=Settings(compat="1.3.1", **settings),
        compute=Compute(device="cpu", home=store.home),
    )
    wrong = not_to_the_letter(scorer, lines)
    print(f"{name}: {len(lines)} records equal to the letter")
    assert not wrong
