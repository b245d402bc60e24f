"""Warnings about temporary files left by killed runs."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable
from pathlib import Path

from spliceai_cli.cli.warning import say_warning
from spliceai_cli.files.atomic import parts_before

# A run that is still active writes more often than once a day.
_DAY_S = 24 * 60 * 60
_MAX_NAMED = 10


def warn_of_left_parts(targets: Iterable[str | None], warn: Callable[[str], None] = say_warning) -> None:
    """Warn of this program's temporary files older than a day in the folders of outputs; they are not deleted.

    Args:
        targets: outputs; None and ``-`` are skipped.
        warn: called once per folder, with the warning.
    """
    folders = {os.path.dirname(os.path.realpath(target)) for target in targets if target not in (None, "-")}  # noqa: PTH120 (of what may not exist)
    for folder in sorted(folders):
        parts = parts_before(Path(folder), time.time() - _DAY_S)
        if not parts:
            continue
        names = [part.name for part in parts[:_MAX_NAMED]]
        more = [f"and {len(parts) - _MAX_NAMED:,} more"] if len(parts) > _MAX_NAMED else []
        text = (
            f"runs that were killed have left temporary files older than a day in {folder}: "
            f"{', '.join([*names, *more])}. Nothing reads them; delete them if no run still writes there."
        )
        warn(text)
