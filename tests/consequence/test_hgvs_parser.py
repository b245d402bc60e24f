"""Every r. and p. text parses with the ``hgvs`` package, as far as its grammar goes.

hgvs 1.5.7 does not know three forms that HGVS recommends for RNA: bases inserted from an intron by their names
(``90_91ins90+1_91-1``), bases after the stop codon (``*5``), and ``r.(spl?)``; nor a chromosome before the transcript
(``NC_000007.14(NM_1.1):``). These are put into forms that it knows, part by part, so that every
position is still parsed.
"""

from __future__ import annotations

import random
import re

import pytest
from support.toy_transcript import Toy

A, D = "acceptor", "donor"


@pytest.fixture(scope="module")
def parse():
    return pytest.importorskip("hgvs.parser", reason="no hgvs: pip install --no-deps hgvs").Parser().parse_hgvs_variant


def variants_of(text):
    """Texts that the parser knows and that together have every part of an r. text."""
    text = re.sub(r"^NC_\d+\.\d+\((.+?)\):", r"\1:", text).replace("*", "")
    accession, _, description = text.partition(":")
    if description == "r.(spl?)":
        return
    assert description.startswith("r.("), text
    assert description.endswith(")"), text
    places, is_insertion, inserted = description[3:-1].partition("ins")
    yield f"{accession}:r.({places}insa)" if is_insertion else text
    if is_insertion:
        yield f"{accession}:r.({inserted}del)"


def test_texts__parse(parse, tmp_path):
    rng = random.Random(16)
    rna, protein = set(), set()
    for strand in "+-":
        toy = Toy(tmp_path, strand)
        for _ in range(150):
            sites = [(A, 160), (D, 219), (A, 320), (D, 369), (D, 59), (A, 470)]
            alt = {site: 0.0 for site in rng.sample(sites, rng.randint(1, 3))}
            alt |= {(rng.choice((A, D)), rng.randrange(540)): 0.9 for _ in range(rng.randint(0, 2))}
            for found in toy.consequences(toy.variant(220, "G", "A"), alt, build=rng.choice((None, "GRCh38"))):
                rna.add(found.rna)
                protein.add(found.protein)
    rna.discard("")
    protein.discard("")
    assert len(rna) > 100
    assert len(protein) > 50
    for text in rna:
        for known in variants_of(text):
            assert parse(known).type == "r", text
    for text in protein:
        assert parse(f"NP_1.1:{text}").type == "p", text
