"""What a user can choose: settings that can change a score, and how to compute."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from spliceai_cli.engine.budget import Budget
from spliceai_cli.engine.engines import ENGINES
from spliceai_cli.engine.kernels import FLOAT32, PRECISIONS
from spliceai_cli.errors import UsageError
from spliceai_cli.models.spec import NetworkSpec
from spliceai_cli.plan.compat import CompatRules
from spliceai_cli.plan.rules import Rules

#: Compatibility modes.
COMPAT_1_3_1 = "1.3.1"

#: Masks, see ``scoring.mask``.
MASKS = (0, 1, 2)


@dataclass(frozen=True)
class Settings:
    """What can change a score, beside the data.

    Attributes:
        models: names or paths of models, see ``models.open.open_model``.
        distance: scored bp on either side of POS, 0 or more.
        mask: 0 none, 1 nearest exon edge, 2 the transcript's own sites by class (see ``mask``).
        compat: None, or ``"1.3.1"`` for the rules of spliceai 1.3.1.
        max_allele_length: longest REF or ALT that is scored.
        max_sv_length: bases that a symbolic allele that is scored may stand for; 0 leaves all of them out.
        normalize: whether insertions and deletions are left-aligned before they are scored.
        precision: ``"float32"``, or ``"fast"`` for convolutions of bfloat16 factors: scores move by up to 0.01.

    Raises:
        UsageError: a value is out of range.
    """

    models: tuple[str, ...] = ("spliceai",)
    distance: int = 50
    mask: int = 0
    compat: str | None = None
    max_allele_length: int = 10_000
    max_sv_length: int = 10_000
    normalize: bool = False
    precision: str = FLOAT32

    def __post_init__(self) -> None:
        if not isinstance(self.models, tuple) or not self.models:
            raise UsageError(f"models is {self.models!r}; a tuple of names or paths expected.")
        if not isinstance(self.distance, int) or self.distance < 0:
            raise UsageError(f"distance is {self.distance}; a whole number, 0 or more, expected.")
        if self.mask not in MASKS:
            raise UsageError(f"mask is {self.mask}; one of {', '.join(map(str, MASKS))} expected.")
        if self.compat not in (None, COMPAT_1_3_1):
            raise UsageError(f"there is no compatibility mode '{self.compat}'; {COMPAT_1_3_1} is the only one.")
        if self.max_allele_length < 1:
            raise UsageError(f"max-allele-length is {self.max_allele_length}; 1 or more expected.")
        if self.max_sv_length < 0:
            raise UsageError(f"max-sv-length is {self.max_sv_length}; 0 or more expected.")
        if self.normalize and self.compat:
            raise UsageError("spliceai 1.3.1 does not left-align: choose normalize or compat, not both.")
        if self.precision not in PRECISIONS:
            raise UsageError(f"there is no precision '{self.precision}'; choose from {', '.join(PRECISIONS)}.")

    def check_memory(self, specs: Iterable[NetworkSpec], memory: int) -> None:
        """Refuse settings under which the largest allowed allele would not fit, before any work starts.

        Args:
            specs: of the models.
            memory: bytes that the process may use.

        Raises:
            UsageError: it would not.
        """
        longest_allele = max(self.max_allele_length, self.max_sv_length)
        length = 2 * self.distance + 1 + longest_allele
        if not all(Budget(spec, memory).fits(length) for spec in specs):
            raise UsageError(
                f"{memory / 2**30:.1f} GB is too little for -D {self.distance} with alleles of up to "
                f"{longest_allele:,} bp.",
                "Allow more (--memory), or lower -D, --max-allele-length or --max-sv-length.",
            )

    @property
    def rules(self) -> Rules:
        """The rules that these settings ask for."""
        kind = Rules if self.compat is None else CompatRules
        return kind(self.distance, self.max_allele_length, self.max_sv_length)


@dataclass(frozen=True)
class Compute:
    """How to compute; apart from ``weights``, none of it changes a score by more than float rounding.

    Attributes:
        device: see ``engine.device.choose_device``.
        batch_size: sequences at a time; None picks by device.
        memory: bytes that the process may use; None for what the machine or its container allows.
        engine: ``"incremental"``, or ``"plain"`` for a full forward pass of every sequence.
        weights: path to load the networks from, in place of the one model of the settings.
        home: folder of the installed weights and tables; None for the default.
        annotation_cache: whether parsed GTF and GFF3 are kept there for the next start.
    """

    device: str = "auto"
    batch_size: int | None = None
    memory: int | None = None
    engine: str = "incremental"
    weights: Path | str | None = None
    home: Path | str | None = None
    annotation_cache: bool = True

    def __post_init__(self) -> None:
        if self.engine not in ENGINES:
            raise UsageError(f"there is no engine '{self.engine}'; choose from {', '.join(ENGINES)}.")
        for name in ("batch_size", "memory"):
            value = getattr(self, name)
            if value is not None and value < 1:
                raise UsageError(f"{name} is {value}; 1 or more expected.")
