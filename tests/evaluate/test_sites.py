"""Sites of loci against predictions whose accuracy is counted by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest
from support import builders

from spliceai_cli.engine.scan import Stretch
from spliceai_cli.errors import AnnotationError
from spliceai_cli.evaluate.loci import joined_loci, single_loci, spliced
from spliceai_cli.evaluate.matrices import MatrixModel
from spliceai_cli.evaluate.open import open_matrices
from spliceai_cli.evaluate.sites import Bootstrap, evaluate_sites
from spliceai_cli.genome.coords import Interval
from spliceai_cli.genome.fasta import Reference
from spliceai_cli.models.spec import ACCEPTOR, DONOR

NO_BOOTSTRAP = Bootstrap(0)


class Given:
    """Probabilities of acceptors and donors at 0-based positions of a contig; 0 elsewhere."""

    def __init__(self, acceptors, donors):
        self.values = np.zeros((1000, 3), np.float32)
        for site, given in ((ACCEPTOR, acceptors), (DONOR, donors)):
            for pos, probability in given.items():
                self.values[pos, site] = probability

    def predict(self, sequence, intervals):
        for interval in intervals:
            yield Stretch(interval, self.values[interval.start : interval.end])


@pytest.fixture
def reference(tmp_path):
    return Reference(builders.write_fasta(tmp_path / "g.fa", {"chr5": builders.random_bases(1000, 1)}))


# Acceptors 20 and 40, donors 14 and 24; acceptors 40 and 60, donors 31 and 44.
A = builders.gene("A", "5", "+", 10, 50, (10, 15), (20, 25), (40, 50))
B = builders.gene("B", "5", "+", 30, 70, (30, 32), (40, 45), (60, 70))


def test_loci__join_genes_that_overlap_on_a_strand(reference):
    minus = builders.gene("M", "5", "-", 10, 50, (10, 15), (40, 50))
    # B ends where this one begins.
    beside = builders.gene("F", "5", "+", 70, 300, (70, 210), (290, 300))
    (one, two, three) = joined_loci([beside, minus, B, A], reference)
    assert [gene.symbol for gene in one.genes] == ["A", "B"]
    assert (one.chrom, one.interval, one.strand) == ("chr5", (10, 70), "+")
    assert one.sites(ACCEPTOR) == [20, 40, 60]
    assert one.sites(DONOR) == [14, 24, 31, 44]
    assert (two.genes[0].symbol, two.interval) == ("F", (70, 300))
    # On the minus strand the acceptor is the last base of the first exon.
    assert (three.strand, three.sites(ACCEPTOR), three.sites(DONOR)) == ("-", [14], [40])
    assert [locus.interval for locus in single_loci([A, B], reference)] == [(10, 50), (30, 70)]


def test_spliced__leaves_out_what_has_no_site_or_no_sequence(reference):
    single = builders.gene("S", "5", "+", 10, 50)
    elsewhere = builders.gene("E", "6", "+", 10, 50, (10, 15), (20, 50))
    beyond = builders.gene("Y", "5", "+", 2000, 2050, (2000, 2015), (2020, 2050))
    # Its sites are beyond the end, where a class of genes without any used to be a division by zero.
    partly = builders.gene("Z", "5", "+", 990, 1050, (990, 1010), (1040, 1050))
    assert spliced([single, elsewhere, A, beyond, partly], reference) == [A]


def test_evaluate__counts_each_position_once(reference):
    given = Given({20: 0.75, 35: 0.5, 60: 0.25, 95: 1}, {14: 0.9, 24: 0.9, 31: 0.9, 44: 0.9})
    loci = joined_loci([A, B], reference)
    acceptors, donors = evaluate_sites({"m": given}, loci, reference, is_alone=False, bootstrap=NO_BOOTSTRAP)
    assert (acceptors.model, acceptors.site, acceptors.n_loci, acceptors.n_genes) == ("m", "acceptor", 1, 2)
    assert (acceptors.n_sites, acceptors.n_positions) == (3, 60)
    assert acceptors.recall == pytest.approx(1 / 3)
    # The top three are 20, 35 and 60; position 95 is outside.
    assert acceptors.top_k.value == pytest.approx(2 / 3)
    # Recall 1/3 at 0.75, 2/3 at 0.25 with two of three; the third site is among 57 zeros.
    assert acceptors.pr_auc.value == pytest.approx((1 + 2 / 3 + 3 / 60) / 3)
    assert acceptors.brier == pytest.approx((0.25**2 + 0.5**2 + 0.75**2 + 1) / 60)
    assert (donors.n_sites, donors.top_k.value, donors.pr_auc.value, donors.recall) == (4, 1, 1, 1)


def test_evaluate__in_single_loci_counts_a_shared_base_for_each_gene(reference):
    given = Given({20: 0.9, 40: 0.8, 60: 0.7}, {})
    acceptors, _ = evaluate_sites(
        {"m": given}, single_loci([A, B], reference), reference, is_alone=True, bootstrap=NO_BOOTSTRAP
    )
    assert (acceptors.n_loci, acceptors.n_sites, acceptors.n_positions) == (2, 4, 80)
    assert acceptors.top_k.value == 1


def test_evaluate__small_probabilities_count_as_equal(reference):
    """A site at 5e-5 above everything else would be found; below the floor it shares a threshold with the rest."""
    single = builders.gene("A", "5", "+", 10, 50, (10, 15), (20, 50))
    acceptors, _ = evaluate_sites(
        {"m": Given({20: 5e-5}, {14: 0.9})}, joined_loci([single], reference), reference, is_alone=False,
        bootstrap=NO_BOOTSTRAP,
    )  # fmt: skip
    assert acceptors.pr_auc.value == acceptors.top_k.value == pytest.approx(1 / 40)
    assert acceptors.by_strength[0].top_k == pytest.approx(1 / 40)


def test_evaluate__by_class_and_strength(reference):
    import dataclasses

    coding = dataclasses.replace(A, biotype="protein_coding")
    other = dataclasses.replace(builders.gene("F", "5", "+", 200, 300, (200, 210), (290, 300)), biotype="lncRNA")
    given = Given({20: 0.9, 40: 0.8, 220: 0.6, 290: 0.1}, {})
    acceptors, _ = evaluate_sites(
        {"m": given}, joined_loci([coding, other], reference), reference, is_alone=False, bootstrap=NO_BOOTSTRAP
    )
    lnc, protein = acceptors.by_class
    assert (protein.name, protein.n_sites, protein.top_k, protein.pr_auc) == ("protein_coding", 2, 1, 1)
    # 0.6 is no site, so the only site is second.
    assert (lnc.name, lnc.n_sites, lnc.top_k, lnc.pr_auc) == ("lncRNA", 1, 0, 0.5)
    assert sum(part.n_sites for part in acceptors.by_strength) == 3
    # Of all three sites, the top three positions (0.9, 0.8, 0.6) hold two.
    assert sum(part.top_k * part.n_sites for part in acceptors.by_strength) == pytest.approx(2)


def test_evaluate__of_a_mixed_locus_says_so(reference):
    import dataclasses

    loci = joined_loci([dataclasses.replace(A, biotype="x"), dataclasses.replace(B, biotype="y")], reference)
    assert [locus.gene_class for locus in loci] == ["mixed"]


@pytest.mark.parametrize("strand", ["+", "-"])
def test_consensus__is_ag_before_acceptors_and_gt_after_donors(tmp_path, strand):
    gene = builders.gene("A", "1", strand, 100, 900, (100, 200), (300, 400), (800, 900))
    contigs = builders.spliced({"chr1": builders.random_bases(1000, 5)}, [gene])
    reference = Reference(builders.write_fasta(tmp_path / "s.fa", contigs))
    for accuracy in evaluate_sites(
        {"m": Given({}, {})}, joined_loci([gene], reference), reference, is_alone=False, bootstrap=NO_BOOTSTRAP
    ):
        assert accuracy.consensus == 1


@pytest.mark.parametrize("strand", ["+", "-"])
def test_matrix_model__finds_what_it_has_learned(tmp_path, strand):
    """Introns that differ in nothing but their ends: every site looks like GT or AG, and little else does."""
    exons = [(100 + 200 * i, 200 + 200 * i) for i in range(40)]
    gene = builders.gene("A", "1", strand, 100, 8000, *exons)
    bases = builders.random_bases(8100, 5)
    # An exon ends with CAG|GTAAGT, as donors do, and begins after TTTTTTTTTTCAG.
    donor, acceptor = "CAGGTAAGT", "TTTTTTTTTTTTTTTTTCAG"
    if strand == "-":
        donor, acceptor = "ACTTACCTG", "CTGAAAAAAAAAAAAAAAAA"
    for i, (start, end) in enumerate(exons):
        left, right = (acceptor, donor) if strand == "+" else (donor, acceptor)
        if i:
            at = start - (20 if strand == "+" else 6)
            bases = bases[:at] + left + bases[at + len(left) :]
        if i < len(exons) - 1:
            at = end - (3 if strand == "+" else 0)
            bases = bases[:at] + right + bases[at + len(right) :]
    reference = Reference(builders.write_fasta(tmp_path / "s.fa", {"chr1": bases}))
    loci = joined_loci([gene], reference)
    model = MatrixModel(loci, reference)
    for accuracy in evaluate_sites({"pwm": model}, loci, reference, is_alone=True, bootstrap=NO_BOOTSTRAP):
        assert accuracy.n_sites == 39
        assert accuracy.top_k.value == 1
    # In pieces it says the same.
    sequence = loci[0].sequence(reference, is_alone=True)
    (whole,) = model.predict(sequence, [Interval(100, 8000)])
    parts = [stretch.probabilities for stretch in model.predict(sequence, [Interval(100, 950), Interval(950, 8000)])]
    np.testing.assert_array_equal(np.concatenate(parts), whole.probabilities)


def test_matrix_model__by_hand(tmp_path):
    """One site of each kind: with the pseudocount, its base has a frequency of 2/5 in each column, others 1/5."""
    bases = builders.random_bases(300, 6)
    gene = builders.gene("A", "1", "+", 50, 250, (50, 100), (180, 250))
    reference = Reference(builders.write_fasta(tmp_path / "s.fa", {"chr1": bases}))
    (locus,) = single_loci([gene], reference)
    (found,) = MatrixModel([locus], reference).predict(locus.sequence(reference, is_alone=True), [Interval(50, 250)])

    def odds(site, first, last, at):
        """Of the bases around a position, by the matrix of the one site, against the background."""
        pairs = zip(bases[site + first : site + last + 1], bases[at + first : at + last + 1], strict=True)
        return math.prod((0.4 if one == other else 0.2) / 0.25 for one, other in pairs)

    for at in (99, 120, 180):
        joint = [198 / 200, odds(180, -20, 2, at) / 200, odds(99, -2, 6, at) / 200]
        expected = [value / sum(joint) for value in joint]
        np.testing.assert_allclose(found.probabilities[at - 50], expected, rtol=1e-5)


def test_matrices__need_a_gene_with_sites(reference):
    with pytest.raises(AnnotationError, match="no gene is left to make matrices from"):
        open_matrices([builders.gene("S", "5", "+", 10, 50)], reference)
