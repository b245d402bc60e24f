"""The recipe of a run: everything that changes its weights, apart from the genome and the genes."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from typing import Any

from spliceai_cli.errors import UsageError
from spliceai_cli.genome.regions import Targets, parse_regions
from spliceai_cli.models.info_keys import check_key
from spliceai_cli.models.published import BLOCKS
from spliceai_cli.models.spec import ACTIVATIONS, NetworkSpec
from spliceai_cli.settings.checks import check_word
from spliceai_cli.settings.words import CONTEXTS, MODEL_NAMES, N_AROUND

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

# Smallest values of whole numbers, and the largest: what is typed wrong should not fill the memory.
_LEAST = {
    "channels": 1, "networks": 1, "window": 1, "margin": 0, "n_run": 0, "batch": 1, "accumulate": 1, "epochs": 1,
    "shift": 0, "seed": 0, "checkpoint_steps": 1, "validation_windows": 1,
}  # fmt: skip
_MOST = {"seed": 2**32 - 1, "channels": 1024}
_MOST_OTHERWISE = 10_000_000
_LARGEST_RATE = 1000


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
        validation: share of the training genes of each chromosome that is kept for validation, see ``train.splits``.
        validation_windows: largest number of examples that a validation looks at.
        biotypes: only genes of these biotypes; empty for all.
        margin: positions at most this far from a long run of N, and as many at either end of a transcript, do not
            count.
        n_run: runs of more N than this are long.
        drop_unspliced: whether to leave out genes without a splice site; otherwise no base of them is one.
        drop_paralogs: whether to leave out test genes that resemble a training gene, see ``train.paralogs``.
        weighting: one of ``WEIGHTINGS``.
        batch: number of examples of a step, over all processes.
        accumulate: number of parts in which a batch is computed, one after the other.
        epochs: number of passes over the examples.
        learning_rate, final_learning_rate: of the first and the last step.
        schedule: one of ``SCHEDULES``.
        empty: share of the examples without a site that an epoch shows, drawn anew for each.
        reverse_complement: whether to show half of the examples as their other strand, with the sites there.
        shift: largest number of positions by which an example begins earlier or later; ``window`` at most.
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
    drop_unspliced: bool = False
    drop_paralogs: bool = False
    weighting: str = BALANCED
    batch: int = 64
    accumulate: int = 1
    epochs: int = 4
    learning_rate: float = 1e-3
    final_learning_rate: float = 1e-5
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
            value, most = getattr(self, name), _MOST.get(name, _MOST_OTHERWISE)
            if not least <= value <= most:
                raise UsageError(f"{name} is {value}; a whole number from {least} to {most:,} expected.")
        check_key(self.name)
        if self.name.lower() in MODEL_NAMES:
            raise UsageError(f"name is '{self.name}', the name of a published model.", "Choose another.")
        check_word("activation", self.activation, ACTIVATIONS)
        check_word("surroundings", self.surroundings, CONTEXTS)
        check_word("weighting", self.weighting, WEIGHTINGS)
        check_word("schedule", self.schedule, SCHEDULES)
        check_word("precision", self.precision, FORMATS)
        if not self.licence.isprintable():
            raise UsageError(f"licence is {self.licence!r}; one line of text expected.")
        if not 0 < self.validation < 1:
            raise UsageError(f"validation is {self.validation}; a share between 0 and 1 expected.")
        if not 0 <= self.empty <= 1:
            raise UsageError(f"empty is {self.empty}; a share from 0 to 1 expected.")
        if self.shift > self.window:
            raise UsageError(f"shift is {self.shift}; at most the window, {self.window}, expected.")
        self._check_rates()
        self._check_places()

    def _check_rates(self) -> None:
        if not 0 < self.learning_rate <= _LARGEST_RATE:
            raise UsageError(
                f"learning_rate is {self.learning_rate}; a number above 0, {_LARGEST_RATE} at most, expected."
            )
        if self.schedule == EXPONENTIAL and not 0 < self.final_learning_rate <= self.learning_rate:
            raise UsageError(
                f"final_learning_rate is {self.final_learning_rate}; a number above 0, and at most the learning_rate, "
                f"{self.learning_rate}, expected."
            )

    def _check_places(self) -> None:
        if not self.train:
            raise UsageError("train is empty; chromosomes or regions expected.")
        training = _regions("train", self.train)
        for text in self.test:
            if any(training.overlaps(*region) for region in _regions("test", (text,))):
                raise UsageError(f"test has '{text}', which overlaps train.", "No gene can be in both.")

    def _check_types(self) -> None:
        for field in fields(self):
            value = getattr(self, field.name)
            kind: Any = type(field.default)
            if kind is float and type(value) is int:
                value = float(value)
            elif kind is tuple and isinstance(value, list):
                value = tuple(value)
            texts = value if isinstance(value, tuple) else ()
            if type(value) is not kind or not all(isinstance(text, str) and text for text in texts):
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
        """Digest of the recipe apart from ``checkpoint_steps``; a run continues only with an equal one."""
        free = ("checkpoint_steps",)
        values = {name: value for name, value in asdict(self).items() if name not in free}
        return hashlib.sha256(json.dumps(values, sort_keys=True).encode()).hexdigest()

    def to_toml(self) -> str:
        """The recipe as a file that ``read_config`` reads."""
        # The values are texts, numbers, booleans and lists of texts, which JSON and TOML write alike; but
        # JSON's escapes of characters beyond 16 bits are not TOML's.
        return "".join(f"{name} = {json.dumps(value, ensure_ascii=False)}\n" for name, value in asdict(self).items())


def _regions(name: str, texts: Sequence[str]) -> Targets:
    """The regions of an entry."""
    try:
        return parse_regions(texts)
    except UsageError as error:
        raise UsageError(f"{name}: {error.message}", error.hint) from error


#: The preset without a choice.
CARD = "card"

#: The recipes of the published model card, and of Jaganathan et al. 2019 as far as ``docs/training.md`` says.
PRESETS = {
    CARD: TrainConfig(),
    "paper": TrainConfig(
        window=5000,
        train=("2", "4", "6", "8", *(str(i) for i in range(10, 23)), "X", "Y"),
        test=("1", "3", "5", "7", "9"),
        validation=0.1,
        biotypes=("protein_coding",),
        drop_unspliced=True,
        drop_paralogs=True,
        weighting=EQUAL,
        batch=12,
        epochs=10,
        schedule=HALVING,
    ),
}
