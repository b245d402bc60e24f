"""The exception tree.

    SpliceAICliError                  known failure, exit 1
    ├── UsageError                    wrong options, exit 2
    ├── VcfError                      the input VCF
    ├── VariantError                  a variant as text, or given in Python
    ├── EncodingError                 a text file in another encoding than UTF-8
    ├── OutputError                   the output file
    ├── ReferenceGenomeError          the FASTA
    ├── AnnotationError               the genes: a table, GTF or GFF3
    ├── AssemblyError                 VCF, FASTA and genes do not belong together
    ├── WeightsError                  the networks' weights
    │   └── WeightsMissingError
    ├── DeviceError                   the device asked for
    ├── StrictError                   --strict found unscored alleles
    ├── SelftestError                 this machine computes other numbers
    └── NumericError                  the networks gave NaN

A message says what, where, what was found; ``hint`` says what to do.
"""

from __future__ import annotations


class SpliceAICliError(Exception):
    """A failure with a known cause; its text is for the user.

    Args:
        message: what is wrong, where, and what was found.
        hint: what to do about it.
    """

    exit_code = 1

    def __init__(self, message: str, hint: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class UsageError(SpliceAICliError):
    """Options that cannot go together, or a value out of range."""

    exit_code = 2


class VcfError(SpliceAICliError):
    """The input is not a VCF, or is cut short."""


class VariantError(SpliceAICliError):
    """A variant as the user gave it, as text or in Python, cannot be read or does not fit the reference."""


class EncodingError(SpliceAICliError):
    """A text file is in another encoding than UTF-8."""


class OutputError(SpliceAICliError):
    """The output cannot be written."""


class ReferenceGenomeError(SpliceAICliError):
    """The FASTA is missing, not indexed or damaged."""


class AnnotationError(SpliceAICliError):
    """The annotation is missing or malformed, or lacks what is asked of it."""


class AssemblyError(SpliceAICliError):
    """VCF, FASTA and annotation describe different assemblies."""


class WeightsError(SpliceAICliError):
    """A weights file is not what it should be."""


class WeightsMissingError(WeightsError):
    """The weights or built-in gene tables are not installed."""


class DeviceError(SpliceAICliError):
    """The device does not exist here."""


class StrictError(SpliceAICliError):
    """Alleles that ``--strict`` wants scored were not."""


class SelftestError(SpliceAICliError):
    """Known answers come out differently on this machine."""


class NumericError(SpliceAICliError):
    """The networks gave a value that is not a number."""
