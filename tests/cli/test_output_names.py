"""``-O`` and ``-o`` are the output of every command, and its name says what is written."""

from __future__ import annotations

import gzip

import click
import pysam
import pytest
from support import builders

from spliceai_cli.cli.main import group


def commands(command=group):
    """All commands that do something, by name."""
    if isinstance(command, click.Group):
        return {
            f"{name} {below}".strip(): member
            for name, one in command.commands.items()
            for below, member in commands(one).items()
        }
    return {"": command}


COMMANDS = commands()


def named(command, option):
    return [param for param in command.params if isinstance(param, click.Option) and option in param.opts]


@pytest.mark.parametrize("command", COMMANDS.values(), ids=COMMANDS)
def test_quiet__is_an_option_of_every_command(command):
    [option] = named(command, "-q")
    assert "--quiet" in option.opts


@pytest.mark.parametrize("command", COMMANDS.values(), ids=COMMANDS)
def test_output__has_both_letters_wherever_there_is_one(command):
    # plot had -o alone, annotate and predict -O alone.
    assert named(command, "-O") == named(command, "-o") == named(command, "--output")


@pytest.mark.parametrize("name", ["annotate", "predict", "table"])
def test_regions__are_the_same_options_wherever_there_are_any(name):
    spelled = [set(named(COMMANDS[name], option)[0].opts) for option in ("-r", "-T", "--bed", "--genes")]
    assert spelled == [{"-r", "--regions", "--region"}, {"-T", "--targets"}, {"--bed"}, {"--genes"}]


@pytest.fixture
def vcf(tmp_path, genome):
    base = genome.base("chr1", 300)
    header = "##fileformat=VCFv4.2\n##contig=<ID=chr1>\n" + builders.VCF_HEADER.split("\n")[1] + "\n"
    path = tmp_path / "in.vcf"
    path.write_text(f"{header}chr1\t300\t.\t{base}\t{'A' if base != 'A' else 'C'}\t.\t.\t.\n")
    return path


@pytest.mark.parametrize("letter", ["-O", "-o"])
@pytest.mark.parametrize("name", ["out.vcf", "out.vcf.gz", "out.bcf", "out.tsv", "OUT.TSV.GZ", "out"])
def test_annotate__kind_follows_the_name(annotate_toy, vcf, tmp_path, name, letter):
    # out.tsv was a VCF.
    target = tmp_path / name
    result = annotate_toy("-I", vcf, letter, target, "-q")
    assert (result.code, result.stderr) == (0, "")
    raw = target.read_bytes()
    is_packed = name.lower().endswith((".gz", ".bcf"))
    assert raw.startswith(b"\x1f\x8b") == is_packed
    text = gzip.decompress(raw) if is_packed else raw
    if name.endswith(".bcf"):
        assert text.startswith(b"BCF")
        with pysam.VariantFile(str(target)) as bcf:
            assert len(list(bcf)) == 1
    else:
        assert text.startswith(b"CHROM\tPOS\t" if ".tsv" in name.lower() else b"##fileformat=VCF")


@pytest.mark.parametrize("letter", "zvbu")
@pytest.mark.parametrize(
    "arguments",
    [("score", "1:1:A:C"), ("plot", "1:1:A:C"), ("predict",), ("table", "in.vcf")],
    ids=lambda arguments: arguments[0],
)
def test_output__of_one_letter_of_bcftools_is_refused_by_all(cli, genome, tmp_path, monkeypatch, arguments, letter):
    monkeypatch.chdir(tmp_path)
    reference = () if arguments[0] == "table" else ("-R", genome.fasta)
    result = cli(*arguments, *reference, f"-O{letter}")
    assert (result.code, result.stdout) == (2, b"")
    assert f"'{letter}' is a type of bcftools, but -O and -o both name the output file here." in result.stderr
    assert not (tmp_path / letter).exists()


CONTRADICTIONS = {
    "predict": (
        ("predict", "-O", "out.bw", "--output-format", "tsv"),
        "-O out.bw names bigwig, but --output-format is tsv.",
    ),
    "score": (("score", "1:1:A:C", "-O", "a.tsv", "--json"), "-O a.tsv is the name of a table without compression"),
    "score-vcf": (("score", "1:1:A:C", "-O", "a.vcf"), "-O a.vcf is the name of a VCF without compression"),
    "score-both": (("score", "1:1:A:C", "--tsv", "--json"), "--tsv and --json do not go together."),
    "table": (("table", "in.vcf", "-O", "a.json", "--tsv"), "-O a.json is the name of JSON, but --tsv is given."),
    "table-bcf": (("table", "in.vcf", "-O", "a.bcf"), "-O a.bcf is the name of BCF"),
    "genes": (("genes", "build", "in.txt", "a.bcf"), "OUT a.bcf is the name of BCF, but a gene table is written."),
}


@pytest.mark.parametrize(("arguments", "message"), CONTRADICTIONS.values(), ids=CONTRADICTIONS)
def test_name__that_contradicts_the_options_is_refused(cli, genome, tmp_path, monkeypatch, arguments, message):
    monkeypatch.chdir(tmp_path)
    reference = ("-R", genome.fasta) if arguments[0] in ("score", "predict") else ()
    before = set(tmp_path.iterdir())
    result = cli(*arguments, *reference)
    assert (result.code, result.stdout) == (2, b"")
    assert message in result.stderr
    assert {path.name for path in set(tmp_path.iterdir()) - before} <= {"genome.fa.fai"}


def test_predict__takes_targets_as_annotate_does(table, tmp_path):
    # 1-based in a file of any name with -T; 0-based in one with --bed.
    targets = tmp_path / "t.txt"
    targets.write_text("chr1\t11\t20\n")
    bed = tmp_path / "b.txt"
    bed.write_text("chr1\t10\t20\n")
    assert table("-T", targets) == table("--bed", bed) == table("-r", "chr1:11-20")


def test_predict__refuses_regions_of_two_options(predict_toy, tmp_path):
    bed = tmp_path / "b.bed"
    bed.write_text("chr1\t10\t20\n")
    result = predict_toy("-T", bed, "--bed", bed, "-O", tmp_path / "out.tsv")
    assert (result.code, "--targets and --bed do not go together." in result.stderr) == (2, True)


@pytest.mark.weights
@pytest.mark.parametrize("name", ["grch37", "hg19"])
def test_genes_check__of_another_build_reports_and_exits_as_documented(cli, store, chr19, monkeypatch, name):
    monkeypatch.setenv("SPLICEAI_CLI_HOME", str(store.home))
    result = cli("genes", "check", "-A", name, "-R", chr19)
    *_, verdict = result.stdout.decode().splitlines()
    assert (result.code, verdict) == (0, "verdict\tanother assembly")
    assert cli("genes", "check", "-A", name, "-R", chr19, "-q").stderr == ""
