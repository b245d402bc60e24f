"""The files that a command reads, which none of its outputs may replace."""

from __future__ import annotations

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
    "weights": "--weights",
    "dask": "--dask",
    "alleles": "--alt",
    "labelled": "TABLE",
    "model": "MODEL",
}


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
    return files | files_of_selection(params)


def files_of_selection(params: Mapping[str, Any]) -> dict[str, str | Path | None]:
    """The files that the options of ``options.SELECTION`` read, by option; without them, none."""
    from spliceai_cli.genes.selection import word_or_path

    files = {"--genes": params.get("genes_file")}
    transcripts = params.get("transcripts")
    if transcripts is not None and word_or_path(transcripts) not in TRANSCRIPTS:
        files["--transcripts"] = transcripts
    return files
