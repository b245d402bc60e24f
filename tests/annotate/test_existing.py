"""Which records ``--existing keep`` leaves as they are."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from spliceai_cli.annotate.existing import RecordPlanner
from spliceai_cli.plan.planner import Plan
from spliceai_cli.variants.variant import SkipReason
from spliceai_cli.vcf.reader import Record

SITES, TISSUES = "{}|RYR1|0.00|0.00|0.91|0.08|-28|-46|-2|-31", "RYR1|-2:0.85|-31:-0.01|Warnings:"


def codes(alts, column, *keys):
    """Per allele the code of its reason, or 'scored'; * and <…> cannot be scored, all else can."""

    def plan(variant):
        return Plan(variant, reason=SkipReason.SYMBOLIC if variant.alt[0] in "*<" else None)

    models = [SimpleNamespace(spec=SimpleNamespace(key=key)) for key in keys or ["SpliceAI"]]
    record = Record(f"19\t5\t.\tC\t{alts}\t.\t.\t{column}\n".encode(), 1)
    plans = RecordPlanner(SimpleNamespace(models=models, plan=plan), "in.vcf").keep(record)
    assert [one.variant for one in plans] == record.variants
    return [one.reason.code if one.reason else "scored" for one in plans]


T, G = SITES.format("T"), SITES.format("G")


@pytest.mark.parametrize(
    ("alts", "column", "expected"),
    [
        ("T", f"SpliceAI={T}", ["kept"]),
        ("t", f"SpliceAI={T}", ["kept"]),
        ("T,G", f"SpliceAI={T},{G}", ["kept"] * 2),
        # Of several genes.
        ("T,G", f"SpliceAI={T},{T},{G}", ["kept"] * 2),
        # G used to get no score, and to be counted as kept.
        ("T,G", f"SpliceAI={T}", ["scored"] * 2),
        ("T,G", f"SpliceAI={T},{T}", ["scored"] * 2),
        ("G", f"SpliceAI={T}", ["scored"]),
        ("T,*", f"SpliceAI={T}", ["kept", "symbolic"]),
        ("T,*,G", f"SpliceAI={T}", ["scored", "symbolic", "scored"]),
        ("*", f"SpliceAI={T}", ["kept"]),
        ("T", "SpliceAI=.", ["scored"]),
        ("T", ".", ["scored"]),
    ],
)
def test_keep__needs_a_value_for_all_that_can_be_scored(alts, column, expected):
    assert codes(alts, column) == expected


@pytest.mark.parametrize(
    ("alts", "column", "expected"),
    [
        # Pangolin's values name an allele only where there are several.
        ("T", f"Pangolin={TISSUES}", ["kept"]),
        ("T", f"Pangolin={TISSUES}ALT=T", ["kept"]),
        ("T", "Pangolin=RYR1|-2:0.85|-31:-0.01", ["kept"]),
        ("T,G", f"Pangolin={TISSUES}ALT=T,{TISSUES}ALT=G", ["kept"] * 2),
        ("T,G", f"Pangolin={TISSUES}ALT=T", ["scored"] * 2),
        ("T,G", f"Pangolin={TISSUES}", ["scored"] * 2),
        ("G", f"Pangolin={TISSUES}ALT=T", ["scored"]),
    ],
)
def test_keep__reads_the_alleles_of_pangolin(alts, column, expected):
    assert codes(alts, column, "Pangolin") == expected


def test_keep__needs_a_value_of_every_model():
    assert codes("T,G", f"A={T},{G};B={T},{G}", "A", "B") == ["kept"] * 2
    assert codes("T,G", f"A={T},{G};B={T}", "A", "B") == ["scored"] * 2
    assert codes("T", f"A={T}", "A", "B") == ["scored"]
