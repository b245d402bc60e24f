"""The exception tree.

    SpliceAICliError                  known failure, exit 1
    ├── UsageError                    wrong options, exit 2
    ├── VcfError                      the input VCF
    ├── VariantError                  a variant given as text or in Python
    ├── EncodingError                 a text file that is not UTF-8
    ├── RegionsError                  a file of regions, of -T or --bed
    ├── OutputError                   the output file
    ├── ReferenceGenomeError          the FASTA
    ├── AnnotationError               the genes: a table, GTF or GFF3
    ├── AssemblyError                 VCF, FASTA and genes are of different assemblies
    ├── WeightsError                  the networks' weights
    │   └── WeightsMissingError
    ├── DeviceError                   the requested device
    ├── ScatterError                  the parts of a scattered run do not fit one another, or this machine
    ├── TrainingError                 the recipe or the folder of a training run
    ├── WorkerError                   a process that computes has ended
    ├── ExhaustedError                no memory is left, or no thread can be started
    ├── StrictError                   --strict found unscored alleles
    ├── SelftestError                 this machine computes different numbers
    └── NumericError                  the networks returned NaN

A message says what, where, what was found; ``hint`` says what to do. ``exhausted`` makes such an error of what Python
and PyTorch raise where memory or threads run out, which can be anywhere.
"""

from __future__ import annotations

import errno

# In the messages of PyTorch's allocator on a CPU, of C++, and of Python, whose exceptions have no types of their own.
_NO_MEMORY = ("can't allocate memory", "std::bad_alloc")
# Of the dynamic loader, also for libraries in a folder from which nothing may be executed.
_NOT_LOADED = "failed to map segment"
_NO_THREAD = "can't start new thread"


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
    """Options cannot be combined, or a value is out of range."""

    exit_code = 2


class VcfError(SpliceAICliError):
    """The input is not a VCF, or is truncated."""


class VariantError(SpliceAICliError):
    """A variant that the user gave, as text or in Python, cannot be read or does not fit the reference."""


class EncodingError(SpliceAICliError):
    """A text file is not encoded in UTF-8."""


class RegionsError(SpliceAICliError):
    """A file of regions is missing, malformed or empty."""


class OutputError(SpliceAICliError):
    """The output cannot be written."""


class ReferenceGenomeError(SpliceAICliError):
    """The FASTA is missing, not indexed or damaged."""


class AnnotationError(SpliceAICliError):
    """The annotation is missing or malformed, or lacks what was asked for."""


class AssemblyError(SpliceAICliError):
    """VCF, FASTA and annotation describe different assemblies."""


class WeightsError(SpliceAICliError):
    """A weights file is damaged, unsupported or not the expected one."""


class WeightsMissingError(WeightsError):
    """The weights or built-in gene tables are not installed."""


class DeviceError(SpliceAICliError):
    """The device is not available, or cannot compute what was asked for."""


class ScatterError(SpliceAICliError):
    """A part of a scattered run is missing or damaged, or differs from what was planned."""


class TrainingError(SpliceAICliError):
    """A recipe cannot be read, or a folder holds another training run or a damaged one."""


class WorkerError(SpliceAICliError):
    """A process that computes has ended before its work was done."""


class ExhaustedError(SpliceAICliError):
    """The system gives this process no more memory or threads."""


class StrictError(SpliceAICliError):
    """Alleles that ``--strict`` requires to be scored were not."""


class SelftestError(SpliceAICliError):
    """This machine does not reproduce known scores."""


class NumericError(SpliceAICliError):
    """The networks returned a value that is not a finite number."""


def exhausted(error: BaseException) -> ExhaustedError | None:
    """What an exception says about this process if it means that something ran out; None if it means anything else.

    Args:
        error: an exception of Python or PyTorch.
    """
    text = str(error)
    is_refused = isinstance(error, OSError) and error.errno == errno.ENOMEM
    if isinstance(error, MemoryError) or is_refused or any(words in text for words in _NO_MEMORY):
        return ExhaustedError(
            "memory ran out.",
            "Raise the limit of the shell or job; or use fewer --threads, and, where a command has them, a smaller "
            "--memory or -D; in training, a smaller batch or window.",
        )
    if _NOT_LOADED in text:
        return ExhaustedError(
            f"a library cannot be loaded: {text}.",
            "Raise the limit of memory of the shell or job (ulimit -v); if the library is on a file system that is "
            "mounted noexec, install elsewhere.",
        )
    if _NO_THREAD in text:
        return ExhaustedError(
            "the system starts no more threads for this program.",
            "Raise the limits of the shell or job (ulimit -u, ulimit -v), or use fewer --threads.",
        )
    return None
