"""How the help of all commands is laid out."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

import click
import cloup

_MAX_WIDTH = 120  # columns; longer lines are hard to read
_HYPHEN, _UNBREAKABLE = "-", "\N{NON-BREAKING HYPHEN}"
# A point within a sentence, as in "e.g. for", is followed by a small letter.
_SENTENCE_END = re.compile(r"(?<=[.])\s+(?=[A-Z`])|\n\n")


class _WholeWords(cloup.HelpFormatter):
    """Breaks lines between words only, so that names such as ``min-gain`` can be copied."""

    def write(self, string: str = "", *strings: str) -> None:
        super().write(*(part.replace(_UNBREAKABLE, _HYPHEN) for part in (string, *strings)))

    def write_text(self, text: str, style: Callable[[str], str] = str) -> None:
        super().write_text(text.replace(_HYPHEN, _UNBREAKABLE), style)

    def write_tabular_dl(
        self,
        rows: Sequence[tuple[str, str | Callable[[int], str]]],
        col1_width: int,
        col_spacing: int,
        col2_width: int,
    ) -> None:
        texts = [(name, text(col2_width) if callable(text) else text) for name, text in rows]
        whole = [(name, text.replace(_HYPHEN, _UNBREAKABLE)) for name, text in texts]
        super().write_tabular_dl(whole, col1_width, col_spacing, col2_width)


class _Context(cloup.Context):
    formatter_class = _WholeWords


def lay_out(command: click.Command) -> None:
    """Have a command, and those of a group, print help in whole words and in the width of the terminal.

    Groups show the first sentence of their commands' help, which click would cut to one line.
    """
    command.context_class = _Context
    command.context_settings = {"max_content_width": _MAX_WIDTH, **command.context_settings}
    if command.help and not command.short_help:
        command.short_help = " ".join(first_sentence(command.help).split())
    for member in command.commands.values() if isinstance(command, click.Group) else ():
        lay_out(member)


def first_sentence(text: str) -> str:
    """The first sentence of a help text, without its point."""
    return _SENTENCE_END.split(text, maxsplit=1)[0].rstrip(".")
