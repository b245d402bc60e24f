"""The type of options and arguments that take a path."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any

import click

# In KEY=PATH, only PATH can be a URL.
_URL = re.compile(r"(?:[^/:=]*=)?([A-Za-z][A-Za-z0-9+.-]*)://")


class LocalPath(click.Path):
    """A path, or a name that is accepted instead; a URL is a usage error.

    Every option and argument that takes a path is of this type. Whether it can be read or written is not checked here:
    the code that opens it reports what is wrong, with the same exit code in every command.

    Args:
        path_type: type of the value: ``Path``, or None for text.
    """

    def __init__(self, path_type: type[Path] | None = None) -> None:
        super().__init__(readable=False, path_type=path_type)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:  # noqa: ANN401 (as click's)
        """The path, after click's own checks."""
        if isinstance(value, str) and (match := _URL.match(value)) and not os.path.lexists(value):
            is_local = match[1].lower() == "file"
            advice = "write the path alone" if is_local else "download an input first, copy an output there afterwards"
            self.fail(f"'{value}' is a URL; only local files are read and written: {advice}.", param, ctx)
        return super().convert(value, param, ctx)


#: A path as text.
PATH = LocalPath()
