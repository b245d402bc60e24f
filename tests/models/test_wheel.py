"""Fetching a wheel with whatever pip there is, without a network."""

from __future__ import annotations

import subprocess
import sys

import pytest
from support.builders import sha256, write_wheel

from spliceai_cli.errors import WeightsError
from spliceai_cli.models import wheel as wheel_module
from spliceai_cli.models.published import Member


@pytest.fixture
def wheel(tmp_path):
    return write_wheel(tmp_path / "toy-1.0-py3-none-any.whl", {"toy/a.txt": b"A", "toy/b.txt": b"B"})


def test_members__are_read_and_checked(wheel):
    members = [Member("toy/b.txt", sha256(b"B")), Member("toy/a.txt", sha256(b"A"))]
    assert wheel_module.read_members(wheel, members) == [b"B", b"A"]


@pytest.mark.parametrize(
    ("member", "said"),
    [
        (Member("toy/a.txt", sha256(b"B")), f"toy/a.txt in toy-1.0-py3-none-any.whl .* SHA-256 is {sha256(b'A')}, "),
        (Member("toy/c.txt", sha256(b"")), "is damaged: .*no item named 'toy/c.txt'"),
    ],
)
def test_member_that_is_not_the_published_one__is_an_error(wheel, member, said):
    with pytest.raises(WeightsError, match=said):
        wheel_module.read_members(wheel, [member])


def test_cut_wheel__is_an_error(wheel):
    wheel.write_bytes(wheel.read_bytes()[:-30])
    with pytest.raises(WeightsError, match="is damaged"):
        wheel_module.read_members(wheel, [Member("toy/a.txt", sha256(b"A"))])


def test_wheel__is_checked_as_a_whole(wheel):
    wheel_module.check_wheel(wheel, sha256(wheel.read_bytes()))
    with pytest.raises(WeightsError, match=f"SHA-256 is {sha256(wheel.read_bytes())}, 00 expected"):
        wheel_module.check_wheel(wheel, "00")


# pip


@pytest.fixture
def pip(monkeypatch):
    """A stand-in for pip: records its commands, then does what the test says."""
    commands = []

    def install(returncode=0, stderr="", file=None):
        def run(command, **options):
            commands.append(command)
            if file:
                (wheel_module.Path(command[command.index("--dest") + 1]) / file).write_bytes(b"wheel")
            return subprocess.CompletedProcess(command, returncode, "", stderr)

        monkeypatch.setattr(wheel_module.subprocess, "run", run)
        return commands

    return install


def test_download__says_why_pip_failed_and_what_to_do(pip, tmp_path):
    pip(returncode=1, stderr="WARNING: retrying\nERROR: no matching distribution\n")
    with pytest.raises(WeightsError, match=r"could not fetch toy==1\.0: ERROR: no matching distribution") as error:
        wheel_module.download_wheel("toy", "1.0", tmp_path)
    assert "spliceai-cli weights install toy --wheel FILE.whl" in error.value.hint


FINDERS = {
    "module": ({"pip"}, {}, [sys.executable, "-m", "pip"]),
    "on-path": (set(), {"pip3": "/bin/pip3", "uv": "/bin/uv"}, ["/bin/pip3"]),
    "uv": (set(), {"uv": "/bin/uv"}, ["/bin/uv", "tool", "run", "pip"]),
}


@pytest.mark.parametrize(("modules", "programs", "command"), FINDERS.values(), ids=FINDERS)
def test_pip__is_found_where_there_is_one(pip, tmp_path, monkeypatch, modules, programs, command):
    monkeypatch.setattr(wheel_module.importlib.util, "find_spec", lambda name: name if name in modules else None)
    monkeypatch.setattr(wheel_module.shutil, "which", programs.get)
    commands = pip(file="toy-1.0.whl")
    wheel_module.download_wheel("toy", "1.0", tmp_path)
    assert commands[0][: len(command)] == command
    assert commands[0][-1] == "toy==1.0"
    assert "--no-deps" in commands[0]


def test_no_pip__is_told(tmp_path, monkeypatch):
    monkeypatch.setattr(wheel_module.importlib.util, "find_spec", lambda name: None)
    monkeypatch.setattr(wheel_module.shutil, "which", lambda name: None)
    with pytest.raises(WeightsError, match="no pip in this environment"):
        wheel_module.download_wheel("toy", "1.0", tmp_path)
