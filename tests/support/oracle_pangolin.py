"""Pangolin's scores (Zeng & Li, Genome Biology 2022), slow and literal; imports nothing of spliceai_cli.

A change in splice-site strength is what ALT's probability of splicing at a base is above that of REF, on the strand of
the gene, in sequence that is not masked to the gene. It is averaged over a tissue's three networks; the gain of a
position is the largest of the four tissues' changes and its loss the smallest. Every base of REF and ALT carries a
label, as in ``oracle.py``, so that nothing is sliced by clever arithmetic.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch
from torch.nn import functional

PAIR = {"A": "T", "C": "G", "G": "C", "T": "A"}
FLANK = 5000
N_REPLICATES = 3
EPS = 1e-5
# One network for a tissue and replicate, of whose eight outputs one is the tissue's probability of splicing.
HEADS = {"heart": "conv_last1", "liver": "conv_last3", "brain": "conv_last5", "testis": "conv_last7"}
NUMBERS = {"heart": 0, "liver": 2, "brain": 4, "testis": 6}
DILATIONS = [1] * 4 + [4] * 4 + [10] * 4 + [25] * 4


class Net(NamedTuple):
    state: Mapping[str, torch.Tensor]
    head: str


class Extreme(NamedTuple):
    """A score, its offset from POS, and its lead over the next best position."""

    score: float
    offset: int
    lead: float


def nets_from_folder(folder: Path) -> dict[str, list[Net]]:
    """The twelve networks ``final.{1..3}.{0,2,4,6}.3.v2``, by tissue."""
    return {
        tissue: [
            Net(torch.load(folder / f"final.{i}.{number}.3.v2", map_location="cpu", weights_only=True), HEADS[tissue])
            for i in range(1, N_REPLICATES + 1)
        ]
        for tissue, number in NUMBERS.items()
    }


def run_net(net: Net, one_hot: torch.Tensor) -> torch.Tensor:
    """(N, 4, L) -> (N, 2, L - 10000): the probabilities of no splicing and of splicing in the network's tissue.

    Without padding: every convolution gives what it sees in full.
    """
    p = net.state

    def conv(x, name, dilation=1):
        return functional.conv1d(x, p[f"{name}.weight"], p[f"{name}.bias"], dilation=dilation)

    def norm(x, name):
        mean, var, weight, bias = (p[f"{name}.{k}"] for k in ("running_mean", "running_var", "weight", "bias"))
        return functional.batch_norm(x, mean, var, weight, bias, training=False, eps=EPS)

    def middle(x, length):
        start = (x.shape[2] - length) // 2
        return x[:, :, start : start + length]

    x = conv(one_hot, "conv1")
    taps = [conv(x, "skip")]
    for i, dilation in enumerate(DILATIONS):
        y = conv(torch.relu(norm(x, f"resblocks.{i}.bn1")), f"resblocks.{i}.conv1", dilation)
        y = conv(torch.relu(norm(y, f"resblocks.{i}.bn2")), f"resblocks.{i}.conv2", dilation)
        x = middle(x, y.shape[2]) + y
        if i % 4 == 3:
            taps.append(conv(x, f"convs.{i // 4}"))
    total = sum(middle(tap, x.shape[2]) for tap in taps)
    return torch.softmax(conv(total, net.head), dim=1)


def splicing(texts: Sequence[str], strand: str, nets: Mapping[str, Sequence[Net]]) -> list[np.ndarray]:
    """For each text an array (tissues, replicates, len(text) - 10000) in genome order."""
    found: list[np.ndarray] = []
    same_length = len({len(text) for text in texts}) == 1
    for group in [texts] if same_length else [[text] for text in texts]:
        turned = group
        if strand == "-":
            turned = ["".join(PAIR.get(base, "N") for base in reversed(text)) for text in group]
        one_hot = torch.stack([torch.tensor([[float(b == a) for b in text] for a in "ACGT"]) for text in turned])
        with torch.inference_mode():
            out = np.stack([[run_net(net, one_hot)[:, 1].numpy() for net in nets[tissue]] for tissue in HEADS])
        found += [out[:, :, i, :: -1 if strand == "-" else 1] for i in range(len(group))]
    return found


def changes(
    contig: Sequence[str],
    strand: str,
    variant: tuple[int, str, str],
    distance: int,
    nets: Mapping[str, Sequence[Net]],
) -> tuple[list[int], np.ndarray]:
    """Genome positions from POS - distance to the last REF base + distance, and (tissues, positions) ALT - REF.

    REF and ALT of equal lengths stand one to one. Otherwise the bases up to the shorter one's last do, except that
    there the largest of ALT's remaining bases stands; REF bases beyond that are gone, and 0 in ALT.
    """
    pos, ref, alt = variant[0], variant[1].upper(), variant[2].upper()
    n_common = min(len(ref), len(alt))

    def base(g: int) -> str:
        return contig[g - 1].upper() if 1 <= g <= len(contig) else "N"

    ref_labels = list(range(pos - distance, pos + len(ref) + distance))
    before = [(g, base(g)) for g in range(ref_labels[0] - FLANK, pos)]
    after = [(g, base(g)) for g in range(pos + len(ref), ref_labels[-1] + FLANK + 1)]
    ref_line = before + [(g, base(g)) for g in range(pos, pos + len(ref))] + after
    alt_line = before + [(("alt", i), letter) for i, letter in enumerate(alt)] + after
    y_ref, y_alt = splicing(["".join(letter for _, letter in line) for line in (ref_line, alt_line)], strand, nets)
    at = {label: y_alt[:, :, i] for i, (label, _) in enumerate(alt_line[FLANK:-FLANK])}

    laid = np.zeros_like(y_ref)
    for column, g in enumerate(ref_labels):
        i = g - pos
        if 0 <= i < n_common - 1:
            laid[:, :, column] = at["alt", i]
        elif i == n_common - 1:
            laid[:, :, column] = np.max([at["alt", j] for j in range(i, len(alt))], axis=0)
        elif not 0 <= i < len(ref):
            laid[:, :, column] = at[g]
    return ref_labels, (laid - y_ref).mean(axis=1)


def extremes(
    labels: Sequence[int], change: np.ndarray, pos: int, edges: Collection[int] | None = None
) -> tuple[Extreme, Extreme]:
    """Gain and loss; both scores are 0 or more.

    Args:
        labels: genome positions, 1-based, ascending.
        change: (tissues, positions).
        pos: of the variant.
        edges: first and last bases of the gene's exons, 1-based; if given, a gain at one of them counts as none, and
            so does a loss anywhere else.
    """
    gains, losses = change.max(axis=0), -change.min(axis=0)
    if edges is not None:
        for column, g in enumerate(labels):
            if g in edges:
                gains[column] = 0
            else:
                losses[column] = 0
    return _first_largest(gains, labels, pos), _first_largest(losses, labels, pos)


def _first_largest(values: np.ndarray, labels: Sequence[int], pos: int) -> Extreme:
    column = int(np.argmax(values))
    others = np.delete(values, column)
    lead = float(values[column] - others.max()) if len(others) else np.inf
    return Extreme(max(0.0, float(values[column])), labels[column] - pos, lead)
