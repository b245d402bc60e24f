"""A model that predicts sequences, for programs that have bases rather than variants."""

from __future__ import annotations

import os
import re
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, overload

import numpy as np

from spliceai_cli.arrays import FloatArray
from spliceai_cli.engine.device import available_memory, choose_device
from spliceai_cli.engine.scan import Scanner
from spliceai_cli.errors import UsageError
from spliceai_cli.genome.bases import Codes, N, encode, reverse_complement
from spliceai_cli.genome.coords import Interval
from spliceai_cli.models.ensemble import Ensemble
from spliceai_cli.models.open import open_model
from spliceai_cli.models.spec import NetworkSpec
from spliceai_cli.models.store import default_home
from spliceai_cli.process_bound import ProcessBound
from spliceai_cli.settings.checks import check_type, whole_number
from spliceai_cli.settings.compute import Compute
from spliceai_cli.settings.words import DEFAULT_MODEL
from spliceai_cli.text import shown

if TYPE_CHECKING:
    import pandas as pd

    from spliceai_cli.models.network import Network

_NOT_BASES = re.compile(r"[^ACGTUNRYSWKMBDHVacgtunryswkmbdhv]")
_STATISTICS = ("running_mean", "running_var")
_TO_DNA = str.maketrans("Uu", "Tt")


class Model(ProcessBound):
    """An ensemble of networks, ready to compute. Threads may share it.

    Args:
        ensemble: the networks.
        compute: gives the device, memory and kernels; the rest is not used.

    Raises:
        DeviceError: the device is not available.

    Attributes:
        spec: context, activation, licence and so on.
        columns: names of the outputs per position.
    """

    def __init__(self, ensemble: Ensemble, compute: Compute | None = None) -> None:
        compute = compute or Compute()
        self.spec: NetworkSpec = ensemble.spec
        self.sha256 = ensemble.sha256
        self.columns: tuple[str, ...] = ensemble.spec.columns
        self._open = partial(
            Scanner,
            ensemble,
            choose_device(compute.device),
            compute.memory or available_memory(),
            kernels=compute.kernels,
        )
        self._scanner = self._open()
        self._ensemble = ensemble

    def predict(self, sequence: str, *, strand: str = "+") -> FloatArray:
        """Probabilities of every base of a sequence, (len(sequence), outputs), float32, in the order of the sequence.

        The networks see N before and after the sequence. If you know the bases there, add ``spec.flank`` of them on
        either side, and drop their rows. U is read as T, lower case as upper case, and ambiguous IUPAC letters as N.

        Args:
            sequence: bases.
            strand: ``"-"`` to predict the other strand; rows stay in the order of ``sequence``.

        Raises:
            UsageError: ``sequence`` contains a letter that is not a base, or ``strand`` is neither ``"+"`` nor ``"-"``.
        """
        return self._along(self._scanner, sequence, strand)

    @overload
    def logits(self, sequences: str, *, strand: str = "+") -> FloatArray: ...

    @overload
    def logits(self, sequences: list[str] | tuple[str, ...], *, strand: str = "+") -> list[FloatArray]: ...

    def logits(
        self, sequences: str | list[str] | tuple[str, ...], *, strand: str = "+"
    ) -> FloatArray | list[FloatArray]:
        """Mean of the networks' logits at every base, in the form that ``predict`` gives probabilities.

        ``predict`` averages probabilities: it is not the softmax of these.

        Args:
            sequences: bases, DNA or RNA; or several sequences, for a list with as many arrays.
            strand: as for ``predict``.

        Raises:
            UsageError: as for ``predict``.
        """
        if isinstance(sequences, str):
            return self._along(self._logits, sequences, strand)
        if not isinstance(sequences, (list, tuple)):
            raise UsageError(f"sequences is {shown(sequences)}; a text, or a list of texts, expected.")
        return [self._along(self._logits, sequence, strand) for sequence in sequences]

    @cached_property
    def networks(self) -> tuple[Network, ...]:
        """The ``torch.nn.Module`` of each network, in evaluation mode and without gradients, on the CPU.

        They are copies: training them does not change what ``predict`` and ``logits`` give.
        """
        # Imported late: it loads PyTorch.
        from spliceai_cli.models.network import build_networks

        copies = [{name: tensor.copy() for name, tensor in member.items()} for member in self._ensemble.members]
        return build_networks(self.spec, copies)

    @property
    def n_parameters(self) -> int:
        """Trained numbers of all networks: weights and biases, not the means and variances of normalisations."""
        return sum(
            tensor.size
            for member in self._ensemble.members
            for name, tensor in member.items()
            if not name.endswith(_STATISTICS)
        )

    def flops(self, length: int) -> int:
        """Floating-point operations of all convolutions at every one of ``length`` bases, two for each multiplication.

        It is how model cards count: with every layer at every base. ``predict`` computes each layer only where its
        output is used, and so needs fewer for the flanks.
        """
        whole_number("length", length)
        weights = (tensor.size for member in self._ensemble.members for tensor in member.values() if tensor.ndim > 1)
        return 2 * length * sum(weights)

    @cached_property
    def _logits(self) -> Scanner:
        return self._open(has_softmax=False)

    def _along(self, scanner: Scanner, sequence: str, strand: str) -> FloatArray:
        check_type("sequence", sequence, str)
        if (wrong := _NOT_BASES.search(sequence)) is not None:
            raise UsageError(f"sequence: '{wrong[0]}' at position {wrong.start() + 1:,} is not a base.")
        if strand not in ("+", "-"):
            raise UsageError(f"strand is '{strand}'; + or - expected.")
        text = _Text(sequence.translate(_TO_DNA), strand)
        out = np.empty((len(sequence), len(self.columns)), dtype=np.float32)
        for stretch in scanner.predict(text, [Interval(0, len(sequence))] if sequence else []):
            out[stretch.interval.start : stretch.interval.end] = stretch.probabilities
        return out

    def predict_frame(self, sequence: str, *, strand: str = "+") -> pd.DataFrame:
        """As ``predict``, but as a pandas frame: one row per base, indexed from 1, with ``columns`` as columns."""
        import pandas as pd

        index = pd.RangeIndex(1, len(sequence) + 1, name="position")
        return pd.DataFrame(self.predict(sequence, strand=strand), index=index, columns=list(self.columns))


def load_model(model: str = DEFAULT_MODEL, *, compute: Compute | None = None) -> Model:
    """Load a model by name or path.

    Args:
        model: ``spliceai``, ``cispliceai``, ``openspliceai``, ``pangolin``, another installed model, or the path of
            weights; see ``models.open.open_model``.
        compute: gives the device, memory, kernels, and the folder where models are installed; None for the defaults.

    Raises:
        WeightsMissingError: the model is not installed.
        UsageError: there is no such model.
        WeightsError: the weights are damaged.

    Example:
        >>> model = load_model("spliceai")  # doctest: +SKIP
        >>> model.predict("CGATCTGACGTGGGTGTCATCGCATTATCGATATTGCAT").shape  # doctest: +SKIP
        (39, 3)
    """
    check_type("model", model, str)
    check_type("compute", compute, Compute, is_optional=True)
    compute = compute or Compute()
    home = Path(compute.home) if compute.home else default_home(os.environ)
    return Model(open_model(model, home), compute)


class _Text:
    """A strand of a sequence in memory, with N beyond its ends; positions on ``-`` count as in ``GeneSequence``."""

    def __init__(self, bases: str, strand: str) -> None:
        self.strand = strand
        codes = encode(bases.encode("ascii"))
        self._codes = codes if strand == "+" else reverse_complement(codes)
        self._start = 0 if strand == "+" else -len(codes)

    def codes(self, interval: Interval) -> Codes:
        """(L,) codes of an interval in transcript order."""
        start, end = interval.start - self._start, interval.end - self._start
        out = np.full(end - start, N, dtype=np.uint8)
        first, last = max(start, 0), min(end, len(self._codes))
        if first < last:
            out[first - start : last - start] = self._codes[first:last]
        return out
