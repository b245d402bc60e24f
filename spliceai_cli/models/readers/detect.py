"""Reads weights in any known format: those that models are published in, and our own."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from pathlib import Path

from spliceai_cli.errors import WeightsError
from spliceai_cli.models.digest import check_sha256
from spliceai_cli.models.hub import fetch_checkpoint, is_hub_name
from spliceai_cli.models.load import read_safetensors
from spliceai_cli.models.published import CISPLICEAI, CONVERTED, SPLICEAI, Model
from spliceai_cli.models.readers.multimolecule import CONFIG, read_multimolecule
from spliceai_cli.models.tensors import Weights

# Files of a run of training that are there before its weights.
_RUN = {"checkpoint.pt", "config.toml", "genes.tsv"}

_KINDS = (
    "weights.safetensors, the Keras files spliceai1.h5 … spliceai5.h5, CI-SpliceAI.pb, PyTorch files of OpenSpliceAI "
    "or Pangolin, or a MultiMolecule checkpoint (config.json with model.safetensors)"
)


def read_weights(source: str) -> Weights:
    """Read the weights at a path.

    Args:
        source: a file, a folder, a pattern of files, or the name of a checkpoint (see ``hub``).

    Raises:
        WeightsError: the path has no files or none of a known format, or they are damaged.
    """
    if not source:
        # An empty path would mean the current folder.
        raise WeightsError("no path of weights is given.", f"Was a variable empty? Expected: {_KINDS}.")
    path = Path(source)
    if is_hub_name(source):
        path = fetch_checkpoint(source)
    files = files_of(str(path))
    by_name = {file.name: file for file in files}
    if not files:
        problem = "is empty" if path.is_dir() else "does not exist"
        raise WeightsError(f"weights {source}: it {problem}.", f"Expected: a file or folder with {_KINDS}.")
    if CONFIG in by_name and path.is_dir():
        return read_multimolecule(path)
    if CONVERTED in by_name:
        return read_safetensors(by_name[CONVERTED])
    if len(files) == 1 and _is_safetensors(files[0]):
        return read_safetensors(files[0])
    for model in (SPLICEAI, CISPLICEAI):
        names = [member.name for member in model.source.networks]
        if names[0] in by_name:
            return read_published(
                model,
                [_read_checked(by_name, path if path.is_dir() else path.parent, model, i) for i in range(len(names))],
            )
    _check_done(by_name, source)
    states = [file for file in files if _is_state_dict(file)]
    if states:
        # Imported late: it loads PyTorch.
        from spliceai_cli.models.readers.state_dict import read_state_dicts

        return read_state_dicts(states)
    raise WeightsError(f"weights {source}: no files of a known format.", f"Expected: {_KINDS}.")


def _check_done(names: Collection[str], source: str) -> None:
    if _RUN.issubset(names):
        raise WeightsError(
            f"weights {source}: its training is not done (no {CONVERTED}).",
            "Give the same command again: it continues from its checkpoint.",
        )


def read_published(model: Model, files: Sequence[bytes]) -> Weights:
    """Read weights from the files in which a model is published.

    Args:
        model: the model.
        files: file contents, in the order of ``model.source.networks``.
    """
    # Imported late: installed weights need neither HDF5 nor protobuf.
    first = model.source.networks[0].name
    if first.endswith(".h5"):
        from spliceai_cli.models.readers.keras import read_keras

        return read_keras(files, model.spec)
    from spliceai_cli.models.readers.frozen_graph import read_frozen_graph

    return read_frozen_graph(files[0], model.spec, first)


def files_of(source: str) -> list[Path]:
    """The files at a path: the file itself, those in a folder, or those that match a pattern."""
    path = Path(source)
    if path.is_dir():
        return sorted(file for file in path.iterdir() if file.is_file())
    return [path] if path.exists() else sorted(path.parent.glob(path.name))


def _read_checked(by_name: dict[str, Path], folder: Path, model: Model, i: int) -> bytes:
    member = model.source.networks[i]
    path = by_name.get(member.name, folder / member.name)
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise WeightsError(f"weights file {path} cannot be read: {error.strerror}.") from error
    check_sha256(raw, member.sha256, str(path))
    return raw


def _is_safetensors(path: Path) -> bool:
    """By its name, or by how the format begins: the length of a JSON header, then the header."""
    if path.suffix == ".safetensors":
        return True
    try:
        with path.open("rb") as file:
            start = file.read(9)
        return start[8:] == b"{" and int.from_bytes(start[:8], "little") < path.stat().st_size
    except OSError:
        return False


def _is_state_dict(path: Path) -> bool:
    return path.suffix in (".pt", ".pth", ".v2") or path.name.startswith("final.")
