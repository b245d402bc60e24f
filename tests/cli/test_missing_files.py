"""A file that is missing, or is a folder, is a known failure: exit code 1, whichever option names it."""

from __future__ import annotations

import click
import pytest
from support import builders

from spliceai_cli.cli.local_path import LocalPath
from spliceai_cli.cli.main import group

SPLICEAI_LINE = (
    '##INFO=<ID=SpliceAI,Number=.,Type=String,Description="SpliceAIv1.3.1 variant annotation. These include delta '
    "scores (DS) and delta positions (DP) for acceptor gain (AG), acceptor loss (AL), donor gain (DG), and donor loss "
    '(DL). Format: ALLELE|SYMBOL|DS_AG|DS_AL|DS_DG|DS_DL|DP_AG|DP_AL|DP_DG|DP_DL">\n'
)


def walk(command, words=()):
    """Words and parameters that take a path, of all commands."""
    if isinstance(command, click.Group):
        for name, member in command.commands.items():
            yield from walk(member, (*words, name))
    else:
        yield from ((words, param) for param in command.params if isinstance(param.type, LocalPath))


CASES = [
    pytest.param(words, param, kind, id=f"{' '.join(words)} {param.opts[0]} {kind}")
    for words, param in walk(group)
    for kind in ("missing", "folder")
    # Predictions are several files next to one another, whose names begin with that of -O.
    if not (words == ("predict",) and param.name == "target" and kind == "folder")
    # The name says by its ending what to draw, and a network may be a folder.
    and not (param.name in ("targets", "plot") and kind == "folder")
    # Folders of a plan and of training are made.
    and not (words[-1] in ("plan", "train", "transfer") and param.name == "folder")
]


@pytest.fixture
def usual(genome, toy_weights, tmp_path, home):
    """Arguments of a good run of each command, by option."""
    header = builders.VCF_HEADER.replace("#CHROM", SPLICEAI_LINE + "#CHROM")
    row = f"chr1\t200\t.\t{genome.base('chr1', 200)}\tN\t.\t.\tSpliceAI=N|PLUS|0.00|0.00|0.90|0.00|1|1|1|1\n"
    (tmp_path / "in.vcf").write_text(header + row)
    genes = {"-A": genome.table}
    predicted = {"-R": genome.fasta, **genes, "--weights": toy_weights}
    scored = {**predicted, "--device": "cpu"}
    (tmp_path / "labelled.tsv").write_text("chrom\tpos\tref\talt\tlabel\nchr1\t200\tC\tT\t1\nchr1\t201\tC\tT\t0\n")
    return {
        ("annotate",): {"-I": tmp_path / "in.vcf", **scored},
        ("scatter", "plan"): {"source": tmp_path / "in.vcf", "folder": tmp_path / "parts", "-n": 1, **predicted},
        ("scatter", "run"): {"folder": tmp_path / "parts", "number": 1},
        ("scatter", "finish"): {"folder": tmp_path / "parts", "-O": tmp_path / "out.vcf"},
        ("score",): {"variant": "chr1:200:C:T", **scored},
        ("plot",): {"variant": "chr1:200:C:T", "-O": tmp_path / "a.svg", **scored},
        ("predict",): {"-O": tmp_path / "a.tsv", **scored},
        ("consequence",): {"-I": tmp_path / "in.vcf", "-R": genome.fasta, **genes},
        ("table",): {"-I": tmp_path / "in.vcf"},
        ("genes", "build"): {"annotation": genome.table, "target": tmp_path / "out.txt"},
        ("genes", "show"): {"symbol": "PLUS", **genes},
        ("genes", "check"): {"-R": genome.fasta, **genes},
        ("evaluate", "sites"): scored,
        ("evaluate", "variants"): {"labelled": tmp_path / "labelled.tsv", **scored},
        ("train",): {"-R": genome.fasta, **genes, "-O": tmp_path / "run"},
        ("transfer",): {"model": toy_weights, "-R": genome.fasta, **genes, "-O": tmp_path / "run"},
        ("calibrate",): {"model": toy_weights, "-R": genome.fasta, **genes, "-O": tmp_path / "a.safetensors"},
        ("weights", "install"): {"model": "spliceai"},
        ("weights", "convert"): {"source": toy_weights, "target": tmp_path / "a.safetensors"},
    }


def run(cli, words, given):
    options = [text for option, value in given.items() if option.startswith("-") for text in (option, value)]
    arguments = [value for option, value in given.items() if not option.startswith("-")]
    return cli(*words, *arguments, *options)


@pytest.mark.parametrize(("words", "param", "kind"), CASES)
def test_path__that_cannot_be_used_is_a_known_failure(cli, usual, tmp_path, words, param, kind):
    given = dict(usual[words])
    bad = tmp_path / ("none/there" if kind == "missing" else "folder")
    (tmp_path / "folder").mkdir()
    if param.name == "targets":
        bad = bad.with_suffix(".svg")
    if param.opts[0] == "--plot":
        bad = bad.with_suffix(".svg")
    if words == ("predict",) and param.name == "target":
        bad = bad.with_suffix(".tsv")
    name = param.opts[0]
    if words in (("scatter", "run"), ("scatter", "finish")):
        plan = {"--consequence": "profile"} if name == "--consequence-fasta" else {}
        plan |= usual["scatter", "plan"]
        assert run(cli, ("scatter", "plan"), plan).code == 0
        if words[1] == "finish" and name != "folder":
            assert run(cli, ("scatter", "run"), usual["scatter", "run"]).code == 0
    if name == "vcf":
        del given["-I"]
    if name in ("-I", "-T", "--bed") and words == ("plot",):
        del given["variant"]
        given["-I"] = tmp_path / "in.vcf"
    if name == "--model":
        del given["--weights"]
    if name == "--consequence-fasta" and words == ("annotate",):
        given["--consequence"] = "profile"
    given[name] = bad
    result = run(cli, words, given)
    assert result.code == 1, result.stderr
    assert result.stderr.splitlines()[-1].startswith(("Error: ", "Hint: "))
    assert str(bad) in result.stderr
    assert "Traceback" not in result.stderr
