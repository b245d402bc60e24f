"""What of an annotation cannot be used is left out, counted and named; the rest is used."""

from __future__ import annotations

import gzip

import pytest
from support.annotation_text import genes, lines

from spliceai_cli.errors import AnnotationError
from spliceai_cli.genes.annotation import read_annotation
from spliceai_cli.genes.cache import TranscriptCache
from spliceai_cli.genes.draft import BROKEN
from spliceai_cli.genes.gff3 import read_gff3
from spliceai_cli.genes.gtf import read_gtf
from spliceai_cli.genes.selection import Selection

GTF = """
chr1 transcript 11 40 + . gene_id "G"; transcript_id "T";
chr1 exon 11 20 + . gene_id "G"; transcript_id "T";
chr1 exon 31 40 + . gene_id "G"; transcript_id "T";
"""
GFF3 = """
##gff-version 3
chr1 gene 11 40 + . ID=G
chr1 mRNA 11 40 + . ID=T;Parent=G
chr1 exon 11 20 + . Parent=T
chr1 exon 31 40 + . Parent=T
"""
POSITIONS = "lines with bad positions"


def read(text):
    return (read_gff3 if "##gff" in text else read_gtf)(lines(text), "t.file")


ODD = {
    "exon-without-id": (GTF, 'chr1 exon 1 9 + . gene_id "G";', {"exon lines without transcript_id": 1}, 5),
    "empty-id": (GTF, 'chr1 exon 1 9 + . gene_id "G"; transcript_id "";', {"exon lines without transcript_id": 1}, 5),
    "blank-id": (GTF, 'chr1 exon 1 9 + . gene_id "G"; transcript_id ".";', {"exon lines without transcript_id": 1}, 5),
    "bare-exon": (GTF, "chr1 exon 1 9 + . g1.t1", {"exon lines without transcript_id": 1}, 5),
    "gff3-in-gtf": (GTF, "chr1 exon 1 9 + . ID=e;Parent=T", {"exon lines without transcript_id": 1}, 5),
    "few-columns": (GTF, "chr1 exon 1 9", {"lines without exactly 9 columns": 1}, 5),
    "reversed": (GTF, "chr1 exon 30 20 + . transcript_id U;", {POSITIONS: 1}, 5),
    "no-number": (GTF, "chr1 exon 1e3 20 + . transcript_id U;", {POSITIONS: 1}, 5),
    "no-number-elsewhere": (GTF, "chr1 UTR 1e3 20 + . transcript_id U;", {POSITIONS: 1}, 5),
    "gene-of-gff3": (GTF, "chr1 gene 1 9 + . ID=G;", {"lines without attributes of GTF": 1}, 5),
    "quotes": (
        GTF,
        'chr1 exon 1 9 + . gene_id "G; transcript_id "U";',
        {"transcripts with an unpaired quotation mark": 1},
        5,
    ),
    "outside": (
        GTF,
        'chr1 transcript 51 60 + . transcript_id "U";\nchr1 exon 55 61 + . transcript_id "U";',
        {"transcripts with an exon outside": 1},
        5,
    ),
    "name": (
        GTF,
        'chr1 exon 1 9 + . gene_id "a gene"; transcript_id "U";',
        {"genes without a name that is valid in INFO": 1},
        5,
    ),
    "two-names": (
        GTF,
        'chr1 exon 1 9 + . gene_id "a;b"; transcript_id "U";\nchr1 exon 1 9 + . gene_id "a;b"; transcript_id "V";\n'
        'chr1 exon 61 90 + . gene_id "c|d"; transcript_id "W"; gene_name "c d";',
        {"genes without a name that is valid in INFO": 2},
        5,
    ),
    "no-parent": (GFF3, "chr1 exon 1 9 + . ID=e", {"exon lines without Parent": 1}, 6),
    "unknown-parent": (
        GFF3,
        "chr1 exon 1 9 + . Parent=U\nchr1 exon 21 29 + . Parent=U",
        {"parents missing from the file": 1},
        6,
    ),
    "parent-elsewhere": (GFF3, "chr2 CDS 1 9 + 0 Parent=T", {"parents missing from the file": 1}, 6),
    "gtf-in-gff3": (GFF3, 'chr1 exon 1 9 + . transcript_id "T";', {"exon lines without Parent": 1}, 6),
    "gene-of-gtf": (GFF3, 'chr1 gene 1 9 + . gene_id "G";', {"lines without attributes of GFF3": 1}, 6),
    "bare-gene": (GFF3, "chr1 gene 1 9 + . g1", {"lines without attributes of GFF3": 1}, 6),
    "transcript-of-bad-positions": (
        GFF3,
        "chr1 mRNA 51 x + . ID=U;Parent=G\nchr1 exon 51 60 + . Parent=U",
        {POSITIONS: 1, "parents missing from the file": 1},
        6,
    ),
    "exon-outside": (
        GFF3,
        "chr1 mRNA 51 60 + . ID=U\nchr1 exon 51 61 + . Parent=U",
        {"transcripts with an exon outside": 1},
        6,
    ),
    "isoforms-of-one-id": (
        GFF3,
        "chr1 mRNA 51 90 + . ID=U\nchr1 mRNA 51 99 + . ID=U\nchr1 exon 51 61 + . Parent=U\n"
        "chr1 exon 81 90 + . Parent=U\nchr1 exon 95 99 + . Parent=U",
        {"overlapping transcripts of one ID": 1},
        6,
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", ODD)
def test_odd_line__is_left_out_and_counted_with_its_number(case):
    text, odd, counts, line = ODD[case]
    found = read(text + odd)
    assert [(gene.transcript_id, gene.exons) for gene in genes(found)] == [("T", ((10, 20), (30, 40)))]
    assert found.left_out.counts == counts
    assert found.left_out.problems[0].line == line - (text is GTF)


@pytest.mark.parametrize("case", ODD)
def test_strict__refuses_what_would_be_left_out(tmp_path, case):
    text, odd, _, line = ODD[case]
    path = tmp_path / "a.file"
    path.write_bytes(b"\n".join(lines(text + odd)) + b"\n")
    cache = TranscriptCache(tmp_path / "cache")
    assert len(read_annotation(path, Selection("all"), cache=cache).genes) == 1
    for kept in (cache, None):
        with pytest.raises(AnnotationError) as caught:
            read_annotation(path, Selection("all", strict=True), cache=kept)
        assert caught.value.message.startswith(f"{path}, line {line - (text is GTF)}: ")
        assert caught.value.hint


@pytest.mark.parametrize(
    ("text", "bad"),
    [
        (GTF, 'chr1 exon 35 x + . gene_id "G"; transcript_id "T";'),
        (GTF, 'chr1 CDS 30 20 + . gene_id "G"; transcript_id "T";'),
        (GTF, 'chr1 transcript 0 20 + . gene_id "G"; transcript_id "T";'),
        (GTF, 'chr1 exon 35 x + . name "G"; transcriptId T;'),
        (GFF3, "chr1 exon 35 x + . Parent=T"),
        (GFF3, "chr1 CDS 0 5 + 0 Parent=T"),
    ],
)
def test_malformed_line__takes_the_transcript_with_it_that_it_names(text, bad):
    """Without one of its exons a transcript would be another."""
    other = "chr1 exon 1 9 + . Parent=GOOD\nchr1 mRNA 1 9 + . ID=GOOD"
    if text is GTF:
        other = 'chr1 exon 1 9 + . gene_id "GOOD"; transcript_id "GOOD";'
    found = read(f"{text}{bad}\n{other}")
    assert (found.ids, found.left_out.counts) == (["GOOD"], {POSITIONS: 1, BROKEN: 1})


def test_nothing_usable__is_an_error_that_says_why(tmp_path):
    path = tmp_path / "a.gtf"
    path.write_bytes(b"\n".join(lines('chr1 exon 1 9 + . gene_id "G";\nchr1 exon 1 9 . . transcript_id "T";')))
    with pytest.raises(AnnotationError, match="line 1: exon without transcript_id"):
        read_annotation(path, Selection())


@pytest.mark.parametrize("end", ["chr1\tx\texon\t35", 'chr1\tx\texon\t35\t40\t.\t+\t.\tgene_id "G"; transcript_id "T'])
@pytest.mark.parametrize("pack", [bytes, gzip.compress])
def test_file_that_ends_within_a_line__is_cut_short(tmp_path, end, pack):
    """More than the line may be missing."""
    path = tmp_path / "a.gtf"
    path.write_bytes(pack(b"\n".join([*lines(GTF), end.encode()])))
    with pytest.raises(AnnotationError, match=r"is cut short: line 4, its last, is not complete"):
        read_annotation(path, Selection())
    path.write_bytes(pack(b"\n".join([*lines(GTF), end.encode(), b""])))
    assert read_annotation(path, Selection()).left_out


WHOLE = 'chr1\tx\texon\t51\t60\t.\t+\t.\tgene_id "G"; transcript_id "T2"; gene_name "RYR1";'
WHOLE_GFF3 = "chr1\tx\texon\t31\t40\t.\t+\t.\tID=e;Parent=T"


@pytest.mark.parametrize("n", range(1, len(WHOLE) + 1))
def test_gtf_that_ends_within_its_last_line__is_cut_short_wherever(tmp_path, n):
    """Some places passed: behind ``gene_name``, or within a value of another key."""
    path = tmp_path / "a.gtf"
    path.write_bytes(b"\n".join([*lines(GTF), WHOLE[:n].encode()]))
    if WHOLE[:n].rstrip().endswith(('"RYR1"', '"T2"', ";")) and '"T2"' in WHOLE[:n]:
        assert len(read_annotation(path, Selection("all")).genes) == 2
        return
    with pytest.raises(AnnotationError, match=r"is cut short: line 4, its last, is not complete"):
        read_annotation(path, Selection())


@pytest.mark.parametrize("n", range(1, len(WHOLE_GFF3)))
def test_gff3_that_ends_within_its_last_line__is_cut_short_unless_a_value_may_be_whole(tmp_path, n):
    path = tmp_path / "a.gff3"
    path.write_bytes(b"\n".join([*lines(GFF3.rpartition("chr1")[0]), WHOLE_GFF3[:n].encode()]))
    with pytest.raises(AnnotationError, match=r"is cut short: line 5, its last, is not complete"):
        read_annotation(path, Selection())


@pytest.mark.parametrize("end", [b"", b"\n", b"\n###", b"\n# end", b"\n##FASTA\n>chr1\nACGT"])
def test_gff3__may_end_without_a_line_end(tmp_path, end):
    path = tmp_path / "a.gff3"
    path.write_bytes(b"\n".join(lines(GFF3)) + end)
    assert len(read_annotation(path, Selection()).genes) == 1


TABLE = "#NAME\tCHROM\tSTRAND\tTX_START\tTX_END\tEXON_START\tEXON_END\nA\t1\t+\t10\t40\t10,\t40,\n"


@pytest.mark.parametrize(
    "row", ["B\t1\t.\t10\t40\t10,\t40,", "B\t1\t+\t10", "B\t1\t+\t40\t10\t40,\t10,", "B|C\t1\t+\t10\t40\t10,\t40,"]
)
def test_malformed_row_of_a_table__is_left_out_and_counted(tmp_path, row):
    path = tmp_path / "t.txt"
    path.write_text(f"{TABLE}{row}\nC\t1\t+\t50\t60\t50,\t60,\n")
    found = read_annotation(path, Selection())
    assert [gene.symbol for gene in found.genes] == ["A", "C"]
    assert found.left_out.counts == {"malformed rows": 1}
    assert found.summary() == f"Warning: {path}: 2 transcripts: left out 1 malformed row (first: line 3)"
    with pytest.raises(AnnotationError, match=r"t\.txt, line 3: "):
        read_annotation(path, Selection(strict=True))


@pytest.mark.parametrize("which", ["gene_id", "transcript_id"])
def test_gene_id__that_cannot_stand_in_info_leaves_out_that_gene(tmp_path, which):
    path = tmp_path / "a.gtf"
    odd = 'chr1 exon 1 9 + . gene_id "a b"; transcript_id "c d"; gene_name "X";'
    path.write_bytes(b"\n".join(lines(GTF + odd)))
    found = read_annotation(path, Selection(gene_id=which))
    assert [gene.symbol for gene in found.genes] == ["G" if which == "gene_id" else "T"]
    assert found.left_out.counts == {f"genes without a {which} that is valid in INFO": 1}
    assert [gene.symbol for gene in read_annotation(path, Selection()).genes] == ["G", "X"]
    with pytest.raises(AnnotationError, match=f"no {which} of X that is valid in INFO"):
        read_annotation(path, Selection(gene_id=which, strict=True))


def test_file_kind__is_told_by_a_later_line_if_the_first_are_odd(tmp_path):
    """BRAKER's genes have their bare ID in column 9; the file was neither GTF nor GFF3."""
    path = tmp_path / "a.gtf"
    first = "chr1 gene 11 40 + . g1\nchr1 transcript 11 40 + . g1.t1\nchr1 x y"
    path.write_bytes(b"\n".join(lines(first + GTF)))
    found = read_annotation(path, Selection())
    assert ([gene.symbol for gene in found.genes], found.left_out.counts) == (
        ["G"],
        {"lines without exactly 9 columns": 1, "transcripts with no exons": 1},
    )
