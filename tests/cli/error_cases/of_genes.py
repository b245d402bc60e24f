"""The genes: gene tables, GTF and GFF3, and what is chosen of them."""

from __future__ import annotations

import gzip

from cli.error_cases import NOT_UTF8, Case

HEADING = "#NAME\tCHROM\tSTRAND\tTX_START\tTX_END\tEXON_START\tEXON_END"
GTF = '1\ttoy\texon\t101\t180\t.\t+\t.\tgene_id "G1"; transcript_id "T1"; gene_biotype "lncRNA";\n'
GFF3 = "1\ttoy\tgene\t101\t180\t.\t+\t.\tID=G1\n1\ttoy\texon\t101\t180\t.\t+\t.\tParent=G1\n"
ACCEPTED = (
    "-A takes GTF, GFF3, or a gene table whose first line names its columns, plain or compressed by gzip or bgzip."
)


CASES = {
    "table-utf-16": Case(
        lambda f: ["-A", f.write("my.txt", f.genome.table.read_text().encode("utf-16"))],
        1,
        "annotation DIR/my.txt is UTF-16 or UTF-32 text; UTF-8 expected.",
        NOT_UTF8,
    ),
    "gtf-utf-16": Case(
        lambda f: ["-A", f.write("my.gtf.gz", gzip.compress(GTF.encode("utf-16")))],
        1,
        "annotation DIR/my.gtf.gz is UTF-16 or UTF-32 text; UTF-8 expected.",
        NOT_UTF8,
    ),
    "genes-utf-16": Case(
        lambda f: ["--genes", f.write("names.txt", "PLUS\n".encode("utf-16"))],
        1,
        "DIR/names.txt is UTF-16 or UTF-32 text; UTF-8 expected.",
        NOT_UTF8,
    ),
    "no-table": Case(
        lambda f: ["-A", f.path / "none.txt"],
        1,
        "there is no annotation 'DIR/none.txt'.",
        "-A takes gencode, grch37, grch38, hg19, hg38, or the path of GTF, GFF3 or a gene table.",
    ),
    "table-columns": Case(
        lambda f: f.table(header="#NAME CHROM STRAND TX_START TX_END"),
        1,
        "DIR/my.txt is not a gene table: line 1 lacks the columns EXON_START, EXON_END.",
        "The first line names the tab-separated columns #NAME CHROM STRAND TX_START TX_END EXON_START EXON_END.",
    ),
    "table-few-columns": Case(
        lambda f: ["--strict-annotation", *f.table("A 1 + 0 10 0, 10,", "B 1 + 5")],
        1,
        "DIR/my.txt, line 3: 4 columns, at least 7 expected.",
    ),
    "table-strand": Case(
        lambda f: f.table("A 1 . 0 10 0, 10,"), 1, "DIR/my.txt, line 2: STRAND of A is '.', + or - expected."
    ),
    "table-number": Case(
        lambda f: f.table("A 1 + 0 ten 0, 10,"), 1, "DIR/my.txt, line 2: A has 'ten' where a whole number is expected."
    ),
    "table-span": Case(
        lambda f: f.table("A 1 + 10 10 0, 10,"),
        1,
        "DIR/my.txt, line 2: A spans 10 to 10; 0 <= TX_START < TX_END expected.",
    ),
    "table-exon-count": Case(
        lambda f: f.table("A 1 + 0 10 0,5, 10,"), 1, "DIR/my.txt, line 2: A has 2 exon starts and 1 exon end."
    ),
    "table-cds-count": Case(
        lambda f: f.table(
            "A 1 + 0 10 0, 10, 0,5, 3,",
            header="#NAME CHROM STRAND TX_START TX_END EXON_START EXON_END CDS_START CDS_END",
        ),
        1,
        "DIR/my.txt, line 2: A has 2 CDS starts and 1 CDS end.",
    ),
    "table-exon-outside": Case(
        lambda f: f.table("A 1 + 0 10 0, 11,"), 1, "DIR/my.txt, line 2: A: exon 0-11 is empty or outside 0-10."
    ),
    "table-no-genes": Case(lambda f: f.table(), 1, "gene table DIR/my.txt has no genes."),
    "table-binary": Case(
        lambda f: ["-A", f.write("my.txt", bytes(range(256)))],
        1,
        "DIR/my.txt, line 1, is neither GTF nor GFF3: '\\x00\\x01\\x02\\x03\\x04\\x05\\x06\\x07\\x08\\t'.",
        ACCEPTED,
    ),
    "table-encoding": Case(
        lambda f: ["-A", f.write("my.txt", HEADING.encode() + b"\nA\xff")],
        1,
        "DIR/my.txt, line 2: not UTF-8 text.",
        "A gene table is a tab-separated text file.",
    ),
    "table-folder": Case(lambda f: ["-A", f.path], 1, "annotation DIR cannot be read: Is a directory.", ACCEPTED),
    "annotation-empty": Case(
        lambda f: ["-A", f.write("my.gtf", "")], 1, "annotation DIR/my.gtf has no genes: it is empty.", ACCEPTED
    ),
    "annotation-device": Case(
        lambda _: ["-A", "/dev/null"],
        1,
        "annotation /dev/null has no genes: it is empty.",
        ACCEPTED,
    ),
    "gtf-gzip-cut": Case(
        lambda f: ["-A", f.write("my.gtf.gz", gzip.compress(GTF.encode())[:-9])],
        1,
        "annotation DIR/my.gtf.gz is damaged or cut short: "
        "Compressed file ended before the end-of-stream marker was reached.",
        "Fetch or make the file again.",
    ),
    "gtf-line": Case(
        lambda f: [
            *("--no-annotation-cache", "--strict-annotation"),
            *("-A", f.write("my.gtf", GTF + GTF.replace("180", "ten"))),
        ],
        1,
        "DIR/my.gtf, line 2: from 101 to ten; whole numbers expected.",
        "Columns 4 and 5 are the first and the last position, counted from 1. Fetch or make the file again.",
    ),
    "gtf-cut": Case(
        lambda f: ["-A", f.write("my.gtf", GTF + "1\ttoy\tex")],
        1,
        "annotation DIR/my.gtf is cut short: line 2, its last, is not complete.",
        "Fetch or make the file again.",
    ),
    "gff3-of-another-assembly": Case(
        lambda f: [
            "--no-annotation-cache",
            "-A",
            f.write("my.gff3", "##gff-version 3\n##sequence-region 1 1 1001\n" + GFF3),
        ],
        1,
        "-A DIR/my.gff3 does not fit DIR/genome.fa: its 1 has 1,001 bp, the FASTA's 1,000.",
        "Use an annotation of the reference's assembly.",
    ),
    "mane-of-table": Case(
        lambda _: ["--transcripts", "mane"],
        1,
        "DIR/genes.txt is a gene table, which has no MANE tags.",
        "Use GTF or GFF3. A table that genes build made with --transcripts mane is used without the option.",
    ),
    "mane-of-gtf": Case(
        lambda f: ["--no-annotation-cache", "-A", f.write("my.gtf", GTF), "--transcripts", "mane"],
        1,
        "DIR/my.gtf has no MANE tags, so --transcripts mane finds nothing.",
        "Use one that has them (MANE, a recent GENCODE, Ensembl or RefSeq), or --transcripts canonical.",
    ),
    "biotype": Case(
        lambda f: ["--no-annotation-cache", "-A", f.write("my.gtf", GTF), "--biotypes", "lncRNA,protein-coding"],
        1,
        "DIR/my.gtf has no genes of biotype 'protein-coding'.",
        "Its biotypes: lncRNA.",
    ),
    "biotype-of-table": Case(
        lambda _: ["--biotypes", "lncRNA"], 1, "DIR/genes.txt has no genes of biotype 'lncRNA'.", "Its biotypes: none."
    ),
    "biotypes-blank": Case(lambda _: ["--biotypes", ""], 2, "--biotypes names no biotype. Was a variable empty?"),
    "gene-id-of-table": Case(
        lambda _: ["--gene-id", "transcript_id"],
        1,
        "DIR/genes.txt has no transcript_id of PLUS that is valid in INFO: found ''.",
        "Leave --gene-id out, or use GTF or GFF3.",
    ),
    "no-transcripts-file": Case(
        lambda f: ["--transcripts", f.path / "none.txt"],
        1,
        "DIR/none.txt cannot be read: No such file or directory.",
        "--transcripts takes canonical, mane, all, or a file; --genes takes a file.",
    ),
    "transcripts-not-there": Case(
        lambda f: ["--transcripts", f.write("ids.txt", "NM_1\n")],
        1,
        "1 of 1 name in DIR/ids.txt is not in DIR/genes.txt: NM_1.",
        "Take them out, or use an annotation that has them.",
    ),
    "genes-not-there": Case(
        lambda f: ["--genes", f.write("genes.list", "PLUS\nBRCA9\nBRCA8\nminus\n")],
        1,
        "3 of 4 names in DIR/genes.list are not in DIR/genes.txt: BRCA8, BRCA9, minus.",
        "Did you mean MINUS (minus)? Take them out, or use an annotation that has them.",
    ),
    "no-genes-listed": Case(
        lambda f: ["--genes", f.write("genes.list", "# none\n")],
        1,
        "DIR/genes.list lists no names.",
        "Write one per line.",
    ),
    "output-is-genes-list": Case(
        lambda f: ["--genes", f.write("genes.list", "PLUS\n"), "-O", f.path / "genes.list"],
        2,
        "--genes and -O are the same file: DIR/genes.list.",
        "Write to another name.",
    ),
    "nothing-left": Case(
        lambda f: [
            *("--no-annotation-cache", "-A", f.write("my.gtf", GTF + GTF.replace('1"', '2"').replace("lncRNA", "x"))),
            *("--biotypes", "lncRNA", "--genes", f.write("genes.list", "G2\n")),
        ],
        1,
        "--transcripts, --genes and --biotypes together leave nothing of DIR/my.gtf.",
        "Leave one of them out, or list names that fit together.",
    ),
    "gencode-unknown-build": Case(
        lambda f: ["-A", "gencode"],
        1,
        "-A gencode needs a GRCh37 or GRCh38 reference, detected from contig lengths; first contig: chr1, 1,000 bp.",
        "Name the table: -A grch37, -A grch38, or the path of one for this genome.",
    ),
    "tables-not-installed": Case(
        lambda f: ["-A", "grch38"],
        1,
        "the gene table grch38 is not installed (no DIR/home/spliceai/grch38.txt).",
        "Install them with one command: spliceai-cli weights install",
    ),
}
