"""Which transcripts stand for a gene."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path

import pytest
from support import builders
from support.annotation_text import lines

from spliceai_cli.errors import AnnotationError, UsageError
from spliceai_cli.genes.gtf import read_gtf
from spliceai_cli.genes.select import select, select_rows
from spliceai_cli.genes.selection import Selection

# In the order in which they win, each worse than the next by every later rule: tags, exon bp, coding bp.
RANKED = {
    "MANE": ("MANE_Select", 10, 0),
    "CANONICAL": ("Ensembl_canonical", 20, 0),
    "FIRST": ("appris_principal_1", 30, 0),
    "SECOND": ("appris_principal_2", 40, 0),
    "CODING": ("appris_alternative_1", 50, 30),
    "LESS": ("CCDS", 60, 20),
    "LONG": ("MANE_Plus_Clinical", 90, 0),
    "SHORT": ("basic", 80, 0),
}
RULES = [
    "MANE Select",
    "Ensembl canonical",
    "APPRIS principal",
    "APPRIS principal",
    "longest coding sequence",
    "longest coding sequence",
    "longest",
    "longest",
]

# Of A: one MANE Select, one Plus Clinical, one other; of B: one principal, one with CDS; of C: one.
SEVERAL = """
chr1 exon 101 190 + . gene_id "GA.1"; transcript_id "A1.3"; gene_name "A"; gene_type "protein_coding"; tag "basic";
chr1 exon 101 120 + . gene_id "GA.1"; transcript_id "A2.1"; gene_name "A"; gene_type "protein_coding"; \
tag "MANE_Plus_Clinical";
chr1 exon 101 110 + . gene_id "GA.1"; transcript_id "A3.7"; gene_name "A"; gene_type "protein_coding"; \
tag "MANE_Select";
chr2 exon 101 110 - . gene_id "GB.2"; transcript_id "B1.1"; gene_name "B"; gene_type "protein_coding"; \
tag "appris_principal_3";
chr2 exon 101 190 - . gene_id "GB.2"; transcript_id "B2.1"; gene_name "B"; gene_type "protein_coding";
chr2 CDS 101 190 - 0 gene_id "GB.2"; transcript_id "B2.1"; gene_name "B"; gene_type "protein_coding";
chr3 exon 101 190 + . gene_id "GC.1"; transcript_id "C1.1"; gene_name "C"; gene_type "lncRNA";
"""

TABLE = tuple(
    replace(builders.gene(symbol, "1", "+", 10, 20), gene_id=gene_id, transcript_id=transcript_id, biotype=biotype)
    for symbol, gene_id, transcript_id, biotype in [
        ("A", "GA.1", "A3.7", "protein_coding"),
        ("B", "GB.2", "B1.1", "protein_coding"),
        ("C", "GC.1", "C1.1", "lncRNA"),
    ]
)


def read(text):
    return read_gtf(lines(text), "t.gtf")


@pytest.fixture
def chosen():
    """Transcript IDs that a selection leaves of ``SEVERAL``."""

    def choose(**wanted):
        return [gene.transcript_id for gene in select(read(SEVERAL), Selection(**wanted), "t.gtf").genes]

    return choose


@pytest.fixture
def listing(tmp_path):
    """A file of what is given, a line each."""

    def write(*items):
        path = tmp_path / "list.txt"
        path.write_text("".join(f"{item}\n" for item in items), "utf-8")
        return str(path)

    return write


def transcript_lines(name):
    tag, n_exonic, n_coding = RANKED[name]
    attributes = f'gene_id "G"; transcript_id "{name}"; tag "{tag}";'
    coding = f"chr1 CDS 101 {100 + n_coding} + 0 {attributes}\n" if n_coding else ""
    return f"chr1 exon 101 {100 + n_exonic} + . {attributes}\n{coding}"


@pytest.mark.parametrize("n_gone", range(len(RANKED)))
def test_canonical__is_the_best_by_the_first_rule_that_applies(n_gone):
    left = list(RANKED)[n_gone:]
    # The best is last in the file, so that its place does not help it.
    found = select(read("".join(map(transcript_lines, reversed(left)))), Selection(), "t.gtf")
    assert [gene.transcript_id for gene in found.genes] == [left[0]]
    assert found.rules == {RULES[n_gone]: 1}


def test_canonical__of_equal_ones_is_the_first_in_the_file():
    row = 'chr1 exon 101 110 + . gene_id "G"; transcript_id "{}"; tag "MANE_Select";\n'
    for order in ("AB", "BA"):
        [gene] = select(read("".join(map(row.format, order))), Selection(), "t.gtf").genes
        assert gene.transcript_id == order[0]


def test_canonical__keeps_the_order_of_the_file_where_genes_are_mixed():
    row = 'chr1 exon 101 {} + . gene_id "{}"; transcript_id "{}";\n'
    rows = [(110, "A", "A1"), (150, "B", "B1"), (190, "A", "A2")]
    found = select(read("".join(row.format(*values) for values in rows)), Selection(), "t.gtf")
    assert [gene.transcript_id for gene in found.genes] == ["B1", "A2"]


def test_canonical__length_is_that_of_the_exons():
    row = 'chr1 exon {} {} + . gene_id "G"; transcript_id "{}";\n'
    exons = [(101, 110, "WIDE"), (901, 910, "WIDE"), (101, 121, "LONG")]
    [gene] = select(read("".join(row.format(*exon) for exon in exons)), Selection(), "t.gtf").genes
    assert gene.transcript_id == "LONG"


def test_canonical__counts_genes_by_the_rule_that_decided():
    found = select(read(SEVERAL), Selection(), "t.gtf")
    assert found.rules == {"MANE Select": 1, "APPRIS principal": 1, "longest": 1}
    assert [gene.transcript_id for gene in found.genes] == ["A3.7", "B1.1", "C1.1"]
    few = select(read(SEVERAL), Selection(biotypes=("lncRNA",)), "t.gtf")
    assert few.rules == {"longest": 1}


@pytest.mark.parametrize(
    ("wanted", "ids"),
    [
        ({"transcripts": "mane"}, ["A2.1", "A3.7"]),
        ({"transcripts": "all"}, ["A1.3", "A2.1", "A3.7", "B1.1", "B2.1", "C1.1"]),
        ({"transcripts": "all", "biotypes": ("lncRNA",)}, ["C1.1"]),
        ({"biotypes": ("lncRNA", "protein_coding")}, ["A3.7", "B1.1", "C1.1"]),
    ],
)
def test_select__leaves_what_is_asked_for_in_the_order_of_the_file(chosen, wanted, ids):
    assert chosen(**wanted) == ids


@pytest.mark.parametrize(
    ("items", "ids"),
    [
        (["B2.1", "A1.3"], ["A1.3", "B2.1"]),
        (["A1", "B2"], ["A1.3", "B2.1"]),
        (["# chosen by hand", "", "  A1  ", "A1.3"], ["A1.3"]),
        (["\ufeffA1.3"], ["A1.3"]),
    ],
    ids=["versions", "no-versions", "comments", "byte-order-mark"],
)
def test_transcripts_file__lists_ids_with_or_without_versions(chosen, listing, items, ids):
    assert chosen(transcripts=listing(*items)) == ids


@pytest.mark.parametrize("items", [["A", "GC.1"], ["GA", "C"], ["GA.1", "A", "GC"]])
def test_genes_file__lists_symbols_or_gene_ids(chosen, listing, items):
    assert chosen(genes=listing(*items)) == ["A3.7", "C1.1"]


def test_gene_id__is_what_symbol_prints():
    def symbols(which):
        return [gene.symbol for gene in select(read(SEVERAL), Selection(gene_id=which), "t.gtf").genes]

    assert symbols("symbol") == ["A", "B", "C"]
    assert symbols("gene_id") == ["GA.1", "GB.2", "GC.1"]
    assert symbols("transcript_id") == ["A3.7", "B1.1", "C1.1"]


def test_gene_id__is_one_of_three():
    with pytest.raises(UsageError, match="there is no gene id 'name'; choose from symbol, gene_id, transcript_id"):
        Selection(gene_id="name")


def says(choose, message, hint):
    with pytest.raises(AnnotationError) as caught:
        choose()
    assert caught.value.message == message
    assert caught.value.hint == hint


MAY_BE = "--transcripts takes canonical, mane, all, or a file; --genes takes a file."
NOTHING_LEFT = (
    "nothing of t.gtf is left by --transcripts, --genes and --biotypes together.",
    "Leave one of them out, or let the files name what fits together.",
)


@pytest.mark.parametrize(
    ("option", "missing"), [("transcripts", "A1.4, GA.1, GA.9, ZZZ"), ("genes", "A1.3, A1.4, GA.9, ZZZ")]
)
def test_list__that_is_no_use_is_an_error(chosen, listing, option, missing, tmp_path):
    none = str(tmp_path / "none")
    says(lambda: chosen(**{option: none}), f"{none} cannot be read: No such file or directory.", MAY_BE)
    path = listing("# nothing", "")
    says(lambda: chosen(**{option: path}), f"{path} lists no names.", "Write one per line.")
    # Another version is another transcript.
    path = listing("A1.4", "A1.3", "ZZZ", "GA.9", "GA.1")
    says(
        lambda: chosen(**{option: path}),
        f"4 of 5 names in {path} are not in t.gtf: {missing}.",
        "Take them out, or use an annotation that has them.",
    )


def test_selection__that_leaves_nothing_is_an_error(chosen, listing):
    path = listing("C")
    says(lambda: chosen(transcripts="mane", genes=path), *NOTHING_LEFT)
    says(lambda: chosen(genes=path, biotypes=("protein_coding",)), *NOTHING_LEFT)
    says(lambda: chosen(transcripts=listing("A1"), biotypes=("lncRNA",)), *NOTHING_LEFT)


def test_biotype__that_is_unknown_is_told_with_those_there_are(chosen):
    known = "Its biotypes: lncRNA, protein_coding."
    says(lambda: chosen(biotypes=("lncRNA", "coding")), "t.gtf has no genes of biotype 'coding'.", known)


def test_mane__needs_tags():
    untagged = read('chr1 exon 1 9 + . gene_id "G"; transcript_id "T"; tag "basic";')
    says(
        lambda: select(untagged, Selection("mane"), "t.gtf"),
        "t.gtf has no MANE tags, so --transcripts mane finds nothing.",
        "Use one that has them (MANE, a recent GENCODE, Ensembl or RefSeq), or --transcripts canonical.",
    )


@pytest.mark.parametrize(
    ("wanted", "symbols"),
    [
        ({}, "ABC"),
        ({"transcripts": "all"}, "ABC"),
        ({"biotypes": ("lncRNA",)}, "C"),
        ({"transcripts": ["B1", "A3.7"]}, "AB"),
        ({"genes": ["GB", "C"]}, "BC"),
    ],
)
def test_table__rows_are_transcripts_that_were_chosen_before(listing, wanted, symbols):
    options = {name: listing(*value) if isinstance(value, list) else value for name, value in wanted.items()}
    found = select_rows(TABLE, Selection(**options), "t.txt")
    assert ("".join(gene.symbol for gene in found.genes), found.rules) == (symbols, {})


def test_table__without_ids_cannot_be_asked_for_them():
    plain = [builders.gene("A", "1", "+", 10, 20)]
    hint = "Leave --gene-id out, or use GTF or GFF3."
    message = "t.txt has no transcript_id of A that can stand in INFO: found ''."
    says(lambda: select_rows(plain, Selection(gene_id="transcript_id"), "t.txt"), message, hint)
    message = "t.txt has no genes of biotype 'lncRNA'."
    says(lambda: select_rows(plain, Selection(biotypes=("lncRNA",)), "t.txt"), message, "Its biotypes: none.")
    message = "t.txt is a gene table, which has no MANE tags."
    hint = "Use GTF or GFF3. A table that genes build made with --transcripts mane is used without the option."
    says(lambda: select_rows(plain, Selection("mane"), "t.txt"), message, hint)


def test_origin__names_files_by_their_content(listing):
    path = listing("A", "B")
    digest = hashlib.sha256(b"A\nB\n").hexdigest()
    assert Selection().origin == {
        "transcripts": "canonical",
        "genes": "all",
        "biotypes": "all",
        "gene_id": "symbol",
    }
    assert Selection(path, path, ("b", "a"), "gene_id").origin == {
        "transcripts": digest,
        "genes": digest,
        "biotypes": "a+b",
        "gene_id": "gene_id",
    }


@pytest.mark.parametrize("word", ["MANE", "Canonical", "ALL"])
def test_words_of_transcripts__are_read_in_any_case_unless_they_are_files(tmp_path, monkeypatch, word):
    """``--transcripts MANE`` was taken for a file."""
    monkeypatch.chdir(tmp_path)
    assert Selection(word).transcripts == word.lower()
    Path(word).write_text("T1\n")
    assert Selection(word).transcript_list.names == {"T1"}
