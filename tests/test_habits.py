"""The files that a hosting site, pip and citation managers read are valid, and agree with the project."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest
import yaml

import spliceai_cli

ROOT = Path(__file__).parents[1]
FORMS = sorted((ROOT / ".github/ISSUE_TEMPLATE").glob("*.yml"))
WORKFLOW = ROOT / ".github/workflows/ci.yml"
PYPROJECT = (ROOT / "pyproject.toml").read_text("utf-8")


def load(path):
    return yaml.safe_load(path.read_text("utf-8"))


def targets():
    return set(re.findall(r"^([\w-]+):(?!=)", (ROOT / "Makefile").read_text(), re.MULTILINE))


def test_workflow__runs_make_targets_that_are_there():
    jobs = load(WORKFLOW)["jobs"]
    commands = [step["run"] for job in jobs.values() for step in job["steps"] if "run" in step]
    assert {command.removeprefix("make ") for command in commands} == {"lint", "docs", "test"} <= targets()


def test_workflow__tests_the_oldest_and_the_newest_python():
    versions = re.findall(r"Python :: (3\.\d+)", PYPROJECT)
    matrix = load(WORKFLOW)["jobs"]["test"]["strategy"]["matrix"]
    assert matrix["python"] == [versions[0], versions[-1]]
    assert f'requires-python = ">={versions[0]}"' in PYPROJECT
    assert {name.partition("-")[0] for name in matrix["os"]} == {"ubuntu", "macos"}


def test_local_ci__runs_what_the_workflow_runs():
    jobs = load(WORKFLOW)["jobs"]
    hosted = {step["run"] for job in jobs.values() for step in job["steps"] if "run" in step}
    assert hosted == set(re.findall(r"^make .+$", (ROOT / ".ci/run").read_text(), re.MULTILINE))


def test_citation__names_the_latest_release():
    citation = load(ROOT / "CITATION.cff")
    version, date = re.search(
        r"^## (\d\S*) — (\d\S+)", (ROOT / "CHANGELOG.md").read_text("utf-8"), re.MULTILINE
    ).groups()
    assert (str(citation["version"]), str(citation["date-released"])) == (version, date)
    source = spliceai_cli.__version__
    # Between releases the source may name the coming one.
    assert source == version or ".dev" in source


def test_changelog__dates_every_release_but_the_coming_one():
    headings = re.findall(r"^## (.+)$", (ROOT / "CHANGELOG.md").read_text("utf-8"), re.MULTILINE)
    dates = [re.fullmatch(r"\d+\.\d+\.\d+ — (\S+)", heading)[1] for heading in headings]
    assert all(re.fullmatch(r"\d{4}-\d\d-\d\d", date) for date in dates[1:])
    assert dates[0] == "unreleased" or dates == sorted(dates, reverse=True)


def test_citation__has_the_fields_of_cff():
    citation = load(ROOT / "CITATION.cff")
    assert {"cff-version", "message", "title", "authors"} <= set(citation)
    assert citation["cff-version"] == "1.2.0"
    assert citation["license"] == "MIT"
    assert f'license = "{citation["license"]}"' in PYPROJECT
    for reference in citation["references"]:
        assert {"type", "title", "authors"} <= set(reference)
        # DOI, journal and pages as README prints them.
        assert reference["doi"] in (ROOT / "README.md").read_text("utf-8")


@pytest.mark.parametrize("path", [path for path in FORMS if path.name != "config.yml"], ids=lambda path: path.name)
def test_issue_form__has_what_the_host_asks_for(path):
    form = load(path)
    assert form["name"]
    assert form["description"]
    fields = [field for field in form["body"] if field["type"] != "markdown"]
    names = [field["id"] for field in fields]
    assert len(set(names)) == len(names)
    assert all(field["attributes"]["label"] for field in fields)
    assert {field["type"] for field in form["body"]} <= {"markdown", "input", "textarea", "dropdown", "checkboxes"}


def test_bug_form__asks_for_what_reproduces_it():
    required = {
        field["id"]
        for field in load(ROOT / ".github/ISSUE_TEMPLATE/bug.yml")["body"]
        if field.get("validations", {}).get("required")
    }
    assert {"version", "command", "record", "stderr"} <= required


@pytest.mark.parametrize("name", [".ci/run", ".ci/release-check", ".githooks/pre-commit"])
def test_script__is_bash_and_executable(name):
    path = ROOT / name
    assert path.stat().st_mode & 0o100
    subprocess.run(["bash", "-n", path], check=True)
