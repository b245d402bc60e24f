"""``--kernels``, and what says which run."""

from __future__ import annotations

import subprocess
import sys

import pytest
from support import builders, toy_networks

from spliceai_cli import Compute, load_model
from spliceai_cli.cli.annotate import annotate
from spliceai_cli.engine.native import choice
from spliceai_cli.errors import UsageError
from spliceai_cli.provenance import full_version

NOT_BUILT = "native kernels were not built when this package was installed; building them takes a C++17 compiler"


@pytest.fixture(scope="module")
def wide(tmp_path_factory):
    """Weights of toy networks that native kernels can compute."""
    spec = toy_networks.SPECS["native"]
    return toy_networks.save(tmp_path_factory.mktemp("wide"), spec, toy_networks.random_tensors(spec))


@pytest.fixture
def vcf(tmp_path, genome):
    rows = [("chr1", pos, genome.base("chr1", pos), genome.other("chr1", pos)) for pos in (200, 230, 450)]
    return builders.write_vcf(tmp_path / "in.vcf", rows)


@pytest.fixture
def no_kernels(monkeypatch):
    monkeypatch.delenv(choice.VARIABLE, raising=False)
    monkeypatch.setattr(choice, "FOLDERS", ())


@pytest.fixture
def kernels():
    if choice.choose().library is None:
        pytest.skip(choice.choose().reason)
    return choice.choose()


def test_version__says_which_kernels_run(cli, kernels):
    for command, name in ((None, "spliceai-cli"), (annotate, "spliceai-annotate")):
        expected = (
            f"{name} {full_version()}\nKernels on a CPU: native, {kernels.library.instruction_set}: {kernels.reason}\n"
        )
        for arguments in (("--version", "-v"), ("--verbose", "--version"), ("-v", "--version")):
            result = cli(*arguments, **({"command": command} if command else {}))
            assert (result.code, result.stdout.decode()) == (0, expected), arguments


def test_version__says_why_none_run(cli, no_kernels):
    result = cli("--version", "-v")
    assert result.stdout.decode().splitlines()[1] == f"Kernels on a CPU: PyTorch's: {NOT_BUILT}"


def test_version__alone_is_one_line(cli):
    assert cli("--version").stdout.decode() == f"spliceai-cli {full_version()}\n"


@pytest.mark.parametrize("command", ["spliceai_cli", "spliceai_cli annotate"])
def test_version__loads_no_large_library(command):
    code = (
        f"import sys; sys.argv = {[*command.split(), '--version', '-v']!r}\n"
        "from spliceai_cli.cli.main import group, run\n"
        "assert run(group, sys.argv[1:], prog_name='x') == 0\n"
        "print({'torch', 'numpy'} & set(sys.modules))"
    )
    assert subprocess.check_output([sys.executable, "-c", code], text=True).endswith("set()\n")


def test_verbose__without_version_or_command_is_an_error(cli):
    result = cli("-v", "table")
    assert result.code == 2
    assert "Error: -v is for --version here; give it after the name of a command." in result.stderr


def test_kernels__that_are_not_there_are_an_error(annotate_toy, predict_toy, vcf, wide, no_kernels):
    results = [
        annotate_toy("-I", vcf, "--kernels", "native", weights=wide),
        predict_toy("-O", "-", "--output-format", "tsv", "--kernels", "native", weights=wide),
    ]
    for result in results:
        assert (result.code, result.stdout) == (2, b"")
        assert NOT_BUILT in result.stderr
        assert result.stderr.splitlines()[-1] == "Hint: Use --kernels auto."


def test_kernels__auto_runs_without_native_ones(annotate_toy, vcf, wide, no_kernels):
    assert annotate_toy("-I", vcf, "--kernels", "auto", weights=wide).code == 0


def test_kernels__native_do_not_go_with_the_plain_engine(annotate_toy, vcf, wide):
    plain = annotate_toy("-I", vcf, "--kernels", "native", "--engine", "plain", weights=wide)
    assert plain.code == 2
    assert "Error: the plain engine uses PyTorch's kernels only." in plain.stderr


def test_kernels__reach_every_command(annotate_toy, predict_toy, vcf, wide, kernels, monkeypatch):
    """One that cannot run is refused where native ones are asked for or preferred, and not looked at otherwise."""
    monkeypatch.setenv(choice.VARIABLE, "sse9")
    commands = (
        lambda *arguments: annotate_toy("-I", vcf, *arguments, weights=wide),
        lambda *arguments: predict_toy("-O", "-", "--output-format", "tsv", *arguments, weights=wide),
    )
    for command in commands:
        for arguments in ((), ("--kernels", "native"), ("--kernels", "auto")):
            result = command(*arguments)
            assert (result.code, result.stdout) == (2, b"")
            assert "Error: SPLICEAI_CLI_INSTRUCTION_SET is 'sse9'; one of x86-64-v4, " in result.stderr
        assert command("--kernels", "torch").code == 0


def test_kernels__change_no_printed_score(annotate_toy, vcf, wide, kernels):
    native, torch = (annotate_toy("-I", vcf, "--kernels", name, weights=wide) for name in ("native", "torch"))
    assert (native.code, torch.code) == (0, 0)
    assert native.stdout == torch.stdout


def test_compute__takes_kernels(wide, no_kernels):
    with pytest.raises(UsageError, match="there is no kernels 'fast'; choose from auto, native, torch"):
        Compute(kernels="fast")
    with pytest.raises(UsageError, match="native kernels were not built"):
        load_model(str(wide), compute=Compute(device="cpu", kernels="native"))
