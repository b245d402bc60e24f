"""Paths among options and arguments."""

from __future__ import annotations

import os
import re
from typing import Any

import click

# Of KEY=PATH the path counts.
_URL = re.compile(r"(?:[^/:=]*=)?([A-Za-z][A-Za-z0-9+.-]*)://")


class LocalPath(click.Path):
    """A path, or a name that may stand in its place; a URL is wrong usage.

    Every option and argument that takes a path is of this type.
    """

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:  # noqa: ANN401 (as click's)
        """The path, checked as click does."""
        if isinstance(value, str) and (match := _URL.match(value)) and not os.path.lexists(value):
            is_local = match[1].lower() == "file"
            advice = "write the path alone" if is_local else "download an input first, copy an output there afterwards"
            self.fail(f"'{value}' is a URL; only local files are read and written: {advice}.", param, ctx)
        return super().convert(value, param, ctx)


#: A path as text, not looked at here: what opens it says what is wrong with it.
PATH = LocalPath(readable=False)
