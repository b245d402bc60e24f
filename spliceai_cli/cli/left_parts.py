"""Warnings about temporary files that killed runs left behind."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from spliceai_cli.cli.messages import say_warning
from spliceai_cli.files.atomic import abandoned_parts

_MAX_NAMED = 10


def warn_of_left_parts(targets: Iterable[str | None]) -> None:
    """Warn of this program's temporary files over a day old in the folders of the outputs; none is deleted.

    Args:
        targets: paths of the outputs; None and ``-`` are skipped.
    """
    folders = {os.path.dirname(os.path.realpath(target)) for target in targets if target not in (None, "-")}  # noqa: PTH120 (of what may not exist)
    for folder in sorted(folders):
        parts = abandoned_parts(Path(folder))
        if not parts:
            continue
        names = [part.name for part in parts[:_MAX_NAMED]]
        more = [f"and {len(parts) - _MAX_NAMED:,} more"] if len(parts) > _MAX_NAMED else []
        text = (
            f"{folder} has temporary files over a day old, left by runs that were killed: "
            f"{', '.join([*names, *more])}. Delete them, unless a run is still writing there."
        )
        say_warning(text)
