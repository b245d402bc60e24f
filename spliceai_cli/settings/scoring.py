"""Everything that can change a score or a track, apart from the data."""

from __future__ import annotations

from dataclasses import dataclass

from spliceai_cli.errors import UsageError
from spliceai_cli.settings.checks import check_texts, check_type, check_word, put, whole_number
from spliceai_cli.settings.words import COMPAT_1_3_1, COMPAT_MODES, DEFAULT_MODEL, FLOAT32, MASKS, PRECISIONS

# Smallest values of whole numbers in settings.
_LEAST = {"distance": 0, "max_allele_length": 1, "max_sv_length": 0}


@dataclass(frozen=True)
class Settings:
    """Everything that can change a score, apart from the data.

    Attributes:
        models: names or paths of models, see ``models.open.open_model``.
        distance: scored bp on either side of POS, 0 or more.
        mask: 0 none, 1 nearest exon edge, 2 the transcript's own sites by class (see ``scoring.mask``).
        compat: None, or ``"1.3.1"`` for the rules of spliceai 1.3.1.
        max_allele_length: longest REF or ALT scored, in bp.
        max_sv_length: longest symbolic allele scored, in bp; 0 skips them all.
        normalize: whether insertions and deletions are left-aligned before they are scored.
        precision: ``"float32"``, or ``"fast"`` to multiply in bfloat16, which moves scores by up to 0.01.

    Raises:
        UsageError: a value is out of range.
    """

    models: tuple[str, ...] = (DEFAULT_MODEL,)
    distance: int = 50
    mask: int = 0
    compat: str | None = None
    max_allele_length: int = 10_000
    max_sv_length: int = 10_000
    normalize: bool = False
    precision: str = FLOAT32

    def __post_init__(self) -> None:
        check_texts("models", self.models)
        if not self.models:
            raise UsageError("models is empty; a tuple of names or paths expected.")
        for name, least in _LEAST.items():
            put(self, name, whole_number(name, getattr(self, name), least))
        put(self, "mask", whole_number("mask", self.mask))
        if self.mask not in MASKS:
            raise UsageError(f"mask is {self.mask}; one of {', '.join(map(str, MASKS))} expected.")
        if self.compat not in (None, *COMPAT_MODES):
            raise UsageError(f"there is no compatibility mode '{self.compat}'; {COMPAT_1_3_1} is the only one.")
        check_type("normalize", self.normalize, bool)
        if self.normalize and self.compat:
            raise UsageError("spliceai 1.3.1 does not left-align: choose normalize or compat, not both.")
        check_word("precision", self.precision, PRECISIONS)


@dataclass(frozen=True)
class TrackSettings:
    """Everything that can change base-by-base probabilities, apart from the data and the request.

    Attributes:
        models: as in ``Settings``.
        distance: bp on either side of an allele, 0 or more.
        max_allele_length, max_sv_length: as in ``Settings``.
        precision: one of ``PRECISIONS``.

    Raises:
        UsageError: a value is out of range.
    """

    models: tuple[str, ...] = Settings.models
    distance: int = 500
    max_allele_length: int = Settings.max_allele_length
    max_sv_length: int = Settings.max_sv_length
    precision: str = Settings.precision

    def __post_init__(self) -> None:
        settings = self.without_mask
        for name in _LEAST:
            put(self, name, getattr(settings, name))

    @property
    def without_mask(self) -> Settings:
        """The settings that alleles are computed with."""
        return Settings(
            self.models,
            self.distance,
            max_allele_length=self.max_allele_length,
            max_sv_length=self.max_sv_length,
            precision=self.precision,
        )
