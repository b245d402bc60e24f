"""Programs that workflows need, from ``PATH`` or from the environment that ``make workflow-programs`` makes."""

from __future__ import annotations

import shutil
import stat
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

#: An environment of their own: their requirements are not those of the program.
WORKFLOW_BIN = ROOT / ".venv-workflow" / "bin"


def needed(name: str) -> str:
    """The path of a program; skips the test if it is not installed."""
    found = shutil.which(name) or shutil.which(name, path=str(WORKFLOW_BIN))
    if found is None:
        pytest.skip(f"{name} is not installed: make workflow-programs")
    return found


def our_programs(folder: Path) -> Path:
    """A folder for ``PATH`` with our two programs, of this checkout."""
    folder.mkdir(exist_ok=True)
    for name, command in (("spliceai-cli", ""), ("spliceai-annotate", "annotate")):
        path = folder / name
        path.write_text(
            f'#!/bin/sh\nPYTHONPATH="{ROOT}" OMP_NUM_THREADS=1 exec "{sys.executable}" -m spliceai_cli {command} "$@"\n'
        )
        path.chmod(path.stat().st_mode | stat.S_IXUSR | stat.S_IXGRP | stat.S_IXOTH)
    return folder
