"""Examples, labels and what is left out, on genes small enough to count."""

from __future__ import annotations

import tracemalloc
from dataclasses import replace

import numpy as np
import pytest
from support import builders

from spliceai_cli.genes.index import GeneIndex
from spliceai_cli.genome.bases import N, encode
from spliceai_cli.genome.fasta import Reference
from spliceai_cli.models.spec import ACCEPTOR, DONOR, NEITHER
from spliceai_cli.train.config import TrainConfig
from spliceai_cli.train.labels import LEFT_OUT
from spliceai_cli.train.windows import Windows, near_unknown, survey

BASES = builders.random_bases(200, 4)
CONFIG = TrainConfig(context=80, window=20, margin=2, n_run=3)
# Donors 29 and 69, acceptors 50 and 80, 0-based.
PLUS = builders.gene("P", "1", "+", 20, 90, (20, 30), (50, 70), (80, 90))
# In transcript order: donors 80 and 50, acceptors 69 and 29.
MINUS = replace(PLUS, symbol="M", strand="-")


def opened(tmp_path, bases=BASES):
    return Reference(builders.write_fasta(tmp_path / "g.fa", {"chr1": bases}))


def labels_of(windows):
    return np.concatenate([windows.example(i).labels for i in range(len(windows))])


def test_windows__cover_a_gene_from_its_start(tmp_path):
    windows = Windows([PLUS], opened(tmp_path), CONFIG, flank=5)
    assert len(windows) == 4
    labels = labels_of(windows)
    assert labels[:2].tolist() == [LEFT_OUT, LEFT_OUT]
    assert np.flatnonzero(labels == DONOR).tolist() == [9, 49]
    assert np.flatnonzero(labels == ACCEPTOR).tolist() == [30, 60]
    # The gene has 70 bases: its last two, and all beyond, do not count.
    assert labels[67] == NEITHER
    assert set(labels[68:].tolist()) == {LEFT_OUT}
    assert survey(windows).counts.tolist() == [66 - 4, 2, 2]


def test_windows__show_n_or_the_genome_beyond_a_transcript(tmp_path):
    reference = opened(tmp_path)
    alone = Windows([PLUS], reference, CONFIG, flank=5).example(0)
    assert alone.codes.tolist() == [N] * 5 + encode(BASES[20:45].encode()).tolist()
    amid = Windows([PLUS], reference, replace(CONFIG, surroundings="genome"), flank=5).example(0)
    assert amid.codes.tolist() == encode(BASES[15:45].encode()).tolist()
    last = Windows([PLUS], reference, CONFIG, flank=5).example(3)
    assert last.codes.tolist() == [*encode(BASES[75:90].encode()).tolist(), *[N] * 15]


def test_windows__of_the_minus_strand_run_along_the_transcript(tmp_path):
    windows = Windows([MINUS], opened(tmp_path), CONFIG, flank=5)
    labels = labels_of(windows)
    # Transcript position i is genomic position 89 - i.
    assert [89 - i for i in np.flatnonzero(labels == DONOR)] == [80, 50]
    assert [89 - i for i in np.flatnonzero(labels == ACCEPTOR)] == [69, 29]
    complement = BASES.translate(str.maketrans("ACGT", "TGCA"))
    expected = encode(complement[65:90][::-1].encode()).tolist()
    assert windows.example(0).codes.tolist() == [N] * 5 + expected


def test_windows__leave_out_what_is_near_a_long_run_of_n(tmp_path):
    """A run of four N counts, one of three does not."""
    bases = f"{BASES[:40]}NNNN{BASES[44:60]}NNN{BASES[63:]}"
    labels = labels_of(Windows([PLUS], opened(tmp_path, bases), CONFIG, flank=5))
    assert np.flatnonzero(labels[2:68] == LEFT_OUT).tolist() == [i - 22 for i in range(38, 46)]


def test_windows__see_runs_that_begin_outside_of_them(tmp_path):
    """The first window ends at 40, two bases before the run: position 39 is not near, with a margin of 3 it is."""
    bases = f"{BASES[:42]}NNNN{BASES[46:]}"
    reference = opened(tmp_path, bases)
    assert LEFT_OUT not in Windows([PLUS], reference, CONFIG, flank=0).example(0).labels[2:]
    wider = Windows([PLUS], reference, replace(CONFIG, margin=3), flank=0).example(0).labels
    assert np.flatnonzero(wider[3:] == LEFT_OUT).tolist() == [16]


@pytest.mark.parametrize(
    ("text", "expected"),
    [("ACNNACGT", "........"), ("ACNNNACGT", ".xxxxx..."), ("NNNACG", "xxxx.."), ("ACGNNN", "..xxxx")],
)
def test_near_unknown__by_hand(text, expected):
    near = near_unknown(encode(text.encode()), n_run=2, margin=1)
    assert "".join(".x"[int(n)] for n in near) == expected


def test_shift__begins_elsewhere(tmp_path):
    windows = Windows([PLUS], opened(tmp_path), CONFIG, flank=5)
    one, two = windows.example(0, shift=4), windows.example(0)
    assert one.labels[:16].tolist() == two.labels[4:].tolist()
    early = windows.example(0, shift=-4)
    assert set(early.labels[:6].tolist()) == {LEFT_OUT}
    assert early.labels[6:].tolist() == two.labels[2:16].tolist()


@pytest.mark.parametrize("gene", [PLUS, MINUS], ids="+-")
def test_other_strand__has_its_own_sites(tmp_path, gene):
    """Without a gene there, nothing is a site; with one, its sites are, and the bases are the reverse complement."""
    reference = opened(tmp_path)
    alone = Windows([gene], reference, CONFIG, 5, GeneIndex([gene]))
    plain, opposite = alone.example(1), alone.example(1, on_opposite=True)
    assert opposite.codes.tolist() == [3 - code if code < N else N for code in plain.codes[::-1]]
    assert set(opposite.labels.tolist()) == {NEITHER}
    other = MINUS if gene is PLUS else PLUS
    both = Windows([gene], reference, CONFIG, 5, GeneIndex([gene, other]))
    theirs = labels_of(Windows([other], reference, CONFIG, 5))
    opposite = both.example(1, on_opposite=True)
    # The second window of one strand, 20 to 40, is 30 to 50 of the other, of 70 in all.
    assert opposite.labels.tolist() == theirs[30:50].tolist()


def test_exon_of_one_base__is_no_class(tmp_path):
    gene = builders.gene("P", "1", "+", 20, 90, (20, 30), (50, 51), (80, 90))
    labels = labels_of(Windows([gene], opened(tmp_path), CONFIG, flank=5))
    assert labels[30] == LEFT_OUT


def test_site_of_both_kinds__of_two_genes_is_no_class(tmp_path):
    """The donor of one is the acceptor of the other, whichever comes first."""
    other = builders.gene("Q", "1", "-", 20, 90, (20, 51), (60, 90))
    for genes in ([MINUS, other], [other, MINUS]):
        windows = Windows([PLUS], opened(tmp_path), CONFIG, 5, GeneIndex(genes))
        labels = np.concatenate([windows.example(i, on_opposite=True).labels[::-1] for i in range(4)])
        assert [labels[pos - 20] for pos in (50, 60, 69, 80)] == [LEFT_OUT, DONOR, ACCEPTOR, DONOR]


def test_survey__counts_examples_without_a_site_by_their_share(tmp_path):
    """In windows of 10 the sites are in the first, the fourth, the fifth and the seventh of seven."""
    windows = Windows([PLUS], opened(tmp_path), replace(CONFIG, window=10, margin=0), flank=5)
    found = survey(windows, empty=0.5)
    assert np.flatnonzero(found.has_site).tolist() == [0, 3, 4, 6]
    assert found.counts.tolist() == [40 - 4 + 30 / 2, 2, 2]


@pytest.mark.parametrize("stretch", [1, 30, 1 << 16])
def test_labels__are_those_of_the_examples(tmp_path, monkeypatch, stretch):
    monkeypatch.setattr("spliceai_cli.train.windows._STRETCH", stretch)
    bases = f"{BASES[:40]}NNNN{BASES[44:]}"
    windows = Windows([PLUS, MINUS], opened(tmp_path, bases), replace(CONFIG, window=15), flank=5)
    labels = np.concatenate([labels.own for labels in windows.labels()])
    np.testing.assert_array_equal(labels, [windows.example(i).labels for i in range(len(windows))])


@pytest.mark.parametrize("stretch", [1, 30, 1 << 16])
def test_labels__of_the_other_strand_are_those_of_the_turned_examples(tmp_path, monkeypatch, stretch):
    monkeypatch.setattr("spliceai_cli.train.windows._STRETCH", stretch)
    windows = Windows([PLUS], opened(tmp_path), replace(CONFIG, window=15), 5, GeneIndex([PLUS, MINUS]))
    labels = np.concatenate([labels.opposite for labels in windows.labels()])
    expected = [windows.example(i, on_opposite=True).labels for i in range(len(windows))]
    np.testing.assert_array_equal(labels, expected)
    # Half of the examples have the two sites of each kind of PLUS, the others those of MINUS or, without it, none.
    n = 70 - 2 * CONFIG.margin
    assert survey(windows).counts.tolist() == [n - 4, 2, 2]
    alone = Windows([PLUS], opened(tmp_path), replace(CONFIG, window=15), 5, GeneIndex([PLUS]))
    assert survey(alone).counts.tolist() == [n - 2, 1, 1]


def test_windows__keep_no_examples():
    """Of each gene, whose examples have 40 kB, only the lists of its sites and a flag for each example stay."""

    def peak(n_genes):
        exons = ((0, 500), (900, 2000), (19_000, 20_000))
        genes = [
            builders.gene("G", "1", "+", i, i + 20_000, *((i + start, i + end) for start, end in exons))
            for i in range(n_genes)
        ]
        windows = Windows(genes, builders.AllC({"1": 100_000}), replace(CONFIG, window=500), flank=40)
        tracemalloc.start()
        survey(windows)
        for number in range(len(windows)):
            windows.example(number)
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return most

    # The first call also loads what later ones find.
    _, few, many = peak(5), peak(5), peak(205)
    assert many - few < 200 * 3000
