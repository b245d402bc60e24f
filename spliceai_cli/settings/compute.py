"""How to compute."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from spliceai_cli.errors import UsageError
from spliceai_cli.settings.checks import check_path, check_type, check_word, put, whole_number
from spliceai_cli.settings.words import AUTO, ENGINES, INCREMENTAL, KERNELS


@dataclass(frozen=True)
class Compute:
    """How to compute; apart from ``weights``, none of it changes a score by more than float rounding.

    Attributes:
        device: see ``engine.device.choose_devices``; with several, each has a worker.
        batch_size: sequences at a time; None picks by device.
        memory: bytes that the process may use; None for as much as the machine or its container allows.
        engine: ``"incremental"``, or ``"plain"`` for a full forward pass of every sequence.
        kernels: one of ``KERNELS``.
        workers: windows of alleles that are computed at a time; None for as many as there are CPU threads, if there are
            enough windows.
        dask: address or scheduler file of a Dask cluster that computes instead of this machine; None for none.
            It has workers of its own, so ``workers`` is 1 or None.
        weights: path to load the networks from, instead of the only model of the settings.
        home: folder of the installed weights and tables; None for the default.
        annotation_cache: whether parsed GTF and GFF3 files are cached in ``home`` for the next run.
    """

    device: str = AUTO
    batch_size: int | None = None
    memory: int | None = None
    engine: str = INCREMENTAL
    kernels: str = AUTO
    workers: int | None = 1
    dask: str | None = None
    weights: Path | str | None = None
    home: Path | str | None = None
    annotation_cache: bool = True

    def __post_init__(self) -> None:
        check_word("engine", self.engine, ENGINES)
        check_word("kernels", self.kernels, KERNELS)
        check_type("device", self.device, str)
        check_type("annotation_cache", self.annotation_cache, bool)
        check_type("dask", self.dask, str, is_optional=True)
        for name in ("batch_size", "memory", "workers"):
            if (value := getattr(self, name)) is not None:
                put(self, name, whole_number(name, value, 1))
        if self.dask is not None and self.workers not in (None, 1):
            raise UsageError(
                f"workers is {self.workers}, but a Dask cluster has workers of its own.", "Leave workers out."
            )
        for name in ("weights", "home"):
            if (value := getattr(self, name)) is not None:
                check_path(name, value)
