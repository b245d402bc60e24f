"""Commands in the documentation are commands of the program, and print what stands below them.

The examples of the Python page and the tour are run by ``test_docs.py`` and ``test_notebook.py``, the recipes by
``test_recipes.py``.
"""

from __future__ import annotations

import ast
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import click
import pytest

from spliceai_cli.cli.main import annotate, group
from spliceai_cli.genes.gff3 import read_gff3
from spliceai_cli.genes.lines import Lines
from spliceai_cli.models.published import CISPLICEAI
from spliceai_cli.models.store import Store

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
PAGES = [ROOT / "README.md", ROOT / "data/examples/README.md", *sorted(DOCS.glob("*.md"))]
GFF3 = "annotation/GRCh38.chr19.ensembl91.gff3.gz"

_FENCE = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_PROGRAMS = {"spliceai-cli": group, "spliceai-annotate": annotate, "spliceai": annotate}
_TIME = re.compile(r" in (?:\d+ min )?[\d.,]+ s \([\d.,]+ alleles/s\)")


class Block(NamedTuple):
    """Shell commands of a page, with the blocks of text up to the next commands."""

    page: str
    number: int
    commands: str
    shown: tuple[str, ...]


def blocks() -> Iterator[Block]:
    for page in PAGES:
        fences = _FENCE.findall(page.read_text("utf-8"))
        starts = [i for i, (language, _) in enumerate(fences) if language == "sh"]
        for number, (start, end) in enumerate(pairwise([*starts, len(fences)]), 1):
            shown = tuple(code for language, code in fences[start + 1 : end] if language == "text")
            yield Block(page.relative_to(ROOT).as_posix(), number, fences[start][1], shown)


BLOCKS = list(blocks())


def calls(commands: str) -> Iterator[list[str]]:
    """Program and arguments of each call of ours in shell commands."""
    bare = re.sub(r"<< '?(\w+)'?\n.*?^\1$", "\n", commands, flags=re.MULTILINE | re.DOTALL)
    bare = re.sub(r"(?m)(?:^|\s)#.*$", "", bare.replace("\\\n", " "))
    lexer = shlex.shlex(bare, posix=True, punctuation_chars="();<>|&\n")
    lexer.whitespace, lexer.whitespace_split, lexer.commenters = " \t", True, ""
    call: list[str] = []
    for token in [*lexer, ";"]:
        if not set(token) <= set("();<>|&\n"):
            call.append(token)
            continue
        if call and call[0] in _PROGRAMS:
            yield call
        # What follows < or > is a file, and no call.
        call = ["file"] if set(token) <= set("<>") else []


CALLS = [
    pytest.param(call, id=f"{block.page} {' '.join(call)[:80]}") for block in BLOCKS for call in calls(block.commands)
]


def parse(call: list[str]) -> None:
    """Parse a call with the command that it names.

    Raises:
        click.UsageError: an option is not there, or does not accept its value.
    """
    command: click.Command = _PROGRAMS[call[0]]
    # A variable of the shell may stand for a number.
    name, arguments = call[0], ["1" if argument[:1] == "$" else argument for argument in call[1:] if argument != "…"]
    while isinstance(command, click.Group):
        name, arguments = f"{name} {arguments[0]}", arguments[1:]
        command = command.commands[name.rpartition(" ")[2]]
    if "…" in call:
        # The rest is not said; options that have to be there may be part of it.
        command.make_parser(click.Context(command)).parse_args(args=arguments)
    else:
        command.make_context(name, arguments)


@pytest.mark.parametrize("call", CALLS)
def test_command__is_one_that_the_program_reads(call):
    parse(call)


def test_command__that_does_not_exist_is_found():
    with pytest.raises(click.UsageError, match="--nothing"):
        parse(["spliceai-cli", "score", "1:1:A:C", "-R", "a.fa", "--nothing"])
    assert len(CALLS) > 60
    assert [*calls("cat a | spliceai-annotate -R 'b c' > d # it's\nawk '\n' x")] == [["spliceai-annotate", "-R", "b c"]]


def test_readme__begins_with_a_current_annotation():
    (first, *_) = [
        call for block in BLOCKS if block.page == "README.md" for call in calls(block.commands) if "-I" in call
    ]
    assert first[first.index("--transcripts") + 1] == "mane"


@pytest.fixture(scope="module")
def workshop(store, chr19, shared, tmp_path_factory):
    """A folder with the files that the pages name, and our programs on the path."""
    folder = tmp_path_factory.mktemp("pages")
    for name in ("hg38.fa", "GRCh38.chr19.fa"):
        (folder / name).symlink_to(chr19)
        (folder / f"{name}.fai").symlink_to(f"{chr19}.fai")
    (folder / "chr19.vcf").symlink_to(ROOT / "data/examples/chr19.vcf")
    (folder / "ensembl91.gff3.gz").symlink_to(shared / GFF3)
    (folder / "grch37.txt").symlink_to(store.table("grch37"))
    programs = folder / "programs"
    programs.mkdir()
    for name, command in (("spliceai-cli", ""), ("spliceai-annotate", "annotate")):
        (programs / name).write_text(f'#!/bin/sh\nexec "{sys.executable}" -m spliceai_cli {command} "$@"\n')
        (programs / name).chmod(0o755)
    environment = os.environ | {"PATH": f"{programs}:{os.environ['PATH']}", "SPLICEAI_CLI_HOME": str(store.home)}
    environment |= {"OMP_NUM_THREADS": "1", "NO_COLOR": "1", "COLUMNS": "200"}

    def run(commands: str) -> list[str]:
        """What was printed and written, line by line."""
        for path in folder.glob("*.vcf"):
            path.unlink() if not path.is_symlink() else None
        done = subprocess.run(
            ["bash", "-c", commands], cwd=folder, env=environment, capture_output=True, text=True, check=False
        )
        written = [path.read_text() for path in folder.glob("*.vcf") if not path.is_symlink()]
        return "".join([done.stdout, done.stderr, *written]).splitlines()

    return run


def shows(line: str, output: list[str]) -> bool:
    """Whether one line of the output has everything that a line of a page shows, in order."""
    parts = [re.escape(part) for part in re.split(r"\s+|…", _TIME.sub("", line)) if part]
    return any(re.search(".*".join(parts), printed) for printed in output)


def examples(*pages: str) -> list[Block]:
    return [block for block in BLOCKS if block.page in pages and block.shown]


def quick(block: Block) -> bool:
    return "spliceai-annotate" not in block.commands


@pytest.mark.weights
@pytest.mark.parametrize(
    "block",
    [
        pytest.param(block, id=f"{block.page} {block.number}", marks=() if quick(block) else pytest.mark.slow)
        for block in examples("docs/annotations.md", "docs/scatter.md", "docs/score.md", "docs/usage.md")
        # These show what files look like that are not at hand.
        if not re.search(r"gencode\.v|out\.vcf\.gz", block.commands)
    ],
)
def test_example__prints_what_the_page_shows(workshop, store, block):
    if "pangolin" in block.commands and not (store.home / "pangolin").exists():
        pytest.skip("weights are not installed: pangolin")
    output = workshop(block.commands)
    # An error is that of another command, see the next test.
    texts = [text for text in block.shown if not text.startswith("Error:")]
    missing = [line for text in texts for line in text.splitlines() if not shows(line, output)]
    assert not missing, output


@pytest.mark.weights
def test_annotations_page__says_how_genes_of_another_assembly_look(workshop):
    page = (DOCS / "annotations.md").read_text("utf-8")
    shown = next(text for _, text in _FENCE.findall(page) if text.startswith("Error: -A grch37.txt"))
    assert workshop("spliceai-cli score 19:38467722:C:T -R GRCh38.chr19.fa -A grch37.txt") == shown.splitlines()
    coding = workshop("spliceai-cli genes check -A ensembl91.gff3.gz -R GRCh38.chr19.fa --biotypes protein_coding")
    other = workshop("spliceai-cli genes check -A grch37 -R GRCh38.chr19.fa")
    for output, share in ((coding, "98.93"), (other, "2.14")):
        assert f"{share} %" in page
        assert any(line.startswith("GT-AG\t") and line.endswith(f"\t{share}%") for line in output), output


def test_performance_page__counts_the_transcripts_of_chr19(shared):
    path = shared / GFF3
    n = len(read_gff3(Lines(path, path.name), path.name).ids)
    assert f"Ensembl's chr19 ({n:,} transcripts)" in (DOCS / "performance.md").read_text("utf-8")


# A page with measured numbers says where each chapter's were measured: the machine or file, and a date or commit.
MEASURED = {
    "performance.md": r"20\d\d-\d\d-\d\d|commit [0-9a-f]{7}|machine above",
    "accuracy.md": r"PyTorch|benchmarks/|data/recipes/",
}


@pytest.mark.parametrize("name", MEASURED)
def test_measured_numbers__say_when_and_how_they_were_measured(name):
    chapters = re.split(r"^## ", (DOCS / name).read_text("utf-8"), flags=re.MULTILINE)[1:]
    with_numbers = [chapter for chapter in chapters if re.search(r"^\|.*\d\.\d", chapter, re.MULTILINE)]
    assert with_numbers
    for chapter in with_numbers:
        assert re.search(MEASURED[name], chapter), chapter.splitlines()[0]


_HOST = re.compile(r"https?://([^/\s)>\"'`]+)")
# Registries are the business of the reader's own pip; folders of one machine mean nothing to others.
_REGISTRIES = "|".join(("pypi", "pythonhosted", "docker", "quay", "ghcr"))
_FOLDERS = "|".join(("root", "home", "work", "tmp"))
_NOT_OURS = re.compile(rf"\b(?:{_REGISTRIES})\.(?:org|io)\b|(?<![\w.~$])/(?:{_FOLDERS})/")


@pytest.mark.parametrize("page", [*PAGES, *ROOT.glob("*.md")], ids=lambda page: page.relative_to(ROOT).as_posix())
def test_pages__name_no_registry_and_no_folder_of_a_machine(page):
    assert not _NOT_OURS.findall(page.read_text("utf-8"))


def texts_of_the_program() -> list[str]:
    """The constant texts of the package, with … for what is filled in."""
    texts = []
    for path in (ROOT / "spliceai_cli").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.JoinedStr):
                parts = (part.value if isinstance(part, ast.Constant) else "…" for part in node.values)
                texts.append("".join(map(str, parts)))
            elif isinstance(node, ast.Constant) and isinstance(node.value, str):
                texts.append(node.value)
    return texts


def test_troubleshooting__quotes_messages_of_the_program():
    page = (DOCS / "troubleshooting.md").read_text("utf-8")
    quoted = re.findall(r"^\| `([^`]+)` \|", page, re.MULTILINE)
    assert len(quoted) > 25
    texts = "\n".join(texts_of_the_program())
    patterns = {quote: ".*".join(re.escape(part) for part in quote.split("…")) for quote in quoted}
    assert [quote for quote, pattern in patterns.items() if not re.search(pattern, texts)] == []


_VALUE = re.compile(r"[ACGT]+\|[A-Z0-9-]+\|(?:\d\.\d\d\|){4}(?:-?\d+\|){3}-?\d+")
PAGES_WITH_VALUES = ("README.md", "docs/interpretation.md", "docs/output.md", "docs/recipes.md", "docs/semantics.md")
VARIANTS = (
    "19:38467722:C:T 19:38467723:G:A 19:11102787:G:A 19:11102787:G:C 19:44948534:G:C 19:54128343:TCCGGAAGCAGG:T "
    "19:13212383:C:A 19:11110650:AG:A 19:11110651:GG:G 19:11110652:GG:G"
)


@pytest.mark.weights
@pytest.mark.slow
def test_pages__have_the_values_that_the_program_prints(workshop, store):
    if not Store(store.home, CISPLICEAI).is_installed:
        pytest.skip("weights are not installed: spliceai-cli weights install cispliceai")
    call = f"spliceai-cli score {VARIANTS} -R GRCh38.chr19.fa -A grch38 --json"
    printed = {
        value
        for options in ("--model spliceai --model cispliceai", "--normalize")
        for value in _VALUE.findall("\n".join(workshop(f"{call} {options}")))
    }
    shown = {value for page in PAGES_WITH_VALUES for value in _VALUE.findall((ROOT / page).read_text("utf-8"))}
    assert len(shown) > 10
    assert shown <= printed
