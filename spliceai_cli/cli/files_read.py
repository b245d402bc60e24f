"""The files that a command reads, which none of its outputs may replace."""

from __future__ import annotations

import glob
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from spliceai_cli.settings.words import INDEXES, TRANSCRIPTS

# Parameter -> the option or argument that gives it.
_NAMES = {
    "source": "-I",
    "vcf": "-I",
    "reference": "-R",
    "annotation": "-A",
    "targets_file": "-T",
    "bed": "--bed",
    "genes_file": "--genes",
    "matrix_genes": "--matrices",
    "dask": "--dask",
    "alleles": "--alt",
    "labelled": "TABLE",
}
# Likewise, of those that give models.
_MODELS = {"weights": "--weights", "model": "MODEL", "models": "--model"}
_OF_WEIGHTS = (".safetensors", ".h5", ".pb", ".pt", ".pth", ".v2")


def files_read(params: Mapping[str, Any]) -> dict[str, str | Path | None]:
    """What a command's options and arguments name as input, and the indexes beside it: option -> path, or None.

    Args:
        params: the parameters of the command; those that it does not have are left out.
    """
    files = {option: params[name] for name, option in _NAMES.items() if params.get(name) is not None}
    if source := files.get("-I"):
        files |= {f"the {kind} index of -I": f"{source}.{kind}" for kind in INDEXES}
    if reference := files.get("-R"):
        files |= {"the index of -R": f"{reference}.fai", "the BGZF index of -R": f"{reference}.gzi"}
    return files | _files_of_models(params) | files_of_selection(params)


def _files_of_models(params: Mapping[str, Any]) -> dict[str, str | Path | None]:
    """The files that models are read from, by option; none of a model that is installed."""
    files: dict[str, str | Path | None] = {}
    for name, option in _MODELS.items():
        given = params.get(name)
        texts = {f"{option} {text}": text for text in given} if isinstance(given, tuple) else {option: given}
        for label, text in texts.items():
            files |= _files_at(label, str(text)) if text is not None else {}
    return files


def _files_at(label: str, text: str) -> dict[str, str | Path | None]:
    """The files of a model: one, those in a folder, or those that match a pattern."""
    # KEY=PATH, unless a file has that name.
    path = Path(text if os.path.lexists(text) else text.partition("=")[2] or text)
    if path.is_file():
        return {label: path}
    found = path.iterdir() if path.is_dir() else map(Path, glob.glob(str(path)))  # noqa: PTH207 (Path.glob refuses some names)
    return {f"{file.name} of {label}": file for file in found if file.name.endswith(_OF_WEIGHTS)}


def files_of_selection(params: Mapping[str, Any]) -> dict[str, str | Path | None]:
    """The files that the options of ``options.SELECTION`` read, by option; without them, none."""
    from spliceai_cli.genes.selection import word_or_path

    files = {"--genes": params.get("genes_file")}
    transcripts = params.get("transcripts")
    if transcripts is not None and word_or_path(transcripts) not in TRANSCRIPTS:
        files["--transcripts"] = transcripts
    return files
