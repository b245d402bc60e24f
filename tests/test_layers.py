"""Imports point down the layers, and every third-party library has its own rooms."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "spliceai_cli"

# A module imports from its own number or a lower one.
LAYERS = {
    "errors": 0, "byte_order": 0, "process_bound": 0, "coords": 0, "variant": 0, "variant_values": 0, "gene": 0,
    "info": 0, "alignment": 0, "": 0,
    "atomic": 1, "bgzf": 1, "htslib": 1, "tabix": 1, "targets": 1, "fasta": 1, "fasta_index": 1, "output": 1,
    "vcf_input": 1, "fields": 1, "structure": 1, "vcf": 1, "vcf_writer": 1, "layouts": 1,
    "tracks": 1, "genes": 1, "weights": 2,
    "encode": 2, "sequence": 2, "edit": 2, "spec": 2, "averaging": 2, "network": 2, "rules": 2, "compat": 2, "plan": 2,
    "tile": 2, "spell": 2, "sharing": 2, "normalize": 2, "hgvs": 2, "locate": 2, "notations": 2,
    "variant_text": 2,
    "engine": 3, "mask": 3, "delta": 3, "tissues": 3,
    "settings": 4, "scoring": 4, "scorer": 4, "profile": 4, "provenance": 4, "existing": 4, "model": 4, "frames": 4,
    "ref_check": 5, "assembly": 5, "annotate": 5, "report": 5, "prediction": 5,
    "cli": 6, "__main__": 6,
}  # fmt: skip

# resolve.py joins genes and weights: it finds the built-in tables where the weights are kept.
EXCEPTIONS = {("genes/resolve", "weights")}

ROOMS = {
    "torch": {
        "network",
        "weights/load",
        "weights/state_dict",
        "engine/computing",
        "engine/device",
        "engine/convolution",
        "engine/spectral",
        "engine/kernels",
        "engine/engines",
        "engine/forward",
        "engine/folded",
        "engine/reference",
        "engine/alternate",
        "engine/incremental",
        "engine/scan",
    },
    "pysam": {"fasta", "fasta_index", "htslib", "tabix"},
    "h5py": {"weights/keras"},
    "google": {"weights/frozen_graph"},
    "safetensors": {"weights/tensors", "weights/load", "weights/multimolecule"},
    "huggingface_hub": {"weights/hub"},
    "pandas": {"frames", "model"},
    "pybigtools": {"tracks/bigwig"},
    "pyarrow": {"tracks/parquet"},
    "matplotlib": {
        "report/plot/style",
        "report/plot/figure",
        "report/plot/heading",
        "report/plot/gene",
        "report/plot/tracks",
        "report/plot/labels",
    },
    "platformdirs": {"weights/store"},
    "click": {"cli"},
    "cloup": {"cli"},
    "tqdm": {"cli"},
}

MODULES = sorted(PACKAGE.rglob("*.py"))


def imported(path: Path) -> set[str]:
    """Dotted names of all imported modules, wherever they stand in the file."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}:{node.lineno}: relative import"
            module = node.module or ""
            names.update(f"{module}.{alias.name}" if module == "spliceai_cli" else module for alias in node.names)
    return names


def place(path: Path) -> str:
    name = path.relative_to(PACKAGE).with_suffix("").as_posix()
    return "" if name == "__init__" else name


def test_layers__every_module_has_one():
    assert {place(path).split("/")[0] for path in MODULES} == set(LAYERS)


@pytest.mark.parametrize("path", MODULES, ids=place)
def test_imports__point_to_the_same_or_a_lower_layer(path):
    room = place(path).split("/")[0]
    for name in imported(path):
        if not name.startswith("spliceai_cli.") or room == "":
            continue
        other = name.split(".")[1]
        other = other if other in LAYERS else ""
        if (place(path), other) not in EXCEPTIONS:
            assert LAYERS[other] <= LAYERS[room], f"{place(path)} imports {name}"


@pytest.mark.parametrize("path", MODULES, ids=place)
def test_imports__keep_libraries_in_their_rooms(path):
    for name in imported(path):
        library = name.split(".")[0]
        if library in ROOMS:
            here = place(path)
            assert here in ROOMS[library] or here.split("/")[0] in ROOMS[library], f"{here} imports {library}"
