"""The reference FASTA and its index."""

from __future__ import annotations

import gzip
import os

from cli.error_cases import NOT_UTF8, Case, Folder


def read_only_folder(f: Folder) -> list:
    f.monkeypatch.setattr(os, "access", lambda path, mode: mode != os.W_OK)
    return f.fasta(">1\nACGT\n")


def stale_index(f: Folder) -> list:
    return f.fasta(">0\nA\n>1\nACGT\n", "1\t4\t3\t4\t5\n")


CASES = {
    "fasta-byte-order-mark": Case(
        lambda f: f.fasta("\ufeff>1\nACGT\n"),
        1,
        "reference FASTA DIR/my.fa begins with a byte order mark (BOM), so it cannot be indexed.",
        "Remove it: tail -c +4 DIR/my.fa > NEW.fa",
    ),
    "fasta-utf-16": Case(
        lambda f: f.fasta(">1\nACGT\n".encode("utf-16")),
        1,
        "reference FASTA DIR/my.fa is UTF-16 or UTF-32 text; UTF-8 expected.",
        NOT_UTF8,
    ),
    "no-fasta": Case(
        lambda f: ["-R", f.path / "none.fa"],
        1,
        "reference FASTA DIR/none.fa cannot be read: No such file or directory.",
    ),
    "fasta-empty": Case(lambda f: f.fasta(""), 1, "reference FASTA DIR/my.fa is empty."),
    "fasta-gzip": Case(
        lambda f: f.fasta(gzip.compress(b">1\nACGT\n")),
        1,
        "reference FASTA DIR/my.fa is gzip, which allows no random access.",
        "Unpack it, or recompress it as BGZF: gunzip -c DIR/my.fa | bgzip > NEW.fa.gz",
    ),
    "fasta-not": Case(
        lambda f: f.fasta("LOCUS AB000263\n"),
        1,
        "DIR/my.fa is not a FASTA: it begins with 'LOCUS AB0002', '>' expected.",
    ),
    "fasta-malformed": Case(
        lambda f: f.fasta(">1\nACGT\nAC\nACGT\n"),
        1,
        "DIR/my.fa cannot be indexed: it is not a well-formed FASTA, or the disk is full.",
        "See what is wrong with it: samtools faidx DIR/my.fa",
    ),
    "fasta-read-only": Case(
        read_only_folder,
        1,
        "DIR/my.fa has no index (.fai) and its folder is not writable.",
        "Make it where the folder is writable: samtools faidx DIR/my.fa",
    ),
    "index-stale": Case(
        stale_index,
        1,
        "the index DIR/my.fa.fai does not belong to DIR/my.fa: contig 1 does not begin where the index says. The "
        "FASTA was changed since, or is cut short.",
        "Check the FASTA, then rebuild the index: rm DIR/my.fa.fai && samtools faidx DIR/my.fa",
    ),
    "index-corrupt": Case(
        lambda f: f.fasta(">1\nACGT\n", b"\x00\xff\xfe"),
        1,
        "DIR/my.fa.fai is not a FASTA index.",
        "Rebuild it: rm DIR/my.fa.fai && samtools faidx DIR/my.fa",
    ),
    "index-short-line": Case(
        lambda f: f.fasta(">1\nACGT\n", "1\t4\n"),
        1,
        "DIR/my.fa.fai is not a FASTA index.",
        "Rebuild it: rm DIR/my.fa.fai && samtools faidx DIR/my.fa",
    ),
    "index-empty": Case(
        lambda f: f.fasta(">1\nACGT\n", ""),
        1,
        "DIR/my.fa.fai is not a FASTA index.",
        "Rebuild it: rm DIR/my.fa.fai && samtools faidx DIR/my.fa",
    ),
    "fasta-cut": Case(
        lambda f: f.fasta(">1\nACGT\nAC", "1\t8\t3\t4\t5\n"),
        1,
        "the index DIR/my.fa.fai does not belong to DIR/my.fa: contig 1 does not end where the index says. The "
        "FASTA was changed since, or is cut short.",
        "Check the FASTA, then rebuild the index: rm DIR/my.fa.fai && samtools faidx DIR/my.fa",
    ),
}
