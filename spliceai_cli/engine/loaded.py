"""PyTorch, where this process has loaded it. Native kernels do without, and loading it takes seconds."""

from __future__ import annotations

import sys
from types import ModuleType


def loaded_torch() -> ModuleType | None:
    """PyTorch, if this process has loaded it."""
    if "torch" not in sys.modules:
        return None
    # Waits for a thread that is loading it.
    import torch

    return torch
