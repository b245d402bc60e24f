"""The ten example variants of SAI-10k-calc: every column of its table in delta mode."""

from __future__ import annotations

import csv
import importlib.util
import sys
from pathlib import Path

import pytest
from support import builders

from spliceai_cli.consequence.by_scores import Scores
from spliceai_cli.consequence.transcript import Transcript
from spliceai_cli.genes.annotation import read_annotation
from spliceai_cli.genes.gene import Gene
from spliceai_cli.genes.selection import Selection
from spliceai_cli.genome.coords import Interval
from spliceai_cli.genome.fasta import Reference
from spliceai_cli.plan.rules import Rules
from spliceai_cli.scores.sites import DeltaScore
from spliceai_cli.settings.consequence import ConsequenceSettings
from spliceai_cli.variants.variant import Variant

PATH = Path(__file__).parents[2] / "benchmarks" / "sai10k_table.py"

# BRCA2 lies in GRCh37 as it does in GRCh38, this many bases further on. Its coding sequence: c.3 is at 32890600.
_BRCA2_SHIFT = 574_137
# That of BRCA1, on the minus strand: c.5513 is at 41197774, and it has 5,592 bases; c.1 is at 41276113.
_BRCA1_CODING = Interval(41_197_694, 41_276_113)
_BRCA2_CODING = Interval(32_890_597, 32_972_907)


@pytest.fixture(scope="module")
def table():
    spec = importlib.util.spec_from_file_location("sai10k_table", PATH)
    sys.modules["sai10k_table"] = module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def brca1(shared):
    """The transcript, under the name that the table has; the same exons and coding sequence as in Ensembl 75."""
    genes = read_annotation(shared / "annotation/ensembl75_BRCA1_chr17_GRCh37.gtf", Selection(transcripts="all")).genes
    (gene,) = (gene for gene in genes if gene.transcript_id.startswith("ENST00000357654"))
    return _gene("BRCA1", "17", "-", gene.exons, "NM_007294.4", _BRCA1_CODING)


@pytest.fixture(scope="module")
def brca2(shared):
    genes = read_annotation(shared / "annotation/refseq_BRCA2_GRCh38.gtf", Selection(transcripts="all")).genes
    exons = tuple(Interval(start + _BRCA2_SHIFT, end + _BRCA2_SHIFT) for start, end in genes[0].exons)
    return _gene("BRCA2", "13", "+", exons, "NM_000059.4", _BRCA2_CODING)


def _gene(symbol, chrom, strand, exons, transcript_id, coding):
    """A transcript whose coding parts are those of its exons in ``coding``; these files have no CDS."""
    inside = (Interval(max(start, coding.start), min(end, coding.end)) for start, end in exons)
    parts = tuple(part for part in inside if part.start < part.end)
    span = exons[0].start, exons[-1].end
    return Gene(symbol, chrom, strand, *span, exons, transcript_id=transcript_id, coding=parts)


@pytest.fixture(scope="module")
def reference(shared, tmp_path_factory):
    """The window of BRCA1 at its place; of chromosome 13 only the bases of the variants matter here."""
    window = shared / "windows/GRCh37_chr17_41100001-41300000_BRCA1_hg19.fa"
    bases = "".join(window.read_text().splitlines()[1:])
    contigs = {"17": 41_100_000 * "N" + bases, "13": 32_889_804 * "N" + 110_000 * "G"}
    return Reference(builders.write_fasta(tmp_path_factory.mktemp("hg19") / "hg19.fa", contigs, width=100_000))


def test_examples__agree_in_every_column(shared, table, brca1, brca2, reference):
    folder = shared / "consequence"
    with (folder / "sai10k_example_variants_parsed.tsv").open() as handle:
        expected = list(csv.DictReader(handle, delimiter="\t"))
    assert len(expected) == 10
    settings = ConsequenceSettings(method="sai10k")
    for row in expected:
        gene = brca1 if row["#CHROM"] == "17" else brca2
        ref = row["REF"] if gene is brca1 else "G"
        variant = Variant(row["#CHROM"], int(row["POS"]), ref, row["ALT"] if ref != row["ALT"] else "C")
        (job,) = builders.planner(reference, [gene], Rules(4999, 10)).plan(variant).jobs
        names = ("DS_AG", "DS_AL", "DS_DG", "DS_DL", "DP_AG", "DP_AL", "DP_DG", "DP_DL")
        score = DeltaScore.parse("|".join((row["ALT"], gene.symbol, *(row[name] for name in names))))
        transcript = Transcript.of(gene)
        scores = Scores.of(score.effects_by_name, transcript, variant.pos)
        cells = table.row(table.Case(transcript, job.edit, scores), settings)
        assert cells == {name: row[name] for name in table.COLUMNS}, row["ID"]
        assert set(row) == {
            *table.COLUMNS,
            *names,
            "#CHROM",
            "POS",
            "ID",
            "REF",
            "ALT",
            "QUAL",
            "FILTER",
            "ALLELE",
            "SYMBOL",
        }
