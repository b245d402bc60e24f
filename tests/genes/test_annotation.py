"""Annotation files as they are published, against counts and readings that have nothing to do with ours."""

from __future__ import annotations

import csv
import gzip
import random
import subprocess
from collections import defaultdict

import pytest

from spliceai_cli.genes.annotation import read_annotation
from spliceai_cli.genes.check import check_genes
from spliceai_cli.genes.draft import NO_EXONS
from spliceai_cli.genes.selection import Selection
from spliceai_cli.genome.fasta import Reference

ENSEMBL_91 = "GRCh38.chr19.ensembl91.gff3.gz"
FILES = (
    ENSEMBL_91,
    "MANE_chr22_GRCh38.gff",
    "ensembl75_BRCA1_chr17_GRCh37.gtf",
    "flair_gencode_chr12_17_20_GRCh38.gtf",
    "gencode.v34lift37.annotation.subset.gtf.gz",
    "gencode.v41_chr2_subset_GRCh38.gff3",
    "gencode.v47lift37_subset.gff3",
    "ncbi_refseq_hg38.p14_chr2_subset.gff3",
    "refseq_BRCA2_GRCh38.gtf",
)

# Exon lines times their parents, transcripts that they name, genes of those.
COUNT_GTF = r"""
function value(key,   found) {
    if (!match($9, key " \"[^\"]*\"")) return ""
    found = substr($9, RSTART, RLENGTH); gsub(key " |\"", "", found); return found
}
$3 == "exon" {
    exons++
    transcripts[value("transcript_id")] = 1
    genes[value("gene_id")] = 1
}
END { print length(genes), length(transcripts), exons }
"""
COUNT_GFF3 = r"""
function value(key,   found) {
    if (!match($9, "(^|;)" key "=[^;]*")) return ""
    found = substr($9, RSTART, RLENGTH); sub("^;?" key "=", "", found); return found
}
/^#/ { next }
$3 == "exon" { exons += n = split(value("Parent"), parents, ","); for (i = 1; i <= n; i++) transcripts[parents[i]] = 1 }
$3 != "exon" && $3 != "CDS" && value("ID") != "" { above[value("ID")] = value("Parent") }
END {
    for (top in transcripts) { while (above[top] != "") top = above[top]; genes[top] = 1 }
    print length(genes), length(transcripts), exons
}
"""


def awk_counts(path):
    """Genes, transcripts and exons, counted by awk."""
    program = COUNT_GTF if ".gtf" in path.name else COUNT_GFF3
    text = subprocess.run(["gzip", "-dcf", path], check=True, capture_output=True).stdout
    done = subprocess.run(["awk", "-F", r"\t", program], input=text, check=True, capture_output=True)
    return tuple(int(word) for word in done.stdout.split())


@pytest.fixture(scope="session")
def chr19_transcripts(shared):
    return read_annotation(shared / "annotation" / ENSEMBL_91, Selection("all")).genes


@pytest.mark.parametrize("name", FILES)
def test_file__has_as_many_genes_transcripts_and_exons_as_awk_counts(shared, name):
    path = shared / "annotation" / name
    found = read_annotation(path, Selection("all"))
    # Five transcripts of this one have no exon lines.
    assert found.left_out.counts == ({NO_EXONS: 5} if name.startswith("ensembl75") else {})
    n_genes = len({gene.gene_id for gene in found.genes})
    # This excerpt lacks exon lines that isoforms share; 52 of these exons are known by a UTR.
    n_by_utr = 52 if name.startswith("ensembl75") else 0
    n_exons = sum(len(gene.exons) for gene in found.genes) - n_by_utr
    assert (n_genes, len(found.genes), n_exons) == awk_counts(path)


def test_files__are_all_that_there_are(shared):
    assert sorted(path.name for path in (shared / "annotation").iterdir()) == sorted(FILES)


def literal_transcripts(path):
    """Ensembl's GFF3, line by line: (transcript, its version) -> its lines by kind."""
    rows, ids = defaultdict(lambda: defaultdict(list)), {}
    with gzip.open(path, "rt") as handle:
        for row in csv.reader((line for line in handle if line[0] != "#"), delimiter="\t", quoting=csv.QUOTE_NONE):
            tags = dict(pair.split("=", 1) for pair in row[8].split(";"))
            if tags.get("ID", "").startswith("transcript:"):
                ids[tags["ID"]] = f"{tags['transcript_id']}.{tags['version']}"
                rows[tags["ID"]]["transcript"].append((int(row[3]), int(row[4]), row[6]))
            for parent in tags.get("Parent", "").split(","):
                rows[parent][row[2]].append((int(row[3]), int(row[4]), row[7]))
    return {ids[key]: kinds for key, kinds in rows.items() if key in ids}


def test_transcripts__are_those_of_a_literal_reading(shared, chr19_transcripts):
    """Span, strand, exons, coding parts and phase of 200 transcripts of chr19."""
    literal = literal_transcripts(shared / "annotation" / ENSEMBL_91)
    assert {gene.transcript_id for gene in chr19_transcripts} == {
        key for key, kinds in literal.items() if kinds["exon"]
    }
    for gene in random.Random(91).sample(chr19_transcripts, 200):
        kinds = literal[gene.transcript_id]
        assert [(gene.start + 1, gene.end, gene.strand)] == kinds["transcript"]
        assert [(one.start + 1, one.end) for one in gene.exons] == sorted(exon[:2] for exon in kinds["exon"])
        coding = sorted(kinds["CDS"], reverse=gene.strand == "-")
        assert [(one.start + 1, one.end) for one in gene.coding] == sorted(part[:2] for part in coding)
        assert gene.phase == (int(coding[0][2]) if coding else 0)


def gt_ag_share(genes, fasta):
    found = check_genes(genes, Reference(fasta))
    return found.n_introns, found.dinucleotides["GT-AG"] / found.n_introns


@pytest.mark.golden
def test_introns_of_chr19__nearly_all_begin_with_gt_and_end_with_ag(chr19, chr19_transcripts):
    n_introns, share = gt_ag_share(chr19_transcripts, chr19)
    assert n_introns == 58_933
    assert share == pytest.approx(0.9807, abs=0.001)


@pytest.mark.golden
def test_canonical_transcripts_of_chr19__are_better_than_all(shared, chr19):
    selection = Selection("canonical", biotypes=("protein_coding",))
    _, share = gt_ag_share(read_annotation(shared / "annotation" / ENSEMBL_91, selection).genes, chr19)
    assert share >= 0.985
