"""Everything that can change a predicted consequence, apart from the data and the scores."""

from __future__ import annotations

from dataclasses import dataclass, fields

from spliceai_cli.errors import UsageError
from spliceai_cli.settings.checks import check_word, number_within, put, whole_number
from spliceai_cli.settings.words import BY_PROFILE, BY_SAI10K_REFALT, CONSEQUENCE_METHODS

# Smallest and largest values of numbers in settings that are not probabilities or differences of two.
# min_site cannot be 0, or every base of a profile would be a site.
_WITHIN = {"min_site": (0.001, 1), "pair_factor": (0, 10), "rest_factor": (0, 10), "ref_inclusion": (0.5, 0.999)}

# The first of each pair is not larger than the second.
_ORDERED = (("min_exon", "max_exon"), ("min_pair", "max_pair"))


@dataclass(frozen=True)
class ConsequenceSettings:
    """Everything that can change a predicted consequence, apart from the data and the scores.

    Lengths are in bp; bounds include their value unless they say more than.

    Attributes:
        method: one of ``CONSEQUENCE_METHODS``.
        reach: scored bp on either side of POS, at least.
        min_site: ``profile``: probability of a site that ALT can use instead, and loss of a partner, at least.
        min_pair, max_pair: smaller and larger change of two sites that make or lose an exon together, at least.
        min_gain: gain of a site that moves the end of an exon, at least.
        min_exon, max_exon: length of a new exon.
        max_retained: bases of an intron that a moved end adds, at most.
        intron_margin: bases between a new exon and the ends of its intron, more than.
        min_largest: ``profile``: weight of an allele's largest event, at least; otherwise there is no effect.
        min_weight: ``profile``: weight of its further events, at least.
        pair_factor: ``profile``: what the loss of a partner counts as evidence for skipping or retention.
        rest_factor: ``profile``: what the part of a loss that no site takes up counts as such evidence.
        ref_inclusion: ``profile``: the share of transcripts in which REF has an exon, from which log-odds count.
        near_exon: ``sai10k``: distance of the variant from an exon that loses sites or bases, at most.
        min_alt, min_partner_loss, min_alt_excess, least_alt_excess: ``sai10k-refalt``: see ``consequence.by_scores``.
        nmd_junction: bases before the last junction in which a new stop escapes decay.
        nmd_start: coding bases after the start in which a new stop escapes decay.

    Raises:
        UsageError: a value is out of range, or larger than one that it must not exceed.
    """

    method: str = BY_PROFILE
    reach: int = 4999
    min_site: float = 0.01
    min_pair: float = 0.02
    max_pair: float = 0.2
    min_gain: float = 0.2
    min_largest: float = 0.2
    min_weight: float = 0.1
    pair_factor: float = 4.5
    rest_factor: float = 0.5
    ref_inclusion: float = 0.98
    min_exon: int = 25
    max_exon: int = 500
    max_retained: int = 250
    intron_margin: int = 50
    near_exon: int = 50
    min_alt: float = 0.9
    min_partner_loss: float = 0.1
    min_alt_excess: float = 0.2
    least_alt_excess: float = -0.2
    nmd_junction: int = 50
    nmd_start: int = 100

    def __post_init__(self) -> None:
        check_word("consequence method", self.method, CONSEQUENCE_METHODS)
        for field in fields(self):
            name, value = field.name, getattr(self, field.name)
            if isinstance(field.default, int):
                put(self, name, whole_number(name, value))
            elif isinstance(field.default, float):
                put(self, name, number_within(name, value, *_WITHIN.get(name, (-1, 1))))
        for small, large in _ORDERED:
            if getattr(self, small) > getattr(self, large):
                raise UsageError(
                    f"{small} is {getattr(self, small):g} and {large} {getattr(self, large):g}; "
                    f"{small} must not be larger."
                )

    @property
    def uses_probabilities(self) -> bool:
        """Whether the rules of SAI-10k-calc use the probabilities of REF and ALT."""
        return self.method == BY_SAI10K_REFALT

    @property
    def facts(self) -> dict[str, object]:
        """The method and every threshold, for headers and ``--stats``."""
        thresholds = {f"consequence_{field.name}": getattr(self, field.name) for field in fields(self)[1:]}
        return {"consequence": self.method, **thresholds}
