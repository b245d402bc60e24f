"""Options of the whole test suite."""

from __future__ import annotations

from pathlib import Path

import pytest

import spliceai_cli

ROOT = Path(__file__).parent


def pytest_addoption(parser: pytest.Parser) -> None:
    """``--all-records``: every record of every golden file."""
    parser.addoption("--all-records", action="store_true", help="score every golden record, not a seeded sample")


def pytest_configure() -> None:
    """Refuse to test another checkout: an editable install of it comes before ``PYTHONPATH``."""
    tested = Path(spliceai_cli.__file__).parents[1]
    if tested != ROOT and "site-packages" not in tested.parts:
        raise pytest.UsageError(f"spliceai_cli is imported from {tested}: install {ROOT} in this environment.")
