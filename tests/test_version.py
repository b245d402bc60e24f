"""A build that is not a release says which commit it is."""

from __future__ import annotations

import json
import subprocess
import sys
from types import SimpleNamespace

import pytest
from packaging.version import Version

from spliceai_cli import provenance
from spliceai_cli.provenance import with_commit

RELEASE = "0.2.0"


@pytest.mark.parametrize(
    ("source", "described", "expected"),
    [
        (RELEASE, "v0.2.0-0-g1a2b3c4", RELEASE),
        (RELEASE, "v0.2.0-0-g1a2b3c4-dirty", "0.2.0+g1a2b3c4.dirty"),
        # The source still has the number of the release.
        (RELEASE, "v0.2.0-3-g1a2b3c4", "0.2.0.post3+g1a2b3c4"),
        (RELEASE, "v0.2.0-3-g1a2b3c4-dirty", "0.2.0.post3+g1a2b3c4.dirty"),
        # A release that nobody has tagged yet: these were 0.2.0+g1a2b3c4, which is later than 0.2.0.
        (RELEASE, "v0.1.0-12-g1a2b3c4", "0.2.0.dev12+g1a2b3c4"),
        (RELEASE, "v0.1.0-0-g1a2b3c4", "0.2.0.dev0+g1a2b3c4"),
        (RELEASE, "640-g1a2b3c4", "0.2.0.dev640+g1a2b3c4"),  # a clone without tags
        (RELEASE, "640-g1a2b3c4-dirty", "0.2.0.dev640+g1a2b3c4.dirty"),
        (RELEASE, "1a2b3c4" + "0" * 33, "0.2.0.dev0+g1a2b3c4"),  # as pip records it
        (RELEASE, "local", "0.2.0+local"),
        ("0.3.0.dev0", "v0.2.0-12-g1a2b3c4", "0.3.0.dev12+g1a2b3c4"),
    ],
)
def test_with_commit__is_a_version_of_pep_440(source, described, expected):
    assert with_commit(source, described) == expected
    assert str(Version(expected)) == expected
    if source == RELEASE and expected != RELEASE:
        is_before = ".dev" in expected
        assert (Version(expected) < Version(RELEASE)) == is_before


@pytest.fixture
def checkout(tmp_path):
    """A clone with one commit, and a function that runs git in it."""

    def git(*arguments):
        settings = (
            "-c",
            "user.name=A",
            "-c",
            "user.email=a@b",
            "-c",
            "commit.gpgsign=false",
            "-c",
            "tag.gpgsign=false",
        )
        done = subprocess.run(["git", *settings, *arguments], cwd=tmp_path, capture_output=True, text=True, check=True)
        return done.stdout.strip()

    (tmp_path / "pyproject.toml").write_text("")
    git("init", "-q")
    git("add", ".")
    git("commit", "-q", "-m", "One")
    return tmp_path, git


def described(folder):
    return with_commit("0.2.0", provenance._describe(folder))


def test_checkout__says_its_commit_and_whether_it_was_changed(checkout):
    folder, git = checkout
    commit = git("rev-parse", "HEAD")[:7]
    assert described(folder) == f"0.2.0.dev1+g{commit}"
    git("tag", "-m", "Release", "v0.2.0")
    assert described(folder) == "0.2.0"
    (folder / "new.txt").write_text("")  # not part of the source
    assert described(folder) == "0.2.0"
    (folder / "pyproject.toml").write_text("#")
    assert described(folder) == f"0.2.0+g{commit}.dirty"
    git("commit", "-q", "-a", "-m", "Two")
    commit = git("rev-parse", "HEAD")[:7]
    assert described(folder) == f"0.2.0.post1+g{commit}"
    assert with_commit("0.3.0.dev0", provenance._describe(folder)) == f"0.3.0.dev1+g{commit}"


def test_no_checkout__asks_no_git(tmp_path, checkout, monkeypatch):
    """Site-packages inside of somebody's repository are not a checkout of this program."""
    folder, _ = checkout
    inside = folder / "site-packages"
    inside.mkdir()
    monkeypatch.setattr(provenance.subprocess, "run", lambda *_, **__: pytest.fail("git was asked"))
    assert provenance._describe(inside) is None


@pytest.mark.parametrize("path", ["", "/nonexistent"], ids=["fails", "missing"])
def test_checkout__without_git_is_the_version_alone(tmp_path, monkeypatch, path):
    (tmp_path / ".git").write_text("gitdir: /nonexistent")
    (tmp_path / "pyproject.toml").write_text("")
    if path:
        monkeypatch.setenv("PATH", path)
    assert provenance._describe(tmp_path) is None


@pytest.mark.parametrize(
    ("origin", "expected"),
    [
        (None, None),
        ({"url": "https://a/b.whl", "archive_info": {}}, None),
        ({"url": "file:///a", "dir_info": {}}, "local"),
        ({"url": "https://a/b", "vcs_info": {"vcs": "git", "commit_id": "1a2b3c4d"}}, "1a2b3c4d"),
        ({"url": "https://a/b", "vcs_info": {"commit_id": "1a2b3c4d", "requested_revision": "main"}}, "1a2b3c4d"),
        ({"url": "https://a/b", "vcs_info": {"commit_id": "1a2b3c4d", "requested_revision": "v0.2.0"}}, None),
    ],
)
def test_installed__says_what_pip_recorded(monkeypatch, origin, expected):
    text = None if origin is None else json.dumps(origin)
    monkeypatch.setattr(provenance.metadata, "distribution", lambda _: SimpleNamespace(read_text=lambda _: text))
    assert provenance._recorded("0.2.0") == expected


def test_import__asks_no_git():
    program = (
        "import subprocess\nsubprocess.run = subprocess.Popen = None\n"
        "import spliceai_cli.cli.main, spliceai_cli.provenance as p\nprint(p.__version__)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
