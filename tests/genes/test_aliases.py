"""Older names of genes and HGNC IDs, where annotations have them."""

from __future__ import annotations

import pytest
from support.annotation_text import genes, lines

from spliceai_cli.errors import AnnotationError
from spliceai_cli.genes.annotation import read_annotation
from spliceai_cli.genes.cache import TranscriptCache
from spliceai_cli.genes.gff3 import read_gff3
from spliceai_cli.genes.gtf import read_gtf
from spliceai_cli.genes.lookup import did_you_mean, find_rows
from spliceai_cli.genes.named import named_genes
from spliceai_cli.genes.select import select
from spliceai_cli.genes.selection import Selection

# As RefSeq writes them; INO80B and its aliases are real, those of the others are made up.
REFSEQ = """
##gff-version 3
2 gene 65 2922 + . ID=gene-INO80B;Dbxref=GeneID:83444,HGNC:HGNC:13324,MIM:616456;Name=INO80B;gene=INO80B;\
gene_synonym=hIes2,HMGA1L4,PAP-1BP,PAPA1
2 mRNA 65 2922 + . ID=rna-1;Parent=gene-INO80B;transcript_id=NM_031288.4;Dbxref=GeneID:83444,HGNC:HGNC:13324
2 exon 65 2922 + . Parent=rna-1
2 gene 4001 4900 + . ID=gene-NEW;Name=NEW;Dbxref=GeneID:2,HGNC:HGNC:2;gene_synonym=OLD,SHARED,INO80B
2 exon 4001 4900 + . Parent=gene-NEW
2 gene 6001 6900 - . ID=gene-OTHER;Name=OTHER;gene_synonym=SHARED,Sp%C3%A9cial
2 exon 6001 6900 - . Parent=gene-OTHER
"""
BY_GENE = [
    ("INO80B", ("hIes2", "HMGA1L4", "PAP-1BP", "PAPA1", "HGNC:13324")),
    ("NEW", ("OLD", "SHARED", "INO80B", "HGNC:2")),
    ("OTHER", ("SHARED", "Spécial")),
]


@pytest.fixture
def refseq(tmp_path):
    path = tmp_path / "refseq.gff3"
    path.write_bytes(b"\n".join(lines(REFSEQ)))
    return path


@pytest.fixture
def listed(tmp_path, refseq):
    """The annotation with ``--genes``."""

    def choose(*names, cache=None):
        path = tmp_path / "names.txt"
        path.write_text("".join(f"{name}\n" for name in names))
        return read_annotation(refseq, Selection(genes=path), cache=cache)

    return choose


def test_gff3__has_the_synonyms_and_hgnc_ids_of_refseq():
    assert [(gene.symbol, gene.aliases) for gene in genes(read_gff3(lines(REFSEQ), "r"))] == BY_GENE


@pytest.mark.parametrize(
    ("attributes", "aliases"),
    [
        ("ID=g;Name=A;Alias=B,C", ("B", "C")),
        ("ID=g;Name=A;hgnc_id=HGNC:7", ("HGNC:7",)),
        ("ID=g;Name=A;Dbxref=HGNC:7,HGNC:HGNC:8,NCBI_Gene:9", ("HGNC:7", "HGNC:8")),
        ("ID=g;Name=A;gene_synonym=B;Alias=B", ("B",)),
        ("ID=g;Name=A;gene_synonym=", ()),
        ("ID=g;Name=A", ()),
    ],
)
def test_gff3__knows_other_attributes(attributes, aliases):
    text = f"1 gene 1 9 + . {attributes}\n1 exon 1 9 + . Parent=g"
    assert [gene.aliases for gene in genes(read_gff3(lines(text), "r"))] == [aliases]


GTF_OF_REFSEQ = (
    'gene_id "A"; transcript_id ""; db_xref "GeneID:1"; db_xref "HGNC:HGNC:7"; gene "A"; '
    'gene_synonym "B"; gene_synonym "C D";'
)


def test_gtf__has_what_stands_with_the_gene_or_with_its_transcripts():
    exon = '1 exon 1 9 + . gene_id "A"; transcript_id "T"; gene "A";'
    by_gene = f"1 gene 1 9 + . {GTF_OF_REFSEQ}\n{exon}"
    assert [gene.aliases for gene in genes(read_gtf(lines(by_gene), "t"))] == [("B", "C D", "HGNC:7")]
    by_exon = exon + ' hgnc_id "HGNC:7"; gene_synonym "B";'
    assert [gene.aliases for gene in genes(read_gtf(lines(by_exon), "t"))] == [("B", "HGNC:7")]


@pytest.mark.parametrize("name", ["PAPA1", "hIes2", "HGNC:13324"])
def test_genes__meet_an_alias_and_it_is_noted(listed, refseq, tmp_path, name):
    found = listed(name)
    assert [gene.symbol for gene in found.genes] == ["INO80B"]
    assert found.notes == (f"{tmp_path / 'names.txt'}: {name} is an alias of INO80B in {refseq}.",)


def test_genes__prefer_a_symbol_to_an_alias(listed):
    found = listed("INO80B")
    assert ([gene.symbol for gene in found.genes], found.notes) == (["INO80B"], ())


def test_genes__refuse_an_alias_of_two(listed, refseq):
    with pytest.raises(AnnotationError) as caught:
        listed("SHARED")
    assert caught.value.message == f"'SHARED' is an alias of 2 genes of {refseq}: NEW, OTHER."
    assert caught.value.hint == "Write the symbol of the gene that you mean."


def test_genes__name_all_that_are_unknown(listed, refseq, tmp_path):
    unknown = [f"NONE{i:03}" for i in range(150)]
    with pytest.raises(AnnotationError) as caught:
        listed(*unknown, "papa1", "ino80b", "OLD")
    said = ", ".join([*unknown, "ino80b", "papa1"])
    assert caught.value.message == f"152 of 153 names in {tmp_path / 'names.txt'} are not in {refseq}: {said}."


def test_genes__are_met_by_alias_from_the_cache_too(listed, tmp_path):
    cache = TranscriptCache(tmp_path / "cache")
    assert [gene.symbol for gene in listed("OLD", cache=cache).genes] == ["NEW"]
    assert [gene.symbol for gene in listed("PAPA1", cache=cache).genes] == ["INO80B"]
    assert [
        (gene.symbol, gene.aliases)
        for gene in read_annotation(tmp_path / "refseq.gff3", Selection("all"), cache=cache).genes
    ] == BY_GENE


def test_genes__of_the_pseudoautosomal_regions_share_their_alias():
    text = "\n".join(
        f"{chrom} gene 1 9 + . ID=g{chrom};Name=ASMT;gene_synonym=HIOMT\n{chrom} exon 1 9 + . Parent=g{chrom}"
        for chrom in "XY"
    )
    found = genes(read_gff3(lines(text), "r"))
    assert named_genes(found, ["HIOMT"], "r") == found


def test_named_genes__go_by_alias_too():
    found = genes(read_gff3(lines(REFSEQ), "r"))
    assert [gene.symbol for gene in named_genes(found, ["OLD", "HGNC:13324"], "r")] == ["INO80B", "NEW"]
    assert [gene.symbol for gene in named_genes(found, ["INO80B"], "r")] == ["INO80B"]
    with pytest.raises(AnnotationError, match="'SHARED' is an alias of 2 genes of r: NEW, OTHER"):
        named_genes(found, ["SHARED"], "r")
    with pytest.raises(AnnotationError, match="r has no gene NOWHERE, new") as caught:
        named_genes(found, ["new", "NOWHERE"], "r")
    assert caught.value.hint.startswith("Did you mean NEW (new)? ")


def test_did_you_mean__names_what_is_written_alike():
    symbols = ["BRCA1", "BRCA2", "C1orf112", "TP53"]
    assert did_you_mean(["c1ORF112", "BRAC2", "TP35", "XYZ1"], symbols) == (
        "Did you mean C1orf112 (c1ORF112), BRCA2 (BRAC2), TP53 (TP35)? "
    )
    assert did_you_mean(["XYZ"], symbols) == did_you_mean([], symbols) == did_you_mean(["A"], []) == ""


def test_select__keeps_the_note():
    transcripts = read_gff3(lines(REFSEQ), "r")
    assert select(transcripts, Selection("all"), "r").notes == ()


def test_ids_of_hgnc__are_read_in_any_case():
    rows = find_rows({"hgnc:10483", "Hgnc:1"}, [{"RYR1"}], [("HGNC:10483",)])
    assert rows == {"hgnc:10483": [0], "Hgnc:1": []}
