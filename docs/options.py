"""Writes the option tables of ``usage.md`` from the commands: ``python docs/options.py``.

A table lies between ``<!-- options: COMMAND -->``, or ``<!-- options: COMMAND / GROUP -->``, and ``<!-- end -->``.
Options that are the same in ``annotate`` share a row, which leads to the table there.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import click

from spliceai_cli.cli.main import group

PAGE = Path(__file__).with_name("usage.md")

_MODEL = "annotate"
_TABLE = re.compile(r"(<!-- options: (.+?)(?: / (.+?))? -->\n).*?(<!-- end -->)", re.DOTALL)
_DEFAULT = re.compile(r"\s*\[default: (.+)\]")
# What reads as code in a help text: options, alleles and header lines.
_CODE = re.compile(r"(?<![\w/-])(--?[A-Za-z][\w-]*|<[A-Z]+>|##\w+)")


class _Row(NamedTuple):
    names: str
    argument: str
    default: str
    meaning: str


_HEADING = _Row("option", "argument", "default", "meaning")


def current(page: str) -> str:
    """The page with its tables as the commands are now."""
    return _TABLE.sub(lambda match: match[1] + _table(match[2], match[3]) + "\n" + match[4], page)


def _table(path: str, title: str | None) -> str:
    rows = [row for row, of in _described(path).items() if title in (None, of)]
    if not rows:
        raise ValueError(f"{PAGE}: no options of {path} / {title}")
    if path != _MODEL:
        rows = list(_shared(rows))
    return "\n".join(f"| {' | '.join(row)} |" for row in (_HEADING, _Row("---", "---", "---", "---"), *rows))


def _shared(rows: list[_Row]) -> Iterator[_Row]:
    """Own and required options one by one, then a row for those of each group that ``annotate`` has as well."""
    titles = {row: title for row, title in _described(_MODEL).items() if title}
    own = [row for row in rows if row.default == "required" or row not in titles]
    yield from own
    for title in dict.fromkeys(titles.values()):
        names = [row.names for row in rows if row not in own and titles[row] == title]
        if names:
            anchor = title.lower().replace(" ", "-")
            yield _Row(", ".join(names), "", "", f"As for [`{_MODEL}`](#{anchor}).")


def _described(path: str) -> dict[_Row, str | None]:
    """Rows of a command's options, with the title of the group that each is in."""
    command: click.Command = group
    for name in path.split() if path != group.name else ():
        assert isinstance(command, click.Group)
        command = command.commands[name]
    context = click.Context(command, **command.context_settings)
    options = [one for one in command.get_params(context) if isinstance(one, click.Option) and "--help" not in one.opts]
    return {_row(option, context): getattr(getattr(option, "group", None), "title", None) for option in options}


def _row(option: click.Option, context: click.Context) -> _Row:
    names = ", ".join(f"`{name}`" for name in (*option.opts, *option.secondary_opts))
    metavar = option.metavar or option.make_metavar(context).strip("[]")
    argument = "" if option.is_flag else f"`{_escaped(metavar)}`"
    words = metavar.split("|")
    text = option.help or ""
    return _Row(names, argument, _default(option, context, words), _marked(_DEFAULT.sub("", text), words))


def _default(option: click.Option, context: click.Context, words: list[str]) -> str:
    if option.required:
        return "required"
    if match := _DEFAULT.search(option.help or ""):
        return f"`{match[1]}`" if match[1] in words else _marked(match[1], ())
    if option.is_flag:
        return "" if option.name == "version" else "off"
    if not option.show_default:
        return ""
    value = option.get_default(context) if (other := context.lookup_default(option.name or "")) is None else other
    text = value[0] if isinstance(value, tuple) else value
    return f"`{text:g}`" if isinstance(text, float) else f"`{text}`"


def _marked(text: str, words: list[str] | tuple[()]) -> str:
    """A help text as Markdown: options, and words that can be chosen where they are explained, are code."""
    text = _CODE.sub(r"`\1`", text)
    for word in filter(None, words):
        text = re.sub(rf"(?<![\w`.]){re.escape(word)}:(?=\s)", f"`{word}`:", text)
    return _escaped(text)


def _escaped(text: str) -> str:
    return text.replace("|", r"\|")


if __name__ == "__main__":
    PAGE.write_text(current(PAGE.read_text("utf-8")), "utf-8")
