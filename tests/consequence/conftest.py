"""The toy gene on either strand; every test runs on both."""

from __future__ import annotations

import pytest
from support.toy_transcript import Toy


@pytest.fixture(params="+-", ids=["plus", "minus"])
def toy(request, tmp_path):
    return Toy(tmp_path, request.param)
