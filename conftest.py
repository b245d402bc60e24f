"""Options of the whole test suite."""

from __future__ import annotations

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    """``--all-records``: every record of every golden file."""
    parser.addoption("--all-records", action="store_true", help="score every golden record, not a seeded sample")
