"""Opens models by the names or paths that users give."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from spliceai_cli.errors import UsageError, WeightsError, WeightsMissingError
from spliceai_cli.models.ensemble import Ensemble
from spliceai_cli.models.hub import is_hub_name
from spliceai_cli.models.info_keys import check_apart, check_key
from spliceai_cli.models.load import build, load_safetensors
from spliceai_cli.models.published import CACHE_FOLDER, CONVERTED, MODELS, OTHERS, SPLICEAI
from spliceai_cli.models.readers.detect import read_weights
from spliceai_cli.models.spec import NetworkSpec, is_key
from spliceai_cli.models.store import Store, installed_names
from spliceai_cli.settings.words import MODEL_NAMES


class Installed(NamedTuple):
    """A model that is installed.

    Attributes:
        name: name of its folder.
        ensemble: the networks; None if they are damaged.
    """

    name: str
    ensemble: Ensemble | None


def open_chosen(names: Sequence[str], weights: Path | str | None, home: Path) -> tuple[Ensemble, ...]:
    """Open the named models, or the one in the file or folder ``weights`` instead of the default model.

    Raises:
        UsageError: ``weights`` comes with several names or one other than the default; or see ``open_models``.
    """
    if weights is None:
        return open_models(names, home)
    if len(names) > 1:
        raise UsageError("weights given by path replace one model, not several.", "Name each as KEY=PATH.")
    if names[0] != SPLICEAI.spec.name:
        raise UsageError("--weights and --model both name weights.", "Leave --weights out.")
    return (load_path(str(weights)),)


def open_models(names: Sequence[str], home: Path) -> tuple[Ensemble, ...]:
    """Open several models; see ``open_model``.

    Raises:
        UsageError: two would write the same INFO key, or none is named.
    """
    if not names:
        raise UsageError("no model is named.")
    opened: dict[str, str] = {}
    ensembles = []
    for name in names:
        ensemble = open_model(name, home)
        key = ensemble.spec.key
        if key in opened:
            raise UsageError(
                f"models '{opened[key]}' and '{name}' would both write INFO/{key}.",
                f"Give one of them another key, e.g. {key}_2=PATH.",
            )
        opened[key] = name
        ensembles.append(ensemble)
    check_apart(opened)
    return tuple(ensembles)


def open_model(text: str, home: Path) -> Ensemble:
    """Open one model.

    Args:
        text: name of an installed model; path of weights (see ``detect.read_weights``); or ``NAME=PATH``. The
            name of a known model requires the weights to be that model's; any other name becomes the INFO key.
        home: folder of the installed models.

    Raises:
        UsageError: the text is neither a known name nor a path.
        WeightsMissingError: the model is not installed.
        WeightsError: the weights are damaged, or not the named model's.
    """
    name, is_named, source = text.partition("=")
    if not text or (is_named and not source):
        raise UsageError(f"--model '{text}' names no weights.", "Was a variable empty?")
    if is_named and not Path(text).exists():
        return _open_named(name, source, home)
    if text in MODELS:
        return Store(home, MODELS[text]).load()
    if _is_installed(text, home):
        return load_safetensors(home / text / CONVERTED)
    if text in OTHERS:
        raise WeightsMissingError(
            f"the weights of {text} are not installed (no {home / text / CONVERTED}).",
            f"Fetch them from its authors, then: spliceai-cli weights install {text} --from FOLDER",
        )
    if _is_bare(text) and not Path(text).exists():
        raise UsageError(
            f"there is no model '{text}'.",
            f"Choose from {', '.join(MODEL_NAMES)}, an installed one, a path of weights, or hf:OWNER/NAME.",
        )
    return load_path(text)


def absolute_path(path: str) -> str:
    """The path for processes in other working folders, through the same links."""
    return str(Path(path).absolute())


def absolute_model(text: str, home: Path, absolute: Callable[[str], str] = absolute_path) -> str:
    """The text with which ``open_model`` opens the same model in any working folder; names stay as they are.

    Args:
        text: see ``open_model``.
        home: folder of the installed models.
        absolute: makes a path absolute.
    """
    if text in MODEL_NAMES:
        return text
    name, is_named, source = text.partition("=")
    start, source = (f"{name}=", source) if is_named and not Path(text).exists() else ("", text)
    return start + (source if is_hub_name(source) or _is_installed(source, home) else absolute(source))


def load_path(source: str) -> Ensemble:
    """The model in a file or folder; see ``detect.read_weights``."""
    return build(read_weights(source), source)


def installed(home: Path) -> Iterator[Installed]:
    """The models installed in a folder, sorted by name."""
    for name in installed_names(home):
        try:
            yield Installed(name, open_model(name, home))
        except WeightsError:
            yield Installed(name, None)


def _open_named(name: str, source: str, home: Path) -> Ensemble:
    if name not in MODEL_NAMES:
        check_key(name)
    weights = read_weights(str(home / source / CONVERTED) if _is_installed(source, home) else source)
    if name in MODEL_NAMES:
        check_name(name, weights.spec)
        ensemble = build(weights, source)
        check_published(ensemble)
        return ensemble
    return build(weights._replace(spec=replace(weights.spec, key=name)), source)


def check_published(ensemble: Ensemble) -> None:
    """Refuse weights or a network that differ from those published under the model's name.

    Raises:
        WeightsError: they differ from the published ones.
    """
    model = MODELS.get(ensemble.spec.name)
    if model is None:
        return
    if ensemble.sha256 != model.weights_sha256:
        raise WeightsError(
            f"these are not the published weights of {ensemble.spec.name}: SHA-256 of the tensors is "
            f"{ensemble.sha256}, {model.weights_sha256} expected."
        )
    if ensemble.spec.sha256 != model.spec.sha256:
        raise WeightsError(f"these weights describe a different network from the published {ensemble.spec.name}.")


def check_name(name: str, spec: NetworkSpec) -> None:
    """Refuse to give a known model's name to the weights of another.

    Raises:
        UsageError: the weights are another model's, or the name cannot be a folder's.
    """
    if not is_key(name):
        raise UsageError(
            f"'{name}' is not a valid name for a model: a letter first, then letters, digits, _ and . are allowed."
        )
    if name == CACHE_FOLDER:
        raise UsageError(f"{name} is the folder of parsed annotations.", "Choose another name.")
    if name in MODEL_NAMES and spec.name != name:
        raise UsageError(f"these are weights of {spec.name}, not of {name}.")


def _is_installed(text: str, home: Path) -> bool:
    """Whether a text names an installed model, which comes before a path of that name."""
    return _is_bare(text) and (home / text / CONVERTED).is_file()


def _is_bare(text: str) -> bool:
    """Whether a text does not look like a path."""
    return "/" not in text and not text.startswith(".")
