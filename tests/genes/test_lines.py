"""Annotation files of all kinds, and files that are none."""

from __future__ import annotations

import gzip

import pysam
import pytest
from support.annotation_text import lines

from spliceai_cli.errors import AnnotationError
from spliceai_cli.genes.annotation import read_annotation
from spliceai_cli.genes.lines import GFF3, GTF, TABLE, Lines, file_kind
from spliceai_cli.genes.selection import Selection

GTF_TEXT = """
#!genome-build GRCh38
chr1 transcript 11 40 + . gene_id "G"; transcript_id "T";
chr1 exon 11 20 + . gene_id "G"; transcript_id "T";
chr1 exon 31 40 + . gene_id "G"; transcript_id "T";
"""
GFF3_TEXT = """
##gff-version 3
chr1 gene 11 40 + . ID=G
chr1 mRNA 11 40 + . ID=T;Parent=G
chr1 exon 11 20 + . Parent=T
chr1 exon 31 40 + . Parent=T
"""
TABLE_TEXT = "#NAME\tCHROM\tSTRAND\tTX_START\tTX_END\tEXON_START\tEXON_END\nG\tchr1\t+\t10\t40\t10,30,\t20,40,\n"


def content(text):
    return b"\n".join(lines(text)) + b"\n"


GTF_FILE, GFF3_FILE = content(GTF_TEXT), content(GFF3_TEXT)


def bgzf(path):
    pysam.tabix_compress(str(path), f"{path}.gz", force=True)
    return path.with_name(f"{path.name}.gz")


def in_gzip(path):
    packed = path.with_name(f"{path.name}.gz")
    packed.write_bytes(gzip.compress(path.read_bytes()))
    return packed


def renamed(path):
    return path.rename(path.with_name("genes.txt"))


@pytest.mark.parametrize("pack", [lambda path: path, in_gzip, bgzf, renamed], ids=["plain", "gzip", "bgzf", "renamed"])
@pytest.mark.parametrize(
    ("text", "kind"), [(GTF_FILE, GTF), (GFF3_FILE, GFF3), (TABLE_TEXT.encode(), TABLE)], ids=["GTF", "GFF3", "table"]
)
def test_file__is_known_by_its_content(tmp_path, text, kind, pack):
    path = tmp_path / "a.file"
    path.write_bytes(text)
    path = pack(path)
    assert file_kind(path, "a.file") == kind
    [gene] = read_annotation(path, Selection("all")).genes
    assert (gene.symbol, gene.start, gene.end, gene.exons) == ("G", 10, 40, ((10, 20), (30, 40)))


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        # Without a version line, with one that does not say 3, with lines that have no attributes before.
        ("chr1 gene 11 40 + . ID=G", GFF3),
        ("##gff-version 3.1.26", GFF3),
        ("##gff-version 2\nchr1 exon 11 40 + . transcript_id T; gene_id G", GTF),
        ("chr1 region 1 40 . . .\nchr1 exon 11 40 + . Parent=T", GFF3),
        ('chr1 exon 11 40 + . gene_id "a=b"; transcript_id "T";', GTF),
        # What GENCODE's lifted GTF says of itself.
        ('#format: gff3\nchr1 exon 11 40 + . gene_id "G"; transcript_id "T";', GTF),
    ],
)
def test_file_kind__is_told_by_the_first_line_that_tells(tmp_path, text, kind):
    path = tmp_path / "a.file"
    path.write_bytes(content(text))
    assert file_kind(path, "a.file") == kind


def test_read_lines__drops_line_ends_of_unix_and_windows(tmp_path):
    path = tmp_path / "a.gtf"
    path.write_bytes(b"one\r\ntwo\n\nthree")
    assert list(Lines(path, "a.gtf")) == [b"one", b"two", b"", b"three"]


def gtf_with(line):
    return GTF_FILE + content(line)


def gff3_with(line):
    return GFF3_FILE + content(line)


TABS = "Columns are separated by tabs, not by spaces."
AGAIN = "Fetch or make the file again."
ACCEPTED = "-A takes GTF, GFF3, or a gene table whose first line names its columns, plain or compressed"
POSITIONS = "Columns 4 and 5 are the first and the last position, counted from 1."
IS_GFF3 = 'GTF has transcript_id "…"; gene_id "…"; in column 9. Is this GFF3 with another first line?'
IS_GTF = "GFF3 has ID=…;Parent=… in column 9. Is this GTF with another first line?"
RECODE = "GTF and GFF3 have to be UTF-8: convert the file with iconv."
WITH_EXONS = "-A takes GTF or GFF3 with exon lines"
RENAME = "A name must not contain a space or any of , ; = |; rename the gene, or remove it."

BAD = {
    "empty": (b"", "annotation FILE has no genes: it is empty.", ACCEPTED),
    "empty-gzip": (gzip.compress(b""), "annotation FILE has no genes: it is empty.", ACCEPTED),
    "only-comments": (
        b"# one\n#two\n\n",
        "annotation FILE has no genes: its 3 lines are all blank or comments.",
        ACCEPTED,
    ),
    "only-version": (b"##gff-version 3\n", "FILE has no transcripts with exons.", WITH_EXONS),
    "spaces": (GTF_FILE.replace(b"\t", b"  "), "FILE, line 2, is neither GTF nor GFF3: 'chr1  test  transcript", TABS),
    "spaces-later": (
        GTF_FILE + b"chr1 x exon 51 60 . + . transcript_id T;\n",
        "FILE, line 5: 1 tab-separated column, 9 expected.",
        AGAIN,
    ),
    "another-text": (b"Dear all,\nmy genes.\n", "FILE, line 1, is neither GTF nor GFF3: 'Dear all,'.", ACCEPTED),
    "another-table": (b"chr1\t10\t20\tG\t0\t+\n", r"FILE, line 1, is neither GTF nor GFF3: 'chr1\t10\t20\tG", ACCEPTED),
    "binary": (bytes(range(256)), r"FILE, line 1, is neither GTF nor GFF3: '\x00\x01\x02", ACCEPTED),
    "another-dialect": (
        GTF_FILE.replace(b'gene_id "G"; transcript_id "T";', b"G T"),
        r"FILE, line 2, is neither GTF nor GFF3: 'chr1\ttest\ttranscript",
        ACCEPTED,
    ),
    "cut-short": (
        GTF_FILE.removesuffix(b' transcript_id "T";\n'),
        "annotation FILE is cut short: line 4, its last, is not complete.",
        AGAIN,
    ),
    "cut-in-id": (GTF_FILE.removesuffix(b'";\n'), "annotation FILE is cut short: line 4, its last, is not com", AGAIN),
    "cut-in-line": (GTF_FILE[:-40], "annotation FILE is cut short: line 4, its last, is not complete.", AGAIN),
    "cut-gzip": (gzip.compress(GTF_FILE)[:-9], "annotation FILE is damaged or cut short: Compressed file ended", AGAIN),
    "damaged-gzip": (
        gzip.compress(GTF_FILE)[:-8] + b"\0" * 8,
        "annotation FILE is damaged or cut short: CRC check failed",
        AGAIN,
    ),
    "damaged-deflate": (gzip.compress(b"")[:10] + b"\xff" * 90, "annotation FILE is damaged or cut short: Err", AGAIN),
    "no-exons": (content("chr1 gene 1 9 + . gene_id G;"), "FILE has no transcripts with exons.", WITH_EXONS),
    "no-exons-gff3": (content("chr1 gene 1 9 + . ID=G"), "FILE has no transcripts with exons.", WITH_EXONS),
    "no-usable-exons": (
        content("chr1 exon 1 9 . . transcript_id T;\nchr1 exon 1 9 . . transcript_id U;"),
        "FILE has no transcripts with exons that can be used: 2 transcripts with no strand (first: line 1).",
        WITH_EXONS,
    ),
    "no-transcript": (gtf_with('chr1 exon 1 9 + . gene_id "G";'), "FILE, line 5: exon without transcript_id.", IS_GFF3),
    "no-parent": (gff3_with("chr1 exon 1 9 + . ID=e"), "FILE, line 6: exon without Parent.", IS_GTF),
    "unknown-parent": (gff3_with("chr1 exon 1 9 + . Parent=U"), "FILE, line 6: the parent 'U' is nowhere on ch", AGAIN),
    "parent-elsewhere": (
        gff3_with("chr2 CDS 1 9 + 0 Parent=T"),
        "FILE, line 6: the parent 'T' is nowhere on chr2.",
        AGAIN,
    ),
    "quotes": (
        gtf_with('chr1 exon 1 9 + . gene_id "G; transcript_id "U";'),
        "FILE, line 5: column 9 has an unpaired quotation mark.",
        AGAIN,
    ),
    "gff3-in-gtf": (gtf_with("chr1 exon 1 9 + . ID=e;Parent=T"), "FILE, line 5: exon without transcript_id.", IS_GFF3),
    "gtf-in-gff3": (gff3_with('chr1 exon 1 9 + . transcript_id "T";'), "FILE, line 6: exon without Parent.", IS_GTF),
    "gtf-gene": (
        gff3_with('chr1 gene 1 9 + . gene_id "G";'),
        "FILE, line 6: column 9 has no attributes of GFF3.",
        IS_GTF,
    ),
    "gff3-gene": (gtf_with("chr1 gene 1 9 + . ID=G;"), "FILE, line 5: column 9 has no attributes of GTF.", IS_GFF3),
    "reversed": (
        gtf_with("chr1 exon 30 20 + . transcript_id T;"),
        "FILE, line 5: from 30 to 20; at least 1 and in this order expected.",
        POSITIONS,
    ),
    "zero": (gtf_with("chr1 exon 0 20 + . transcript_id T;"), "FILE, line 5: from 0 to 20; at least 1", POSITIONS),
    "no-number": (
        gff3_with("chr1 exon 1e3 20 + . Parent=T"),
        "FILE, line 6: from 1e3 to 20; whole numbers expected.",
        POSITIONS,
    ),
    "negative": (gff3_with("chr1 exon -5 20 + . Parent=T"), "FILE, line 6: from -5 to 20; whole numbers", POSITIONS),
    "no-position": (gff3_with("chr1 exon . . + . Parent=T"), "FILE, line 6: from . to .; whole numbers", POSITIONS),
    "big": (gtf_with(f"chr1 exon 1 {'9' * 99} + . transcript_id T;"), f"FILE, line 5: from 1 to {'9' * 18}", POSITIONS),
    "outside": (
        gtf_with("chr1 exon 35 41 + . transcript_id T;"),
        "FILE, line 2: an exon of T, 35-41, lies outside the transcript, 11-40.",
        AGAIN,
    ),
    "latin-1": (gtf_with("chr1 exon 1 9 + . transcript_id U; note é;").replace("é".encode(), b"\xe9"),
        "FILE, line 5: not UTF-8 text.",
        RECODE,
    ),
    "latin-1-contig": (GFF3_FILE.replace(b"chr1", b"chr\xe9"), "FILE, line 2: not UTF-8 text.", RECODE),
    "no-name": (
        content('chr1 exon 1 9 + . gene_id "a gene"; transcript_id "T";'),
        "FILE, line 1: the gene 'a gene' has no name that is valid in INFO.",
        RENAME,
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", BAD)
def test_bad_file__is_told_with_its_line_and_what_to_do(tmp_path, case):
    raw, message, hint = BAD[case]
    path = tmp_path / "a.file"
    path.write_bytes(raw)
    with pytest.raises(AnnotationError) as caught:
        read_annotation(path, Selection("all", strict=True))
    said = caught.value.message.replace(str(path), "FILE")
    assert said.startswith(message)
    assert said.isprintable()
    assert (caught.value.hint or "").startswith(hint)


@pytest.mark.parametrize(("name", "reason"), [("", "Is a directory"), ("none.gtf", "No such file or directory")])
def test_path_that_is_no_file__is_told(tmp_path, name, reason):
    path = tmp_path / name
    with pytest.raises(AnnotationError) as caught:
        read_annotation(path, Selection("all"))
    assert caught.value.message == f"annotation {path} cannot be read: {reason}."
    assert (caught.value.hint or "").startswith(ACCEPTED)


@pytest.mark.parametrize("phase", [".", "x", "3", "9" * 5000])
def test_phase_that_is_none__is_0(tmp_path, phase):
    """A number of 5,000 digits used to be a traceback."""
    path = tmp_path / "a.gtf"
    path.write_bytes(gtf_with(f"chr1 CDS 11 20 + {phase} transcript_id T;"))
    [gene] = read_annotation(path, Selection("all")).genes
    assert (gene.coding, gene.phase) == (((10, 20),), 0)
