"""Every error text of the command line, in one table."""

from __future__ import annotations

import gzip
import hashlib
import os
import random
import re
import resource
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import builders
import pysam
import pytest
import safetensors.torch
import torch
import toy_networks

from spliceai_cli.bgzf import EOF_BLOCK
from spliceai_cli.cli.main import annotate
from spliceai_cli.weights.registry import SPLICEAI

HEADER = builders.VCF_HEADER
OLD = "an older result\n"
HEADING = "#NAME\tCHROM\tSTRAND\tTX_START\tTX_END\tEXON_START\tEXON_END"
GTF = '1\ttoy\texon\t101\t180\t.\t+\t.\tgene_id "G1"; transcript_id "T1"; gene_biotype "lncRNA";\n'
GFF3 = "1\ttoy\tgene\t101\t180\t.\t+\t.\tID=G1\n1\ttoy\texon\t101\t180\t.\t+\t.\tParent=G1\n"
KINDS = (
    "weights.safetensors, the Keras files spliceai1.h5 … spliceai5.h5, CI-SpliceAI.pb, PyTorch files of OpenSpliceAI "
    "or Pangolin, or a MultiMolecule checkpoint (config.json with model.safetensors)"
)
ACCEPTED = (
    "-A takes GTF, GFF3, or a gene table whose first line names its columns, plain or compressed by gzip or bgzip."
)


@dataclass
class Folder:
    """A folder with everything that a good run needs, for a case to spoil."""

    path: Path
    genome: builders.Genome
    monkeypatch: pytest.MonkeyPatch

    def write(self, name: str, content: str | bytes) -> Path:
        path = self.path / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    def rows(self, n: int, *, right: bool = True) -> str:
        base = self.genome.base if right else self.genome.other
        return "".join(f"chr1\t{pos}\t.\t{base('chr1', pos)}\tN\t.\t.\t.\n" for pos in range(200, 200 + n))

    def vcf(self, content: str | bytes, name: str = "in.vcf") -> list[str | Path]:
        return ["-I", self.write(name, content)]

    def table(self, *rows: str, header: str = "#NAME CHROM STRAND TX_START TX_END EXON_START EXON_END") -> list:
        text = "".join(re.sub(" ", "\t", row) + "\n" for row in (header, *rows))
        return ["-A", self.write("my.txt", text)]

    def fasta(self, content: str | bytes, fai: str | bytes | None = None) -> list:
        path = self.write("my.fa", content)
        if fai is not None:
            self.write("my.fa.fai", fai)
        return ["-R", path]

    def bgzf(self, text: str, name: str = "in.vcf.gz") -> bytes:
        path = self.write("plain", text)
        pysam.tabix_compress(str(path), str(self.path / name), force=True)
        return (self.path / name).read_bytes()


def flip(raw: bytes, at: int) -> bytes:
    return raw[:at] + bytes([raw[at] ^ 0xFF]) + raw[at + 1 :]


class Case(NamedTuple):
    options: Callable[[Folder], list]
    code: int
    message: str
    hint: str | None = None
    without: str | None = None


def unwritable(f: Folder) -> list:
    # Root may write anywhere, so the folder is one that is not there.
    return ["-O", f.path / "nowhere" / "out.vcf"]


def read_only_folder(f: Folder) -> list:
    f.monkeypatch.setattr(os, "access", lambda path, mode: mode != os.W_OK)
    return f.fasta(">1\nACGT\n")


def stale_index(f: Folder) -> list:
    return f.fasta(">0\nA\n>1\nACGT\n", "1\t4\t3\t4\t5\n")


def link(f: Folder) -> list:
    (f.path / "link.vcf").symlink_to(f.path / "good.vcf")
    return ["-O", f.path / "link.vcf"]


def linked_stats(f: Folder) -> list:
    (f.path / "stats.json").symlink_to(f.path / "out.vcf")
    return ["-O", f.path / "out.vcf", "--stats", f.path / "stats.json"]


def damaged_weights(f: Folder) -> list:
    raw = (f.path / "weights" / "weights.safetensors").read_bytes()
    return ["--weights", f.write("w/weights.safetensors", raw[: len(raw) // 2]).parent]


def weights_without_spec(f: Folder) -> list:
    path = f.write("w/weights.safetensors", safetensors.torch.save({"a": torch.zeros(1)}))
    return ["--weights", path.parent]


def weights_of_another_network(f: Folder) -> list:
    toy_networks.save(f.path / "w", toy_networks.RANDOM_SPEC, toy_networks.arithmetic_tensors())
    return ["--weights", f.path / "w"]


def other_installed_weights(f: Folder) -> list:
    toy_networks.save(f.path / "home" / "spliceai", toy_networks.RANDOM_SPEC, toy_networks.random_tensors())
    return []


CASES = {
    # The input
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
        "DIR/in.vcf is cut short: its compressed data end in mid-stream.",
        "Fetch or make the file again; records at its end may be lost.",
    ),
    "gzip-damaged": Case(
        lambda f: f.vcf(flip(gzip.compress((HEADER + f.rows(300)).encode()), -5)),
        1,
        "DIR/in.vcf is damaged: CRC check failed 0xb380cf56 != 0x4c80cf56.",
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
        "DIR/in.vcf is damaged: CRC check failed 0xb380cf56 != 0x4c80cf56.",
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
    "byte-order-mark": Case(
        lambda f: f.vcf("\ufeff" + HEADER),
        1,
        "DIR/in.vcf is not a VCF: it begins with '\\ufeff##fileformat=VCFv', '##fileformat=VCF' expected.",
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
        "The header ends with tab-separated #CHROM POS ID REF ALT QUAL FILTER INFO.",
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
        "DIR/in.vcf, line 2 stands before the #CHROM header line: 'chr1\\t200\\t.\\tC\\tN\\t.\\t.\\t.'.",
        "Lines of the header begin with ##; the last one is #CHROM.",
    ),
    "record-spaces": Case(
        lambda f: f.vcf(HEADER + f.rows(1).replace("\t", " ")),
        1,
        "DIR/in.vcf, line 3 has 1 tab-separated columns, at least 8 expected.",
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
    # Which belong together
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
        "DIR/in.vcf and DIR/genome.fa are different assemblies: 20 of the first 20 REF alleles do not "
        "match the FASTA (first: chr1:200, VCF G, FASTA C).",
        "##contig gives chr1 length 249250621, which is GRCh37. Pass that reference with -R.",
    ),
    "wrong-assembly-unknown": Case(
        lambda f: f.vcf(HEADER + f.rows(150, right=False)),
        1,
        "DIR/in.vcf and DIR/genome.fa are different assemblies: 100 of the first 100 REF alleles do not "
        "match the FASTA (first: chr1:200, VCF G, FASTA C).",
        "Give the reference that the VCF was called on with -R.",
    ),
    # The FASTA
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
        "the index DIR/my.fa.fai does not belong to DIR/my.fa: contig 1 does not begin where it says. The "
        "FASTA was changed after it, or is cut short.",
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
        "the index DIR/my.fa.fai does not belong to DIR/my.fa: contig 1 does not end where it says. The "
        "FASTA was changed after it, or is cut short.",
        "Check the FASTA, then rebuild the index: rm DIR/my.fa.fai && samtools faidx DIR/my.fa",
    ),
    # The genes
    "no-table": Case(
        lambda f: ["-A", f.path / "none.txt"],
        1,
        "there is no annotation 'DIR/none.txt'.",
        "-A takes gencode, grch37, grch38, or the path of GTF, GFF3 or a gene table.",
    ),
    "table-columns": Case(
        lambda f: f.table(header="#NAME CHROM STRAND TX_START TX_END"),
        1,
        "DIR/my.txt is not a gene table: line 1 lacks the columns EXON_START, EXON_END.",
        "The first line names the tab-separated columns #NAME CHROM STRAND TX_START TX_END EXON_START EXON_END.",
    ),
    "table-few-columns": Case(
        lambda f: f.table("A 1 + 0 10 0, 10,", "B 1 + 5"), 1, "DIR/my.txt, line 3: 4 columns, at least 7 expected."
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
        lambda f: f.table("A 1 + 0 10 0,5, 10,"), 1, "DIR/my.txt, line 2: A has 2 exon starts and 1 exon ends."
    ),
    "table-cds-count": Case(
        lambda f: f.table(
            "A 1 + 0 10 0, 10, 0,5, 3,",
            header="#NAME CHROM STRAND TX_START TX_END EXON_START EXON_END CDS_START CDS_END",
        ),
        1,
        "DIR/my.txt, line 2: A has 2 CDS starts and 1 CDS ends.",
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
        lambda f: ["-A", f.write("my.gtf", GTF + GTF.replace("180", "ten"))],
        1,
        "DIR/my.gtf, line 2: from 101 to ten; whole numbers expected.",
        "Columns 4 and 5 are the first and the last position, counted from 1. Fetch or make the file again.",
    ),
    "gtf-cut": Case(
        lambda f: ["-A", f.write("my.gtf", GTF + "1\ttoy\tex")],
        1,
        "DIR/my.gtf, line 2: 3 tab-separated columns, 9 expected.",
        "Fetch or make the file again.",
    ),
    "gff3-of-another-assembly": Case(
        lambda f: [
            "--no-annotation-cache",
            "-A",
            f.write("my.gff3", "##gff-version 3\n##sequence-region 1 1 1001\n" + GFF3),
        ],
        1,
        "-A DIR/my.gff3 does not fit the reference: its 1 has 1,001 bp, the FASTA's 1,000.",
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
    "biotypes-blank": Case(lambda _: ["--biotypes", ""], 2, "--biotypes names none. Was a variable empty?"),
    "gene-id-of-table": Case(
        lambda _: ["--gene-id", "transcript_id"],
        1,
        "DIR/genes.txt has no transcript_id of PLUS that can stand in INFO: found ''.",
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
        "1 of 1 names in DIR/ids.txt are not in DIR/genes.txt (first: NM_1).",
        "Take them out, or use an annotation that has them.",
    ),
    "genes-not-there": Case(
        lambda f: ["--genes", f.write("genes.list", "PLUS\nBRCA9\nBRCA8\n")],
        1,
        "2 of 3 names in DIR/genes.list are not in DIR/genes.txt (first: BRCA8).",
        "Take them out, or use an annotation that has them.",
    ),
    "no-genes-listed": Case(
        lambda f: ["--genes", f.write("genes.list", "# none\n")],
        1,
        "DIR/genes.list lists no names.",
        "Write one a line.",
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
        "nothing of DIR/my.gtf is left by --transcripts, --genes and --biotypes together.",
        "Leave one of them out, or let the files name what fits together.",
    ),
    "gencode-unknown-build": Case(
        lambda f: ["-A", "gencode"],
        1,
        "-A gencode needs a GRCh37 or GRCh38 reference, told by contig lengths; first contig: chr1, 1,000 bp.",
        "Name the table: -A grch37, -A grch38, or the path of one for this genome.",
    ),
    "tables-not-installed": Case(
        lambda f: ["-A", "grch38"],
        1,
        "the gene table grch38 is not installed (no DIR/home/spliceai/grch38.txt).",
        "Install them with one command: spliceai-cli weights install",
    ),
    # The weights
    "no-weights-folder": Case(
        lambda f: ["--weights", f.path / "none"],
        1,
        "weights DIR/none: it does not exist.",
        f"A file or folder is expected with {KINDS}.",
    ),
    "weights-empty": Case(
        lambda f: ["--weights", f.write("w/readme", "").parent],
        1,
        "weights DIR/w: nothing there that is known.",
        f"Expected are {KINDS}.",
    ),
    "weights-damaged": Case(
        damaged_weights,
        1,
        "weights DIR/w/weights.safetensors are not a safetensors file, or cut short.",
    ),
    "weights-no-spec": Case(
        weights_without_spec, 1, "weights DIR/w/weights.safetensors do not say what network they are for."
    ),
    "weights-misfit": Case(
        weights_of_another_network,
        1,
        "weights DIR/w are not those of the network toy that they name.",
    ),
    "keras-damaged": Case(
        lambda f: ["--weights", f.write("w/spliceai1.h5", "x").parent],
        1,
        "DIR/w/spliceai1.h5 is not the published file: SHA-256 is "
        "2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881, "
        "e1fd5adcef7489d604b10e79c40078ef790d51ef048c4ce3869c9119ac5de42b expected.",
    ),
    "weights-not-installed": Case(
        lambda f: [],
        1,
        "the weights of spliceai are not installed (no DIR/home/spliceai/weights.safetensors).",
        "Install them with one command: spliceai-cli weights install",
        "--weights",
    ),
    "installed-weights-other": Case(
        other_installed_weights,
        1,
        "weights DIR/home/spliceai/weights.safetensors are damaged: SHA-256 of the tensors is "
        "28cc9cef9aab7c97ee0c68267bd564e9c0d735cea4a012001cd77c30b16696e4, "
        "a646cc67949e3edca5c321468c8bd672de24433fd27aebc3d51e6c4d51dd84d4 expected.",
        "Install them again: spliceai-cli weights install --force",
        "--weights",
    ),
    # The output
    "output-nowhere": Case(unwritable, 1, "output DIR/nowhere/out.vcf cannot be written: No such file or directory."),
    "output-folder": Case(lambda f: ["-O", f.path], 1, "output DIR cannot be written: Is a directory."),
    "stats-is-output": Case(
        lambda f: ["-O", f.path / "out.vcf", "--stats", f.path / "out.vcf"],
        2,
        "--stats and -O are the same file: DIR/out.vcf.",
    ),
    "stats-is-index": Case(
        lambda f: ["-O", f.path / "out.vcf.gz", "--write-index", "tbi", "--stats", f.path / "out.vcf.gz.tbi"],
        2,
        "--stats and the index of -O are the same file: DIR/out.vcf.gz.tbi.",
    ),
    "stats-links-to-output": Case(linked_stats, 2, "--stats and -O are the same file: DIR/stats.json."),
    # Both went to standard output, one after the other.
    "stats-to-stdout": Case(
        lambda _: ["-O", "-", "--stats", "/dev/stdout"], 2, "--stats and -O are the same file: /dev/stdout."
    ),
    "keep-precomputed": Case(
        lambda _: ["--existing", "keep", "--layout", "precomputed"],
        2,
        "--layout precomputed has no room for the scores that --existing keep leaves alone.",
    ),
    "output-is-input": Case(
        lambda f: ["-O", f.path / "good.vcf"], 2, "-I and -O are the same file: DIR/good.vcf.", "Write to another name."
    ),
    "output-links-to-input": Case(link, 2, "-I and -O are the same file: DIR/good.vcf.", "Write to another name."),
    "disk-full": Case(
        lambda f: ["-O", "/dev/full"],
        1,
        "output /dev/full cannot be written: No space left on device.",
        "What came out so far is incomplete.",
    ),
    "bcf-undeclared": Case(
        lambda f: ["--output-type", "b"],
        1,
        "BCF cannot hold this VCF, or the disk is full: htslib refuses it.",
        "BCF needs every contig, INFO, FORMAT and FILTER declared in the header (bcftools view names the first "
        "that is not). Or write VCF: -O FILE.vcf.gz",
    ),
    # Options
    "device": Case(lambda f: ["--device", "tpu"], 2, "unknown device 'tpu'.", "Choose auto, cpu, cuda, cuda:N or mps."),
    "no-cuda": Case(
        lambda f: ["--device", "cuda:99"],
        1,
        f"device 'cuda:99' is not here: PyTorch {torch.__version__} sees {torch.cuda.device_count()} CUDA devices.",
        "Use --device cpu, or install a CUDA build of PyTorch that fits the driver.",
    ),
    "distance-negative": Case(
        lambda f: ["-D", "-1"], 2, "Invalid value for '-D' / '--distance': -1 is not in the range x>=0."
    ),
    "distance-text": Case(
        lambda f: ["-D", "many"], 2, "Invalid value for '-D' / '--distance': 'many' is not a valid integer range."
    ),
    "mask": Case(lambda f: ["-M", "3"], 2, "Invalid value for '-M' / '--mask': '3' is not one of '0', '1', '2'."),
    "strict-reason": Case(
        lambda f: ["--strict=luck"],
        2,
        "Invalid value for --strict: unknown reason 'luck'; choose from no-alt, symbolic, contig, outside, "
        "ref-mismatch, too-long, alt-letters, compat, kept.",
    ),
    "region": Case(
        lambda f: ["-r", "chr1:20-10"], 2, "region 'chr1:20-10' is empty: positions count from 1 and FROM <= TO."
    ),
    "region-blank": Case(
        lambda f: ["-r", ""],
        2,
        "no region is given.",
        "Was a variable empty? Write CHROM, CHROM:POS, CHROM:FROM- or CHROM:FROM-TO.",
    ),
    "bed-line": Case(
        lambda f: ["-T", f.write("t.bed", "chr1\t1\t2\nchr1 3 4\n")],
        2,
        "DIR/t.bed, line 2: 'chr1 3 4' is malformed; tab-separated CHROM, START, END expected.",
    ),
    "bed-order": Case(
        lambda f: ["-T", f.write("t.bed", "chr1\t9\t2\n")],
        2,
        "DIR/t.bed, line 1: 'chr1\t9\t2' is not an interval; 0 <= START <= END expected.",
    ),
    "bed-empty": Case(lambda f: ["-T", f.write("t.bed", "# none\n")], 2, "targets file DIR/t.bed has no regions."),
    "bed-binary": Case(
        lambda f: ["-T", f.write("t.bed", b"\xff\xfe")], 2, "targets file DIR/t.bed is not a text file."
    ),
    "no-bed": Case(
        lambda f: ["-T", f.path / "none.bed"], 2, "targets file DIR/none.bed cannot be read: No such file or directory."
    ),
}


@pytest.fixture
def folder(tmp_path, toy_weights, home, genome, monkeypatch):
    made = Folder(tmp_path, genome, monkeypatch)
    made.write("good.vcf", HEADER + made.rows(3))
    made.write("result/out.vcf", OLD)
    (tmp_path / "weights").symlink_to(toy_weights)
    return made


def files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_error__is_told_and_leaves_no_output(cli, folder, case):
    options = case.options(folder)
    usual = {"-I": "good.vcf", "-O": "result/out.vcf", "-R": "genome.fa", "-A": "genes.txt", "--weights": "weights"}
    usual.pop(case.without, None)
    arguments = [text for name, file in usual.items() for text in (name, folder.path / file)]
    before = set(folder.path.iterdir())

    result = cli(*arguments, "--device", "cpu", *options, command=annotate)

    said = result.stderr.replace(str(folder.path), "DIR")
    expected = f"Error: {case.message}\n" + (f"Hint: {case.hint}\n" if case.hint else "")
    usage = "Usage: annotate [OPTIONS]\nTry 'annotate --help' for help.\n\n"
    assert (result.code, said.removeprefix(usage), result.stdout) == (case.code, expected, b"")
    assert files(folder.path / "result") == {"out.vcf": OLD.encode()}
    assert {path.name for path in set(folder.path.iterdir()) - before} <= {"genome.fa.fai", "my.fa.fai"}


@pytest.mark.parametrize("output_type", ["v", "z", "b", "u"])
def test_file_size_limit__leaves_the_older_file(cli, folder, output_type):
    # What a full disk does to a regular file, without a disk: the first write past the limit fails.
    header = "##fileformat=VCFv4.2\n##contig=<ID=chr1>\n" + HEADER.split("\n")[1] + "\n"
    noise = random.Random(0).randbytes(60_000).hex()
    vcf = folder.write("in.vcf", header + f"chr1\t2\t{noise}\tA\t.\t.\t.\t.\n")
    options = (
        "-I",
        vcf,
        "-O",
        folder.path / "result" / "out.vcf",
        "-R",
        folder.genome.fasta,
        "-A",
        folder.genome.table,
    )
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    try:
        resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, limits[1]))
        weights = ("--weights", folder.path / "weights", "--device", "cpu")
        result = cli(*options, *weights, "--output-type", output_type, command=annotate)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)

    path = folder.path / "result" / "out.vcf"
    assert result.stderr == (
        f"Error: output {path} cannot be written: File too large.\nHint: What was there before is unchanged.\n"
    )
    assert result.code == 1
    assert files(folder.path / "result") == {"out.vcf": OLD.encode()}


WEIGHTS_CASES = {
    "no-wheel": (
        ["install", "--wheel", "none.whl"],
        "wheel none.whl cannot be read: No such file or directory.",
    ),
    "other-wheel": (
        ["install", "--wheel", "other.whl"],
        "other.whl is not the published wheel: SHA-256 is "
        f"{hashlib.sha256(b'other').hexdigest()}, {SPLICEAI.source.sha256} expected.",
    ),
    "not-installed": (
        ["verify"],
        "the weights of spliceai are not installed (no DIR/home/spliceai/weights.safetensors).",
    ),
}


@pytest.mark.parametrize(("arguments", "message"), WEIGHTS_CASES.values(), ids=WEIGHTS_CASES)
def test_weights_error__is_told_and_installs_nothing(cli, tmp_path, home, monkeypatch, arguments, message):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "other.whl").write_bytes(b"other")
    result = cli("weights", *arguments)
    assert result.code == 1
    assert f"Error: {message}\n" in result.stderr.replace(str(tmp_path), "DIR")
    assert not home.exists()
