"""How many REF alleles may be other than the FASTA's, and what is said if too many are."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from spliceai_cli.errors import AssemblyError
from spliceai_cli.genome.coords import ContigNames
from spliceai_cli.plan.planner import Plan
from spliceai_cli.plan.ref_check import RefCheck
from spliceai_cli.variants.variant import SkipReason, Variant

GRCH37, GRCH38 = {"chr19": 59128983}, {"19": 58617616, "MT": 16569}


def plan(ref="A", bases="A", chrom="chr19"):
    return Plan(
        Variant._make((chrom, 5, ref, "C", None)),
        reason=None if ref == bases else SkipReason.REF_MISMATCH,
        fasta_bases=bases,
    )


RIGHT, WRONG = plan(), plan(bases="G")


def check(n_wrong, n_right, *, contigs=(), lengths=GRCH38, limit=None, more=()):
    """Warnings for a file of so many mismatches, then so many matches."""
    warned = []
    reference = SimpleNamespace(path="x.fa", lengths=dict(lengths), contigs=ContigNames(lengths))
    refs = RefCheck(reference, "in.vcf", dict(contigs), warned.append, limit)
    for one in [*([RIGHT] * n_right), *([WRONG] * n_wrong), *more]:
        refs.add([one])
    refs.judge()
    return warned


# Mismatches and matches, with a header that says nothing and with one that gives another length -> whether they pass.
CASES = [
    (0, 0, True, True),
    (0, 5, True, True),
    # One legitimate mismatch in a small file is counted as such, unless the header contradicts the FASTA.
    (1, 0, True, False),
    (1, 4, True, False),
    (2, 0, True, False),
    (3, 3, True, False),
    (3, 2, False, False),
    (12, 7, False, False),
    (9, 10, True, False),
    (1, 19, True, False),
    # Two typos in a panel; the first of these lines used to be an error.
    (2, 18, True, False),
    (2, 24, True, False),
    (2, 37, True, False),
    (3, 17, False, False),
    (3, 50, False, False),
    (3, 57, True, False),
    (4, 60, False, False),
    (1, 99, True, True),
    (3, 97, True, False),
    (5, 95, True, False),
    (6, 94, False, False),
    (8, 92, False, False),
    (40, 60, False, False),
    (10, 990, True, True),
    (11, 989, True, False),
    (51, 949, False, False),
]


@pytest.mark.parametrize("contigs", [{}, GRCH37], ids=["silent", "contradicts"])
@pytest.mark.parametrize(("n_wrong", "n_right", "passes", "passes_contradicted"), CASES)
def test_mismatches__pass_up_to_a_share(n_wrong, n_right, passes, passes_contradicted, contigs):
    if passes_contradicted if contigs else passes:
        assert len(check(n_wrong, n_right, contigs=contigs)) == bool(contigs)
        return
    with pytest.raises(AssemblyError, match=f" {n_wrong} of "):
        check(n_wrong, n_right, contigs=contigs)


@pytest.mark.parametrize("contigs", [{}, GRCH37], ids=["silent", "contradicts"])
@pytest.mark.parametrize(
    ("n_wrong", "n_right", "limit", "passes"),
    [
        (100, 0, 100, True),
        (19, 0, 100, True),
        (10, 90, 10, True),
        (11, 89, 10, False),
        (3, 97, 2.5, False),
        (2, 98, 2.5, True),
        (1, 99, 0, False),
        # A limit that the user gave counts from 20 alleles on.
        (1, 19, 0, False),
        (2, 24, 5, False),
        (0, 100, 0, True),
    ],
)
def test_limit__moves_both_shares(n_wrong, n_right, limit, passes, contigs):
    if passes:
        check(n_wrong, n_right, contigs=contigs, limit=limit)
        return
    with pytest.raises(AssemblyError):
        check(n_wrong, n_right, contigs=contigs, limit=limit)


SILENT = {
    "n-in-the-fasta": plan("A", "N"),
    "n-within": plan("ACG", "ANG"),
    "n-in-the-vcf": plan("N", "A"),
    "iupac-in-the-vcf": plan("R", "A"),
    "iupac-in-the-fasta": plan("A", "R"),
    "not-compared": plan("A", ""),
    "lower-case": plan("a", "A"),
}


@pytest.mark.parametrize("one", SILENT.values(), ids=SILENT)
def test_ambiguous_bases__are_no_mismatches(one):
    check(0, 0, contigs=GRCH37, more=[one] * 200)


def told(n_wrong, *, n_right=0, **options):
    with pytest.raises(AssemblyError) as error:
        check(n_wrong, n_right, **options)
    return error.value.message, error.value.hint


def test_other_letters__are_mismatches():
    """They can be of no assembly; ``Z`` once stood in a public file."""
    with pytest.raises(AssemblyError, match="VCF Z, FASTA A"):
        check(0, 0, more=[plan("Z", "A")] * 3)


def raised(percent):
    return f" To score what matches all the same, give --max-ref-mismatch {percent} or more."


FOUND = "20 of 20 REF alleles (100 %) do not match the FASTA; the limit is {} % (first: chr19:5, VCF A, FASTA G)."


def test_error__names_both_builds():
    assert told(20, contigs=GRCH37) == (
        f"in.vcf (GRCh37) and x.fa (GRCh38) are different assemblies: {FOUND.format(1)}",
        "##contig gives chr19 length 59,128,983 (GRCh37), the FASTA 58,617,616 (GRCh38). Pass the reference that the "
        f"VCF was called on with -R.{raised(100)}",
    )


def test_error__gives_both_lengths_where_builds_are_not_known():
    """Of any species."""
    assert told(20, contigs={"chr19": 61431566}, lengths={"chr19": 61342430}) == (
        f"in.vcf and x.fa are different assemblies: {FOUND.format(1)}",
        "##contig gives chr19 length 61,431,566, the FASTA 61,342,430. Pass the reference that the VCF was called on "
        f"with -R.{raised(100)}",
    )


def test_error__says_what_is_known_where_the_header_says_nothing():
    message, hint = told(20)
    assert message.startswith("in.vcf and x.fa (GRCh38) are")
    assert hint == f"Pass the reference that the VCF was called on with -R.{raised(100)}"


def test_error__doubts_the_header_where_it_agrees():
    message, hint = told(20, contigs={"chr19": 58617616})
    assert message.startswith("in.vcf (GRCh38) and x.fa (GRCh38) are")
    assert hint.startswith("##contig lengths are GRCh38's as the FASTA's are, yet the bases differ: was the header")


def test_error__claims_no_other_assembly_where_few_mismatch():
    """It said that GRCh38 and GRCh38 are different assemblies, and to raise the limit, to no one knows what."""
    assert told(3, n_right=36, contigs={"chr19": 58617616}) == (
        "in.vcf (GRCh38) does not fit x.fa (GRCh38): 3 of 39 REF alleles (7.7 %) do not match the FASTA; the limit is "
        "5 % (first: chr19:5, VCF A, FASTA G).",
        "Look at the first: was REF edited by hand, or called on another version of the reference?" + raised(8),
    )
    assert "does not fit" in told(24, n_right=76)[0]
    assert "different assemblies" in told(25, n_right=75)[0]
    # Lengths that contradict the FASTA say it at any rate.
    assert "different assemblies: 2 of 100 REF alleles (2 %)" in told(2, n_right=98, contigs=GRCH37)[0].replace(
        "of the first", "of"
    )


@pytest.mark.parametrize(
    ("n_wrong", "n_right", "limit", "shown"), [(201, 3799, None, "5.03 %"), (1, 999, 0, "0.1 %"), (1, 2, 2.5, None)]
)
def test_error__shows_a_rate_above_the_limit(n_wrong, n_right, limit, shown):
    if shown is None:
        assert check(n_wrong, n_right, limit=limit) == []
    else:
        assert f"({shown})" in told(n_wrong, n_right=n_right, limit=limit)[0]


@pytest.mark.parametrize("n_alts", [1, 3])
def test_record__has_one_ref_whatever_its_alts(n_alts):
    """Three ALTs counted as three mismatches, which refused the file."""
    reference = SimpleNamespace(path="x.fa", lengths=GRCH38, contigs=ContigNames(GRCH38))
    refs = RefCheck(reference, "in.vcf", {}, print)
    refs.add([plan("A", "")] + [WRONG] * n_alts)
    refs.judge()
    assert (refs.n_checked, refs.n_mismatches) == (1, 1)
    refs.add([plan("A", "")])
    refs.add([])
    assert refs.n_checked == 1


WARNED = {
    # Told at the first verdict, and once.
    "all-match": (0, 2000, "but none of the REF alleles compared (100) mismatches"),
    "nearly-all": (1, 99, "1 of 100 REF alleles compared does not match"),
    "nothing-compared": (0, 0, "no REF allele could be compared"),
}


@pytest.mark.parametrize(("n_wrong", "n_right", "said"), WARNED.values(), ids=WARNED)
def test_other_lengths__are_a_warning_where_ref_agrees(n_wrong, n_right, said):
    assert check(n_wrong, n_right, contigs=GRCH37) == [
        "in.vcf may be of another assembly than x.fa: ##contig gives chr19 length 59,128,983 (GRCh37), the FASTA "
        f"58,617,616 (GRCh38); {said}. Make sure that -R is the reference that the VCF was called on."
    ]


@pytest.mark.parametrize(
    "contigs",
    [{"chr19": 58617616}, {"chr19": 0}, {"chr20": 63025520}, {"chr19": 58617616, "chrM": 16571}],
    ids=["same", "none", "not-in-the-fasta", "of-no-record"],
)
def test_other_lengths__are_those_of_contigs_with_records(contigs):
    """A header made with the older chrM says nothing of alleles on chr19."""
    assert check(1, 99, contigs=contigs) == []
    assert check(3, 97, contigs=contigs) == []


def test_other_lengths__count_on_the_contig_that_has_records():
    contigs = {"chr19": 58617616, "chrM": 16571}
    [warning] = check(0, 99, contigs=contigs, more=[plan(chrom="chrM")])
    assert "##contig gives chrM length 16,571, the FASTA 16,569" in warning


def test_mismatches__are_judged_at_every_thousand():
    with pytest.raises(AssemblyError, match="51 of the first 1,000 REF"):
        check(51, 949, more=[RIGHT] * 500)
