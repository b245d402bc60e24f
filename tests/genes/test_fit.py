"""When genes are taken for those of another assembly than the FASTA's."""

from __future__ import annotations

from collections import Counter

import pytest
from support import builders, spliced

from spliceai_cli.errors import AssemblyError
from spliceai_cli.genes.annotation import Annotation
from spliceai_cli.genes.fit import check_fit, measure_fit
from spliceai_cli.genes.gene import Gene
from spliceai_cli.genes.selection import Selection
from spliceai_cli.genome.fasta import Reference

REAL = ["GT-AG"] * 17 + ["GC-AG", "AT-AC", "other"]


@pytest.fixture
def check(tmp_path):
    """Warnings for genes on a contig ``chr1``."""

    def call(contig, genes):
        warned = []
        fasta = builders.write_fasta(tmp_path / "x.fa", {"chr1": contig})
        check_fit(Annotation("my.gtf", "", tuple(genes), Selection()), Reference(fasta), warned.append)
        return warned

    return call


GENES = spliced.genes(30)


@pytest.mark.parametrize("ends", [["GT-AG"], ["GC-AG"], ["AT-AC"], REAL], ids=["GT-AG", "GC-AG", "AT-AC", "real"])
def test_introns_of_both_strands__vouch_for_the_assembly(check, ends):
    assert check(spliced.bases(GENES, ends), GENES) == []


@pytest.mark.parametrize("n_off", [1, 2, 50, 733])
def test_introns_elsewhere__are_an_error(check, n_off):
    """As of another assembly; nothing was said, and alleles were scored on the wrong gene."""
    contig = spliced.bases(GENES, REAL)
    with pytest.raises(AssemblyError) as error:
        check("ACGT" * 200 + contig[n_off:], GENES)
    assert "introns looked at begin and end with GT-AG, GC-AG or AT-AC (" in error.value.message
    assert error.value.message.endswith("0 of 30 transcripts end beyond their contig.")


def test_wrong_strand__is_an_error(check):
    flipped = [Gene(g.symbol, g.chrom, "+-"[g.strand == "+"], g.start, g.end, g.exons) for g in GENES]
    with pytest.raises(AssemblyError, match=r": 0 of \d+ introns"):
        check(spliced.bases(GENES, ["GT-AG"]), flipped)


SHARES = {
    "9-in-10": (["GT-AG"] * 9 + ["other"], 0),
    "7-in-10": ((["GT-AG"] * 7 + ["other"] * 3), 1),
    "6-in-10": ((["GT-AG"] * 3 + ["other"] * 2), 1),
}


@pytest.mark.parametrize(("ends", "n_warnings"), SHARES.values(), ids=SHARES)
def test_share_between__is_a_warning(check, ends, n_warnings):
    genes = GENES[:10]  # few enough to look at every intron
    warned = check(spliced.bases(genes, ends), genes)
    assert len(warned) == n_warnings
    assert not warned or warned[0].startswith("-A my.gtf may not fit ")


def test_error__gives_both_figures(check, tmp_path):
    genes = spliced.genes(8)
    contig = spliced.bases(genes, ["GT-AG"] * 3 + ["other"] * 7, n_more=50)
    beyond = builders.gene("FAR", "1", "+", len(contig) - 30, len(contig) + 5001)
    with pytest.raises(AssemblyError) as error:
        check(contig, [*genes, beyond])
    assert error.value.message == (
        f"-A my.gtf does not fit {tmp_path}/x.fa: 15 of 48 introns looked at begin and end with GT-AG, GC-AG or AT-AC "
        "(31%; 97% to 99% are usual), and 1 of 9 transcripts ends beyond its contig "
        f"(first: FAR, 1:{len(contig) - 29:,}-{len(contig) + 5001:,})."
    )
    assert error.value.hint == (
        "Use an annotation of the reference's assembly, or --allow-foreign-genes to use this one anyway."
    )


# Too little to tell

OTHER = spliced.bases(GENES, ["other"])
EXONS = [builders.gene(f"E{i}", "1", "+", i * 100, i * 100 + 50) for i in range(100)]
FEW = {
    "2-introns": (OTHER, [builders.gene("A", "1", "+", 0, 1500, (100, 140), (200, 240), (300, 340))]),
    "no-introns": (OTHER, EXONS),
    "n": ("N" * len(OTHER), GENES),
    "iupac": ("R" * len(OTHER), GENES),
    # Ribosomal slippage, frameshifts, tRNA: gaps that are no introns.
    "gaps": (OTHER, [builders.gene("G", "1", "+", 0, 3000, *[(i * 50, i * 50 + 31) for i in range(60)])]),
    # Transcripts of one gene share introns: 2 in all.
    "isoforms": (OTHER, [builders.gene("A", "1", "+", 0, 1500, (100, 140), (200, 240), (300, 340))] * 20),
    "none": (OTHER, []),
}


@pytest.mark.parametrize(("contig", "genes"), FEW.values(), ids=FEW)
def test_too_few_introns__say_nothing(check, contig, genes):
    assert check(contig, genes) == []


def test_one_gene__is_enough_if_it_has_introns(check):
    exons = [(i * 100, i * 100 + 40) for i in range(22)]
    gene = builders.gene("BRCA1", "1", "-", 0, exons[-1][1], *exons)
    assert check(spliced.bases([gene], ["GT-AG"]), [gene]) == []
    with pytest.raises(AssemblyError, match="0 of 21 introns"):
        check(spliced.bases([gene], ["other"]), [gene])


def test_windows_in_n__are_found(check):
    """A FASTA that is N but for a part: the introns there are looked at, however many others there are."""
    genes = spliced.genes(400)
    right, wrong = (spliced.bases(genes, [ends]) for ends in ("GT-AG", "other"))
    known = slice(300 * spliced.PITCH, 306 * spliced.PITCH)
    for contig, is_right in ((right, True), (wrong, False)):
        masked = "N" * known.start + contig[known] + "N" * (len(contig) - known.stop)
        if is_right:
            assert check(masked, genes) == []
        else:
            with pytest.raises(AssemblyError):
                check(masked, genes)


# Few introns: a panel of genes

PANEL = {
    (1, 0): None,
    (2, 0): None,
    (3, 0): "may not fit",
    (3, 1): None,
    (4, 1): "may not fit",
    (5, 0): "does not fit",
    (5, 1): "does not fit",
    (5, 2): "may not fit",
    (5, 4): None,
    (6, 5): None,
    (14, 0): "does not fit",
    (14, 3): "does not fit",
    (14, 12): None,
    (19, 18): None,
}


@pytest.mark.parametrize(("n", "n_canonical"), PANEL, ids=str)
def test_few_introns__are_judged_by_how_unlikely_they_are(check, n, n_canonical):
    """Fewer than 20 passed whatever they were: 14 of RYR1's on another assembly."""
    exons = [(100 * i + 100, 100 * i + 140) for i in range(n + 1)]
    genes = [builders.gene("A", "1", "+", 100, exons[-1][1], *exons)]
    contig = spliced.bases(genes, ["GT-AG"] * n_canonical + ["other"] * (n - n_canonical))
    expected = PANEL[n, n_canonical]
    if expected == "does not fit":
        with pytest.raises(AssemblyError, match=f"does not fit .*: {n_canonical} of {n} introns looked at"):
            check(contig, genes)
    else:
        warned = check(contig, genes)
        assert [expected in text for text in warned] == ([] if expected is None else [True])


def test_no_contig_in_common__is_an_error(check, tmp_path):
    """Every allele was outside genes, and nothing was said."""
    with pytest.raises(AssemblyError) as error:
        check(OTHER, [gene for chrom in ("7", "8", "9", "X") for gene in spliced.genes(2, chrom=chrom)])
    assert error.value.message == (f"-A my.gtf and {tmp_path}/x.fa share no contig (genes: 7, 8, 9, …; FASTA: chr1).")


@pytest.mark.parametrize(("chrom", "said"), [("1", " 0 of 18 introns"), ("7", " share no contig ")])
def test_foreign_genes_that_are_allowed__are_a_warning_with_the_figures(tmp_path, chrom, said):
    fasta = builders.write_fasta(tmp_path / "x.fa", {"chr1": OTHER})
    warned = []
    annotation = Annotation("my.gtf", "", tuple(spliced.genes(3, chrom=chrom)), Selection())
    check_fit(annotation, Reference(fasta), warned.append, allow_foreign=True)
    assert len(warned) == 1
    assert said in warned[0]
    assert warned[0].endswith("--allow-foreign-genes uses it anyway.")


# Beyond the end of a contig

LENGTH = 60_000


def far(start, end):
    return builders.gene("FAR", "1", "+", start, end)


MANY = [builders.gene(f"E{i}", "1", "+", i * 100, i * 100 + 50) for i in range(50)]
BEYOND = {
    "within-a-flank": ([far(LENGTH - 10, LENGTH + 5000)], True),
    "by-more": ([far(LENGTH - 10, LENGTH + 5001)], False),
    "one-of-many": ([*MANY, far(LENGTH - 10, LENGTH + 5001)], False),
    "behind-the-end": ([*MANY, far(LENGTH + 10, LENGTH + 9000)], False),
    # Cut short to try something out: most genes are missing, but none in part.
    "cut": ([*MANY, *[far(LENGTH + i, LENGTH + i + 9000) for i in range(1, 1000)]], True),
    "cut-through-a-gene": ([*MANY, *[far(LENGTH - 1 + i, LENGTH + i + 9000) for i in range(1000)]], False),
    "of-another-contig": ([*MANY, builders.gene("FAR", "7", "+", LENGTH - 10, LENGTH + 9000)], True),
}


@pytest.mark.parametrize(("genes", "passes"), BEYOND.values(), ids=BEYOND)
def test_transcripts_beyond_their_contig__are_an_error(check, genes, passes):
    contig = builders.random_bases(LENGTH, seed=4)
    if passes:
        assert check(contig, genes) == []
        return
    with pytest.raises(AssemblyError, match=r" 1 of [\d,]+ transcripts? ends beyond its contig \(first: FAR, 1:"):
        check(contig, genes)


def test_contig_cut_through_a_gene__passes_where_introns_vouch(check):
    genes = spliced.genes(4)
    contig = spliced.bases(genes, ["GT-AG"], n_more=10)
    cut = [far(len(contig) - 5, len(contig) + 9000), *[far(len(contig) + 5, len(contig) + 9000)] * 3]
    assert check(contig, [*genes, *cut]) == []


def test_sample__is_the_same_every_time(tmp_path):
    genes = spliced.genes(400)
    fasta = builders.write_fasta(tmp_path / "x.fa", {"chr1": spliced.bases(genes, REAL)})
    first, second = (measure_fit(genes, Reference(fasta)) for _ in range(2))
    assert first == second
    assert 100 <= first.n_introns < 400 * spliced.N_INTRONS
    assert first.ends.keys() >= Counter(("GT-AG", "GC-AG", "AT-AC", "CC-CC")).keys()
