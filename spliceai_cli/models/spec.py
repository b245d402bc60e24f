"""A model's architecture and identity: everything except its weights."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import asdict, dataclass
from typing import NamedTuple

from spliceai_cli.scores.kind import ScoreKind
from spliceai_cli.scores.kinds import KINDS
from spliceai_cli.scores.sites import SITES

NEITHER, ACCEPTOR, DONOR = 0, 1, 2

# An INFO key as VCF 4.3 allows it.
_KEY = re.compile(r"[A-Za-z_][0-9A-Za-z_.]{0,63}")


def is_key(text: str) -> bool:
    """Whether VCF allows a text as an INFO key."""
    return _KEY.fullmatch(text) is not None


#: Activations that networks may have. The slope of leaky ReLU is OpenSpliceAI's; PyTorch's default differs.
ACTIVATIONS = ("relu", "gelu", "leaky_relu_0.1")


class ModelIdentity(NamedTuple):
    """Identifies a model, and everything that affects its scores.

    Attributes:
        name: model name.
        key: INFO key of its scores.
        weights_sha256: digest of the tensors.
        network_sha256: digest of everything else that affects scores, see ``NetworkSpec.sha256``.
    """

    name: str
    key: str
    weights_sha256: str
    network_sha256: str


@dataclass(frozen=True)
class BlockSpec:
    """One residual block: two convolutions of ``kernel`` taps, ``dilation`` apart.

    Attributes:
        is_tapped: whether a skip convolution reads the block's output.
    """

    kernel: int
    dilation: int
    is_tapped: bool = False

    @property
    def reach(self) -> int:
        """Half-reach of one of its convolutions, in bp."""
        return self.dilation * (self.kernel - 1) // 2


class Track(NamedTuple):
    """An output that predicts splice sites, shown to users.

    Attributes:
        name: its name in ``NetworkSpec.columns``.
        column: its index among the outputs of a position.
    """

    name: str
    column: int


@dataclass(frozen=True)
class NetworkSpec:
    """Everything about a model except its weights; stored with them.

    Attributes:
        name: model name.
        blocks: in order of computation.
        key: INFO key of its scores.
        licence: licence of the weights.
        scoring: meaning of its outputs, a key of ``scores.kinds.KINDS``.
        classes: softmax outputs of one network; the first means no splice site.
        groups: names of the groups within which networks are averaged; one unnamed group if all predict the same.
        channels: features F.
        activation: one of ``ACTIVATIONS``.
        norm_eps: epsilon of the normalisations (Keras 1e-3, PyTorch 1e-5).
        n_networks: members of the ensemble; those of a group are consecutive.
    """

    name: str
    blocks: tuple[BlockSpec, ...]
    key: str = "SpliceAI"
    licence: str = ""
    scoring: str = SITES.name
    classes: tuple[str, ...] = SITES.classes
    groups: tuple[str, ...] = ("",)
    channels: int = 32
    activation: str = "relu"
    norm_eps: float = 1e-3
    n_networks: int = 5

    def __post_init__(self) -> None:
        self._check_names()
        self._check_network()

    def _check_names(self) -> None:
        """Check that every name is allowed in VCF, in file names and in tables.

        Raises:
            ValueError: a name is not allowed.
        """
        if not is_key(self.key) or not is_key(self.name):
            raise ValueError(f"'{self.name[:99]}' or INFO key '{self.key[:99]}' is not a valid name")
        if not self.licence.isprintable():
            raise ValueError("the licence is not one line of text")
        if not all(map(is_key, self.columns)) or len(set(self.columns)) < len(self.columns):
            raise ValueError("classes and groups are not valid, different names")

    def _check_network(self) -> None:
        """Check that the sizes are possible, and that the outputs fit the scoring.

        Raises:
            ValueError: a value is not possible.
        """
        if not 0 <= self.norm_eps < 1:
            raise ValueError(f"epsilon is {self.norm_eps}")
        sizes = [size for block in self.blocks for size in (block.kernel, block.dilation)]
        if not all(isinstance(size, int) and size > 0 for size in (*sizes, self.channels)):
            raise ValueError("kernels, dilations and channels are not whole numbers above 0")
        if not self.blocks or any(block.kernel % 2 == 0 for block in self.blocks):
            raise ValueError("the kernels of blocks need an odd number of taps")
        if self.activation not in ACTIVATIONS:
            raise ValueError(f"unknown activation '{self.activation}'")
        if self.scoring not in KINDS:
            raise ValueError(f"unknown scoring '{self.scoring}'")
        classes = self.kind.classes
        if classes and (self.groups != ("",) or self.classes != classes):
            raise ValueError(f"scoring by {self.scoring} needs the classes {', '.join(classes)}, in one group")
        if self.n_networks < 1 or self.n_networks % len(self.groups):
            raise ValueError(f"{self.n_networks} networks do not make {len(self.groups)} groups")

    @property
    def kind(self) -> ScoreKind:
        """The kind of scores that its outputs give."""
        return KINDS[self.scoring]

    @property
    def n_tensors(self) -> int:
        """Tensors of all networks: 12 a block (two normalisations of 4, two convolutions of 2), stem, taps and head."""
        return self.n_networks * (12 * len(self.blocks) + 2 * self.n_taps + 4)

    @property
    def n_taps(self) -> int:
        """Skip convolutions of one network: that of the stem, and those of tapped blocks."""
        return 1 + sum(block.is_tapped for block in self.blocks)

    @property
    def n_classes(self) -> int:
        """Outputs of one network."""
        return len(self.classes)

    @property
    def n_outputs(self) -> int:
        """Outputs of the ensemble per position: those of all groups, side by side."""
        return len(self.groups) * len(self.classes)

    @property
    def group_size(self) -> int:
        """Networks per group."""
        return self.n_networks // len(self.groups)

    @property
    def columns(self) -> tuple[str, ...]:
        """Names of the outputs of a position."""
        return tuple(f"{group}_{name}" if group else name for group in self.groups for name in self.classes)

    @property
    def n_averaged(self) -> int:
        """Networks that are averaged before ALT is laid on REF."""
        return self.group_size if self.kind.is_averaged_first else 1

    @property
    def n_answers(self) -> int:
        """Values per position before ALT is laid on REF."""
        return self.n_networks // self.n_averaged * self.n_classes

    @property
    def tracks(self) -> tuple[Track, ...]:
        """All outputs except those that mean no splice site."""
        return tuple(Track(name, i) for i, name in enumerate(self.columns) if i % self.n_classes)

    @property
    def flank(self) -> int:
        """Bases needed on each side of a scored position."""
        return sum(2 * block.reach for block in self.blocks)

    @property
    def context(self) -> int:
        """Bases needed on both sides together."""
        return 2 * self.flank

    @property
    def sha256(self) -> str:
        """Digest of everything that affects scores; excludes names and licence."""
        named = ("name", "key", "licence")
        fields = {field: value for field, value in asdict(self).items() if field not in named}
        return hashlib.sha256(json.dumps(fields, sort_keys=True).encode()).hexdigest()

    def to_json(self) -> str:
        """JSON text that is stored with the weights."""
        return json.dumps(asdict(self), sort_keys=True)

    @classmethod
    def from_json(cls, text: str) -> NetworkSpec:
        """Inverse of ``to_json``."""
        fields = json.loads(text)
        blocks = tuple(BlockSpec(**block) for block in fields.pop("blocks"))
        classes, groups = tuple(fields.pop("classes")), tuple(fields.pop("groups"))
        return cls(blocks=blocks, classes=classes, groups=groups, **fields)
