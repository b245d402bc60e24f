"""Probabilities of every base by one plain forward pass over all of a sequence."""

from __future__ import annotations

import numpy as np
import torch

from spliceai_cli.genome.bases import N, encode, reverse_complement
from spliceai_cli.models.ensemble import Ensemble
from spliceai_cli.models.network import answers


def probabilities(ensemble: Ensemble, codes: torch.Tensor) -> torch.Tensor:
    """Mean softmax outputs of each group: (N, L) codes -> (N, outputs, L - context)."""
    return answers(ensemble.networks, codes, ensemble.spec.group_size)


def one_pass(ensemble: Ensemble, codes: np.ndarray, strand: str = "+") -> np.ndarray:
    """(L, outputs), N around the sequence; genomic order."""
    on_strand = codes if strand == "+" else reverse_complement(codes)
    padded = np.pad(on_strand, ensemble.spec.flank, constant_values=N)
    with torch.inference_mode():
        values = probabilities(ensemble, torch.tensor(padded)[None])[0].T.numpy()
    return values if strand == "+" else values[::-1]


def profile(ensemble: Ensemble, bases: str, strand: str) -> np.ndarray:
    """(L, 2) acceptor and donor probabilities of letters."""
    return one_pass(ensemble, encode(bases.encode()), strand)[:, 1:]
