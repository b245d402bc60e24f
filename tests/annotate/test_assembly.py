"""When VCF, FASTA and genes are taken for different assemblies; what is held back until that is clear."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice
from types import SimpleNamespace

import pytest

from spliceai_cli.annotate.assembly import AssemblyCheck
from spliceai_cli.errors import AssemblyError
from spliceai_cli.genome.coords import ContigNames
from spliceai_cli.plan.planner import Plan
from spliceai_cli.plan.ref_check import RefCheck
from spliceai_cli.variants.variant import SkipReason, Variant

RIGHT = Plan(Variant("1", 5, "A", "C"), fasta_bases="A")
WRONG = Plan(Variant("1", 5, "A", "C"), reason=SkipReason.REF_MISMATCH, fasta_bases="G")
OUTSIDE = Plan(Variant("1", 5, "A", "C"), reason=SkipReason.OUTSIDE)
ELSEWHERE = Plan(Variant("scaffold", 5, "A", "C"), reason=SkipReason.CONTIG)


@dataclass
class Line:
    n_bytes: int = 100


def check(contigs=(), **options):
    lengths = {"1": 100}
    scorer = SimpleNamespace(
        reference=SimpleNamespace(path="x.fa", lengths=lengths, contigs=ContigNames(lengths)),
        genes=SimpleNamespace(has_contig=lambda chrom: chrom == "1", chroms=["1"]),
        annotation=SimpleNamespace(name="grch38"),
    )
    refs = RefCheck(scorer.reference, "in.vcf", dict(contigs), lambda text: None)
    return AssemblyCheck(scorer, "in.vcf", dict(contigs), refs, **options)


def held(plans, **options):
    items = [(Line(), [plan]) for plan in plans]
    passed = list(check(**options).hold(items))
    assert passed == items


PASS = {
    "nothing": [],
    "few-mismatches": [WRONG] * 2 + [RIGHT] * 17,
    "five-percent": [WRONG] * 5 + [RIGHT] * 995,
    "outside-genes": [OUTSIDE] * 200,
    "one-shared-contig": [ELSEWHERE] * 50 + [OUTSIDE],
}


@pytest.mark.parametrize("plans", PASS.values(), ids=PASS)
def test_check__passes(plans):
    held(plans)


FAIL = {
    "20-of-22": ([RIGHT] * 2 + [WRONG] * 20, "20 of 22 REF"),
    "90-of-100": ([RIGHT] * 10 + [WRONG] * 500, "90 of the first 100 REF"),
    # It used to pass: only the first 100 counted, and half of them.
    "40-of-100": ([WRONG] * 40 + [RIGHT] * 60, "40 of the first 100 REF"),
    "after-the-first-100": ([RIGHT] * 100 + [WRONG] * 1000, "900 of the first 1,000 REF"),
    "at-the-end": ([RIGHT] * 200 + [WRONG] * 20, "20 of 220 REF"),
    "late": ([OUTSIDE] * 30_000 + [WRONG] * 20, "20 of 20 REF"),
    "no-contig": ([ELSEWHERE], "share no contig"),
}


@pytest.mark.parametrize(("plans", "said"), FAIL.values(), ids=FAIL)
def test_check__fails(plans, said):
    with pytest.raises(AssemblyError, match=said):
        held(plans)


def test_check__lets_nothing_pass_before_the_verdict():
    passed = check().hold((Line(), [plan]) for plan in [OUTSIDE] * 100 + [WRONG] * 20)
    with pytest.raises(AssemblyError):
        next(passed)


def test_check__stops_at_the_thousand_that_tells():
    passed = check().hold((Line(), [plan]) for plan in [RIGHT] * 2900 + [WRONG] * 5000)
    # 100 of the first 3,000 are within the limit, 1,100 of the first 4,000 are not.
    assert len(list(islice(passed, 3999))) == 3999
    with pytest.raises(AssemblyError, match="1,100 of the first 4,000 REF"):
        next(passed)


@pytest.mark.parametrize(("n_bytes", "n_read"), [(100, 10_000), (1 << 20, 64)])
def test_check__holds_back_a_bounded_number(n_bytes, n_read):
    n_planned = 0

    def planned():
        nonlocal n_planned
        while True:
            n_planned += 1
            yield Line(n_bytes), [OUTSIDE]

    next(check().hold(planned()))
    assert n_planned == n_read


def test_missing_contigs__can_be_allowed():
    held([ELSEWHERE] * 3, allow_missing_contigs=True)


def test_contigs_of_the_header__are_enough():
    held([ELSEWHERE] * 3, contigs={"1": 0})
