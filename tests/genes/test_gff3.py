"""GFF3 in the dialects of those who publish it. Positions in the files are 1-based with both ends included."""

from __future__ import annotations

import random

import pytest
from support.annotation_text import genes, lines

from spliceai_cli.errors import AnnotationError
from spliceai_cli.genes.draft import BOTH_STRANDS, NO_STRAND, OVERLAP
from spliceai_cli.genes.gff3 import read_gff3
from spliceai_cli.genes.transcripts import ENSEMBL_CANONICAL, MANE_SELECT, NOT_PRINCIPAL

GENCODE = """
##gff-version 3
##sequence-region chr7 1 159345973
chr7 gene 11 100 - . ID=ENSG01.4;gene_id=ENSG01.4;gene_type=protein_coding;gene_name=CFTR
chr7 transcript 11 100 - . ID=ENST01.2;Parent=ENSG01.4;gene_id=ENSG01.4;transcript_id=ENST01.2;\
gene_type=protein_coding;gene_name=CFTR;tag=basic,Ensembl_canonical,MANE_Select,appris_principal_2
chr7 exon 81 100 - . ID=exon:ENST01.2:1;Parent=ENST01.2;gene_id=ENSG01.4;transcript_id=ENST01.2
chr7 CDS 81 90 - 0 ID=CDS:ENST01.2;Parent=ENST01.2;gene_id=ENSG01.4;transcript_id=ENST01.2
chr7 exon 11 30 - . ID=exon:ENST01.2:2;Parent=ENST01.2;gene_id=ENSG01.4;transcript_id=ENST01.2
chr7 CDS 18 30 - 2 ID=CDS:ENST01.2;Parent=ENST01.2;gene_id=ENSG01.4;transcript_id=ENST01.2
chr7 stop_codon 18 20 - 0 ID=stop_codon:ENST01.2;Parent=ENST01.2
chr7 five_prime_UTR 91 100 - . ID=UTR5:ENST01.2;Parent=ENST01.2
###
"""

ENSEMBL = """
##gff-version 3
7 chromosome 1 159345973 . . ID=chromosome:7;Alias=CM000669.2,chr7,NC_000007.14
7 gene 11 100 + . ID=gene:ENSG01;Name=CFTR;biotype=protein_coding;gene_id=ENSG01;version=4
7 mRNA 11 100 + . ID=transcript:ENST01;Parent=gene:ENSG01;Name=CFTR-201;biotype=nonsense_mediated_decay;\
tag=basic;transcript_id=ENST01;version=12
7 exon 11 100 + . Parent=transcript:ENST01;Name=ENSE01;rank=1;version=1
"""

REFSEQ = """
##sequence-region NC_000007.14 1 159345973
NC_000007.14 region 1 159345973 + . ID=NC_000007.14:1..159345973;Name=7;chromosome=7;genome=chromosome
NC_000007.14 region 1 500 + . ID=id-1;gbkey=Src;map=7q31
NC_000007.14 gene 11 100 + . ID=gene-CFTR;Dbxref=GeneID:1080;Name=CFTR;gene=CFTR;gene_biotype=protein_coding
NC_000007.14 mRNA 11 100 + . ID=rna-NM_000492.4;Parent=gene-CFTR;Name=NM_000492.4;gene=CFTR;tag=MANE Select;\
transcript_id=NM_000492.4
NC_000007.14 exon 11 100 + . ID=exon-NM_000492.4-1;Parent=rna-NM_000492.4;gene=CFTR
"""


def read(text):
    return read_gff3(lines(text), "t.gff3")


def transcript(*parts, strand="+"):
    """Lines of ``KIND FIRST LAST [PHASE]`` in transcript T of gene G on chr1, 1 to 1000."""
    rows = [f"chr1 gene 1 1000 {strand} . ID=G", f"chr1 mRNA 1 1000 {strand} . ID=T;Parent=G"]
    for part in parts:
        kind, first, last, phase = (*part.split(), ".")[:4]
        rows.append(f"chr1 {kind} {first} {last} {strand} {phase} Parent=T")
    return "\n".join(rows)


def test_gencode__is_read():
    found = read(GENCODE)
    assert found.lengths == {"chr7": 159345973}
    [gene] = genes(found)
    assert (gene.symbol, gene.gene_id, gene.transcript_id) == ("CFTR", "ENSG01.4", "ENST01.2")
    assert (gene.chrom, gene.strand, gene.start, gene.end) == ("chr7", "-", 10, 100)
    assert gene.exons == ((10, 30), (80, 100))
    # The coding parts of GFF3 have the stop codon.
    assert (gene.coding, gene.phase) == (((17, 30), (80, 90)), 0)
    assert (found.tags.tolist(), found.appris.tolist()) == ([MANE_SELECT + ENSEMBL_CANONICAL], [2])


def test_ensembl__ids_get_their_versions_and_lose_their_prefixes():
    [gene] = genes(read(ENSEMBL))
    assert (gene.symbol, gene.gene_id, gene.transcript_id) == ("CFTR", "ENSG01.4", "ENST01.12")
    # The gene's, not the transcript's.
    assert (gene.chrom, gene.biotype) == ("7", "protein_coding")


def test_refseq__region_lines_say_which_chromosome_it_is():
    found = read(REFSEQ)
    [gene] = genes(found)
    assert (gene.symbol, gene.gene_id, gene.transcript_id) == ("CFTR", "CFTR", "NM_000492.4")
    assert (gene.chrom, gene.biotype) == ("NC_000007.14", "protein_coding")
    assert found.chromosomes == {"NC_000007.14": "7"}
    assert found.lengths == {"NC_000007.14": 159345973}
    assert (found.tags.tolist(), found.appris.tolist()) == ([MANE_SELECT], [NOT_PRINCIPAL])


@pytest.mark.parametrize(
    ("attributes", "chromosomes"),
    [
        ("genome=chromosome;chromosome=X", {"N1": "X"}),
        ("genome=mitochondrion", {"N1": "MT"}),
        # Scaffolds and patches of a chromosome.
        ("genome=genomic;chromosome=1", {}),
        ("chromosome=1", {}),
        ("genome=chromosome", {}),
    ],
)
def test_region__names_whole_chromosomes_only(attributes, chromosomes):
    text = f"N1 gene 1 9 + . ID=G\nN1 exon 1 9 + . Parent=G\nN1 region 1 90 + . ID=r;{attributes}"
    assert read(text).chromosomes == chromosomes


def test_lines__may_come_in_any_order():
    for text in (GENCODE, ENSEMBL, REFSEQ):
        expected = genes(read(text))
        shuffled = [line for line in lines(text) if not line.startswith(b"##gff")]
        for seed in range(10):
            random.Random(seed).shuffle(shuffled)
            assert genes(read_gff3(shuffled, "t.gff3")) == expected


def test_exons__are_sorted_and_each_is_kept_once():
    [gene] = genes(read(transcript("exon 81 100", "exon 11 20", "exon 81 100", "exon 31 31")))
    assert gene.exons == ((10, 20), (30, 31), (80, 100))
    # What the transcript's own line says.
    assert (gene.start, gene.end) == (0, 1000)


def test_exon__may_be_of_several_transcripts():
    text = """
    chr1 gene 1 90 + . ID=G
    chr1 mRNA 1 90 + . ID=A;Parent=G;biotype=miRNA
    chr1 mRNA 1 90 + . ID=B;Parent=G
    chr1 exon 1 20 + . ID=e;Parent=A,B
    chr1 exon 31 90 + . Parent=B
    """
    first, second = genes(read(text))
    # The gene says no biotype, but its first transcript.
    assert (first.transcript_id, first.biotype, first.exons) == ("A", "miRNA", ((0, 20),))
    assert (second.transcript_id, second.biotype, second.exons) == ("B", "miRNA", ((0, 20), (30, 90)))


def test_exons_on_a_gene__make_it_its_own_transcript():
    """As RefSeq writes pseudogenes."""
    text = """
    chr1 pseudogene 11 90 - . ID=gene-OR4G4P;Name=OR4G4P;gene_biotype=pseudogene
    chr1 exon 11 90 - . ID=id-OR4G4P;Parent=gene-OR4G4P
    """
    [gene] = genes(read(text))
    assert (gene.symbol, gene.gene_id, gene.transcript_id, gene.biotype) == ("OR4G4P", "OR4G4P", "OR4G4P", "pseudogene")


def test_mirna__gene_is_the_feature_at_the_top():
    text = """
    chr1 gene 11 90 - . ID=gene-MIR6859;Name=MIR6859;gene_biotype=miRNA
    chr1 primary_transcript 11 90 - . ID=rna-NR_1.1;Parent=gene-MIR6859;Name=NR_1.1;transcript_id=NR_1.1
    chr1 exon 11 90 - . Parent=rna-NR_1.1
    chr1 miRNA 15 36 - . ID=rna-MIR6859;Parent=rna-NR_1.1;Name=MIR6859-3p
    chr1 exon 15 36 - . Parent=rna-MIR6859
    """
    found = read(text)
    assert [(gene.symbol, gene.transcript_id, gene.start, gene.end) for gene in genes(found)] == [
        ("MIR6859", "NR_1.1", 10, 90),
        ("MIR6859", "MIR6859", 14, 36),
    ]
    assert (found.gene_ids, found.gene.tolist()) == (["MIR6859"], [0, 0])


def test_coding_parts_on_a_gene__are_its_exons():
    """As RefSeq writes mitochondrial genes."""
    text = """
    NC_012920.1 region 1 16569 + . ID=r;genome=mitochondrion
    NC_012920.1 gene 3307 4262 + . ID=gene-ND1;Name=ND1
    NC_012920.1 CDS 3307 4262 + 0 ID=cds-YP_1;Parent=gene-ND1
    """
    [gene] = genes(read(text))
    assert (gene.chrom, gene.exons, gene.coding) == ("NC_012920.1", ((3306, 4262),), ((3306, 4262),))


def test_gene_without_a_line__is_known_from_its_transcripts():
    """Transcripts of one gene used to be genes of their own where gene lines had been filtered out."""
    text = """
    chr1 mRNA 1 20 + . ID=transcript:A;Parent=gene:ENSG01;Name=CFTR-201;version=3
    chr1 exon 1 20 + . Parent=transcript:A
    chr1 mRNA 1 30 + . ID=transcript:B;Parent=gene:ENSG01;Name=CFTR-202;version=1
    chr1 exon 1 30 + . Parent=transcript:B
    chr1 mRNA 1 40 + . ID=C;Parent=ENSG02.5;gene_id=ENSG02.5;gene_name=RYR1;gene_type=lncRNA
    chr1 exon 1 40 + . Parent=C
    """
    found = read(text)
    assert (found.ids, found.gene.tolist()) == (["A.3", "B.1", "C"], [0, 0, 1])
    assert (found.gene_ids, found.symbols) == (["ENSG01", "ENSG02.5"], ["ENSG01", "RYR1"])
    assert found.biotypes == ["", "lncRNA"]


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        (transcript("exon 11 30", "exon 30 40"), OVERLAP),
        (transcript("exon 11 30") + "\nchr1 exon 41 50 - . Parent=T", BOTH_STRANDS),
        (transcript("exon 11 30", strand="."), NO_STRAND),
        (transcript("exon 11 30", strand="?"), NO_STRAND),
    ],
)
def test_transcript_that_cannot_be_used__is_left_out_and_counted(bad, reason):
    found = read(f"{bad}\nchr1 gene 1 9 + . ID=GOOD\nchr1 exon 1 9 + . Parent=GOOD")
    assert (found.ids, found.left_out.counts) == (["GOOD"], {reason: 1})


def test_par_gene__is_on_x_and_on_y():
    rows = """
    {0} gene {1} {2} + . ID=gene:ENSG02;Name=CD99;biotype=on_{0}
    {0} mRNA {1} {2} + . ID=transcript:ENST02;Parent=gene:ENSG02
    {0} exon {1} {2} + . Parent=transcript:ENST02
    """
    found = read(rows.format("X", 11, 40) + rows.format("Y", 111, 140))
    assert [(gene.chrom, gene.start, gene.exons) for gene in genes(found)] == [
        ("X", 10, ((10, 40),)),
        ("Y", 110, ((110, 140),)),
    ]
    assert (found.symbols, found.biotypes) == (["CD99", "CD99"], ["on_X", "on_Y"])


def test_transcript_at_two_places_of_a_contig__is_there_twice():
    text = """
    chr1 gene 11 40 + . ID=G
    chr1 mRNA 11 40 + . ID=T;Parent=G
    chr1 gene 101 140 + . ID=G
    chr1 mRNA 101 140 + . ID=T;Parent=G
    chr1 exon 101 140 + . Parent=T
    chr1 exon 11 20 + . Parent=T
    chr1 exon 31 40 + . Parent=T
    """
    assert [(gene.start, gene.end, gene.exons) for gene in genes(read(text))] == [
        (10, 40, ((10, 20), (30, 40))),
        (100, 140, ((100, 140),)),
    ]


def test_exon_outside_all_places__is_an_error():
    """It used to be lost where another exon lay in two places at once."""
    text = """
    chr1 mRNA 11 40 + . ID=T
    chr1 mRNA 11 60 + . ID=T
    chr1 exon 11 20 + . Parent=T
    chr1 exon 81 90 + . Parent=T
    """
    with pytest.raises(AnnotationError, match=r"line 1: an exon of T, 81-90, lies outside the transcript, 11-40"):
        read(text)


@pytest.mark.parametrize(("strand", "phase"), [("+", 1), ("-", 2)])
def test_phase__is_that_of_the_first_coding_part_in_transcript_order(strand, phase):
    parts = ["exon 11 50", "CDS 23 30 0", "CDS 33 50 2", "CDS 14 20 1"]
    assert genes(read(transcript(*parts, strand=strand)))[0].phase == phase


CIRCLES = {
    "two": "chr1 gene 1 90 + . ID=G;Parent=T\nchr1 mRNA 1 90 + . ID=T;Parent=G\n",
    "self": "chr1 mRNA 1 90 + . ID=T;Parent=T\n",
    "three": "chr1 gene 1 90 + . ID=G;Parent=L\nchr1 locus 1 90 + . ID=L;Parent=T\nchr1 mRNA 1 90 + . ID=T;Parent=G\n",
    "above": "chr1 gene 1 90 + . ID=G;Parent=L\nchr1 locus 1 90 + . ID=L;Parent=G\nchr1 mRNA 1 90 + . ID=T;Parent=G\n",
}


@pytest.mark.parametrize("circle", CIRCLES.values(), ids=CIRCLES)
def test_circle_of_parents__is_left_out(circle):
    """It was used, under the name of whichever feature the circle was entered at."""
    exon = "chr1 exon 11 20 + . Parent=T\n"
    with pytest.raises(AnnotationError, match=r"the parents of 'T' lead back to it, or run in a circle\."):
        read(circle + exon)
    more = "chr1 gene 201 300 + . ID=H\nchr1 mRNA 201 300 + . ID=U;Parent=H\nchr1 exon 201 300 + . Parent=U\n"
    found = read(circle + exon + more)
    assert [gene.transcript_id for gene in genes(found)] == ["U"]
    assert found.left_out.counts == {"transcripts that are their own ancestors": 1}


def test_transcript__may_share_the_id_of_its_gene():
    text = "chr1 gene 1 90 + . ID=X;Name=N\nchr1 mRNA 1 90 + . ID=X;Parent=X\nchr1 exon 11 20 + . Parent=X\n"
    found = read(text)
    assert [gene.symbol for gene in genes(found)] == ["N"]
    assert found.left_out.counts == {}


def test_fasta_section__is_not_read():
    for end in ("##FASTA\n>chr1", ">chr1"):
        [gene] = genes(read(f"{transcript('exon 11 20')}\n{end}\nACGTACGT\nACGT"))
        assert gene.exons == ((10, 20),)


def test_attributes__are_percent_encoded():
    text = """
    chr1 gene 1 20 + . ID=G%2B1;Name=HLA%2DA;gene_biotype=protein%5fcoding
    chr1 mRNA 1 20 + . ID=a%2Cb;Parent=G%2B1;tag=MANE%20Select
    chr1 exon 1 20 + . Parent=a%2Cb
    """
    found = read(text)
    assert (found.ids, found.gene_ids, found.symbols) == (["a,b"], ["G+1"], ["HLA-A"])
    assert (found.biotypes, found.tags.tolist()) == (["protein_coding"], [MANE_SELECT])


@pytest.mark.parametrize("code", ["%09", "%0A", "%00", "%7F"])
def test_attributes__control_characters_stay_encoded(code):
    """A tab or line end in an ID would break a gene table, and shifted all IDs when they came out of the cache."""
    [gene] = genes(read(f"chr1 mRNA 1 20 + . ID=a{code}b;Name=X\nchr1 exon 1 20 + . Parent=a{code}b"))
    assert (gene.transcript_id, gene.symbol) == (f"a{code}b", "X")


@pytest.mark.parametrize("name", ["HLA%20A", "HLA A", "A%2CB", "A|B", "A%3DB", "A%3BB", "A%0AB C"])
def test_symbol_that_cannot_stand_in_info__is_the_gene_id(name):
    text = f"chr1 gene 1 9 + . ID=gene:ENSG01;Name={name}\nchr1 exon 1 9 + . Parent=gene:ENSG01"
    assert read(text).symbols == ["ENSG01"]


@pytest.mark.parametrize("attributes", [".", "ID=m;Note=a; b", "ID=m;pseudo;", "ID=m;"])
def test_attributes__that_are_of_no_use_are_passed_over(attributes):
    """Column 9 may be a dot, and descriptions often have semicolons that are not encoded."""
    assert read(f"chr1 biological_region 1 9 . . {attributes}\n{transcript('exon 11 20')}").ids == ["T"]


@pytest.mark.parametrize(
    ("line", "lengths"),
    [
        ("##sequence-region chr1 1 248956422", {"chr1": 248956422}),
        ("##sequence-region   chr1   1   248956422", {"chr1": 248956422}),
        ("##sequence-region chr1 5 100", {}),
        ("##sequence-region chr1 1", {}),
        ("##sequence-region chr1 1 x", {}),
    ],
)
def test_sequence_region__gives_the_length_of_a_contig(line, lengths):
    assert read(f"{line}\n{transcript('exon 11 20')}").lengths == lengths


TAIR = """
Chr1 gene 11 100 + . ID=AT1;Note=protein_coding_gene;Name=AT1
Chr1 mRNA 11 100 + . ID=AT1.1;Parent=AT1;Name=AT1.1;Index=1
Chr1 protein 21 90 + . ID=AT1.1-Protein;Name=AT1.1;Derives_from=AT1.1
Chr1 exon 11 40 + . Parent=AT1.1
Chr1 exon 61 100 + . Parent=AT1.1
"""


@pytest.mark.parametrize(
    ("more", "left_out"),
    [
        ("CDS 21 40 + 0 Parent=AT1.1,AT1.1-Protein;\nCDS 61 90 + 1 Parent=AT1.1,AT1.1-Protein;", {}),
        ("CDS 21 40 + 0 Parent=AT1.1-Protein\nCDS 61 90 + 1 Parent=AT1.1-Protein", {}),
        # Past the protein's span.
        ("CDS 15 40 + 0 Parent=AT1.1,AT1.1-Protein\nCDS 61 95 + 1 Parent=AT1.1,AT1.1-Protein", {}),
        # Over three levels, later in the file.
        ("CDS 21 40 + 0 Parent=c\nmat_peptide 21 90 + . ID=c;Parent=b\npolypeptide 21 90 + . ID=b;Parent=AT1.1", {}),
        ("CDS 21 40 + 0 Parent=b\npolypeptide 21 90 + . ID=b;Derives_from=a\nx 1 9 + . ID=a;Derives_from=AT1.1", {}),
        # By the gene, of its only transcript.
        ("CDS 21 40 + 0 Parent=b\npolypeptide 21 90 + . ID=b;Parent=AT1", {}),
        ("CDS 21 40 + 0 Parent=AT1", {}),
        ("miRNA 21 40 + . ID=m;Derives_from=AT1.1\nexon 21 40 + . Parent=m", {}),
        ("CDS 21 40 + 0 Parent=AT1.1,none", {"parents missing from the file": 1}),
        ("CDS 21 40 + 0 Parent=b\nprotein 21 90 + . ID=b", {"protein features without a transcript": 1}),
        (
            "CDS 21 40 + 0 Parent=b\nprotein 21 90 + . ID=b;Derives_from=none",
            {"protein features without a transcript": 1},
        ),
        (
            "exon 121 140 + . Parent=b\nprotein 121 190 + . ID=b;Derives_from=a\nprotein 1 9 + . ID=a;Derives_from=b",
            {"protein features without a transcript": 1},
        ),
        ("exon 121 140 + . Parent=b\nregion_x 1 190 + . ID=b", {"region_x features without a transcript": 1}),
        ("exon 121 140 + . Parent=b\nmatch_part 1 190 + . ID=b", {"match_part features without a transcript": 1}),
        ("exon 51 55 + . Parent=AT1", {"genes with exons or CDS in addition to those of their transcripts": 1}),
        ("exon 11 40 + . Parent=AT1\nexon 61 100 + . Parent=AT1", {}),
    ],
)  # fmt: skip
def test_what_hangs_on_no_transcript__is_of_the_one_it_stands_for_or_left_out(more, left_out):
    """Proteins used to be transcripts of genes of their own: every coding gene was printed twice."""
    found = read(TAIR + "\n".join(f"Chr1 {line}" for line in more.split("\n")))
    [gene] = genes(found)
    assert (gene.symbol, gene.transcript_id, gene.start, gene.end) == ("AT1", "AT1.1", 10, 100)
    assert gene.exons == ((10, 40), (60, 100))
    assert bool(gene.coding) == ("CDS" in more and "protein" not in str(left_out))
    assert found.left_out.counts == left_out


def test_coding_parts_on_a_gene_of_several_transcripts__are_of_none():
    more = (
        "\nChr1 mRNA 11 100 + . ID=AT1.2;Parent=AT1\nChr1 exon 11 100 + . Parent=AT1.2\nChr1 CDS 21 40 + 0 Parent=AT1"
    )
    found = read(TAIR + more)
    assert [gene.coding for gene in genes(found)] == [(), ()]
    assert found.left_out.counts == {"genes with exons or CDS in addition to those of their transcripts": 1}


@pytest.mark.parametrize(
    "kind",
    [
        *("mRNA", "transcript", "ncRNA", "lnc_RNA", "tRNA", "rRNA", "snoRNA", "miRNA", "SRP_RNA", "antisense_RNA"),
        *("primary_transcript", "miRNA_primary_transcript", "pseudogenic_transcript", "unconfirmed_transcript"),
        *("V_gene_segment", "C_gene_segment", "mRNA_TE_gene", "NMD_transcript_variant", "Y_RNA", "pre_miRNA"),
        *("pseudogenic_tRNA", "three_prime_overlapping_ncrna", "mRNA_with_frameshift", "RNase_MRP_RNA", "ribozyme"),
        *("scaRNA", "piRNA", "telomerase_RNA", "circular_ncRNA", "retained_intron", "aberrant_processed_transcript"),
    ],
)
def test_transcript__may_be_any_kind_of_the_sequence_ontology(kind):
    text = f"""
    chr1 gene 11 100 + . ID=G;Name=N
    chr1 {kind} 11 100 + . ID=T;Parent=G
    chr1 exon 11 100 + . Parent=T
    chr1 {kind} 21 100 + . ID=U;Parent=G
    chr1 pseudogenic_exon 21 100 + . Parent=U
    """
    found = read(text)
    assert (found.ids, found.symbols, found.left_out.counts) == (["T", "U"], ["N"], {})


@pytest.mark.parametrize(
    ("attributes", "gene_id", "symbol"),
    [
        ("geneID=G1;gene_name=N", "G1", "N"),
        ("geneID=G1", "G1", "G1"),
        ("gene_id=G1;Name=N-20{0}", "G1", "G1"),
        ("gene=N;Name=NM_{0}", "N", "N"),
        ("gene_name=N", "N", "N"),
        ("locus_tag=L1", "L1", "L1"),
        ("Name=N", "N", "N"),
        ("gene_id=T{0};gene_name=N", "N", "N"),
        ("geneID=.;gene_name=N", "N", "N"),
        ("geneID=G1;gene_name=N;locus=RLOC_00000001", "G1", "N"),
    ],
)
def test_isoforms_without_a_gene_line__are_of_one_gene(attributes, gene_id, symbol):
    """gffread's GFF3 printed one gene as often as it has transcripts."""
    rows = [f"chr1 transcript 11 {90 + i} + . ID=T{i};{attributes.format(i)}" for i in (1, 2, 3)]
    rows += [f"chr1 exon 11 {90 + i} + . Parent=T{i}" for i in (1, 2, 3)]
    found = read("\n".join(rows))
    assert (found.ids, found.gene_ids, found.symbols) == (["T1", "T2", "T3"], [gene_id], [symbol])


def test_isoforms__may_have_one_transcript_id():
    rows = [f"chr1 mRNA 11 {90 + i} + . ID=rna-{i};Parent=G;transcript_id=NM_1" for i in (1, 2)]
    rows += [f"chr1 exon 11 {90 + i} + . Parent=rna-{i}" for i in (1, 2)]
    found = read("\n".join(["chr1 gene 1 99 + . ID=G", *rows]))
    assert [(gene.transcript_id, gene.end) for gene in genes(found)] == [("NM_1", 91), ("NM_1", 92)]
