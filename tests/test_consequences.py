"""Consequences from networks, from records with scores, and in every output."""

from __future__ import annotations

import json
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from support.records import info, vcf_text

from spliceai_cli import Compute, ConsequenceSettings, Scorer, Settings, Variant
from spliceai_cli.annotate.from_scores import read_scores
from spliceai_cli.consequence.translate import translate_to_stop
from spliceai_cli.errors import UsageError
from spliceai_cli.genes.table import format_table
from spliceai_cli.genome.coords import Interval
from spliceai_cli.scores.consequence import CSQ_FORMAT, EXON_FORMAT, Consequence, ExonInclusion
from spliceai_cli.vcf.reader import Record

pytestmark = pytest.mark.usefixtures("one_thread")

# The toy networks know nothing of splicing: low thresholds make events of what little they say.
LOW = ("min-largest=0", "min-weight=0", "min-pair=0", "max-pair=0", "min-gain=0.01", "reach=400")
WITH = [argument for pair in LOW for argument in ("--consequence-with", pair)]
SETTINGS = ConsequenceSettings(min_largest=0.0, min_weight=0.0, min_pair=0.0, max_pair=0.0, min_gain=0.01, reach=400)


@pytest.fixture
def table(genome, tmp_path):
    """The gene table with coding parts and IDs."""
    genes = [
        replace(gene, transcript_id=f"NM_{i}.1", coding=tuple(Interval(*exon) for exon in gene.exons))
        for i, gene in enumerate(genome.genes)
    ]
    path = tmp_path / "coding.txt"
    path.write_text(format_table(genes))
    return path


@pytest.fixture
def variants(genome):
    def alts(chrom, pos, *more, n=1):
        return (chrom, pos, genome.base(chrom, pos, n), ",".join((genome.other(chrom, pos), *more)))

    return [
        alts("chr1", 181),
        alts("chr1", 262, "<*>", genome.base("chr1", 262) + "GTGAG"),
        alts("chr1", 331, n=4),
        alts("chr1", 600),
        alts("chr1", 950),
        alts("chr2", 61),
    ]


def scorer(genome, table, toy_weights, **more):
    return Scorer(
        reference=genome.fasta,
        annotation=table,
        settings=Settings(distance=20),
        compute=Compute(device="cpu", weights=toy_weights),
        **more,
    )


def test_scores__are_the_same_with_consequences(genome, table, toy_weights, variants):
    alleles = [Variant(c, p, r, a) for c, p, r, alts in variants for a in alts.split(",")]
    plain = list(scorer(genome, table, toy_weights).score(alleles))
    more = list(scorer(genome, table, toy_weights, consequence=SETTINGS).score(alleles))
    for one, two in zip(plain, more, strict=True):
        assert (one.variant, one.skip, len(one.scores)) == (two.variant, two.skip, len(two.scores))
        for a, b in zip(one.scores, two.scores, strict=True):
            assert str(a) == str(b)
            np.testing.assert_allclose([e.score for e in a.effects], [e.score for e in b.effects], atol=2e-6)
        assert not one.consequences
        assert {c.symbol for c in two.consequences} == {score.symbol for score in two.scores}
        assert {i.symbol for i in two.inclusions} == {score.symbol for score in two.scores}


def test_profiles__are_the_same_with_consequences(genome, table, toy_weights):
    variant = Variant("chr1", 262, genome.base("chr1", 262), genome.base("chr1", 262) + "GTGAG")
    (plain,) = scorer(genome, table, toy_weights).profiles(variant)
    (more,) = scorer(genome, table, toy_weights, consequence=SETTINGS).profiles(variant)
    assert plain.positions.tolist() == more.positions.tolist()
    np.testing.assert_allclose(plain.alt, more.alt, atol=2e-6)
    assert more.consequences


def test_inclusion__sees_the_whole_exon_whatever_the_reach(genome, table, toy_weights):
    """EDGE's second exon has 100 bases; a reach of 1 used to hide both ends."""
    near = scorer(genome, table, toy_weights, consequence=replace(SETTINGS, reach=1))
    far = scorer(genome, table, toy_weights, consequence=SETTINGS)
    variant = Variant("chr2", 250, genome.base("chr2", 250), genome.other("chr2", 250))
    own = [next(i for i in next(s.score([variant])).inclusions if i.exon == 2) for s in (near, far)]
    assert own[0].change == pytest.approx(own[1].change, abs=1e-5)
    assert own[0].donor is None  # the last exon


def test_mane__comes_first(genome, table, toy_weights):
    made = scorer(genome, table, toy_weights, consequence=SETTINGS)
    plan = made.plan(Variant("chr1", 450, genome.base("chr1", 450), genome.other("chr1", 450)))
    assert [job.gene.symbol for job in plan.jobs] == ["PLUS", "MINUS"]
    plus, minus = plan.jobs
    jobs = (plus, minus._replace(gene=replace(minus.gene, mane="MANE_Select")))
    ((_, (outcome,)),) = made.stream([(None, (plan._replace(jobs=jobs),))])
    symbols = [c.symbol for c in outcome.consequences]
    assert symbols == sorted(symbols)  # MINUS before PLUS
    assert outcome.consequences[0].mane == "MANE_Select"


def test_tissue_models__have_no_consequences(genome, tissue_weights):
    with pytest.raises(UsageError, match="consequences need a model of acceptors and donors"):
        scorer(genome, genome.table, tissue_weights, consequence=SETTINGS)


def test_annotate__adds_fields_that_parse_back(annotate_toy, variants, table, tmp_path):
    plain = annotate_toy("-A", table, stdin=vcf_text(*variants))
    result = annotate_toy(
        "-A", table, "--consequence", *WITH, "--consequence-fasta", tmp_path / "out.fa", stdin=vcf_text(*variants)
    )
    assert (plain.code, result.code) == (0, 0), result.stderr
    header = [line for line in result.stdout.decode().splitlines() if line.startswith("##INFO=<ID=SpliceAI_")]
    assert [CSQ_FORMAT in header[0], EXON_FORMAT in header[1]] == [True, True]
    assert 'Consequence="profile"' in result.stdout.decode()
    assert 'Consequence_reach="400"' in result.stdout.decode()
    n_events = 0
    for before, after in zip(plain.records, result.records, strict=True):
        fields = info(after)
        texts = [text for text in fields.pop("SpliceAI_CSQ", "").split(",") if text]
        changes = [text for text in fields.pop("SpliceAI_EXON", "").split(",") if text]
        assert fields == info(before)
        assert [str(Consequence.parse(text, "SpliceAI")) for text in texts] == texts
        assert [str(ExonInclusion.parse(text, "SpliceAI")) for text in changes] == changes
        scored = {tuple(text.split("|")[:2]) for text in fields.get("SpliceAI", "").split(",") if text}
        assert {tuple(text.split("|")[:2]) for text in texts} == scored
        n_events += sum("no_effect" not in text for text in texts)
    assert n_events > 3
    check_fasta(tmp_path / "out.fa")


def check_fasta(path: Path):
    """Each protein is what its transcript reads from some start codon on."""
    entries = [entry.partition("\n") for entry in path.read_text().split(">")[1:]]
    texts = {name.split()[0]: letters.replace("\n", "") for name, _, letters in entries}
    proteins = {name: acids for name, acids in texts.items() if name.endswith("|protein")}
    for name, acids in proteins.items():
        bases = texts[name.replace("|protein", "|rna")]
        assert any(translate_to_stop(bases[i:]) == acids for i in range(len(bases)))
    assert len(texts) > len(proteins)


@pytest.mark.skipif(shutil.which("bcftools") is None, reason="no bcftools")
def test_split_vep__reads_the_field(annotate_toy, variants, table, tmp_path):
    out = tmp_path / "out.vcf"
    assert annotate_toy("-A", table, "--consequence", *WITH, "-O", out, stdin=vcf_text(*variants)).code == 0
    query = "%POS\t%ALLELE\t%SYMBOL\t%Consequence\t%PROTEIN\n"
    command = ["bcftools", "+split-vep", str(out), "-a", "SpliceAI_CSQ", "-d", "-f", query]
    found = subprocess.run(command, capture_output=True, text=True, check=False)
    assert found.returncode == 0, found.stderr
    rows = [line.split("\t") for line in found.stdout.splitlines()]
    texts = [
        (record.pos, *text.split("|"))
        for record in (Record(line + b"\n", 1) for line in out.read_bytes().splitlines() if not line.startswith(b"#"))
        for text in record.values("SpliceAI_CSQ")
    ]
    assert [tuple(row) for row in rows] == [(str(t[0]), t[1], t[2], t[5], t[16]) for t in texts]


def test_old_values__are_replaced_or_removed(annotate_toy, variants, table):
    first = annotate_toy("-A", table, "--consequence", *WITH, stdin=vcf_text(*variants))
    again = annotate_toy("-A", table, "--consequence", *WITH, stdin=first.stdout)
    assert again.stdout == first.stdout
    plain = annotate_toy("-A", table, stdin=vcf_text(*variants))
    assert annotate_toy("-A", table, stdin=first.stdout).stdout == plain.stdout


def test_tsv__has_a_line_for_each_consequence(annotate_toy, variants, table):
    result = annotate_toy("-A", table, "--tsv", "--consequence", *WITH, stdin=vcf_text(*variants))
    heading, *rows = [line.split("\t") for line in result.stdout.decode().splitlines()]
    assert heading[-4:] == ["RNA", "PROTEIN", "EVIDENCE", "DLOGIT"]
    assert {len(row) for row in rows} == {len(heading)}
    vcf = annotate_toy("-A", table, "--consequence", *WITH, stdin=vcf_text(*variants))
    n_events = sum(len(info(record).get("SpliceAI_CSQ", "").split(",")) for record in vcf.records if "CSQ" in record[7])
    assert sum(row[heading.index("CONSEQUENCE")] != "." for row in rows) == n_events


def test_score__says_it_in_words_and_in_json(cli, genome, table, toy_weights):
    fixed = ("-R", genome.fasta, "-A", table, "--weights", toy_weights, "--device", "cpu", "--consequence", *WITH)
    text = f"chr1:262:{genome.base('chr1', 262)}:{genome.other('chr1', 262)}"
    lines = cli("score", text, *fixed).stdout.decode().splitlines()
    at = lines.index("CONSEQUENCES")
    assert "PLUS NM_0.1" in lines[at + 1]
    assert "log-odds" in lines[at + 1]
    (answer,) = json.loads(cli("score", text, "--json", *fixed).stdout)
    assert {"event", "weight", "frame", "nmd", "rna", "protein", "text"} <= set(answer["consequences"][0])
    assert answer["exons"][0]["donor"].keys() == {"ref", "alt"}


def test_table__shows_what_the_vcf_says(cli, annotate_toy, variants, table, tmp_path):
    out = tmp_path / "out.vcf"
    annotate_toy("-A", table, "--consequence", *WITH, "-O", out, stdin=vcf_text(*variants))
    lines = cli("table", out, "-A", table).stdout.decode().splitlines()
    assert "CONSEQUENCES" in lines
    assert any("chr2:61" in line and "EDGE NM_2.1" in line for line in lines[lines.index("CONSEQUENCES") :])


def test_plot__draws_predicted_exons(cli, genome, table, toy_weights, tmp_path):
    fixed = ("-R", genome.fasta, "-A", table, "--weights", toy_weights, "--device", "cpu")
    text = f"chr1:262:{genome.base('chr1', 262)}:{genome.other('chr1', 262)}"
    plain, more = tmp_path / "plain.svg", tmp_path / "more.svg"
    assert cli("plot", text, "-o", plain, *fixed).code == 0
    assert cli("plot", text, "-o", more, *fixed, "--consequence", *WITH).code == 0
    assert plain.read_bytes() != more.read_bytes()


def test_consequence__from_scores_needs_no_networks(cli, annotate_toy, variants, table, genome, tmp_path):
    """The same events as in the run that made the scores, by the same rules: the scores have two decimals in both."""
    pairs = ("min-pair=0", "max-pair=0.01", "min-gain=0.01", "reach=400")
    low = [argument for pair in pairs for argument in ("--consequence-with", pair)]
    scored = tmp_path / "scored.vcf"
    common = ("-A", table, "-D", "400", "--raw")
    made = annotate_toy(*common, "--consequence", "sai10k-refalt", *low, stdin=vcf_text(*variants))
    annotate_toy(*common, "-O", scored, stdin=vcf_text(*variants))
    result = cli("consequence", scored, "-R", genome.fasta, "-A", table, "--method", "sai10k-refalt", *low)
    assert result.code == 0, result.stderr
    for one, two in zip(made.records, result.records, strict=True):
        before, after = info(one), info(two)
        texts = [sorted(fields.pop("SpliceAI_CSQ", "").split(",")) for fields in (before, after)]
        before.pop("SpliceAI_EXON", None)
        assert before == after
        # The criteria come from the unrounded score in one, from two decimals in the other.
        assert [[t.rpartition("|")[0] for t in side] for side in texts][0] == [t.rpartition("|")[0] for t in texts[1]]


def test_consequence__warns_of_a_small_distance(cli, annotate_toy, variants, table, genome, tmp_path):
    scored = tmp_path / "scored.vcf"
    annotate_toy("-A", table, "-O", scored, stdin=vcf_text(*variants))
    result = cli("consequence", scored, "-R", genome.fasta, "-A", table)
    assert "with -D 50: sites beyond it are not seen" in result.stderr


def test_consequence__refuses_a_vcf_without_scores(cli, variants, table, genome, tmp_path):
    bare = tmp_path / "bare.vcf"
    bare.write_bytes(vcf_text(*variants))
    result = cli("consequence", bare, "-R", genome.fasta, "-A", table)
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


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        (["--consequence-with", "reach=3"], "--consequence-with needs --consequence."),
        (["--consequence-fasta", "x.fa"], "--consequence-fasta needs --consequence."),
        (["--consequence", "--consequence-with", "reach"], "'reach' is not NAME=VALUE with one of reach, min-pair"),
        (["--consequence", "--consequence-with", "size=3"], "'size=3' is not NAME=VALUE"),
        (["--consequence", "--consequence-with", "reach=1.5"], "reach is '1.5'; a whole number expected."),
        (["--consequence", "--consequence-with", "min-gain=x"], "min-gain is 'x'; a number expected."),
        (["--consequence", "--consequence-with", "min-gain=nan"], "min_gain is nan; -1 to 1 expected."),
        (["--consequence", "--consequence-with", "reach=-1"], "reach is -1; a whole number, 0 or more, expected."),
        (["--consequence", "--layout", "precomputed"], "it cannot be combined with --layout precomputed."),
    ],
)
def test_errors(annotate_toy, variants, arguments, text):
    result = annotate_toy(*arguments, stdin=vcf_text(*variants))
    assert result.code == 2
    assert text in " ".join(result.stderr.split())
    assert result.stdout == b""


def test_fasta__is_no_other_file(annotate_toy, variants, tmp_path):
    out = tmp_path / "out.vcf"
    result = annotate_toy("-O", out, "--consequence", "--consequence-fasta", out, stdin=vcf_text(*variants))
    assert (result.code, "--consequence-fasta and -O are the same file" in result.stderr) == (2, True)
