"""The documentation names what there is, and its examples hold."""

from __future__ import annotations

import doctest
import gzip
import os
import re
import runpy
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote

import click
import pytest

import spliceai_cli
from spliceai_cli.cli.main import group
from spliceai_cli.models.published import CISPLICEAI, MODELS, OTHERS, PANGOLIN, openspliceai
from spliceai_cli.models.store import Store
from spliceai_cli.scores.sites import SITES
from spliceai_cli.scores.tissues import TISSUES
from spliceai_cli.variants.rows import ALLELE, CONSEQUENCE, END, GENE
from spliceai_cli.variants.structure import read_structure
from spliceai_cli.variants.variant import SkipReason

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
PAGES = sorted([*ROOT.glob("*.md"), *DOCS.glob("*.md"), *(ROOT / "benchmarks").rglob("*.md"), *ROOT.glob("data/*.md")])

_FENCE = re.compile(r"^```(\w*).*?\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)
_LINK = re.compile(r"\]\(([^)\s]+)\)")


def walk(command: click.Command, parent: click.Context | None = None) -> Iterator[click.Context]:
    """The contexts of a command and all below it; options such as -h are inherited along them."""
    context = click.Context(command, parent, info_name=command.name, **command.context_settings)
    yield context
    if isinstance(command, click.Group):
        for member in command.commands.values():
            yield from walk(member, context)


CONTEXTS = list(walk(group))
COMMANDS = {context.command_path: context.command for context in CONTEXTS}
OPTIONS = [
    (context.command_path, option)
    for context in CONTEXTS
    for option in context.command.get_params(context)
    if isinstance(option, click.Option)
]
OPTION_IDS = [f"{path} {option.opts[-1]}" for path, option in OPTIONS]


def prose(page: Path) -> str:
    """The page without code blocks."""
    return _FENCE.sub("", page.read_text("utf-8"))


def anchor(heading: str) -> str:
    """GitHub's anchor of a heading; MyST makes the same."""
    words = re.sub(r"[^\w\- ]", "", heading.lower().replace("`", ""))
    return words.strip().replace(" ", "-")


def section(path: str) -> str:
    """What usage.md says under the heading that names a command, up to the next heading of its level."""
    parts = re.split(r"^(#+ .+)$", prose(DOCS / "usage.md"), flags=re.MULTILINE)
    headings, bodies = parts[1::2], parts[2::2]
    first = next((i for i, heading in enumerate(headings) if f"`{path}`" in heading), None)
    assert first is not None, f"docs/usage.md has no heading with `{path}`"
    level = headings[first].split()[0]
    after = (i for i in range(first + 1, len(headings)) if len(headings[i].split()[0]) <= len(level))
    return "".join(bodies[first : next(after, len(headings))])


def names(text: str) -> set[str]:
    """Options written as code: `-I`, `--input VCF`, `--strict[=REASONS]`."""
    return set(re.findall(r"`(--?[A-Za-z][\w-]*)", text))


@pytest.mark.parametrize("path", COMMANDS)
def test_usage__has_a_section_for_every_command(path):
    assert section(path).strip()


@pytest.mark.parametrize(("path", "option"), OPTIONS, ids=OPTION_IDS)
def test_usage__names_every_option_with_its_command(path, option):
    # --help is the same everywhere and said once, at the top.
    text = prose(DOCS / "usage.md") if "--help" in option.opts else section(path)
    assert {*option.opts, *option.secondary_opts} <= names(text)


@pytest.mark.parametrize("path", COMMANDS)
def test_usage__names_no_option_that_is_not_there(path):
    # Options of other programs stand in code blocks, which are not looked at.
    known = {name for _, option in OPTIONS for name in (*option.opts, *option.secondary_opts)}
    assert names(section(path)) <= known


def test_usage__has_option_tables_as_the_commands_are():
    """``python docs/options.py`` writes them."""
    page = (DOCS / "usage.md").read_text("utf-8")
    assert runpy.run_path(str(DOCS / "options.py"))["current"](page) == page


@pytest.mark.parametrize("path", [path for path in COMMANDS if path.count(" ")])
def test_usage__has_an_option_table_of_every_command(path):
    own = [option for name, option in OPTIONS if name == path and "--help" not in option.opts]
    name = path.partition(" ")[2]
    assert bool(own) == bool(
        re.search(rf"<!-- options: {name}(?: / .+)? -->\n\|", (DOCS / "usage.md").read_text("utf-8"))
    )


@pytest.mark.parametrize(("path", "option"), OPTIONS, ids=OPTION_IDS)
def test_option__has_a_help_text(path, option):
    assert option.help, f"{path} {option.opts}"


@pytest.mark.parametrize("command", COMMANDS.values(), ids=COMMANDS)
def test_command__has_a_help_text(command):
    assert command.help


@pytest.mark.parametrize("reason", SkipReason)
def test_output_page__says_every_reason(reason):
    row = rf"^\| `{re.escape(reason.code)}` \| {re.escape(reason.phrase)} \|"
    assert re.search(row, prose(DOCS / "output.md"), re.MULTILINE)


def test_output_page__names_every_column_of_rows_as_tsv_and_json_write_it():
    page = prose(DOCS / "output.md")
    rows = page[page.index("## Names") : page.index("## JSON schemas")].splitlines()
    for name in (*ALLELE, *GENE, *END):
        assert any(f"`{name.upper()}`" in row and f"`{name}`" in row for row in rows), name


def test_consequences_page__names_every_column_as_tsv_and_json_write_it():
    page = prose(DOCS / "consequences.md")
    rows = page[page.index("## Columns and keys") : page.index("## Thresholds")].splitlines()
    for name in CONSEQUENCE:
        known = "first_exon" if name == "exon" else name
        assert any(f"`{name.upper()}`" in row and f"`{known}`" in row for row in rows), name


def test_output_page__links_every_schema():
    linked = re.findall(r"\(schema/(\w+\.json)\)", prose(DOCS / "output.md"))
    assert sorted(linked) == sorted(path.name for path in (DOCS / "schema").iterdir())


def test_output_page__shows_the_header_line_as_written():
    assert SITES.header("SpliceAI") in (DOCS / "output.md").read_text("utf-8")


@pytest.mark.parametrize("name", spliceai_cli.__all__)
def test_api_page__has_a_section_for_every_public_name(name):
    assert f"## `{name}`" in prose(DOCS / "python-api.md").splitlines()


def test_weights_page__lists_the_hashes_that_are_checked():
    rows = {}
    for name, model in MODELS.items():
        source = model.source
        rows |= {f"`{member.path}`": member.sha256 for member in (*source.networks, *source.tables)}
        rows[f"wheel of `{source.package}` {source.version}"] = source.sha256
        rows[f"tensors of `{name}`"] = model.weights_sha256
    listed = dict(re.findall(r"^\| ([^|]+) \| `([0-9a-f]{64})` \|$", prose(DOCS / "weights.md"), re.MULTILINE))
    assert listed == rows


@pytest.mark.parametrize("name", [*MODELS, *OTHERS])
def test_models_page__has_a_row_for_every_model(name):
    spec = {"pangolin": PANGOLIN, "openspliceai": openspliceai(10_000, 5)}.get(name) or MODELS[name].spec
    row = rf"^\| `{name}`[^|]* \| `{spec.key}` \|.*10,000 bp.* \| {re.escape(spec.licence)} \|"
    assert re.search(row, prose(DOCS / "models.md"), re.MULTILINE)


def test_output_page__shows_the_header_line_of_pangolin_as_written():
    assert TISSUES.header("Pangolin") in (DOCS / "output.md").read_text("utf-8")


SYMBOLIC_KINDS = ("DEL", "DUP", "INV", "INS", "CNV", "CN0", "BND", "TRA", "NON_REF", "*", "CNV:TR", "DUP:DISPERSED")


def kinds_in(line):
    return set(re.findall(r"<([A-Z_:*0-9]+)>", line))


def test_symbolic_kinds__are_the_same_in_code_and_everywhere_they_are_named():
    """README, usage, help and semantics name what is scored; each used to be kept by hand."""
    info = {"SVLEN": "3", "SEQ": "ACG"}
    scored = {kind for kind in SYMBOLIC_KINDS if read_structure(info, 0, pos=9, ref="A", alts=[f"<{kind}>"])}
    readme = next(line for line in (ROOT / "README.md").read_text().splitlines() if line.startswith("- `<DEL>`"))
    usage = next(line for line in prose(DOCS / "usage.md").splitlines() if line.startswith("| `--max-sv-length` |"))
    (option,) = {option.help for _, option in OPTIONS if "--max-sv-length" in option.opts}
    rows = re.findall(r"^\| ([^|]+) \| (L is known|INFO has|never)", prose(DOCS / "semantics.md"), re.MULTILINE)
    says_yes = set().union(*(kinds_in(kinds) for kinds, when in rows if when != "never"))
    assert kinds_in(readme) == kinds_in(usage) == kinds_in(option) == scored
    # With subtypes.
    assert {kind.partition(":")[0] for kind in says_yes} == scored
    assert not scored & set().union(*(kinds_in(kinds) for kinds, when in rows if when == "never")) - {"DUP"}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_links__lead_to_a_file_and_a_heading(page):
    for link in _LINK.findall(prose(page)):
        if re.match(r"[a-z]+:", link):
            continue
        name, _, wanted = unquote(link).partition("#")
        target = page.parent / name if name else page
        assert target.exists(), f"{page.name}: {link}"
        if wanted:
            assert wanted in map(anchor, _HEADING.findall(prose(target))), f"{page.name}: {link}"


@pytest.mark.weights
def test_api_page__examples_hold(store, chr19, tmp_path, monkeypatch):
    if not Store(store.home, CISPLICEAI).is_installed:
        pytest.skip("weights are not installed: spliceai-cli weights install cispliceai")
    (tmp_path / "chr19.fa").symlink_to(chr19)
    (tmp_path / "chr19.fa.fai").symlink_to(f"{chr19}.fai")  # dangles until the index is made
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SPLICEAI_CLI_HOME", str(store.home))
    fences = _FENCE.findall((DOCS / "python-api.md").read_text("utf-8"))
    blocks = "\n".join(code for language, code in fences if language == "pycon")
    examples = doctest.DocTestParser().get_doctest(blocks, {}, "python-api.md", "python-api.md", 0)
    assert examples.examples
    assert doctest.DocTestRunner().run(examples).failed == 0


PROGRAMS = [
    code
    for page in (ROOT / "README.md", DOCS / "python-api.md")
    for language, code in _FENCE.findall(page.read_text("utf-8"))
    if language == "python"
]
GTF = (
    'chr19\ttoy\texon\t{}\t{}\t.\t+\t.\tgene_id "ENSG1.1"; gene_name "RYR1"; gene_type "protein_coding"; '
    'transcript_id "ENST1.1";\n'
)


@pytest.mark.weights
@pytest.mark.parametrize("program", PROGRAMS, ids=lambda code: code.strip().splitlines()[-1].strip()[:40])
def test_python_programs__of_the_pages_run(program, store, chr19, tmp_path):
    (tmp_path / "hg38.fa").symlink_to(chr19)
    (tmp_path / "hg38.fa.fai").symlink_to(f"{chr19}.fai")
    with gzip.open(tmp_path / "gencode.v47.annotation.gtf.gz", "wt") as gtf:
        gtf.write(GTF.format(38433691, 38467812) + GTF.format(38469117, 38587564))
    (tmp_path / "program.py").write_text(program)
    done = subprocess.run(
        [sys.executable, "-W", "error::DeprecationWarning:__main__", "program.py"],
        cwd=tmp_path,
        env={**os.environ, "SPLICEAI_CLI_HOME": str(store.home), "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    if "print(" in program:
        assert "T|RYR1|0.00|0.00|0.91|0.08|-28|-46|-2|-31" in done.stdout


@pytest.mark.parametrize("path", COMMANDS)
def test_help__loads_no_large_library(path):
    # In a process of its own: this one has loaded both.
    program = """
import sys
from click.testing import CliRunner
from spliceai_cli.cli.main import group

result = CliRunner().invoke(group, [*sys.argv[1:], "--help"])
assert result.exit_code == 0, result.output
assert "Usage:" in result.output
print(*sorted({"torch", "numpy", "pandas", "pysam", "h5py", "matplotlib"} & set(sys.modules)))
"""
    done = subprocess.run(
        [sys.executable, "-c", program, *path.split()[1:]], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == ""
