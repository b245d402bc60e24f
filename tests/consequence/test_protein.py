"""HGVS of proteins, from pairs of proteins whose description follows from the recommendations."""

from __future__ import annotations

import pytest

from spliceai_cli.consequence import frame
from spliceai_cli.consequence.frame import Reading
from spliceai_cli.consequence.protein import describe_protein


def reading(kind, ref, alt, through=""):
    is_new = alt.endswith("*") and through != alt
    return Reading(kind, ref, alt, through, 0, 3 * len(alt) - 3 if alt.endswith("*") else None, is_new)


@pytest.mark.parametrize(
    ("kind", "ref", "alt", "through", "text"),
    [
        (frame.UNCHANGED, "MAC*", "MAC*", "MAC*", "p.(=)"),
        (frame.IN_FRAME, "MACDE*", "MAE*", "MAE*", "p.(Cys3_Asp4del)"),
        (frame.IN_FRAME, "MAAAC*", "MAAC*", "MAAC*", "p.(Ala4del)"),  # the last of equal ones
        (frame.IN_FRAME, "MACD*", "MAGHCD*", "MAGHCD*", "p.(Ala2_Cys3insGlyHis)"),
        (frame.IN_FRAME, "MACD*", "MACACD*", "MACACD*", "p.(Ala2_Cys3dup)"),
        (frame.IN_FRAME, "MACD*", "MAACD*", "MAACD*", "p.(Ala2dup)"),
        (frame.IN_FRAME, "MACD*", "MAGD*", "MAGD*", "p.(Cys3Gly)"),
        (frame.IN_FRAME, "MACDE*", "MAGE*", "MAGE*", "p.(Cys3_Asp4delinsGly)"),
        # A retained intron in frame: what follows the stop in it is not read.
        (frame.STOP_GAINED, "MACD*", "MAG*", "MAG*HCD*", "p.(Ala2_Cys3insGlyTer)"),
        (frame.STOP_GAINED, "MACD*", "MA*", "MA*HCD*", "p.(Cys3Ter)"),
        (frame.STOP_GAINED, "MACD*", "MA*", "MA*D*", "p.(Cys3Ter)"),
        (frame.FRAMESHIFT, "MACDE*", "MAGHIK*", "", "p.(Cys3GlyfsTer5)"),
        (frame.FRAMESHIFT, "MACDE*", "MA*", "", "p.(Cys3Ter)"),
        (frame.FRAMESHIFT, "MACDE*", "MAGHIK", "", "p.(Cys3GlyfsTer?)"),
        (frame.STOP_LOST, "MAC*", "MACQKL*", "MACQ", "p.(Ter4GlnextTer3)"),
        (frame.STOP_LOST, "MAC*", "MACQKL", "MACQ", "p.(Ter4GlnextTer?)"),
        (frame.START_LOST, "MAC*", "", "", "p.(Met1?)"),
        (frame.UNKNOWN, "", "", "", "p.?"),
        (frame.NONCODING, "", "", "", "p.?"),
    ],
)
def test_description(kind, ref, alt, through, text):
    assert describe_protein(reading(kind, ref, alt, through)) == text
