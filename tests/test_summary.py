from __future__ import annotations

import json

from spliceai_cli.scores.sites import DeltaScore
from spliceai_cli.summary import Summary
from spliceai_cli.variants.variant import Outcome, SkipReason, Variant


def variant(pos):
    return Variant("chr7", pos, "A", "G")


def test_summary__counts_add_up_and_name_the_first_of_each_kind():
    summary = Summary()
    summary.count([Outcome(variant(1), (DeltaScore("G", "X"), DeltaScore("G", "Y")))])
    summary.count([Outcome(variant(2), reason=SkipReason.OUTSIDE), Outcome(variant(3), (DeltaScore("G", "X"),))])
    summary.count(
        [Outcome(variant(4), reason=SkipReason.REF_MISMATCH), Outcome(variant(5), reason=SkipReason.REF_MISMATCH)]
    )
    assert summary.n_alleles == summary.n_scored + summary.reasons.total() == 5
    assert str(summary) == (
        "3 records, 5 alleles\n  2  scored (3 allele×gene scores)\n  1  outside genes (first: chr7:2 A>G)\n"
        "  2  with a REF that differs from the FASTA (first: chr7:4 A>G)"
    )
    total, lines = str(summary).split("\n", 1)
    assert summary.timed(2.0) == f"{total} in 2.0 s (2.5 alleles/s)\n{lines}"
    assert summary.n_skipped({SkipReason.REF_MISMATCH, SkipReason.TOO_LONG}) == 2
    assert summary.example([SkipReason.TOO_LONG, SkipReason.REF_MISMATCH]).variant == variant(4)


def test_summary__counts_predicted_alleles_on_their_genes():
    summary = Summary()
    outcomes = [Outcome(variant(1)), Outcome(variant(2), reason=SkipReason.OUTSIDE), Outcome(variant(3))]
    summary.count_predicted(outcomes, 3)
    assert str(summary) == (
        "1 record, 3 alleles\n  2  scored (3 allele×gene scores)\n  1  outside genes (first: chr7:2 A>G)"
    )


def test_summary__nothing_seen():
    assert Summary().timed(0.0) == ("0 records, 0 alleles in 0.0 s (0.0 alleles/s)\n  0  scored (0 allele×gene scores)")


def test_summary__of_parts_is_that_of_the_whole():
    """With the first allele of each reason: it is that of the first part that has one."""
    outcomes = [
        [Outcome(variant(1), (DeltaScore("G", "X"), DeltaScore("G", "Y"))), Outcome(variant(2), reason=reason)]
        for reason in (SkipReason.OUTSIDE, SkipReason.TOO_LONG, SkipReason.OUTSIDE, SkipReason.TOO_LONG)
    ]
    whole, joined = Summary(), Summary()
    for i, of_record in enumerate(outcomes):
        whole.count(of_record)
        part = Summary()
        part.count([outcome._replace(variant=variant(10 * i + 2)) for outcome in of_record])
        joined.add(Summary.restored(json.loads(json.dumps(part.stored()))))
    assert joined.counts() == whole.counts()
    assert str(joined).replace("chr7:12 ", "chr7:2 ") == str(whole)
