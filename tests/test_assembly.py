"""When VCF, FASTA and genes are taken for different assemblies."""

from __future__ import annotations

from dataclasses import dataclass
from types import SimpleNamespace

import pytest

from spliceai_cli.assembly import AssemblyCheck
from spliceai_cli.coords import ContigNames
from spliceai_cli.errors import AssemblyError
from spliceai_cli.plan import Plan
from spliceai_cli.variant import SkipReason, Variant

RIGHT = Plan(Variant("1", 5, "A", "C"), fasta_bases="A")
WRONG = Plan(Variant("1", 5, "A", "C"), skip=SkipReason.REF_MISMATCH, fasta_bases="G")
UNKNOWN = Plan(Variant("1", 5, "A", "C"), skip=SkipReason.REF_MISMATCH, fasta_bases="N")
OUTSIDE = Plan(Variant("1", 5, "A", "C"), skip=SkipReason.OUTSIDE)
ELSEWHERE = Plan(Variant("scaffold", 5, "A", "C"), skip=SkipReason.CONTIG)


@dataclass
class Line:
    n_bytes: int = 100


def scorer(lengths):
    return SimpleNamespace(
        reference=SimpleNamespace(path="x.fa", lengths=lengths, contigs=ContigNames(lengths)),
        genes=SimpleNamespace(has_contig=lambda chrom: chrom == "1", chroms=["1"]),
        annotation=SimpleNamespace(name="grch38"),
    )


def check(contigs=(), lengths=(("1", 100),), *, warned=None, **options):
    warn = (warned if warned is not None else []).append
    return AssemblyCheck(scorer(dict(lengths)), "in.vcf", dict(contigs), warn, **options)


def held(plans, **options):
    items = [(Line(), [plan]) for plan in plans]
    passed = list(check(**options).hold(items))
    assert passed == items
    return passed


PASS = {
    "nothing": [],
    "19-mismatches": [WRONG] * 19,
    "under-half": [WRONG] * 49 + [RIGHT] * 51,
    "only-the-first-100-count": [RIGHT] * 100 + [WRONG] * 1000,
    "n-in-the-fasta-says-nothing": [UNKNOWN] * 50,
    "outside-genes": [OUTSIDE] * 200,
    "one-shared-contig": [ELSEWHERE] * 50 + [OUTSIDE],
}


@pytest.mark.parametrize("plans", PASS.values(), ids=PASS)
def test_check__passes(plans):
    held(plans)


FAIL = {
    "20-of-20": ([WRONG] * 20, "20 of the first 20 REF"),
    "20-of-22": ([RIGHT] * 2 + [WRONG] * 20, "20 of the first 22 REF"),
    "90-of-100": ([RIGHT] * 10 + [WRONG] * 500, "90 of the first 100 REF"),
    # As one-base alleles look on another assembly; it used to pass.
    "three-in-four": (([RIGHT] + [WRONG] * 3) * 10, "30 of the first 40 REF"),
    "no-contig": ([ELSEWHERE], "share no contig"),
    "late": ([OUTSIDE] * 30_000 + [WRONG] * 20, "20 of the first 20 REF"),
}


@pytest.mark.parametrize(("plans", "said"), FAIL.values(), ids=FAIL)
def test_check__fails(plans, said):
    with pytest.raises(AssemblyError, match=said):
        held(plans)


def test_check__lets_nothing_pass_before_the_verdict():
    passed = check().hold((Line(), [plan]) for plan in [OUTSIDE] * 100 + [WRONG] * 20)
    with pytest.raises(AssemblyError):
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


GRCH37, GRCH38 = {"1": 249250621}, {"1": 248956422}


def test_wrong_assembly__names_the_builds():
    with pytest.raises(AssemblyError) as error:
        held([WRONG] * 20, contigs=GRCH37, lengths=GRCH38)
    assert error.value.hint == "##contig gives 1 length 249250621, which is GRCh37. Pass that reference with -R."
    with pytest.raises(AssemblyError) as error:
        held([WRONG] * 20, lengths=GRCH38)
    assert error.value.hint == "x.fa is GRCh38. Give the reference that the VCF was called on with -R."


@pytest.mark.parametrize(
    ("contigs", "lengths", "n_warnings"), [(GRCH37, GRCH38, 1), (GRCH38, GRCH38, 0), ({"1": 7}, GRCH38, 0)]
)
def test_lengths_of_another_build__warn_once(contigs, lengths, n_warnings):
    warned = []
    held([RIGHT] * 200, contigs=contigs, lengths=lengths, warned=warned)
    assert len(warned) == n_warnings
