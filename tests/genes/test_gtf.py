"""GTF in the dialects of those who publish it. Positions in the files are 1-based with both ends included."""

from __future__ import annotations

import random

import pytest
from support.annotation_text import genes, lines

from spliceai_cli.genes.draft import BOTH_STRANDS, NO_STRAND, OVERLAP
from spliceai_cli.genes.gtf import read_gtf
from spliceai_cli.genes.transcripts import ENSEMBL_CANONICAL, MANE_PLUS_CLINICAL, MANE_SELECT, NOT_PRINCIPAL

GENCODE = """
##description: evidence-based annotation of the human genome
chr7 gene 11 100 - . gene_id "ENSG01.4"; gene_type "protein_coding"; gene_name "CFTR"; level 2;
chr7 transcript 11 100 - . gene_id "ENSG01.4"; transcript_id "ENST01.2"; gene_type "protein_coding"; \
gene_name "CFTR"; level 2; tag "basic"; tag "Ensembl_canonical"; tag "MANE_Select"; tag "appris_principal_2";
chr7 exon 81 100 - . gene_id "ENSG01.4"; transcript_id "ENST01.2"; exon_number 1; tag "basic";
chr7 CDS 81 90 - 0 gene_id "ENSG01.4"; transcript_id "ENST01.2"; exon_number 1;
chr7 start_codon 88 90 - 0 gene_id "ENSG01.4"; transcript_id "ENST01.2"; exon_number 1;
chr7 exon 11 30 - . gene_id "ENSG01.4"; transcript_id "ENST01.2"; exon_number 2;
chr7 CDS 21 30 - 2 gene_id "ENSG01.4"; transcript_id "ENST01.2"; exon_number 2;
chr7 stop_codon 18 20 - 0 gene_id "ENSG01.4"; transcript_id "ENST01.2"; exon_number 2;
chr7 UTR 91 100 - . gene_id "ENSG01.4"; transcript_id "ENST01.2"; exon_number 1;
"""

ENSEMBL = """
#!genome-build GRCh38
7 gene 11 100 + . gene_id "ENSG01"; gene_version "4"; gene_name "CFTR"; gene_biotype "lncRNA";
7 transcript 11 100 + . gene_id "ENSG01"; gene_version "4"; transcript_id "ENST01"; transcript_version "12"; \
gene_name "CFTR"; gene_biotype "lncRNA"; tag "gencode_basic"; tag "MANE_Plus_Clinical";
7 exon 11 100 + . gene_id "ENSG01"; gene_version "4"; transcript_id "ENST01"; transcript_version "12"; \
exon_id "ENSE01"; exon_version "1";
"""

# RefSeq: no gene_name; the biotype stands at the gene, and gene lines have an empty transcript_id.
REFSEQ = """
#gtf-version 2.2
NC_000007.14 gene 11 100 + . gene_id "CFTR"; transcript_id ""; db_xref "GeneID:1080"; gene "CFTR"; \
gene_biotype "protein_coding";
NC_000007.14 transcript 11 100 + . gene_id "CFTR"; transcript_id "NM_000492.4"; gene "CFTR"; tag "MANE Select";
NC_000007.14 exon 11 100 + . gene_id "CFTR"; transcript_id "NM_000492.4"; gene "CFTR"; tag "MANE Select";
"""

UCSC = """
chr7 exon 11 40 + . gene_id "CFTR"; transcript_id "NM_000492"; exon_number "1"; gene_name "CFTR";
chr7 exon 81 100 + . gene_id "CFTR"; transcript_id "NM_000492"; exon_number "2"; gene_name "CFTR";
chr7 CDS 21 40 + 0 gene_id "CFTR"; transcript_id "NM_000492"; exon_number "1"; gene_name "CFTR";
"""

STRINGTIE = """
# StringTie version 2.2.1
chr7 transcript 11 100 + . gene_id "STRG.1"; transcript_id "STRG.1.1"; reference_id "ENST01.2"; \
ref_gene_id "ENSG01.4"; ref_gene_name "CFTR"; cov "2.5"; FPKM "1.0";
chr7 exon 11 100 + . gene_id "STRG.1"; transcript_id "STRG.1.1"; exon_number "1"; ref_gene_name "CFTR"; cov "2.5";
chr7 transcript 201 300 . . gene_id "STRG.2"; transcript_id "STRG.2.1"; cov "0.5";
chr7 exon 201 300 . . gene_id "STRG.2"; transcript_id "STRG.2.1"; exon_number "1"; cov "0.5";
"""


def read(text):
    return read_gtf(lines(text), "t.gtf")


def with_exons(*exons, strand="+"):
    """One transcript, T of gene G on chr1, that has only exons."""
    rows = [f'chr1 exon {first} {last} {strand} . gene_id "G"; transcript_id "T";' for first, last in exons]
    return "\n".join(rows)


def test_gencode__is_read():
    found = read(GENCODE)
    [gene] = genes(found)
    assert (gene.symbol, gene.gene_id, gene.transcript_id) == ("CFTR", "ENSG01.4", "ENST01.2")
    assert (gene.chrom, gene.strand, gene.start, gene.end) == ("chr7", "-", 10, 100)
    assert gene.biotype == "protein_coding"
    assert gene.exons == ((10, 30), (80, 100))
    # The stop codon, 17 to 20, goes on where the coding part, 20 to 30, ends.
    assert gene.coding == ((17, 30), (80, 90))
    assert (found.tags.tolist(), found.appris.tolist()) == ([MANE_SELECT + ENSEMBL_CANONICAL], [2])


@pytest.mark.parametrize(
    ("text", "ids", "symbol", "biotype"),
    [
        (ENSEMBL, ("ENSG01.4", "ENST01.12"), "CFTR", "lncRNA"),
        (REFSEQ, ("CFTR", "NM_000492.4"), "CFTR", "protein_coding"),
        (UCSC, ("CFTR", "NM_000492"), "CFTR", ""),
        (STRINGTIE, ("STRG.1", "STRG.1.1"), "CFTR", ""),
    ],
    ids=["Ensembl", "RefSeq", "UCSC", "StringTie"],
)
def test_dialect__ids_and_names(text, ids, symbol, biotype):
    gene = genes(read(text))[0]
    assert ((gene.gene_id, gene.transcript_id), gene.symbol, gene.biotype) == (ids, symbol, biotype)
    assert (gene.start, gene.end) == (10, 100)


def test_ucsc__transcript_is_put_together_from_its_exons():
    [gene] = genes(read(UCSC))
    assert (gene.exons, gene.coding) == (((10, 40), (80, 100)), ((20, 40),))


def test_stringtie__transcript_without_strand_is_left_out_and_counted():
    found = read(STRINGTIE)
    assert (found.ids, found.left_out.counts) == (["STRG.1.1"], {NO_STRAND: 1})


@pytest.mark.parametrize(
    ("tags", "bits", "appris"),
    [
        ('tag "MANE Select";', MANE_SELECT, NOT_PRINCIPAL),
        ('tag "MANE Plus Clinical";', MANE_PLUS_CLINICAL, NOT_PRINCIPAL),
        ('tag "MANE_Plus_Clinical"; tag "Ensembl_canonical";', MANE_PLUS_CLINICAL + ENSEMBL_CANONICAL, NOT_PRINCIPAL),
        # GENCODE 12 to 19 did not number them.
        ('tag "appris_principal";', 0, 1),
        ('tag "appris_principal_5"; tag "CCDS";', 0, 5),
        ('tag "appris_alternative_1";', 0, NOT_PRINCIPAL),
        ('tag "appris_candidate_longest";', 0, NOT_PRINCIPAL),
        ("", 0, NOT_PRINCIPAL),
    ],
)
def test_tags__of_all_publishers(tags, bits, appris):
    found = read(f'chr1 exon 1 9 + . gene_id "G"; transcript_id "T"; {tags}')
    assert (found.tags.tolist(), found.appris.tolist()) == ([bits], [appris])


def test_lines__may_come_in_any_order():
    expected = read(GENCODE)
    shuffled = lines(GENCODE)
    for seed in range(20):
        random.Random(seed).shuffle(shuffled)
        found = read_gtf(shuffled, "t.gtf")
        assert (genes(found), found.tags.tolist()) == (genes(expected), expected.tags.tolist())


def test_exons__are_sorted_and_each_is_kept_once():
    [gene] = genes(read(with_exons((81, 100), (11, 20), (81, 100), (31, 40))))
    assert gene.exons == ((10, 20), (30, 40), (80, 100))


def test_transcript__may_have_one_exon_of_one_base():
    [gene] = genes(read(with_exons((5, 5))))
    assert (gene.start, gene.end, gene.exons) == (4, 5, ((4, 5),))


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        (with_exons((11, 30), (30, 40)), OVERLAP),
        (with_exons((11, 30), (15, 20)), OVERLAP),
        (with_exons((11, 30)) + "\n" + with_exons((41, 50), strand="-"), BOTH_STRANDS),
        (with_exons((11, 30), strand="."), NO_STRAND),
        (with_exons((11, 30), strand="?"), NO_STRAND),
    ],
)
def test_transcript_that_cannot_be_used__is_left_out_and_counted(bad, reason):
    good = 'chr1 exon 1 9 + . gene_id "G"; transcript_id "GOOD";'
    found = read(f"{bad}\n{good}")
    assert (found.ids, found.left_out.counts) == (["GOOD"], {reason: 1})


def test_exons_that_touch__are_kept_apart():
    assert genes(read(with_exons((11, 20), (21, 30))))[0].exons == ((10, 20), (20, 30))


def test_par_gene__is_on_x_and_on_y():
    """Under one gene ID and one transcript ID."""
    rows = 'chr{} exon {} {} + . gene_id "ENSG02.1"; transcript_id "ENST02.1"; gene_name "CD99";'
    found = read("\n".join(rows.format(*place) for place in [("X", 11, 20), ("Y", 111, 120), ("X", 31, 40)]))
    assert [(gene.chrom, gene.start, gene.end, len(gene.exons)) for gene in genes(found)] == [
        ("chrX", 10, 40, 2),
        ("chrY", 110, 120, 1),
    ]
    assert (found.gene.tolist(), found.symbols) == ([0, 1], ["CD99", "CD99"])


def test_transcript_at_two_places_of_a_contig__is_there_twice():
    row = 'chr1 {} {} {} + . gene_id "G"; transcript_id "T";'
    places = [("transcript", 11, 40), ("transcript", 101, 140), ("exon", 11, 20), ("exon", 31, 40), ("exon", 101, 140)]
    places += [("CDS", 13, 20), ("CDS", 103, 109)]
    found = genes(read("\n".join(row.format(*place) for place in places)))
    assert [(gene.start, gene.end, gene.exons, gene.coding) for gene in found] == [
        (10, 40, ((10, 20), (30, 40)), ((12, 20),)),
        (100, 140, ((100, 140),), ((102, 109),)),
    ]


@pytest.mark.parametrize(("strand", "phase"), [("+", 1), ("-", 2)])
def test_phase__is_that_of_the_first_coding_part_in_transcript_order(strand, phase):
    rows = [
        f'chr1 {kind} {first} {last} {strand} {part} gene_id "G"; transcript_id "T";'
        for kind, first, last, part in [
            ("exon", 11, 50, "."),
            ("CDS", 14, 20, 1),
            ("CDS", 23, 30, 0),
            ("CDS", 33, 50, 2),
        ]
    ]
    random.Random(1).shuffle(rows)
    assert genes(read("\n".join(rows)))[0].phase == phase


def test_stop_codon__may_be_split_by_an_intron():
    row = 'chr1 {} {} {} + {} gene_id "G"; transcript_id "T";'
    parts = [
        ("exon", 11, 30, "."),
        ("exon", 41, 60, "."),
        ("CDS", 14, 28, 0),
        ("stop_codon", 29, 30, 0),
        ("stop_codon", 41, 41, 1),
    ]
    assert genes(read("\n".join(row.format(*part) for part in parts)))[0].coding == ((13, 30), (40, 41))


def test_stop_codon_without_coding_parts__is_not_one():
    """A file without CDS lines used to give coding sequences of 3 bp, and exons of 3 bp to transcripts without any."""
    row = 'chr1 {} {} {} + . gene_id "G"; transcript_id "{}";'
    parts = [
        ("exon", 11, 30, "A"),
        ("stop_codon", 21, 23, "A"),
        ("transcript", 11, 30, "B"),
        ("stop_codon", 21, 23, "B"),
    ]
    [gene] = genes(read("\n".join(row.format(*part) for part in parts)))
    assert (gene.transcript_id, gene.exons, gene.coding) == ("A", ((10, 30),), ())


def test_transcript_without_exon_lines__has_its_coding_parts_as_exons():
    row = 'chrM {} {} {} + 0 gene_id "ND1"; transcript_id "ND1";'
    parts = [("CDS", 11, 28), ("stop_codon", 29, 31), ("CDS", 41, 49)]
    [gene] = genes(read("\n".join(row.format(*part) for part in parts)))
    assert gene.exons == gene.coding == ((10, 31), (40, 49))


@pytest.mark.parametrize("name", ["", "HLA A", "A,B", "A|B", "A=B", "A;B"])
def test_symbol_that_cannot_stand_in_info__is_the_gene_id(name):
    found = read(f'chr1 exon 1 9 + . gene_id "ENSG01.4"; transcript_id "T"; gene_name "{name}";')
    assert found.symbols == ["ENSG01.4"]


def test_gene_without_id__goes_by_its_transcript():
    assert [gene.gene_id for gene in genes(read('chr1 exon 1 9 + . transcript_id "T";'))] == ["T"]


def test_attributes__may_be_bare_hold_semicolons_and_end_without_one():
    text = 'chr1 exon 1 9 + . note "a; b"; gene_id G1 ; transcript_id T1; gene_name "X"'
    [gene] = genes(read(text))
    assert (gene.transcript_id, gene.gene_id, gene.symbol) == ("T1", "G1", "X")


def test_transcripts__of_two_genes_may_have_one_id():
    """RefSeq's unknown_transcript_1 made one transcript from the first gene to the last."""
    row = '1 {} {} {} {} . gene_id "{}"; transcript_id "unknown_transcript_1";'
    parts = [("exon", 1001, 2000, "+", "AA"), ("exon", 5001, 6000, "-", "BB")]
    found = genes(read("\n".join(row.format(*part) for part in parts)))
    assert [(gene.symbol, gene.strand, gene.start, gene.end) for gene in found] == [
        ("AA", "+", 1000, 2000),
        ("BB", "-", 5000, 6000),
    ]


def test_ids__are_not_looked_for_inside_other_values():
    text = '1 exon 11 20 + . gene_id "G{0}"; note "see transcript_id X9 also"; transcript_id "T{0}";'
    found = genes(read("\n".join(text.format(i) for i in (1, 2))))
    assert [gene.transcript_id for gene in found] == ["T1", "T2"]


def test_gene__at_two_places_of_a_contig_is_two_genes():
    """``canonical`` took one transcript for both, so alleles of the other place were outside genes."""
    row = '1 exon {} {} {} . gene_id "G"; transcript_id "{}";'
    parts = [(1001, 2000, "+", "T1"), (1501, 2500, "+", "T2"), (90001, 91000, "+", "T3"), (1001, 2000, "-", "T4")]
    found = read("\n".join(row.format(*part) for part in parts))
    assert found.gene.tolist() == [0, 0, 1, 2]
    assert found.gene_ids == ["G", "G", "G"]


def places(found):
    return [(gene.strand, gene.start, gene.end, len(gene.exons)) for gene in genes(found)]


@pytest.mark.parametrize("transcript_id", ["unknown_transcript_1", "unassigned_transcript_7"])
@pytest.mark.parametrize("number", ['exon_number "1";', ""], ids=["numbered", "bare"])
@pytest.mark.parametrize("gene", ['gene_id ""; ', "", 'gene_id "."; '], ids=["empty", "none", "dot"])
def test_placeholder__is_not_one_transcript_from_the_first_feature_to_the_last(transcript_id, number, gene):
    """Two tRNAs of NCBI's became one gene of 153 kb, and a variant between them was scored."""
    row = f'19 exon {{}} {{}} {{}} . {gene}transcript_id "{transcript_id}"; {number}'
    parts = [(1001, 1072, "+"), (154001, 154072, "+"), (90001, 90072, "-")]
    named = '19 exon 50001 50900 + . gene_id "TRNX"; transcript_id "unknown_transcript_1";'
    found = read("\n".join([named, *(row.format(*part) for part in parts)]))
    assert sorted(places(found)) == [
        ("+", 1000, 1072, 1),
        ("+", 50000, 50900, 1),
        ("+", 154000, 154072, 1),
        ("-", 90000, 90072, 1),
    ]
    assert found.left_out.counts == {}


def test_placeholder__holds_exons_together_whose_numbers_go_on():
    row = '19 {} {} {} {} . gene_id ""; transcript_id "unknown_transcript_1"; exon_number "{}";'
    parts = [
        *[("exon", 1001, 1010, "+", 1), ("CDS", 1003, 1008, "+", 1), ("exon", 1031, 1040, "+", 2)],
        *[("exon", 5031, 5040, "-", 1), ("exon", 5001, 5010, "-", 2), ("stop_codon", 5001, 5003, "-", 2)],
        *[("exon", 6001, 6010, "-", 2), ("exon", 6031, 6040, "-", 1), ("CDS", 9001, 9030, "-", 1)],
    ]
    found = read("\n".join(row.format(*part) for part in parts))
    assert places(found) == [
        ("+", 1000, 1040, 2),
        ("-", 5000, 5040, 2),
        ("-", 6000, 6040, 2),
        ("-", 9000, 9030, 1),
    ]
    assert [gene.coding for gene in genes(found)] == [((1002, 1008),), (), (), ((9000, 9030),)]


def test_placeholder__with_lines_of_transcripts_is_there_at_each():
    """On two strands they were left out together, with everything else under that ID."""
    row = '19 {} {} {} {} . gene_id ""; transcript_id "unknown_transcript_1";'
    parts = [
        *[("transcript", 11, 90, "+"), ("exon", 11, 20, "+"), ("exon", 81, 90, "+")],
        *[("transcript", 501, 600, "-"), ("exon", 501, 600, "-"), ("exon", 801, 900, "+"), ("CDS", 501, 530, "-")],
    ]
    for seed in range(6):
        random.Random(seed).shuffle(parts)
        found = read("\n".join(row.format(*part) for part in parts))
        assert sorted(places(found)) == [("+", 10, 90, 2), ("+", 800, 900, 1), ("-", 500, 600, 1)]
        assert {gene.coding for gene in genes(found) if gene.strand == "-"} == {((500, 530),)}
        assert found.left_out.counts == {}


def test_placeholder__of_a_gene_is_its_transcript():
    """As NCBI writes segments of immunoglobulins, which have an intron."""
    row = '14 exon {} {} + . gene_id "IGHV1"; transcript_id "unknown_transcript_1"; {}'
    for numbers in (('exon_number "1";', 'exon_number "2";'), ("", "")):
        parts = zip((1001, 5001), (1050, 5300), numbers, strict=True)
        assert places(read("\n".join(row.format(*part) for part in parts))) == [("+", 1000, 5300, 2)]


def test_trnas_of_one_name__are_not_one_transcript():
    row = '1 exon {} {} {} . gene_id "TRNAA-AGC"; transcript_id "unknown_transcript_1"; exon_number "1";'
    parts = [(1001, 1072, "+"), (9001, 9072, "+"), (5001, 5072, "-")]
    found = read("\n".join(row.format(*part) for part in parts))
    assert sorted(places(found)) == [("+", 1000, 1072, 1), ("+", 9000, 9072, 1), ("-", 5000, 5072, 1)]
    assert found.gene_ids == ["TRNAA-AGC"] * 3


def test_exons_far_apart__are_one_transcript():
    """The longest introns are of a megabase."""
    for ids in ('gene_id "G"; transcript_id "T";', 'transcript_id "T";'):
        for number in ("", 'exon_number "{}";'):
            row = f"1 exon {{}} {{}} + . {ids} {number}"
            parts = [(1, 90, 1), (1_000_001, 1_000_090, 2), (2_000_001, 2_000_090, 3)]
            assert places(read("\n".join(row.format(*part) for part in parts))) == [("+", 0, 2_000_090, 3)]


def test_lines_without_gene__on_two_strands_are_two_transcripts():
    row = '1 exon {} {} {} . gene_id ""; transcript_id "X";'
    assert places(read("\n".join(row.format(*part) for part in [(11, 20, "+"), (31, 40, "-")]))) == [
        ("+", 10, 20, 1),
        ("-", 30, 40, 1),
    ]


def copies(*exons):
    row = '1 exon {} {} {} . gene_id "G"; transcript_id "NM_1"; exon_number "{}";'
    return read("\n".join(row.format(*exon) for exon in exons))


def test_copies_of_a_transcript__are_told_apart_by_their_numbers():
    """UCSC's older GTF has transcripts that align twice under one ID: they were one that spans both places."""
    one, two = [(11, 20, "+", 1), (31, 40, "+", 2)], [(1011, 1020, "+", 1), (1031, 1040, "+", 2)]
    assert places(copies(*one, *two)) == [("+", 10, 40, 2), ("+", 1010, 1040, 2)]
    minus = [(1031, 1040, "-", 1), (1011, 1020, "-", 2)]
    assert places(copies(*one, *minus)) == [("+", 10, 40, 2), ("-", 1010, 1040, 2)]
    mixed = read_gtf(
        [
            *lines(
                "\n".join(
                    f'1 exon {a} {b} {s} . gene_id "G"; transcript_id "NM_1"; exon_number {n};'
                    for a, b, s, n in (one[0], two[0], one[1], two[1])
                )
            ),
            *lines('1 exon 1 9 + . gene_id "H"; transcript_id "H";'),
        ],
        "t.gtf",
    )
    assert (mixed.ids, mixed.left_out.counts) == (["H"], {"transcripts whose exon numbers repeat": 1})


@pytest.mark.parametrize("numbers", [(1, 1, 1), (1, 2, 2), (0, 0, 0)], ids=["all-1", "an-exon-in-pieces", "all-0"])
def test_numbers_that_make_no_copies__leave_one_transcript(numbers):
    exons = zip((11, 31, 51), (20, 40, 60), "+++", numbers, strict=True)
    assert places(copies(*exons)) == [("+", 10, 60, 3)]


def test_braker__bare_ids_are_of_their_transcripts():
    text = """
    chr1 gene 11 100 + . g1
    chr1 transcript 11 100 + . g1.t1
    chr1 CDS 11 40 + 0 transcript_id "g1.t1"; gene_id "g1";
    chr1 intron 41 80 + . transcript_id "g1.t1"; gene_id "g1";
    chr1 CDS 81 100 + 0 transcript_id "g1.t1"; gene_id "g1";
    chr1 transcript 11 40 + . g1.t2
    chr1 CDS 11 40 + 0 transcript_id "g1.t2"; gene_id "g1";
    """
    found = read(text)
    assert (found.ids, found.gene_ids, found.symbols) == (["g1.t1", "g1.t2"], ["g1"], ["g1"])
    assert places(found) == [("+", 10, 100, 2), ("+", 10, 40, 1)]
    assert found.left_out.counts == {}


def test_jgi__coding_parts_are_joined_by_the_name_of_the_model():
    text = """
    s1 exon 11 40 + . name "fgenesh1_pg.1"; transcriptId 12345
    s1 CDS 21 40 + 0 name "fgenesh1_pg.1"; proteinId 12300; exonNumber 1
    s1 start_codon 21 23 + 0 name "fgenesh1_pg.1"
    s1 exon 61 90 + . name "fgenesh1_pg.1"; transcriptId 12345
    s1 CDS 61 80 + 1 name "fgenesh1_pg.1"; proteinId 12300; exonNumber 2
    s1 stop_codon 78 80 + 0 name "fgenesh1_pg.1"
    s1 CDS 121 180 - 0 name "e_gw1.2"; proteinId 12301; exonNumber 1
    """
    found = read(text)
    assert (found.ids, found.symbols) == (["12345", "e_gw1.2"], ["fgenesh1_pg.1", "e_gw1.2"])
    assert [gene.coding for gene in genes(found)] == [((20, 40), (60, 80)), ((120, 180),)]


def test_gene_id__given_by_some_lines_alone_is_of_all():
    rows = [
        'chr1 transcript 11 90 + . transcript_id "T"; tag "MANE_Select";',
        'chr1 exon 11 40 + . transcript_id "T"; gene_id "G"; gene_name "N";',
        'chr1 exon 51 90 + . transcript_id "T";',
    ]
    for seed in range(6):
        random.Random(seed).shuffle(rows)
        found = read("\n".join(rows))
        assert (found.ids, found.gene_ids, found.symbols, found.tags.tolist()) == (["T"], ["G"], ["N"], [MANE_SELECT])
        assert places(found) == [("+", 10, 90, 2)]
