"""The recipes of docs/recipes.md are run as they stand there, by the programs that they name."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest
from support import builders

PAGE = Path(__file__).parents[1] / "docs" / "recipes.md"

# What stands under these headings is run; the other programs are not at hand.
RUN = ("bcftools", "Counts of many runs")

# Packages of their own; a recipe that names one that is not there is left out.
FURTHER_PROGRAMS = ("bgzip", "tabix")

# A heading, or a block of code with its language.
_PART = re.compile(
    r"^(?P<level>##+) (?P<heading>[^\n]+)$|^```(?P<language>\w+)\n(?P<code>.*?)^```$", re.MULTILINE | re.DOTALL
)

HEADER = (
    "##fileformat=VCFv4.2\n##contig=<ID=chr1,length=1000>\n##contig=<ID=chr2,length=300>\n"
    '##INFO=<ID=AF,Number=A,Type=Float,Description="Frequency">\n'
    "#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\n"
)

NUMBERS = ("DS_AG", "DS_AL", "DS_DG", "DS_DL", "DP_AG", "DP_AL", "DP_DG", "DP_DL")


class Recipe(NamedTuple):
    """A block of shell commands, the heading that it stands under, and the output that the page shows."""

    heading: str
    commands: str
    shown: str | None


def read_recipes() -> list[Recipe]:
    recipes: list[Recipe] = []
    chapter = heading = ""
    for part in _PART.finditer(PAGE.read_text("utf-8")):
        if part["heading"]:
            heading = part["heading"]
            chapter = heading if part["level"] == "##" else chapter
        elif chapter in RUN and part["language"] == "sh":
            recipes.append(Recipe(heading, part["code"], None))
        elif chapter in RUN and part["language"] == "text" and recipes and recipes[-1].heading == heading:
            recipes[-1] = recipes[-1]._replace(shown=part["code"])
    return recipes


class Workshop:
    """A folder with the files that the recipes name, in which all of them were run in the order of the page."""

    def __init__(self, folder: Path, options: str, home: Path | None = None) -> None:
        self.folder = folder
        programs = folder / "programs"
        programs.mkdir()
        script = programs / "spliceai-annotate"
        # The last of two values of an option counts, so these take the place of those in the recipe.
        script.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m spliceai_cli annotate "$@" {options} --quiet\n')
        script.chmod(0o755)
        (programs / "python3").symlink_to(sys.executable)
        self._environment = os.environ | {"PATH": f"{programs}:{os.environ['PATH']}"}
        if home is not None:
            self._environment["SPLICEAI_CLI_HOME"] = str(home)
        self.printed: dict[str, list[str]] = {}

    def run(self, commands: str) -> str:
        done = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", commands],
            cwd=self.folder,
            env=self._environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, f"{commands}\n{done.stdout}\n{done.stderr}"
        return done.stdout

    def run_page(self) -> list[tuple[Recipe, str]]:
        """Every recipe with what it printed."""
        done = []
        for recipe in read_recipes():
            if all(shutil.which(name) for name in FURTHER_PROGRAMS if re.search(rf"\b{name}\b", recipe.commands)):
                done.append((recipe, self.run(recipe.commands)))
                self.printed.setdefault(recipe.heading, []).append(done[-1][1])
        return done

    def rows(self, heading: str, block: int = -1) -> list[list[str]]:
        """Columns of the lines that a block under a heading printed."""
        return [line.split("\t") for line in self.printed[heading][block].splitlines()]

    def query(self, name: str, columns: str) -> list[list[str]]:
        """Columns of the records of a VCF."""
        form = "\\t".join(columns.split())
        return [line.split("\t") for line in self.run(f"bcftools query -f '{form}\\n' {name}").splitlines()]


@pytest.fixture(scope="module")
def bcftools():
    if shutil.which("bcftools") is None:
        pytest.skip("no bcftools on PATH")


@pytest.fixture(scope="module")
def toy(bcftools, tmp_path_factory, toy_weights):
    """The recipes on the small genome, with random networks."""
    folder = tmp_path_factory.mktemp("recipes")
    genome = builders.small_genome(folder)
    options = f"-A {genome.table} --weights {toy_weights} --device cpu --threads 1"
    workshop = Workshop(folder, options)
    (folder / "hg38.fa").symlink_to(genome.fasta)
    base, other = genome.base, genome.other
    two = ",".join(sorted(set("ACGT") - {base("chr1", 460)})[:2])
    rows = [
        ("chr1", 200, base("chr1", 200), other("chr1", 200)),
        ("chr1", 300, base("chr1", 300), other("chr1", 300)),
        ("chr1", 460, base("chr1", 460), two),  # in two genes
        ("chr1", 700, base("chr1", 700, 3), f"{base('chr1', 700)},*"),
        ("chr1", 950, base("chr1", 950), other("chr1", 950)),  # outside genes
        ("chr2", 100, other("chr2", 100), base("chr2", 100)),  # another REF
        ("chr2", 150, base("chr2", 150, 3), base("chr2", 150)),
        ("chr2", 210, base("chr2", 210), other("chr2", 210)),
    ]
    plain = builders.write_vcf(folder / "calls.vcf", rows, HEADER)
    workshop.run(f"bcftools view -Oz -o calls.vcf.gz {plain}")
    workshop.run_page()
    return workshop


@pytest.fixture(scope="module")
def table(toy):
    """The lines of ``--tsv``, which does not take the way over INFO, by column."""
    heading, *lines = toy.run("spliceai-annotate -I calls.vcf.gz -R hg38.fa --tsv").splitlines()
    return [dict(zip(heading.split("\t"), line.split("\t"), strict=True)) for line in lines]


@pytest.fixture(scope="module")
def largest(table):
    """Largest score by POS and ALT; None for alleles without a score."""
    found: dict[tuple[str, str], float | None] = {}
    for row in table:
        key = row["POS"], row["ALT"]
        score = None if row["MAX_SCORE"] == "." else float(row["MAX_SCORE"])
        found[key] = score if found.get(key) is None or score is None else max(found[key], score)
    return found


def is_high(pos: str, alts: str, largest: dict) -> bool:
    return any((largest[pos, alt] or 0) >= 0.2 for alt in alts.split(","))


def info_texts(table: list[dict], pos: str, alts: str) -> list[str]:
    """Values of INFO/SpliceAI put together from the table."""
    rows = (row for alt in alts.split(",") for row in table if (row["POS"], row["ALT"]) == (pos, alt))
    return ["|".join(row[name] for name in ("ALT", "SYMBOL", *NUMBERS)) for row in rows if row["SYMBOL"] != "."]


def test_example__has_what_the_recipes_are_about(table, largest):
    assert {row["REASON"] for row in table} == {".", "outside", "symbolic", "ref-mismatch"}
    assert [row["SYMBOL"] for row in table if row["POS"] == "460"] == ["PLUS", "MINUS"] * 2
    scores = [score for score in largest.values() if score is not None]
    assert min(scores) < 0.2 < max(scores)


def test_print__shows_the_largest_score_of_each_alt(toy, largest):
    rows = toy.rows("Print the largest score")
    assert len(rows) == 8
    for _, pos, _, alts, scores in rows:
        expected = [largest[pos, alt] for alt in alts.split(",")]
        known = ["." if score is None else f"{score:g}" for score in expected]
        assert scores == ("." if set(known) == {"."} else ",".join(known))


def test_filter__keeps_records_with_a_high_alt(toy, largest):
    kept = [(pos, alts) for _, pos, alts in toy.rows("Filter")]
    everything = toy.query("out.vcf.gz", "%POS %ALT")
    assert kept == [(pos, alts) for pos, alts in everything if is_high(pos, alts, largest)]
    assert 0 < len(kept) < len(everything)


def test_keep__adds_what_has_no_score(toy, table, largest):
    unscored = {row["POS"] for row in table if row["REASON"] in ("symbolic", "ref-mismatch")}
    expected = [p for p, alts in toy.query("out.vcf.gz", "%POS %ALT") if p in unscored or is_high(p, alts, largest)]
    assert [pos for (pos,) in toy.query("look.vcf.gz", "%POS")] == expected
    assert toy.query("look.vcf.gz", "%POS") != toy.query("high.vcf.gz", "%POS")
    codes = {(pos, alts): codes for _, pos, _, alts, codes in toy.rows("Keep alleles without a score")}
    assert sorted(codes.values()) == [".,symbolic", "outside", "ref-mismatch"]


def test_split__gives_every_alt_its_own_scores(toy, table, largest):
    rows = toy.rows("One ALT per line")
    assert len(rows) == len(largest)
    for _, pos, alt, score, texts in rows:
        assert score == ("." if largest[pos, alt] is None else f"{largest[pos, alt]:g}")
        assert texts == (",".join(info_texts(table, pos, alt)) or ".")


def test_split_afterwards__keeps_the_values_of_all_alts(toy, table):
    lines = toy.run(
        "bcftools norm -m -any out.vcf.gz | bcftools query -i 'POS=460' -f '%ALT\\t%SpliceAI_DS_max\\t%SpliceAI\\n'"
    )
    first, second = (line.split("\t") for line in lines.splitlines())
    assert first[2] == second[2] == ",".join(info_texts(table, "460", f"{first[0]},{second[0]}"))
    assert "," not in first[1]


def test_columns__are_the_table(toy, table):
    names = ["CHROM", "POS", "REF", "ALT", "SYMBOL", *NUMBERS]
    assert toy.rows("Scores as columns") == [[row[n] for n in names] for row in table if row["SYMBOL"] != "."]


def test_names__are_found_in_the_header(toy, table):
    names = ["CHROM", "POS", "REF", "ALT", "SYMBOL", "DS_DL", "DP_DL"]
    assert toy.rows("Scores by name", 0) == [[row[n] for n in names] for row in table if row["SYMBOL"] != "."]


def test_names__serve_as_fields_for_filters(toy, table):
    commands = next(r.commands for r in read_recipes() if r.heading == "Scores by name" and "-c SYMBOL" in r.commands)
    scored = [row for row in table if row["SYMBOL"] == "EDGE"]
    bound = max(float(row["DS_DG"]) for row in scored)
    found = toy.run(commands.replace("RYR1", "EDGE").replace("0.5", f"{bound}")).splitlines()
    expected = [row for row in scored if float(row["DS_DG"]) >= bound]
    assert [line.split("\t")[:3] for line in found] == [[row["CHROM"], row["POS"], "EDGE"] for row in expected]
    assert len(expected) < len(scored)


def test_copy__from_an_annotated_file_is_complete(toy):
    columns = "%CHROM %POS %REF %ALT %SpliceAI %SpliceAI_DS_max"
    assert toy.query("copied.vcf.gz", columns) == toy.query("out.vcf.gz", columns)


def test_copy__from_precomputed_scores_is_complete(toy):
    if len(toy.printed["Copy scores to another VCF"]) == 1:
        pytest.skip("no bgzip or no tabix on PATH")
    assert toy.rows("Copy scores to another VCF") == toy.query("out.vcf.gz", "%CHROM %POS %ALT %SpliceAI")


def test_copy__from_precomputed_scores_as_vcf_loses_all_lines_but_one(toy, table):
    if not (toy.folder / "scores.vcf.gz").exists():
        pytest.skip("no bgzip or no tabix on PATH")
    toy.run("bcftools annotate -a scores.vcf.gz -c INFO/SpliceAI -Oz -o fewer.vcf.gz calls.vcf.gz")
    [[alts, texts]] = [row[1:] for row in toy.query("fewer.vcf.gz", "%POS %ALT %SpliceAI") if row[0] == "460"]
    assert len(info_texts(table, "460", alts)) == 4
    assert texts in info_texts(table, "460", alts)


def test_precomputed__is_found_by_region(toy, table):
    if not (toy.folder / "scores.vcf.gz").exists():
        pytest.skip("no bgzip or no tabix on PATH")
    found = toy.run("bcftools query -r chr1:460 -f '%REF\\t%ALT\\t%INFO\\n' scores.vcf.gz").splitlines()
    rows = [row for row in table if row["POS"] == "460"]
    texts = info_texts(table, "460", ",".join(dict.fromkeys(row["ALT"] for row in rows)))
    assert found == [f"{r['REF']}\t{r['ALT']}\tSpliceAI={text}" for r, text in zip(rows, texts, strict=True)]


def test_new__are_scored_and_old_ones_kept(toy):
    assert toy.query("complete.vcf.gz", "%POS %SpliceAI") == toy.query("out.vcf.gz", "%POS %SpliceAI")


def test_joined__is_what_one_run_gives(toy):
    assert (toy.folder / "parts.txt").read_text().split() == ["part.chr1.vcf.gz", "part.chr2.vcf.gz"]
    columns = "%CHROM %POS %ID %REF %ALT %SpliceAI %SpliceAI_DS_max"
    assert toy.query("joined.vcf.gz", columns) == toy.query("out.vcf.gz", columns)


def test_options__are_in_the_header(toy):
    [[line]] = toy.rows("Which options made this file?")
    assert 'Model="toy"' in line
    assert 'Distance="50",Mask="0",' in line


def test_counts__are_those_of_the_table(toy, table, largest):
    heading, counts = toy.rows("Counts of many runs")
    row = dict(zip(heading, counts, strict=True))
    n_scored = sum(score is not None for score in largest.values())
    assert row == {
        "Sample": "calls", "alleles": str(len(largest)), "scored": str(n_scored), "outside": "1", "unscored": "2",
    }  # fmt: skip
    stats = json.loads((toy.folder / "stats" / "calls.json").read_text())
    assert stats["scores"] == sum(line["SYMBOL"] != "." for line in table)
    assert stats["scored"] + sum(stats["reasons"].values()) == stats["alleles"]
    assert [origin["model_name"] for origin in stats["origins"]] == ["toy"]


def test_page__has_recipes_with_and_without_output():
    assert [bool(recipe.shown) for recipe in read_recipes()].count(True) == 9


@pytest.mark.slow
@pytest.mark.weights
def test_page__shows_what_the_recipes_print(bcftools, store, chr19, tmp_path):
    page = PAGE.read_text("utf-8")
    lines = next(_PART.finditer(page, page.index("```text")))["code"].splitlines()
    rows = [(chrom, int(pos), ref, alt) for chrom, pos, _, ref, alt, *_ in map(str.split, lines)]
    header = "##contig=<ID=19,length=58617616>\n".join(re.split("(?=#CHROM)", builders.VCF_HEADER))
    workshop = Workshop(tmp_path, "--device cpu --threads 1", home=store.home)
    for suffix in ("", ".fai"):
        (tmp_path / f"hg38.fa{suffix}").symlink_to(f"{chr19}{suffix}")
    workshop.run(f"bcftools view -Oz -o calls.vcf.gz {builders.write_vcf(tmp_path / 'calls.vcf', rows, header)}")
    for recipe, printed in workshop.run_page():
        if recipe.shown is not None:
            shown, found = ([line.split() for line in text.splitlines()] for text in (recipe.shown, printed))
            assert found == shown, recipe.heading
