"""Imports point up the list of rooms; libraries, temporary names and renamed files have their own modules.

``python tests/test_layers.py`` writes the tables of CONTRIBUTING.md anew.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "spliceai_cli"

# The rooms: folders of the package, and files of its root. A module imports from its own room or one further up.
LAYERS = {
    "errors": "what can be wrong with files, options and machines, as exceptions",
    "text": "counted nouns, shortened bases and values, for messages",
    "settings": "what a user can choose: words of options, and defaults",
    "arrays": "types of numpy arrays",
    "process_bound": "objects that cannot be sent to another process",
    "scores": "scores of an allele on a gene and their text, a file for each kind of model",
    "files": "whole files: under their names when complete, compressed, indexed",
    "genome": "the FASTA: contigs and their names, bases, regions, builds",
    "models": "networks: architecture, published weights, where they are installed, the formats they are read from",
    "provenance": "what made a score",
    "genes": "annotations: reading, choosing transcripts, looking genes up",
    "variants": "a variant with its outcome, and the other ways to write the same change",
    "summary": "counts of outcomes",
    "vcf": "VCF text: lines, records, INFO fields, layouts",
    "plan": "what is scored of a variant, and on which positions",
    "notation": "variants as people write them",
    "engine": "from sequences to the outputs of networks",
    "tracks": "values base by base, as files",
    "scoring": "from the outputs of networks to scores",
    "consequence": "from changed splice sites to transcripts and proteins",
    "parallel": "tasks computed side by side: on threads, in processes, on a cluster",
    "scorer": "from variants to outcomes: the Python API",
    "lookup": "answers for single variants",
    "report": "tables, frames and pictures",
    "annotate": "VCF to VCF",
    "scatter": "one VCF in parts that run apart",
    "predict": "probabilities of contigs, regions, genes, and around alleles",
    "evaluate": "how well models find splice sites, and variants that affect splicing",
    "train": "from a genome and its genes to a model",
    "selftest": "variants whose scores are known",
    "cli": "options; the only place that prints and exits",
    "__main__": "`python -m spliceai_cli`",
}

LIBRARIES = {
    "torch": {
        "engine/device",
        "engine/forward",
        "engine/loaded",
        "engine/pytorch/alternate",
        "engine/pytorch/computing",
        "engine/pytorch/convolution",
        "engine/pytorch/device",
        "engine/pytorch/kernels",
        "engine/pytorch/network",
        "engine/pytorch/passes",
        "engine/pytorch/reference",
        "engine/pytorch/spectral",
        "models/network",
        "models/readers/state_dict",
        "train/",
    },
    "pysam": {"files/htslib", "genome/fasta_file", "genome/fasta_index", "vcf/indexed"},
    "pyfaidx": {"genome/fasta_file"},
    "h5py": {"models/readers/keras"},
    "google": {"models/readers/frozen_graph"},
    "safetensors": {"models/load", "models/readers/multimolecule", "models/tensors"},
    "huggingface_hub": {"models/hub"},
    "pandas": {"predict/model", "report/frames"},
    "pybigtools": {"tracks/bigwig"},
    "pyarrow": {"tracks/parquet"},
    "matplotlib": {
        "evaluate/picture",
        "report/plot/figure",
        "report/plot/gene",
        "report/plot/heading",
        "report/plot/labels",
        "report/plot/predicted",
        "report/plot/style",
        "report/plot/tracks",
    },
    "distributed": {"parallel/dask"},
    "platformdirs": {"models/store"},
    "secrets": {"files/atomic"},
    "tempfile": {"files/atomic"},
    "click": {"cli/"},
    "cloup": {"cli/"},
    "tqdm": {"cli/"},
}

MODULES = {path.relative_to(PACKAGE).with_suffix("").as_posix(): path for path in sorted(PACKAGE.rglob("*.py"))}

# The package's own __init__ hands names on, on first use; modules take nothing from it.
FACE = "__init__"


def room(module: str) -> str:
    return module.partition("/")[0]


def imported(path: Path) -> set[str]:
    """Dotted names of all that is imported, wherever it stands in the file."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}:{node.lineno}: relative import"
            module = node.module or ""
            names.update(f"{module}.{alias.name}" if module == "spliceai_cli" else module for alias in node.names)
    return names


def table(heading: tuple[str, str], rows: dict[str, str]) -> str:
    return "\n".join(
        (f"| {' | '.join(heading)} |", "|---|---|", *(f"| {name} | {text} |" for name, text in rows.items()))
    )


def rooms_table() -> str:
    names = {name: f"`{name}/`" if (PACKAGE / name).is_dir() else f"`{name}`" for name in LAYERS}
    return table(("room", "holds"), {names[name]: text for name, text in LAYERS.items()})


def libraries_table() -> str:
    rows = {f"`{library}`": " ".join(f"`{name}`" for name in sorted(modules)) for library, modules in LIBRARIES.items()}
    return table(("library", "is imported in"), rows)


def test_layers__name_every_room_once():
    assert {room(module) for module in MODULES} - {FACE} == set(LAYERS)


def test_root__holds_a_dozen_files_at_most():
    assert sum("/" not in module for module in MODULES) <= 12


@pytest.mark.parametrize("module", sorted(MODULES.keys() - {FACE}))
def test_imports__point_up_the_list(module):
    order = list(LAYERS)
    for name in imported(MODULES[module]):
        if name.startswith("spliceai_cli."):
            other = name.split(".")[1]
            assert other in LAYERS, f"{module} imports {name} through the package"
            assert order.index(other) <= order.index(room(module)), f"{module} imports {name}"


@pytest.mark.parametrize("module", MODULES)
def test_imports__keep_libraries_in_their_modules(module):
    for name in imported(MODULES[module]):
        library = name.split(".")[0]
        if library in LIBRARIES:
            allowed = LIBRARIES[library]
            assert module in allowed or f"{room(module)}/" in allowed, f"{module} imports {library}"


def renames(path: Path) -> Iterator[str]:
    """Calls that put a file in the place of another: ``os.rename``, ``shutil.move``, ``Path.replace`` and so on."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            call = ast.unparse(node.func)
            # With two arguments it is that of a text, with others than positional ones of a dataclass.
            is_of_path = node.func.attr == "replace" and len(node.args) == 1 and not node.keywords
            if is_of_path or node.func.attr in ("rename", "renames") or call in ("os.replace", "shutil.move"):
                yield f"{path.name}:{node.lineno} calls {call}"


@pytest.mark.parametrize("module", sorted(MODULES.keys() - {"files/atomic"}))
def test_files__get_their_names_in_one_place(module):
    assert not list(renames(MODULES[module]))


def test_tests__import_no_tests():
    """What several need lies in ``tests/support`` or a ``conftest.py``."""
    for path in (ROOT / "tests").rglob("*.py"):
        assert not [name for name in imported(path) if "test_" in name], path


@pytest.mark.parametrize("table", [rooms_table, libraries_table])
def test_contributing__has_the_current_tables(table):
    assert table() in (ROOT / "CONTRIBUTING.md").read_text("utf-8"), "run: python tests/test_layers.py"


def write_tables() -> None:
    """Put the current tables in the place of the old ones."""
    path = ROOT / "CONTRIBUTING.md"
    text = path.read_text("utf-8")
    for new in (rooms_table(), libraries_table()):
        heading = re.escape(new.partition("\n")[0])
        text = re.sub(rf"^{heading}\n(?:\|.*\n)*", lambda _, new=new: f"{new}\n", text, flags=re.MULTILINE)
    path.write_text(text, "utf-8")


if __name__ == "__main__":
    write_tables()
