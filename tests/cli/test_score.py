"""``spliceai-cli score``: single variants on the command line."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest
from support import builders

GTF = '1\ttoy\texon\t1\t17\t.\t+\t.\tgene_id "G1.4"; gene_name "P"; transcript_id "T1.2";\n'


@pytest.fixture
def score(cli, tmp_path, arithmetic_weights):
    """Run it where G is an acceptor with 1/2 and T a donor with 1/2, on a contig that a gene of each strand covers."""
    fasta = builders.write_fasta(tmp_path / "a.fa", {"1": "AACAACAAGAACAACAA", "2": "AC"})
    genes = [builders.gene("P", "1", "+", 0, 17), builders.gene("M", "1", "-", 0, 17)]
    table = builders.write_table(tmp_path / "t.txt", genes)

    def call(*arguments, stdin=b"", annotation=table):
        fixed = ("-R", fasta, "-A", annotation, "--weights", arithmetic_weights, "--device", "cpu", "-D", "2")
        return cli("score", *arguments, *fixed, stdin=stdin)

    return call


def lines(result):
    assert (result.code, result.stderr) == (0, "")
    return result.stdout.decode().splitlines()


@pytest.mark.parametrize(
    ("text", "chrom"),
    [("1:9:G:T", "1"), ("chr1-9-G-T", "chr1"), ("1:9 G>T", "1"), ("chr1:g.9G>T", "chr1"), ("Chr1:g.9G>T", "Chr1")]
    + [(text, "1") for text in ("NC_000001.11:g.9G>T", "NC_000001.11:8:G:T", "NC_000001.11-9-G-T", "1:g.9G>T")],
)
def test_table__is_that_of_annotated_vcfs(score, text, chrom):
    # By hand, as in test_scorer.py: G>T takes an acceptor away and makes a donor; on - both read as other letters.
    assert [" ".join(line.split()) for line in lines(score(text))] == [
        "VARIANT GENE AG AL DG DL READING",
        f"{chrom}:9 G>T P 0.00 0.50 (+0) 0.50 (+0) 0.00 "
        "acceptor loss 0.50, at the variant; donor gain 0.50, at the variant",
        f"{chrom}:9 G>T M 0.00 0.00 0.00 0.00 no effect predicted (largest 0.00)",
    ]


def test_table__tells_why_there_is_no_score_and_keeps_the_order(score):
    found = lines(score("2:1:A:C", "1:9:G:.", "1:9:AC:T", "1:g.8_10del", "1:9:G:T"))
    assert [line.split("  ")[0] for line in found[1:]] == [
        *("2:1 A>C", "1:9 G>.", "1:9 AC>T", *["1:7 AAGA>A"] * 2, *["1:9 G>T"] * 2),
    ]
    assert found[1].endswith("not scored: the annotation has no genes on contig 2")
    assert found[2].endswith("not scored: without ALT")
    assert found[3].endswith("not scored: REF is AC but the FASTA has GA")
    # Deleting 8 to 10 leaves 0 where the acceptor was, 2 bp right of POS.
    assert "0.50 (+2)" in found[4]


def test_table__tells_where_an_allele_ends_beyond_its_contig(score):
    found = lines(score("1\t9\t.\tG\t<DEL>\t.\t.\tEND=99999", "1\t9\t.\tN\t<DUP>\t.\t.\tSVLEN=99999"))
    assert [line.split("not scored: ")[1] for line in found[1:]] == [
        "the allele reaches beyond the end of contig 1"
    ] * 2
    # A wrong REF comes first.
    [_, other] = lines(score("1\t9\t.\tC\t<DEL>\t.\t.\tEND=99999"))
    assert other.endswith("not scored: REF is C but the FASTA has G")


@pytest.mark.parametrize("text", ["9:9:G:T", "NC_000009.12:8:G:T", "9 9 9 G T", "9\t9\t.\tG\tT", "9:g.9G>T", "9_9_G_T"])
def test_contig__that_the_fasta_does_not_have_is_an_error(score, text):
    # It was a variant without a score, with exit code 0.
    for arguments, stdin, place in (
        ([text], b"", ""),
        (["-"], f"1:9:G:T\n{text}\n".encode(), "standard input, line 2: "),
    ):
        result = score(*arguments, stdin=stdin)
        assert (result.code, result.stdout) == (1, b"")
        assert result.stderr.startswith(f"Error: {place}'{text}': ")
        assert (
            f"a.fa has no contig {text[:1] if text[0] == '9' else 'NC_000009.12'}.\nHint: It has 1, 2.\n"
            in result.stderr
        )


def test_spdi__counts_from_0(score):
    # It was read as 1-based CHROM:POS:REF:ALT; pos 8 is A.
    plain, spdi = (json.loads(score(text, "--json").stdout)[0] for text in ("1:9:G:T", "NC_000001.11:8:G:T"))
    assert spdi.pop("input") != plain.pop("input")
    assert spdi == plain
    refused = score("NC_000001.11:9:G:T", "--json")
    assert (refused.code, refused.stdout) == (1, b"")
    assert "states G, but" in refused.stderr
    assert "HGVS counts from 1, SPDI from 0." in refused.stderr


def test_stdin__lines_of_a_vcf_are_read_as_annotate_reads_them(score):
    records = "1\t9\trs1\tG\tT\t.\t.\tAC=1\n1\t7\t.\tA\t<DEL>\t.\t.\tEND=10;SVTYPE=DEL\n"
    text = f"##fileformat=VCFv4.2\n#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\n{records}"
    found = json.loads(score("--json", stdin=text.encode()).stdout)
    snv, deletion = (one["scores"] for one in json.loads(score("1:9:G:T", "1:g.8_10del", "--json").stdout))
    assert found[0]["scores"] == snv
    assert [one["effects"] for one in found[1]["scores"]] == [one["effects"] for one in deletion]
    several = score("-", stdin=b"1\t9\t.\tG\tT,A\t.\t.\t.\n")
    assert (several.code, several.stdout) == (1, b"")
    assert "has 2 ALT alleles: T, A." in several.stderr


def test_json__has_numbers_places_and_probabilities(score):
    result = score("chr1:g.9G>T", "--json")
    assert (result.code, result.stderr) == (0, "")
    none = {"score": 0.0, "offset": -2, "pos": 7, "ref": 0.0, "alt": 0.0}
    assert json.loads(result.stdout)[0]["scores"][0].pop("effects") == {
        "acceptor_gain": none,
        "acceptor_loss": {"score": 0.5, "offset": 0, "pos": 9, "ref": 0.5, "alt": 0.0},
        "donor_gain": {"score": 0.5, "offset": 0, "pos": 9, "ref": 0.0, "alt": 0.5},
        "donor_loss": none,
    }
    [found] = json.loads(result.stdout)
    assert [list(one) for one in found["scores"]] == [
        ["model_key", "symbol", "gene_id", "transcript_id", "strand", "text", "max_score", "effects"]
    ] * 2
    assert [(one["model_key"], one["symbol"], one["strand"], one["text"]) for one in found.pop("scores")] == [
        ("SpliceAI", "P", "+", "T|P|0.00|0.50|0.50|0.00|-2|0|0|-2"),
        ("SpliceAI", "M", "-", "T|M|0.00|0.00|0.00|0.00|-2|-2|-2|-2"),
    ]
    assert found == {
        "input": "chr1:g.9G>T",
        "chrom": "chr1",
        "pos": 9,
        "ref": "G",
        "alt": "T",
        "reason": None,
        "reason_text": None,
    }


def test_json__without_score_has_the_reason(score):
    [found] = json.loads(score("chr1:9:A:T", "--json").stdout)
    assert found == {
        "input": "chr1:9:A:T",
        "chrom": "chr1",
        "pos": 9,
        "ref": "A",
        "alt": "T",
        "reason": "ref-mismatch",
        "reason_text": "REF is A but the FASTA has G",
        "scores": [],
    }


def test_json__has_the_ids_of_the_annotation(score, home, tmp_path):
    (tmp_path / "g.gtf").write_text(GTF)
    [found] = json.loads(score("1:9:G:T", "--json", "-q", annotation=tmp_path / "g.gtf").stdout)
    [one] = found["scores"]
    assert (one["symbol"], one["gene_id"], one["transcript_id"]) == ("P", "G1.4", "T1.2")
    [of_table] = json.loads(score("1:9:G:T", "--json").stdout)
    assert {(one["gene_id"], one["transcript_id"]) for one in of_table["scores"]} == {(None, None)}


def test_json__what_1_3_1_leaves_out_has_no_scores(score):
    result = score("1:9:GA:TC", "--compat", "1.3.1", "--json")
    [found] = json.loads(result.stdout)
    assert (found["reason"], found["scores"]) == ("compat", [])


def test_stdin__is_read_without_variants_and_for_a_dash(score):
    text = "\ufeff# mine\n\n  1:9:G:T\r\n1:9:G:.".encode()
    inputs = [one["input"] for one in json.loads(score("--json", stdin=text).stdout)]
    assert inputs == ["1:9:G:T", "1:9:G:."]
    inputs = [one["input"] for one in json.loads(score("2:1:A:C", "-", "1:3:C:A", "--json", stdin=text).stdout)]
    assert inputs == ["2:1:A:C", "1:9:G:T", "1:9:G:.", "1:3:C:A"]


def test_stdin__without_variants_gives_an_empty_result(score):
    assert lines(score()) == ["VARIANT  GENE  AG  AL  DG  DL  READING"]
    assert lines(score("--json")) == ["[]"]


def test_terminal__is_not_waited_for(genome):
    terminal, stdin = os.openpty()
    command = [sys.executable, "-m", "spliceai_cli", "score", "-R", str(genome.fasta)]
    done = subprocess.run(command, stdin=stdin, capture_output=True, text=True, check=False, timeout=60)
    os.close(stdin)
    os.close(terminal)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.endswith("Error: no variant: give one, or pipe them in, one per line.\n")


def test_wrong_variants__are_told_before_pytorch_is_loaded(score, tmp_path):
    # In a process of its own: this one has loaded it.
    score("1:9:G:T")
    program = """
import sys
from spliceai_cli.cli.main import group, run

code = run(group, ["score", "1:9:G", "-R", sys.argv[1], "-A", "grch38"], prog_name="spliceai-cli")
print(code, "torch" in sys.modules)
"""
    done = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path / "a.fa")], capture_output=True, text=True, check=False
    )
    assert done.stdout == "1 False\n", done.stderr
    assert "'1:9:G' is not a variant that can be read." in done.stderr


NOTATIONS = [
    *("chr19:38467722:C:T", "19-38467722-C-T", "19_38467722_C_T", "19 38467722 C T", "chr19:38,467,722 C>T"),
    *("chr19:38467722-38467722:C:T", "chr19:38467722-38467722 C>T", "chr19 38467722 38467722 C T"),
    *("hg38 chr19:38467722:C:T", "GRCh38:19:38467722:C:T", "chr19_38467722_C_T_b38", "Chr19(GRCh38):g.38467722C>T"),
    *("NC_000019.10:38467721:C:T", "NC_000019.10:38467721:1:T", "NC_000019.10:g.38467722C>T", "chr19:g. 38467722 c>t"),
    *("19\t38467722\trs193922744\tC\tT\t.\tPASS\tAC=1", "chr19:38467722\u201338467722 C\uff1eT"),
]


@pytest.mark.weights
def test_score__of_one_variant_in_every_notation(cli, store, chr19, monkeypatch):
    monkeypatch.setenv("SPLICEAI_CLI_HOME", str(store.home))
    result = cli("score", *NOTATIONS, "-R", chr19, "-A", "gencode", "-D", "50", "--json")
    assert (result.code, result.stderr) == (
        0,
        "GENCODE V24 (2015), one transcript per gene (grch38): 19,305 transcripts\n",
    )
    answers = json.loads(result.stdout)
    assert [answer["input"] for answer in answers] == [text.strip() for text in NOTATIONS]
    texts = [[one["text"].upper() for one in answer["scores"]] for answer in answers]
    assert texts == [["T|RYR1|0.00|0.00|0.91|0.08|-28|-46|-2|-31"]] * len(NOTATIONS)
    refused = cli("score", "hg19 chr19:38467722:C:T", "-R", chr19)
    assert (refused.code, refused.stdout) == (1, b"")
    assert "is of hg19, but" in refused.stderr
    refused = cli("score", "NC_000019.10:38467722:C:T", "-R", chr19)
    assert (refused.code, refused.stdout) == (1, b"")


@pytest.mark.weights
def test_score__of_real_variants_in_either_form(cli, store, chr19, monkeypatch):
    monkeypatch.setenv("SPLICEAI_CLI_HOME", str(store.home))
    forms = ["chr19:38467722:C:T", "NC_000019.10:g.38467722C>T", "NC_000019.10:g.38496347_38496406del"]
    result = cli("score", *forms, "-R", chr19, "-A", "gencode", "--json")
    plain, hgvs, deletion = (one["scores"] for one in json.loads(result.stdout))
    # The values of DESIGN: RYR1's cryptic donor, and the deletion that ends 3 bp before an exon.
    assert plain == hgvs
    assert plain[0]["text"] == "T|RYR1|0.00|0.00|0.91|0.08|-28|-46|-2|-31"
    loss = deletion[0]["effects"]["acceptor_loss"]
    assert (round(loss["score"], 2), loss["offset"], loss["pos"]) == (1.0, 63, 38496409)
    refused = cli("score", "NC_000019.9:g.38467722C>T", "-R", chr19)
    assert refused.code == 1
    assert "NC_000019.9, which is GRCh37, is not 19 of" in refused.stderr
