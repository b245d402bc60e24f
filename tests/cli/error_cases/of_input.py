"""The input VCF, and whether it goes with the FASTA and the genes."""

from __future__ import annotations

import gzip

from cli.error_cases import HEADER, NOT_UTF8, Case, flip

from spliceai_cli.files.bgzf import EOF_BLOCK

RAISE = "To score the alleles that match anyway, give --max-ref-mismatch {} or more."
EDITED = "Look at the first: was REF edited by hand, or called on another version of the reference?"

CASES = {
    "no-input": Case(
        lambda f: ["-I", f.path / "none.vcf"], 1, "input DIR/none.vcf cannot be read: No such file or directory."
    ),
    "folder": Case(lambda f: ["-I", f.path], 1, "input DIR cannot be read: Is a directory."),
    "empty": Case(
        lambda f: f.vcf(""),
        1,
        "DIR/in.vcf is empty: not even a VCF header.",
        "An empty file often means that the step before failed.",
    ),
    "empty-gzip": Case(
        lambda f: f.vcf(gzip.compress(b"")),
        1,
        "DIR/in.vcf is empty: not even a VCF header.",
        "An empty file often means that the step before failed.",
    ),
    "gzip-cut": Case(
        lambda f: f.vcf(gzip.compress((HEADER + f.rows(300)).encode())[:-200]),
        1,
        "DIR/in.vcf is cut short: its compressed data end too early.",
        "Fetch or make the file again; records at its end may be lost.",
    ),
    "gzip-damaged": Case(
        lambda f: f.vcf(flip(gzip.compress((HEADER + f.rows(300)).encode()), -5)),
        1,
        "DIR/in.vcf is damaged: CRC check failed 0x272b0f67 != 0xd82b0f67.",
        "Fetch or make the file again; records at its end may be lost.",
    ),
    "bgzf-no-end": Case(
        lambda f: f.vcf(f.bgzf(HEADER + f.rows(3)).removesuffix(EOF_BLOCK)),
        1,
        "DIR/in.vcf is cut short: the BGZF end marker is missing.",
        "Fetch or make the file again; records at its end may be lost.",
    ),
    "bgzf-damaged": Case(
        lambda f: f.vcf(flip(f.bgzf(HEADER + f.rows(300)), -len(EOF_BLOCK) - 5)),
        1,
        "DIR/in.vcf is damaged: CRC check failed 0x272b0f67 != 0xd82b0f67.",
        "Fetch or make the file again; records at its end may be lost.",
    ),
    "text-cut": Case(
        lambda f: f.vcf((HEADER + f.rows(3))[:-4]),
        1,
        "DIR/in.vcf is cut short: line 5 has 7 of 8 columns and no line end.",
        "Fetch or make the file again; records at its end may be lost.",
    ),
    "sample-cut": Case(
        lambda f: f.vcf(HEADER.replace("INFO\n", "INFO\tFORMAT\tS1\n") + f.rows(1)[:-1] + "\tGT"),
        1,
        "DIR/in.vcf is cut short: line 3 has 9 of 10 columns and no line end.",
        "Fetch or make the file again; records at its end may be lost.",
    ),
    "not-a-vcf": Case(
        lambda f: f.vcf("<!DOCTYPE html>\n<html>404</html>\n"),
        1,
        "DIR/in.vcf is not a VCF: it begins with '<!DOCTYPE html>\\n', '##fileformat=VCF' expected.",
    ),
    "utf-16": Case(
        lambda f: f.vcf((HEADER + f.rows(3)).encode("utf-16")),
        1,
        "DIR/in.vcf is UTF-16 or UTF-32 text; UTF-8 expected.",
        NOT_UTF8,
    ),
    "utf-32-gzip": Case(
        lambda f: f.vcf(gzip.compress((HEADER + f.rows(3)).encode("utf-32"))),
        1,
        "DIR/in.vcf is UTF-16 or UTF-32 text; UTF-8 expected.",
        NOT_UTF8,
    ),
    "utf-16-targets": Case(
        lambda f: ["-T", f.write("t.bed", "chr1\t0\t9\n".encode("utf-16"))],
        1,
        "targets file DIR/t.bed is UTF-16 or UTF-32 text; UTF-8 expected.",
        NOT_UTF8,
    ),
    "header-only-meta": Case(
        lambda f: f.vcf("##fileformat=VCFv4.2\n"),
        1,
        "the header of DIR/in.vcf is cut short: line 1 is '##fileformat=VCFv4.2'.",
        "The header ends with tab-separated #CHROM POS ID REF ALT QUAL FILTER INFO.",
    ),
    "header-spaces": Case(
        lambda f: f.vcf(HEADER.replace("\t", " ") + f.rows(1)),
        1,
        "the header of DIR/in.vcf is malformed: line 2 is '#CHROM POS ID REF ALT QUAL FILTER INFO'.",
        "Columns are separated by tabs, not spaces.",
    ),
    "header-renamed": Case(
        lambda f: f.vcf(HEADER.replace("POS", "START") + f.rows(1)),
        1,
        "the header of DIR/in.vcf is malformed: line 2 is '#CHROM\\tSTART\\tID\\tREF\\tALT\\tQUAL\\tFILTER\\tINFO'.",
        "The header ends with tab-separated #CHROM POS ID REF ALT QUAL FILTER INFO.",
    ),
    "no-chrom-line": Case(
        lambda f: f.vcf("##fileformat=VCFv4.2\n" + f.rows(2)),
        1,
        "DIR/in.vcf, line 2 comes before the #CHROM header line: 'chr1\\t200\\t.\\tC\\tN\\t.\\t.\\t.'.",
        "Lines of the header begin with ##; the last one is #CHROM.",
    ),
    "record-spaces": Case(
        lambda f: f.vcf(HEADER + f.rows(1).replace("\t", " ")),
        1,
        "DIR/in.vcf, line 3 has 1 tab-separated column, at least 8 expected.",
        "Columns are separated by tabs, not spaces.",
    ),
    "few-columns": Case(
        lambda f: f.vcf(HEADER + f.rows(1) + "chr1\t300\t.\tA\n" + f.rows(1)),
        1,
        "DIR/in.vcf, line 4 has 4 tab-separated columns, at least 8 expected.",
    ),
    "bad-pos": Case(
        lambda f: f.vcf(HEADER + "chr1\t1e5\t.\tA\tC\t.\t.\t.\n"),
        1,
        "DIR/in.vcf, line 3: POS is '1e5', a whole number expected.",
    ),
    "endless-pos": Case(
        lambda f: f.vcf(HEADER + f"chr1\t{'9' * 5000}\t.\tA\tC\t.\t.\t.\n"),
        1,
        "DIR/in.vcf, line 3: POS is '9999999999999999999999999999999999999999', a whole number expected.",
    ),
    "two-headers": Case(
        lambda f: f.vcf((HEADER + f.rows(1)) * 2),
        1,
        "DIR/in.vcf, line 4 is a header line among the records: '##fileformat=VCFv4.2'.",
        "Was it made by cat from several files? Join them with bcftools concat.",
    ),
    "bcf-damaged": Case(
        lambda f: f.vcf(b"BCF\x02\x02\xff\xff"),
        1,
        "DIR/in.vcf is damaged: htslib cannot read it as BCF.",
        "Fetch or make the file again.",
    ),
    "no-shared-contig": Case(
        lambda f: f.vcf(HEADER + "scaffold_1\t5\t.\tA\tC\t.\t.\t.\n"),
        1,
        "DIR/in.vcf, DIR/genome.fa and -A DIR/genes.txt share no contig (VCF: scaffold_1; FASTA: chr1, "
        "chr2; genes: 1, 2).",
        "Give the reference and genes of the VCF's assembly, or --allow-missing-contigs to pass it through.",
    ),
    "wrong-assembly": Case(
        lambda f: f.vcf(
            "##contig=<ID=chr1,length=249250621>\n" + HEADER.split("\n")[1] + "\n" + f.rows(20, right=False)
        ),
        1,
        "DIR/in.vcf (GRCh37) and DIR/genome.fa are different assemblies: 20 of 20 REF alleles (100 %) do not "
        "match the FASTA; the limit is 1 % (first: chr1:200, VCF G, FASTA C).",
        "##contig gives chr1 length 249,250,621 (GRCh37), the FASTA 1,000. Pass the reference that the VCF was "
        f"called on with -R. {RAISE.format(100)}",
    ),
    "wrong-assembly-of-any-species": Case(
        lambda f: f.vcf(
            "##contig=<ID=chr1,length=1001>\n" + HEADER.split("\n")[1] + "\n" + f.rows(4) + f.rows(1, right=False)
        ),
        1,
        "DIR/in.vcf and DIR/genome.fa are different assemblies: 1 of 5 REF alleles (20 %) does not match the FASTA; "
        "the limit is 1 % (first: chr1:200, VCF G, FASTA C).",
        "##contig gives chr1 length 1,001, the FASTA 1,000. Pass the reference that the VCF was called on with -R. "
        f"{RAISE.format(20)}",
    ),
    "wrong-assembly-after-a-thousand": Case(
        lambda f: f.vcf(HEADER + f.rows(100) * 10 + f.rows(100, right=False)),
        1,
        "DIR/in.vcf does not fit DIR/genome.fa: 100 of 1,100 REF alleles (9.1 %) do not match the FASTA; "
        "the limit is 5 % (first: chr1:200, VCF G, FASTA C).",
        f"{EDITED} {RAISE.format(10)}",
    ),
    "more-mismatches-than-allowed": Case(
        lambda f: [*f.vcf(HEADER + f.rows(97) + f.rows(3, right=False)), "--max-ref-mismatch", "2.5"],
        1,
        "DIR/in.vcf does not fit DIR/genome.fa: 3 of the first 100 REF alleles (3 %) do not match the FASTA; "
        "the limit is 2.5 % (first: chr1:200, VCF G, FASTA C).",
        f"{EDITED} {RAISE.format(3)}",
    ),
    "wrong-assembly-unknown": Case(
        lambda f: f.vcf(HEADER + f.rows(150, right=False)),
        1,
        "DIR/in.vcf and DIR/genome.fa are different assemblies: 100 of the first 100 REF alleles (100 %) do "
        "not match the FASTA; the limit is 5 % (first: chr1:200, VCF G, FASTA C).",
        f"Pass the reference that the VCF was called on with -R. {RAISE.format(100)}",
    ),
}
