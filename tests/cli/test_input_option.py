"""The input VCF is ``-I`` or an argument, alike in all commands that read one."""

from __future__ import annotations

import io
import sys

import pytest

from spliceai_cli.cli.main import group, run

COMMANDS = ("annotate", "table", "consequence")


@pytest.fixture
def call(cli, annotate_toy, records_in_genes, genome, coding_table, toy_weights, tmp_path):
    """Run a command with an annotated VCF in given words."""
    from support.records import vcf_text

    path = tmp_path / "in.vcf"
    options = ("-A", coding_table, "--transcript-id")
    assert annotate_toy(*options, "-O", path, stdin=vcf_text(*records_in_genes)).code == 0
    genes = ("-A", coding_table)
    more = {
        "annotate": ("-R", genome.fasta, *genes, "--weights", toy_weights, "--device", "cpu", "--no-progress"),
        "table": genes,
        "consequence": ("-R", genome.fasta, *genes),
    }

    def call(name, *words, stdin=b""):
        return cli(name, *more[name], *words, stdin=stdin)

    return call


@pytest.mark.parametrize("name", COMMANDS)
def test_input__is_the_same_either_way(call, tmp_path, name):
    # `table -I FILE` and `annotate FILE` were unknown options and arguments.
    path = tmp_path / "in.vcf"
    results = [call(name, *words) for words in (("-I", path), (path,), ("--input", path))]
    results += [call(name, *words, stdin=path.read_bytes()) for words in ((), ("-",), ("-I", "-"))]
    assert {result.code for result in results} == {0}
    assert results[0].stdout
    assert len({result.stdout for result in results}) == 1


@pytest.mark.parametrize("name", COMMANDS)
def test_input__is_given_once(call, tmp_path, name):
    result = call(name, "-I", tmp_path / "in.vcf", tmp_path / "b.vcf")
    assert (result.code, result.stdout) == (2, b"")
    assert f"two inputs, -I {tmp_path}/in.vcf and {tmp_path}/b.vcf: give one." in result.stderr


class _Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize("name", COMMANDS)
def test_input__from_a_terminal_is_refused(capsys, monkeypatch, name):
    # `table` without an argument waited for a VCF to be typed.
    monkeypatch.setattr(sys, "stdin", _Terminal())
    more = [] if name == "table" else ["-R", "none.fa"]
    assert run(group, [name, *more], prog_name="spliceai-cli") == 2
    assert "no input: give -I FILE, or pipe a VCF in." in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "hint"),
    [
        (("score",), "Score a VCF with spliceai-annotate; pipe in a file with a variant per line: spliceai-cli score"),
        (("plot", "-o", "a.png"), "Draw the records of a VCF with -I FILE."),
    ],
    ids=["score", "plot"],
)
def test_variant__that_is_a_file_is_told(cli, genome, tmp_path, words, hint):
    path = tmp_path / "some.vcf"
    path.write_text("##fileformat=VCFv4.2\n")
    result = cli(*words, path, "-R", genome.fasta)
    assert result.code == 1
    assert f"Error: '{path}' is a file, not a variant.\nHint: {hint}" in result.stderr
