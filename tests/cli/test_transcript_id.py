"""``--transcript-id``: the transcript beside each score, in INFO and in the table."""

from __future__ import annotations

from dataclasses import replace

import pysam
import pytest
from support import builders, toy_networks
from support.records import info, vcf_text

from spliceai_cli.cli.main import annotate
from spliceai_cli.genes.table import format_table
from spliceai_cli.scores.tissues import TISSUES

TX_LINE = (
    '##INFO=<ID=SpliceAI_TX,Number=.,Type=String,Description="Transcript of each value of SpliceAI, in their order; '
    '. where the annotation has no ID">'
)
COMPLEMENT = str.maketrans("ACGT", "TGCA")
IDS = {"PLUS": "NM_1.2", "MINUS": "my;tx 1,a|b=c%", "EDGE": ""}
TEXTS = {"PLUS": "NM_1.2", "MINUS": "my%3Btx%201%2Ca%7Cb%3Dc%25", "EDGE": "."}


@pytest.fixture
def table(genome, tmp_path):
    """The gene table with transcript IDs: as usual, not fit for INFO, none; PLUS has two transcripts."""
    genes = [replace(gene, transcript_id=IDS[gene.symbol]) for gene in genome.genes]
    shorter = replace(genes[0], start=150, exons=genes[0].exons[1:], transcript_id="NM_2.1")
    path = tmp_path / "with_ids.txt"
    path.write_text(format_table([genes[0], shorter, *genes[1:]]))
    return path


@pytest.fixture
def variants(genome):
    """In one gene; in two genes, with an ALT that has no score; in none; in one without an ID; an MNV."""

    def alts(chrom, pos, *more):
        return (chrom, pos, genome.base(chrom, pos), ",".join((genome.other(chrom, pos), *more)))

    return vcf_text(
        alts("chr1", 200),
        alts("chr1", 450, "<DEL>", genome.base("chr1", 450) + "TT"),
        alts("chr1", 950),
        alts("chr2", 100),
        ("chr1", 460, genome.base("chr1", 460, 2), "TTN"),
    )


def symbols_and_transcripts(record, key="SpliceAI"):
    fields = info(record)
    symbols = [value.split("|")[1] for value in fields.get(key, "").split(",") if value]
    return symbols, fields.get(f"{key}_TX", "").split(",") if f"{key}_TX" in fields else []


def test_transcript_id__is_there_for_each_value_in_their_order(annotate_toy, variants, table):
    plain = annotate_toy("-A", table, stdin=variants)
    result = annotate_toy("-A", table, "--transcript-id", stdin=variants)
    assert (result.code, "Warning" in result.stderr) == (0, False)
    assert TX_LINE in result.stdout.decode().splitlines()
    assert [symbols_and_transcripts(record) for record in result.records] == [
        (["PLUS", "PLUS"], ["NM_1.2", "NM_2.1"]),
        (["PLUS", "PLUS", "MINUS"] * 2, ["NM_1.2", "NM_2.1", TEXTS["MINUS"]] * 2),
        ([], []),
        (["EDGE"], ["."]),
        (["PLUS", "PLUS", "MINUS"], ["NM_1.2", "NM_2.1", TEXTS["MINUS"]]),
    ]
    # Nothing else changes, the header line of what the scores were made with included.
    without = [line for line in result.stdout.decode().splitlines() if line != TX_LINE]
    assert [line.partition(";SpliceAI_TX=")[0] for line in without] == plain.stdout.decode().splitlines()


def test_transcript_id__is_there_for_rows_of_dots(annotate_toy, tmp_path):
    bases = builders.random_bases(12_000, seed=3)
    fasta = builders.write_fasta(tmp_path / "long.fa", {"chr1": bases})
    gene = builders.gene("G", "1", "+", 5000, 7000)
    table = tmp_path / "long.txt"
    table.write_text(format_table([replace(gene, transcript_id=name) for name in ("T1", "", "T3")]))
    snv, mnv = bases[5999].translate(COMPLEMENT), bases[5999:6001].translate(COMPLEMENT)
    text = vcf_text(("chr1", 6000, bases[5999:6001], f"{mnv},{bases[5999]}"), ("chr1", 6000, bases[5999], snv))
    result = annotate_toy("-R", fasta, "-A", table, "--transcript-id", "--compat", "1.3.1", stdin=text)
    first, second = map(info, result.records)
    assert first["SpliceAI"].startswith(f"{mnv}|G|.|.|.|.|.|.|.|.,{mnv}|G|.")
    assert (first["SpliceAI_TX"], second["SpliceAI_TX"]) == ("T1,.,T3,T1,.,T3", "T1,.,T3")


def test_transcript_id__of_all_transcripts_of_gff3(annotate_toy, genome, tmp_path):
    gff = tmp_path / "genes.gff3"
    rows = [
        "gene\t101\t500\t.\t+\t.\tID=g;Name=ONE",
        *(
            line
            for name, first in (("T1.3", 101), ("T2.1", 151))
            for line in (
                f"mRNA\t{first}\t500\t.\t+\t.\tID={name};Parent=g;transcript_id={name}",
                f"exon\t{first}\t500\t.\t+\t.\tParent={name}",
            )
        ),
    ]
    gff.write_text("##gff-version 3\n" + "".join(f"chr1\ttest\t{row}\n" for row in rows))
    one = vcf_text(("chr1", 200, genome.base("chr1", 200), genome.other("chr1", 200)))
    options = ("-A", gff, "--no-annotation-cache", "--transcript-id")
    for transcripts, expected in (("all", "T1.3,T2.1"), ("canonical", "T1.3")):
        [record] = annotate_toy(*options, "--transcripts", transcripts, stdin=one).records
        assert info(record)["SpliceAI_TX"] == expected
        assert info(record)["SpliceAI"].count("|ONE|") == expected.count("T")


def test_transcript_id__of_several_models(cli, genome, table, variants, tmp_path, home):
    spec = replace(
        toy_networks.RANDOM_SPEC,
        scoring=TISSUES.name,
        classes=("neither", "splice"),
        groups=("liver", "brain"),
        n_networks=4,
    )
    toy_networks.save(tmp_path / "sites", toy_networks.RANDOM_SPEC, toy_networks.random_tensors())
    toy_networks.save(tmp_path / "tissues", spec, toy_networks.random_tensors(spec, 1))
    models = ("--model", f"Sites={tmp_path / 'sites'}", "--model", f"Tissues={tmp_path / 'tissues'}")
    fixed = ("-R", genome.fasta, "-A", table, "--device", "cpu", "--no-progress", "--transcript-id")
    result = cli(*fixed, *models, stdin=variants, command=annotate)
    assert result.code == 0, result.stderr
    fields = info(result.records[1])
    expected = ",".join(["NM_1.2", "NM_2.1", TEXTS["MINUS"]] * 2)
    assert (fields["Sites_TX"], fields["Tissues_TX"]) == (expected, expected)
    assert fields["Tissues"].count(",") == expected.count(",")


def test_transcript_id__without_any_in_the_annotation_is_a_dot_and_a_warning(annotate_toy, variants, genome):
    result = annotate_toy("--transcript-id", stdin=variants)
    assert [info(record).get("SpliceAI_TX") for record in result.records] == [".", ".,.,.,.", None, ".", ".,."]
    told = f"Warning: --transcript-id: {genome.table} has no transcript IDs, so every value is '.'."
    assert told in result.stderr.splitlines()


def test_transcript_id__old_values_go_or_stay_with_their_scores(annotate_toy, variants, table):
    first = annotate_toy("-A", table, "--transcript-id", stdin=variants)
    again = annotate_toy("-A", table, "--transcript-id", stdin=first.stdout)
    assert again.stdout == first.stdout
    # Without the option neither field nor line is left.
    assert annotate_toy("-A", table, stdin=first.stdout).stdout == annotate_toy("-A", table, stdin=variants).stdout
    kept = annotate_toy("-A", table, "--existing", "keep", stdin=first.stdout)
    assert kept.stdout == first.stdout


def test_transcript_id__is_a_column_of_the_table(annotate_toy, variants, table):
    plain = annotate_toy("-A", table, "--tsv", stdin=variants)
    result = annotate_toy("-A", table, "--tsv", "--transcript-id", stdin=variants)
    assert result.code == 0, result.stderr
    heading, *lines = [line.split("\t") for line in result.stdout.decode().splitlines()]
    assert heading[5:10] == ["SYMBOL", "GENE_ID", "TRANSCRIPT_ID", "STRAND", "DS_AG"]
    assert [(line[5], line[7]) for line in lines] == [
        ("PLUS", "NM_1.2"),
        ("PLUS", "NM_2.1"),
        *[("PLUS", "NM_1.2"), ("PLUS", "NM_2.1"), ("MINUS", TEXTS["MINUS"])],
        (".", "."),
        *[("PLUS", "NM_1.2"), ("PLUS", "NM_2.1"), ("MINUS", TEXTS["MINUS"])],
        (".", "."),
        ("EDGE", "."),
        *[("PLUS", "NM_1.2"), ("PLUS", "NM_2.1"), ("MINUS", TEXTS["MINUS"])],
    ]
    # It is there without the option, too.
    assert result.stdout == plain.stdout


def test_transcript_id__has_no_room_in_the_precomputed_layout(annotate_toy, variants):
    result = annotate_toy("--transcript-id", "--layout", "precomputed", stdin=variants)
    assert result.code == 2
    assert result.stderr.endswith(
        "--transcript-id adds an INFO field; it cannot be combined with --layout precomputed.\n"
    )


def test_transcript_id__is_declared_for_bcf(annotate_toy, variants, table, tmp_path):
    path = tmp_path / "out.bcf"
    assert annotate_toy("-A", table, "--transcript-id", "-O", path, stdin=variants).code == 0
    with pysam.VariantFile(str(path)) as bcf:
        assert next(bcf).info["SpliceAI_TX"] == ("NM_1.2", "NM_2.1")


def test_table__shows_the_transcripts_of_a_file_that_has_them(cli, annotate_toy, variants, table, tmp_path):
    path = tmp_path / "out.vcf"
    annotate_toy("-A", table, "--transcript-id", "-O", path, stdin=variants)
    heading, *lines = cli("table", path, "-A", table).stdout.decode().splitlines()
    assert heading.split() == ["VARIANT", "GENE", "TRANSCRIPT", "AG", "AL", "DG", "DL", "READING"]
    assert [line.split()[2:4] for line in lines[:2]] == [["PLUS", "NM_1.2"], ["PLUS", "NM_2.1"]]
    assert IDS["MINUS"] in lines[4]
    annotate_toy("-A", table, "-O", path, stdin=variants)
    assert b"TRANSCRIPT" not in cli("table", path, "-A", table).stdout


def test_table__refuses_more_or_fewer_transcripts_than_scores(cli, annotate_toy, variants, table, tmp_path):
    path = tmp_path / "out.vcf"
    annotate_toy("-A", table, "--transcript-id", "-O", path, stdin=variants)
    path.write_text(path.read_text().replace("SpliceAI_TX=NM_1.2,NM_2.1\n", "SpliceAI_TX=NM_1.2\n"))
    result = cli("table", path, "-A", table)
    number = next(i for i, line in enumerate(path.read_text().splitlines(), 1) if line.startswith("chr1"))
    assert (result.code, result.stdout) == (1, b"")
    assert result.stderr == (f"Error: {path}: line {number} has 2 values of INFO/SpliceAI and 1 of INFO/SpliceAI_TX.\n")
