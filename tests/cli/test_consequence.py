"""``consequence``: predicted transcripts from records that have scores."""

from __future__ import annotations

import pytest
from support.builders import VCF_HEADER
from support.records import info, vcf_text

from spliceai_cli.annotate.from_scores import read_scores
from spliceai_cli.scores.sites import SITES
from spliceai_cli.vcf.reader import Record


def test_consequence__from_scores_needs_no_networks(
    cli, annotate_toy, records_in_genes, coding_table, genome, tmp_path
):
    """The same events as in the run that made the scores, by the same rules: the scores have two decimals in both."""
    pairs = ("min-pair=0", "max-pair=0.01", "min-gain=0.01", "reach=400")
    low = [argument for pair in pairs for argument in ("--consequence-with", pair)]
    scored = tmp_path / "scored.vcf"
    common = ("-A", coding_table, "-D", "400", "--raw")
    made = annotate_toy(*common, "--consequence", "sai10k-refalt", *low, stdin=vcf_text(*records_in_genes))
    annotate_toy(*common, "-O", scored, stdin=vcf_text(*records_in_genes))
    result = cli("consequence", scored, "-R", genome.fasta, "-A", coding_table, "--method", "sai10k-refalt", *low)
    assert result.code == 0, result.stderr
    for one, two in zip(made.records, result.records, strict=True):
        before, after = info(one), info(two)
        texts = [sorted(fields.pop("SpliceAI_CSQ", "").split(",")) for fields in (before, after)]
        before.pop("SpliceAI_EXON", None)
        assert before == after
        # The criteria come from the unrounded score in one, from two decimals in the other.
        assert [[t.rpartition("|")[0] for t in side] for side in texts][0] == [t.rpartition("|")[0] for t in texts[1]]


@pytest.mark.parametrize("has_ids", [True, False])
def test_consequence__has_each_transcript_once(cli, annotate_toy, genome, coding_table, tmp_path, has_ids):
    """Two transcripts of one symbol used to get the events of both scores, four in place of two."""
    rows = coding_table.read_text().splitlines()
    twice = [rows[0], *(row.replace("MINUS", "PLUS") for row in rows[1:])]
    (tmp_path / "twice.txt").write_text("\n".join(twice) + "\n")
    scored = tmp_path / "scored.vcf"
    record = ("chr1", 450, genome.base("chr1", 450), genome.other("chr1", 450))
    options = ("-A", tmp_path / "twice.txt", "-D", "400", *(["--transcript-id"] if has_ids else []))
    annotate_toy(*options, "-O", scored, stdin=vcf_text(record))
    result = cli("consequence", scored, "-R", genome.fasta, "-A", tmp_path / "twice.txt")
    if not has_ids:
        assert result.code == 1
        assert "2 different values for PLUS, and no INFO/SpliceAI_TX" in " ".join(result.stderr.split())
        return
    assert result.code == 0, result.stderr
    (found,) = result.records
    transcripts = [text.split("|")[2] for text in info(found)["SpliceAI_CSQ"].split(",")]
    assert sorted(set(transcripts)) == ["NM_0.1", "NM_1.1"]
    assert len(transcripts) == 2


@pytest.mark.parametrize(
    ("name", "options", "text"),
    [
        ("out.tsv", (), "is the name of a table without compression, but a VCF is written"),
        ("out.vcf", ("--output-type", "z"), "is the name of a VCF without compression, but --output-type is z"),
    ],
)
def test_consequence__refuses_a_name_of_something_else(cli, genome, coding_table, tmp_path, name, options, text):
    (tmp_path / "in.vcf").write_text("##x\n")
    result = cli(
        "consequence", tmp_path / "in.vcf", "-R", genome.fasta, "-A", coding_table, "-O", tmp_path / name, *options
    )
    assert (result.code, text in " ".join(result.stderr.split())) == (2, True)


def test_consequence__replaces_its_own_header_line(cli, annotate_toy, records_in_genes, coding_table, genome, tmp_path):
    """The line used to stay when the scores were made again."""
    scored, out = tmp_path / "scored.vcf", tmp_path / "out.vcf"
    annotate_toy("-A", coding_table, "-D", "400", "--transcript-id", "-O", scored, stdin=vcf_text(*records_in_genes))
    assert cli("consequence", scored, "-R", genome.fasta, "-A", coding_table, "-O", out).code == 0
    assert b"##spliceai-annotate=<ID=SpliceAI_CSQ," in out.read_bytes()
    again = annotate_toy("-A", coding_table, "-D", "400", "--transcript-id", stdin=out.read_bytes())
    assert again.stdout == scored.read_bytes()


def test_consequence__warns_of_a_small_distance(cli, annotate_toy, records_in_genes, coding_table, genome, tmp_path):
    scored = tmp_path / "scored.vcf"
    annotate_toy("-A", coding_table, "-O", scored, stdin=vcf_text(*records_in_genes))
    result = cli("consequence", scored, "-R", genome.fasta, "-A", coding_table)
    assert "with -D 50: sites beyond it are not seen" in result.stderr


def test_consequence__refuses_a_vcf_without_scores(cli, records_in_genes, coding_table, genome, tmp_path):
    bare = tmp_path / "bare.vcf"
    bare.write_bytes(vcf_text(*records_in_genes))
    result = cli("consequence", bare, "-R", genome.fasta, "-A", coding_table)
    assert (result.code, "has no INFO/SpliceAI" in result.stderr) == (1, True)


def test_read_scores__with_probabilities_in_either_place():
    four = "0.10|0.20|0.30|0.40|1|2|3|4"
    value = f"T|G|{four}|0.1|0.2|0.3|0.4|0.5|0.6|0.7|0.8"
    raw = "T|G|0.1|0.5|0.2|0.6|0.3|0.7|0.4|0.8"
    texts = (f"SpliceAI={value}", f"SpliceAI=T|G|{four};SpliceAI_RAW={raw}", f"SpliceAI=T|G|{four}")
    found = [next(read_scores(Record(f"1\t5\t.\tA\tT\t.\t.\t{text}\n".encode(), 1), "SpliceAI")) for text in texts]
    assert found[0] == found[1]
    assert [(e.ref, e.alt) for e in found[0].effects] == [(0.1, 0.5), (0.2, 0.6), (0.3, 0.7), (0.4, 0.8)]
    assert found[2].acceptor_gain.ref is None


SCORES = "0.00|0.85|0.00|0.90|0|0|0|0"
DECLARED = f'##INFO=<ID=SpliceAI,Number=.,Type=String,Description="Format: {SITES.format}">\n'


def scored_vcf(path, *records):
    """A VCF of SNVs with one value of INFO/SpliceAI each."""
    lines = (
        "\t".join((chrom, str(pos), ".", ref, alt, ".", ".", f"SpliceAI={value}"))
        for chrom, pos, ref, alt, value in records
    )
    path.write_text(VCF_HEADER.replace("#CHROM", f"{DECLARED}#CHROM") + "\n".join(lines) + "\n")
    return path


def test_consequence__says_why_scored_alleles_have_none(cli, genome, coding_table, tmp_path):
    """They used to be left out without a word."""
    ref, alt = genome.base("chr1", 262), genome.other("chr1", 262)
    vcf = scored_vcf(
        tmp_path / "in.vcf",
        ("chr1", 262, ref, alt, f"{alt}|PLUS|{SCORES}"),
        ("chr1", 262, ref, alt, f"{alt}|NOBODY|{SCORES}"),
        ("chr1", 262, alt, ref, f"{ref}|PLUS|{SCORES}"),
        ("chr1", 262, ref, alt, f"{alt}|PLUS|.|.|.|.|.|.|.|."),
        ("chr1", 262, ref, alt, "."),
    )  # fmt: skip
    result = cli("consequence", vcf, "-R", genome.fasta, "-A", coding_table)
    assert result.code == 0, result.stderr
    said = [line.split(" (first")[0] for line in result.stderr.splitlines()[-3:]]
    assert said == [
        "1 allele with consequences; 2 alleles with scores and no consequences",
        "  1  with scores of genes or transcripts that -A does not have there",
        "  1  with a REF that differs from the FASTA",
    ]
    assert [b"SpliceAI_CSQ=" in line for line in result.stdout.splitlines()[-5:]] == [True, *4 * [False]]


def test_consequence__refuses_another_assembly(cli, genome, coding_table, tmp_path):
    """A VCF of GRCh37 on GRCh38 used to end well, without consequences."""
    records = [
        ("chr1", pos, genome.other("chr1", pos), genome.base("chr1", pos), f"{genome.base('chr1', pos)}|PLUS|{SCORES}")
        for pos in range(262, 282)
    ]
    vcf, out = scored_vcf(tmp_path / "in.vcf", *records), tmp_path / "out.vcf"
    options = ("-R", genome.fasta, "-A", coding_table, "-O", out)
    result = cli("consequence", vcf, *options)
    assert (result.code, out.exists()) == (1, False)
    assert "different assemblies: 20 of 20 REF alleles (100 %) do not match the FASTA" in " ".join(
        result.stderr.split()
    )
    assert cli("consequence", vcf, *options, "--max-ref-mismatch", "100").code == 0
    elsewhere = scored_vcf(tmp_path / "else.vcf", ("chr9", 5, "A", "T", f"T|PLUS|{SCORES}"))
    assert cli("consequence", elsewhere, *options).code == 1
    assert cli("consequence", elsewhere, *options, "--allow-missing-contigs").code == 0


@pytest.mark.parametrize(
    ("old", "new", "text"),
    [
        ("0.85", "8.5", "DS_AL is '8.5', a number up to 1 expected."),
        ("0.85", "nan", "DS_AL is 'nan', a number up to 1 expected."),
        ("0.85", ".", "DS_AL is '.', a number up to 1 expected."),
        ("0.90|0", "0.90|1e3", "DP_AG is '1e3', a whole number expected."),
        ("|0|0|0|0", "|0|0|0|0|0.1|0.1|0.1|0.1|0.2|0.2|0.2|2", "a probability is '2', a number from 0 to 1 expected."),
    ],
)
def test_consequence__refuses_what_is_no_score(cli, genome, coding_table, tmp_path, old, new, text):
    """8.5 and nan used to be scores; of others, only Python's own words were said."""
    ref, alt = genome.base("chr1", 262), genome.other("chr1", 262)
    vcf = scored_vcf(tmp_path / "in.vcf", ("chr1", 262, ref, alt, f"{alt}|PLUS|{SCORES.replace(old, new)}"))
    result = cli("consequence", vcf, "-R", genome.fasta, "-A", coding_table)
    assert (result.code, f"line 4: {text}" in " ".join(result.stderr.split())) == (1, True), result.stderr


def test_consequence__says_that_probabilities_are_missing(cli, genome, coding_table, tmp_path):
    """Without them, sai10k-refalt used to leave out every moved end of an exon without a word."""
    ref, alt = genome.base("chr1", 262), genome.other("chr1", 262)
    bare = scored_vcf(tmp_path / "bare.vcf", ("chr1", 262, ref, alt, f"{alt}|PLUS|{SCORES}"))
    full = scored_vcf(tmp_path / "full.vcf", ("chr1", 262, ref, alt, f"{alt}|PLUS|{SCORES}" + 8 * "|0.5"))
    said = "without probabilities of REF and ALT"
    for vcf, method, is_said in (
        (bare, "sai10k-refalt", True),
        (bare, "sai10k", False),
        (full, "sai10k-refalt", False),
    ):
        result = cli("consequence", vcf, "-R", genome.fasta, "-A", coding_table, "--method", method)
        assert (result.code, said in " ".join(result.stderr.split())) == (0, is_said), result.stderr


@pytest.mark.parametrize(
    ("threshold", "said"),
    [
        ("min-site=0", "min-site is 0; 0.001 to 1 expected."),
        ("min_gain=2", "min-gain is 2; -1 to 1 expected."),
        ("min-pair=nan", "min-pair is nan; -1 to 1 expected."),
        ("min-exon=600", "min-exon is 600 and max-exon 500; min-exon must not be larger."),
        ("max-pair=0.01", "min-pair is 0.02 and max-pair 0.01; min-pair must not be larger."),
    ],
)
def test_threshold_out_of_range__has_the_name_that_is_typed(cli, genome, coding_table, tmp_path, threshold, said):
    vcf = tmp_path / "in.vcf"
    vcf.write_text(VCF_HEADER)
    given = ("consequence", vcf, "-R", genome.fasta, "-A", coding_table, "--consequence-with", threshold)
    result = cli(*given)
    assert result.code == 2
    assert f"Error: {said}" in result.stderr
