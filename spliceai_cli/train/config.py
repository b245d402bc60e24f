"""The recipe of a run: everything that changes its weights, apart from the genome and the genes."""

from __future__ import annotations

import hashlib
import json
import math
import sys
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path
from typing import Any

from spliceai_cli.errors import TrainingError, UsageError
from spliceai_cli.models.info_keys import check_key
from spliceai_cli.models.published import BLOCKS
from spliceai_cli.models.spec import ACTIVATIONS, NetworkSpec
from spliceai_cli.settings.checks import check_word
from spliceai_cli.settings.words import CONTEXTS, MODEL_NAMES, N_AROUND

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

#: Weights of the classes in the loss: positives weigh as much as negatives and acceptors as donors; or all positions
#: weigh the same.
BALANCED, EQUAL = "balanced", "equal"
WEIGHTINGS = (BALANCED, EQUAL)

#: Learning rates: falling by the same factor with each step; or constant for six tenths of a run and then halved for
#: each tenth, as in the paper (10 epochs, halved from the 7th on).
EXPONENTIAL, HALVING = "exponential", "halving"
SCHEDULES = (EXPONENTIAL, HALVING)

#: Number formats of the forward pass.
FLOAT32, BF16 = "float32", "bf16"
FORMATS = (FLOAT32, BF16)

# Smallest values of whole numbers.
_LEAST = {
    "channels": 1, "networks": 1, "window": 1, "margin": 0, "n_run": 0, "batch": 1, "accumulate": 1,
    "epochs": 1, "shift": 0, "seed": 0, "checkpoint_steps": 1, "validation_windows": 1,
}  # fmt: skip


@dataclass(frozen=True)
class TrainConfig:
    """A recipe. The defaults are those of the published model card ("card").

    Attributes:
        name: name of the model, and its INFO key.
        licence: licence of the weights, one line.
        context: number of bases that the network sees around a position, a key of ``models.published.BLOCKS``,
            unless training starts from a model.
        channels: features F of the network.
        activation: one of ``models.spec.ACTIVATIONS``.
        networks: number of members of the ensemble, which differ in their seeds.
        window: number of positions of an example.
        surroundings: what the network sees beyond a transcript: ``"N"`` or ``"genome"``.
        train, test: chromosomes or regions; genes that lie entirely within them are used, others are not.
        validation: share of the training transcripts of each chromosome that is kept for validation.
        validation_windows: largest number of examples that a validation looks at.
        biotypes: only genes of these biotypes; empty for all.
        margin: positions at most this far from a long run of N, and as many at either end of a transcript, do not
            count.
        n_run: runs of more N than this are long.
        drop_paralogs: whether to leave out test genes that resemble a training gene, see ``train.paralogs``.
        weighting: one of ``WEIGHTINGS``.
        batch: number of examples of a step, over all processes.
        accumulate: number of parts in which a process computes its share of a batch, one after the other.
        epochs: number of passes over the examples.
        rate, last_rate: learning rates of the first and the last step.
        schedule: one of ``SCHEDULES``.
        empty: share of the examples without a site that an epoch shows, drawn anew for each.
        reverse_complement: whether to show half of the examples as their other strand, with the sites there.
        shift: largest number of positions by which an example begins earlier or later.
        precision: one of ``FORMATS``.
        seed: seed of weights, order, split and augmentation.
        checkpoint_steps: number of steps between checkpoints.

    Raises:
        UsageError: a value is out of range.
    """

    name: str = "Trained"
    licence: str = "not stated"
    context: int = 10_000
    channels: int = 32
    activation: str = "relu"
    networks: int = 5
    window: int = 10_000
    surroundings: str = N_AROUND
    train: tuple[str, ...] = (*(str(i) for i in range(1, 20)), "X", "Y")
    test: tuple[str, ...] = ("20",)
    validation: float = 0.05
    validation_windows: int = 1000
    biotypes: tuple[str, ...] = ()
    margin: int = 50
    n_run: int = 10
    drop_paralogs: bool = False
    weighting: str = BALANCED
    batch: int = 64
    accumulate: int = 1
    epochs: int = 4
    rate: float = 1e-3
    last_rate: float = 1e-5
    schedule: str = EXPONENTIAL
    empty: float = 1.0
    reverse_complement: bool = False
    shift: int = 0
    precision: str = FLOAT32
    seed: int = 1
    checkpoint_steps: int = 500

    def __post_init__(self) -> None:
        self._check_types()
        for name, least in _LEAST.items():
            if getattr(self, name) < least:
                raise UsageError(f"{name} is {getattr(self, name)}; a whole number, {least} or more, expected.")
        check_key(self.name)
        if not self.licence.isprintable():
            raise UsageError(f"licence is {self.licence!r}; one line of text expected.")
        if self.name.lower() in MODEL_NAMES:
            raise UsageError(f"name is '{self.name}', the name of a published model.", "Choose another.")
        check_word("activation", self.activation, ACTIVATIONS)
        check_word("surroundings", self.surroundings, CONTEXTS)
        check_word("weighting", self.weighting, WEIGHTINGS)
        check_word("schedule", self.schedule, SCHEDULES)
        check_word("precision", self.precision, FORMATS)
        if not 0 < self.validation < 1:
            raise UsageError(f"validation is {self.validation}; a share between 0 and 1 expected.")
        if not 0 <= self.empty <= 1:
            raise UsageError(f"empty is {self.empty}; a share from 0 to 1 expected.")
        if not 0 < self.last_rate <= self.rate < math.inf:
            raise UsageError(f"rate is {self.rate}, last_rate {self.last_rate}; 0 < last_rate <= rate expected.")
        if not self.train:
            raise UsageError("train is empty; chromosomes or regions expected.")

    def _check_types(self) -> None:
        for field in fields(self):
            value = getattr(self, field.name)
            kind: Any = type(field.default)
            if kind is float and type(value) is int:
                value = float(value)
            elif kind is tuple and isinstance(value, list):
                value = tuple(value)
            is_list = isinstance(value, tuple)
            if type(value) is not kind or (is_list and not all(isinstance(text, str) for text in value)):
                words = {str: "a text", int: "a whole number", float: "a number", bool: "true or false"}
                raise UsageError(f"{field.name} is {value!r}; {words.get(kind, 'a list of texts')} expected.")
            object.__setattr__(self, field.name, value)

    @property
    def spec(self) -> NetworkSpec:
        """The model that is trained."""
        return NetworkSpec(
            name=self.name,
            blocks=BLOCKS[self.context],
            key=self.name,
            licence=self.licence,
            channels=self.channels,
            activation=self.activation,
            norm_eps=1e-3,
            n_networks=self.networks,
        )

    @property
    def is_alone(self) -> bool:
        """Whether the network sees N beyond a transcript rather than the genome."""
        return self.surroundings == N_AROUND

    @property
    def sha256(self) -> str:
        """Digest of everything that changes the weights."""
        free = ("checkpoint_steps",)
        values = {name: value for name, value in asdict(self).items() if name not in free}
        return hashlib.sha256(json.dumps(values, sort_keys=True).encode()).hexdigest()

    def to_toml(self) -> str:
        """The recipe as a file that ``read_config`` reads."""
        # The values are texts, numbers, booleans and lists of texts, which JSON and TOML write alike.
        return "".join(f"{name} = {json.dumps(value, ensure_ascii=False)}\n" for name, value in asdict(self).items())


#: The recipes of the published model card, and of Jaganathan et al. 2019 with the batch of one of its GPUs.
PRESETS = {
    "card": TrainConfig(),
    "paper": TrainConfig(
        window=5000,
        train=("2", "4", "6", "8", *(str(i) for i in range(10, 23)), "X", "Y"),
        test=("1", "3", "5", "7", "9"),
        biotypes=("protein_coding",),
        drop_paralogs=True,
        weighting=EQUAL,
        batch=12,
        epochs=10,
        schedule=HALVING,
    ),
}


def read_config(
    path: Path | None, preset: str, changes: Iterable[str], start: NetworkSpec | None = None
) -> TrainConfig:
    """The recipe of a preset, changed by a file and then by options.

    Args:
        path: TOML with the names of ``TrainConfig``; ``preset`` in it overrides the argument. None for no file.
        preset: a key of ``PRESETS``.
        changes: ``NAME=VALUE`` each; the value is TOML, but text needs no quotes.
        start: the model that training starts from. The recipe gets its architecture, and unless it says otherwise its
            number of networks and a licence that names its own.

    Raises:
        TrainingError: the file is unreadable.
        UsageError: a name or value is wrong, or the recipe asks for another architecture than that of ``start``.
    """
    values: dict[str, Any] = {}
    if path is not None:
        try:
            values = tomllib.loads(path.read_text("utf-8"))
        except OSError as error:
            raise TrainingError(f"{path} cannot be read: {error.strerror}.") from error
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise TrainingError(f"{path} is not TOML: {error}.") from error
    preset = values.pop("preset", preset)
    check_word("preset", preset, PRESETS)
    values |= map(_parsed, changes)
    config = _changed(PRESETS[preset], {**(_inherited(start) if start else {}), **values})
    if start is not None:
        _check_architecture(config, start)
    elif config.context not in BLOCKS:
        raise UsageError(f"context is {config.context}; one of {', '.join(map(str, BLOCKS))} expected.")
    return config


def _architecture(spec: NetworkSpec) -> dict[str, Any]:
    return {"context": spec.context, "channels": spec.channels, "activation": spec.activation}


def _inherited(spec: NetworkSpec) -> dict[str, Any]:
    licence = f"derived from {spec.name}, {spec.licence or 'no licence stated'}"
    return {**_architecture(spec), "networks": spec.n_networks, "licence": licence}


def _check_architecture(config: TrainConfig, start: NetworkSpec) -> None:
    for name, value in _architecture(start).items():
        if getattr(config, name) != value:
            raise UsageError(
                f"{name} is {getattr(config, name)}, but {start.name} has {value}, and its networks keep their "
                "architecture.",
                f"Leave {name} out of the recipe, or start from another model.",
            )


def _changed(config: TrainConfig, values: Mapping[str, Any]) -> TrainConfig:
    names = [field.name for field in fields(config)]
    if unknown := [name for name in values if name not in names]:
        raise UsageError(f"there is no '{unknown[0]}' in a recipe; it has {', '.join(names)}.")
    return replace(config, **values)


def _parsed(text: str) -> tuple[str, Any]:
    name, sign, value = text.partition("=")
    if not sign:
        raise UsageError(f"'{text}' is not NAME=VALUE.")
    try:
        return name.strip(), tomllib.loads(f"value = {value}")["value"]
    except tomllib.TOMLDecodeError:
        return name.strip(), value.strip()
