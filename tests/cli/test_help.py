"""How the help of the commands is laid out."""

from __future__ import annotations

import os
from collections.abc import Iterator

import click
import pytest

from spliceai_cli.cli.main import annotate, group


def commands(command: click.Command, path: tuple[str, ...] = ("spliceai-cli",)) -> Iterator[tuple[str, click.Command]]:
    yield " ".join(path), command
    for name, member in command.commands.items() if isinstance(command, click.Group) else ():
        yield from commands(member, (*path, name))


COMMANDS = {"spliceai-annotate": annotate, **dict(commands(group))}
GROUPS = [name for name, command in COMMANDS.items() if isinstance(command, click.Group)]


def help_of(name: str, width: int, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setattr("shutil.get_terminal_size", lambda *_: os.terminal_size((width, 24)))
    return COMMANDS[name].make_context(name, [], resilient_parsing=True).get_help()


@pytest.mark.parametrize("width", [40, 80, 200])
@pytest.mark.parametrize("name", GROUPS)
def test_group_help__cuts_no_sentence(name, width, monkeypatch):
    # It ended in "with a reading in plain..." at 80 columns.
    text = " ".join(help_of(name, width, monkeypatch).split())
    assert "..." not in text.replace("[ARGS]...", "")
    for member in COMMANDS[name].commands.values():
        # Whole sentences: what follows in the paragraph, if anything, is a new one.
        paragraph = " ".join(member.help.split("\n\n")[0].split())
        rest = paragraph.removeprefix(member.short_help).removeprefix(".").strip()
        assert member.short_help in text
        assert not rest[:1].islower(), member.short_help


def test_group_help__a_point_within_a_sentence_does_not_end_it(monkeypatch):
    # It ended in "of another, e.g".
    assert "of another, e.g. for another species or tissue\n" in help_of("spliceai-cli", 120, monkeypatch)


@pytest.mark.parametrize("width", [60, 80, 100, 120])
@pytest.mark.parametrize("name", COMMANDS)
def test_help__breaks_no_name_at_its_hyphen(name, width, monkeypatch):
    # "min-" stood at the end of a line and "gain" in the next, "ref-" and "mismatch".
    lines = help_of(name, width, monkeypatch).splitlines()
    assert [line for line in lines if line.rstrip().endswith("-")] == []
    assert "\N{NON-BREAKING HYPHEN}" not in "".join(lines)


@pytest.mark.parametrize("name", COMMANDS)
def test_help__fits_the_terminal_in_every_command(name, monkeypatch):
    # Half of the commands used 80 columns of a terminal of 120.
    # Examples are not wrapped.
    helps = {width: help_of(name, width, monkeypatch).partition("Example")[0].splitlines() for width in (80, 121, 200)}
    assert max(map(len, helps[80])) < 80
    assert max(map(len, helps[200])) <= 120
    assert helps[200] == helps[121]
    assert len(helps[121]) < len(helps[80]) or len(helps[80]) < 12
