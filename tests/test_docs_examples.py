"""Commands in the documentation are commands of the program, and print what stands below them.

The examples of the Python page and the tour are run by ``test_docs.py`` and ``test_notebook.py``, the recipes by
``test_recipes.py``.
"""

from __future__ import annotations

import ast
import json
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
        # These show what files look like, or need a program, that are not at hand.
        if not re.search(r"gencode\.v|out\.vcf\.gz|gffread", block.commands)
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


_VCF = r"printf '##fileformat=VCFv4.2\n#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\n19\t38467722\t.\tC\tT\t.\t.\t.\n'"
_PREDICT = "spliceai-cli predict -R GRCh38.chr19.fa --output-format tsv -O -"
_RYR1 = "-R GRCh38.chr19.fa -A ensembl91.gff3.gz --consequence"
_TABLE = "spliceai-cli score 19:38467722:C:T -R GRCh38.chr19.fa -A grch38"

# Text of a page -> the command that prints it, where that stands apart, or needs files of the reader.
APART = {
    ("README.md", "19:38467722 C>T"): _TABLE,
    ("README.md", "chr19  38467722"): f"{_VCF} | sed 's/^19/chr19/' | spliceai-annotate -R GRCh38.chr19.fa",
    ("docs/predict.md", "19\t44947311"): f"{_PREDICT} -A grch38 -g APOC2 --min-probability 0.5",
    ("docs/predict.md", "19\t44948532"): (
        f"{_PREDICT} -r 19:44948532-44948534 --strand + --model spliceai --model pangolin"
    ),
    ("docs/predict.md", "19\t38467691"): f"{_VCF} | {_PREDICT} -A grch38 --alt -",
    ("docs/consequences.md", "GENE  TRANSCRIPT"): f"spliceai-cli score chr19:38467722:C:T {_RYR1}",
    ("docs/consequences.md", "##INFO=<ID=SpliceAI_CSQ"): f"{_VCF} | spliceai-annotate {_RYR1}",
    ("docs/consequences.md", ">19:38467722"): (
        f"{_VCF} | spliceai-annotate {_RYR1} --consequence-fasta c.fa -O c.vcf && cat c.fa"
    ),
    ("docs/models.md", "MODEL "): "spliceai-cli weights list",
}


@pytest.mark.weights
@pytest.mark.slow
@pytest.mark.parametrize(("page", "begins"), APART, ids=[f"{page} {text}" for page, text in APART])
def test_text__is_printed_by_a_command_of_the_page(workshop, store, page, begins):
    texts = [text for block in examples(page) for text in block.shown if begins in text]
    [text] = texts
    command = APART[page, begins]
    others = ("pangolin", "cispliceai", "openspliceai")
    needed = [name for name in others if name in (text if "weights list" in command else command)]
    if absent := [name for name in needed if not (store.home / name).exists()]:
        pytest.skip(f"weights are not installed: {', '.join(absent)}")
    output = workshop(command)
    assert [line for line in text.splitlines() if not shows(line, output)] == []


def test_pages__show_nothing_that_is_not_compared():
    """Every text below commands is compared with what a command prints, or is none of ours."""
    ours = {"docs/annotations.md", "docs/score.md", "docs/usage.md", "docs/scatter.md", "docs/recipes.md"}
    apart = [
        (block.page, text.splitlines()[0])
        for page in {block.page for block in BLOCKS} - ours
        for block in examples(page)
        for text in block.shown
        if not any(page == name and begins in text for name, begins in APART)
    ]
    # A formula; and drawings of a rule, whose numbers tests/consequence/test_profile_rule.py computes.
    assert sorted(first.split()[0] for _, first in apart) == ["A", "DLOGIT", "REF", "skipped"]


@pytest.mark.weights
@pytest.mark.slow
def test_output_page__counts_the_six_records_of_the_recipes(workshop):
    """The summary, ``-v`` and ``--stats``."""
    page = (DOCS / "output.md").read_text("utf-8")
    rows = next(text for _, text in _FENCE.findall((DOCS / "recipes.md").read_text("utf-8")) if "60001" in text)
    lines = ["##fileformat=VCFv4.2", "#CHROM POS ID REF ALT QUAL FILTER INFO", *rows.splitlines()]
    text = "\\n".join("\\t".join(line.split()) for line in lines)
    call = "spliceai-annotate -R GRCh38.chr19.fa -A grch38 -v --stats six.json -O six.vcf && cat six.json"
    output = workshop(f"printf '{text}\\n' | {call}")
    [summary] = [text for _, text in _FENCE.findall(page) if text.startswith("6 records")]
    [unscored] = [text for _, text in _FENCE.findall(page) if text.startswith("unscored: ")]
    assert [line for line in (summary + unscored).splitlines() if not shows(line, output)] == []
    [shown] = [json.loads(text) for language, text in _FENCE.findall(page) if language == "json"]
    printed = json.loads("\n".join(output[output.index("{") : output.index("}") + 1]))
    [shown_origin], [origin] = shown.pop("origins"), printed.pop("origins")
    assert list(shown.items()) == list(printed.items())
    assert list(shown_origin) == list(origin)
    fixed = {key: value for key, value in shown_origin.items() if value != "…" and key != "version"}
    assert fixed == {key: origin[key] for key in fixed}


@pytest.mark.weights
def test_score_page__shows_the_json_that_is_printed(workshop):
    [[shown]] = [
        json.loads(text)
        for language, text in _FENCE.findall((DOCS / "score.md").read_text("utf-8"))
        if language == "json"
    ]
    call = "spliceai-cli score 'NC_000019.10:g.38467722C>T' -R GRCh38.chr19.fa -A grch38 --json -q"
    [printed] = json.loads("\n".join(workshop(call)))
    [shown_score], [score] = shown.pop("scores"), printed.pop("scores")
    assert list(shown.items()) == list(printed.items())
    shown_effects, effects = shown_score.pop("effects"), score.pop("effects")
    assert list(shown_score) == list(score)
    assert shown_score == {**score, "max_score": pytest.approx(score["max_score"], rel=1e-5)}
    assert list(shown_effects) == list(effects)
    for name, effect in shown_effects.items():
        # Shortened on the page to three digits or six decimals.
        assert effect == {key: pytest.approx(value, rel=5e-3) for key, value in effects[name].items()}, name


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
    "accuracy.md": r"commit [0-9a-f]{7}|benchmarks/|data/recipes/",
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
