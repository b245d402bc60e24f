"""Libraries under test: one for each instruction set that this processor has."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from spliceai_cli.engine import native
from spliceai_cli.engine.native.choice import INSTRUCTION_SETS, instruction_sets, load

# Where `make native-sanitized` builds; by default the libraries are those of the package.
FOLDERS = [Path(folder) for folder in os.environ.get("NATIVE_UNDER_TEST", "").split() or native.__path__]


@pytest.fixture(scope="session", params=list(INSTRUCTION_SETS))
def library(request):
    supported = instruction_sets(FOLDERS)
    if isinstance(supported, str):
        pytest.skip(supported)
    if request.param not in supported:
        pytest.skip(f"this processor has no {request.param}")
    if not any((folder / f"kernels-{request.param}.so").is_file() for folder in FOLDERS):
        pytest.skip(f"not built for {request.param}")
    return load(request.param, FOLDERS)
