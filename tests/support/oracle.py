"""The scores of DESIGN §3, slow and literal; imports nothing of spliceai_cli.

Every base of REF and ALT carries a label, and labels say which bases belong together; nothing is sliced by clever
arithmetic. The networks run with 'same' padding over the whole window and are cropped afterwards, as the published ones
were trained.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import torch
from torch.nn import functional

PAIR = {"A": "T", "C": "G", "G": "C", "T": "A"}


class Gene(NamedTuple):
    """1-based inclusive span."""

    strand: str
    first: int
    last: int


class Conv(NamedTuple):
    weight: torch.Tensor  # (out, in, W)
    bias: torch.Tensor
    dilation: int


@dataclass
class Net:
    """A network as a flat list of tensors."""

    stem: Conv
    blocks: list[tuple[Conv, Conv]]
    norms: list[tuple[dict, dict]]
    taps: dict[int, Conv]  # number of blocks before it -> 1x1 convolution
    head: Conv
    eps: float
    activate: Callable[[torch.Tensor], torch.Tensor] = torch.relu


def run_net(net: Net, one_hot: torch.Tensor) -> torch.Tensor:
    """(4, L) -> (3, L) probabilities, zero-padded at the ends."""

    def conv(x, layer):
        pad = layer.dilation * (layer.weight.shape[2] - 1) // 2
        return functional.conv1d(x, layer.weight, layer.bias, dilation=layer.dilation, padding=pad)

    def norm(x, p):
        shape = (1, -1, 1)
        scale = p["weight"] / torch.sqrt(p["var"] + net.eps)
        return (x - p["mean"].reshape(shape)) * scale.reshape(shape) + p["bias"].reshape(shape)

    x = conv(one_hot[None], net.stem)
    total = conv(x, net.taps[0])
    for i, ((conv1, conv2), (norm1, norm2)) in enumerate(zip(net.blocks, net.norms, strict=True), 1):
        y = conv(net.activate(norm(x, norm1)), conv1)
        y = conv(net.activate(norm(y, norm2)), conv2)
        x = x + y
        if i in net.taps:
            total = total + conv(x, net.taps[i])
    return torch.softmax(conv(total, net.head), dim=1)[0]


def probabilities(bases: str, strand: str, nets: Sequence[Net], flank: int) -> np.ndarray:
    """(len(bases) - 2 * flank, 3) in genome order."""
    if strand == "-":
        bases = "".join(PAIR.get(base, "N") for base in reversed(bases))
    dtype = nets[0].head.weight.dtype
    one_hot = torch.tensor([[float(base == letter) for base in bases] for letter in "ACGT"], dtype=dtype)
    with torch.inference_mode():
        mean = sum(run_net(net, one_hot) for net in nets) / len(nets)
    out = mean.numpy().T[flank : len(bases) - flank]
    return out[::-1] if strand == "-" else out


def trim(pos: int, ref: str, alt: str) -> tuple[int, str, str]:
    if len(ref) > 1 and len(alt) > 1:
        while len(ref) > 1 and len(alt) > 1 and ref[-1] == alt[-1]:
            ref, alt = ref[:-1], alt[:-1]
        while len(ref) > 1 and len(alt) > 1 and ref[0] == alt[0]:
            pos, ref, alt = pos + 1, ref[1:], alt[1:]
    return pos, ref, alt


def spell(contig: str, pos: int, kind: str, length: int, inserted: str) -> tuple[str, str]:
    """REF and ALT of a symbolic allele, letter by letter; POS is the base before what changes."""

    def base(g: int) -> str:
        return contig[g - 1].upper() if 1 <= g <= len(contig) else "N"

    kept, after = base(pos), [base(g) for g in range(pos + 1, pos + length + 1)]
    known = [letter if letter in PAIR else "N" for letter in after]
    if kind == "DEL":
        return kept + "".join(after), kept
    if kind == "INV":
        return kept + "".join(after), kept + "".join(PAIR.get(letter, "N") for letter in reversed(known))
    return kept, kept + ("".join(known) if kind == "DUP" else inserted)


def covers(gene: Gene, variant: tuple[int, str, str]) -> bool:
    """Whether POS or a changed REF base is in the gene's span."""
    pos, ref, alt = variant[0], variant[1].upper(), variant[2].upper()
    tpos, tref, talt = trim(pos, ref, alt)
    changed = set(range(tpos, tpos + len(tref))) - ({tpos} if tref[0] == talt[0] else set())
    return any(gene.first <= g <= gene.last for g in {pos, *changed})


def score(  # noqa: C901 (one literal reading, from top to bottom)
    contig: str,
    gene: Gene,
    variant: tuple[int, str, str],
    distance: int,
    nets: Sequence[Net],
    flank: int,
    *,
    is_inversion: bool = False,
) -> dict[str, tuple[float, int, float]]:
    """AG, AL, DG, DL -> (unrounded score, offset from POS, lead of the winner over the next), unmasked.

    The far end of what a long deletion takes out, or a long inversion turns, is looked at as POS is.
    """
    pos, ref, alt = variant[0], variant[1].upper(), variant[2].upper()
    tpos, tref, talt = trim(pos, ref, alt)
    n_common = min(len(tref), len(talt))

    def base(g: int) -> str:
        inside = gene.first <= g <= gene.last and 1 <= g <= len(contig)
        return contig[g - 1].upper() if inside else "N"

    # (label, base) of every ALT base that the edit writes; a label is a genome position or ("alt", i).
    written: list[tuple[object, str]] = []
    if gene.first <= pos <= gene.last:
        n_prefix = tpos - pos
        n_suffix = len(alt) - n_prefix - len(talt)
        for j, letter in enumerate(alt):
            if j < n_prefix:
                label: object = pos + j
            elif j < n_prefix + len(talt):
                label = ("alt", j - n_prefix)
            else:
                label = pos + len(ref) - n_suffix + (j - n_prefix - len(talt))
            written.append((label, letter))
        cut_first, cut_last = pos, pos + len(ref) - 1
    else:
        for i, letter in enumerate(talt):
            stands_at = tpos + min(i, n_common - 1)
            written.append((("alt", i), letter if gene.first <= stands_at <= gene.last else "N"))
        cut_first, cut_last = tpos, tpos + len(tref) - 1

    n_far = len(tref) - 1 if is_inversion else len(tref) - len(talt)
    right = distance + (n_far if n_far > distance else 0)
    far = flank + right + len(ref) + len(alt) + 5
    ref_labels = list(range(tpos - distance, tpos + right + 1))
    y_ref = probabilities(
        "".join(base(g) for g in range(ref_labels[0] - flank, ref_labels[-1] + flank + 1)), gene.strand, nets, flank
    )
    line = [(g, base(g)) for g in range(tpos - distance - flank, cut_first)]
    line += written
    line += [(g, base(g)) for g in range(cut_last + 1, cut_last + 1 + far)]
    y_alt = probabilities("".join(letter for _, letter in line), gene.strand, nets, flank)
    at = {label: y_alt[i] for i, (label, _) in enumerate(line[flank : len(line) - flank])}

    laid = np.zeros_like(y_ref)
    for row, g in enumerate(ref_labels):
        i = g - tpos
        if 0 <= i < len(tref):
            if i < n_common - 1:
                laid[row] = at["alt", i]
            elif i == n_common - 1:
                laid[row] = np.max([at["alt", j] for j in range(n_common - 1, len(talt))], axis=0)
        else:
            laid[row] = at[g]
    change = laid - y_ref
    out = {}
    for name, column, sign in (("AG", 1, 1), ("AL", 1, -1), ("DG", 2, 1), ("DL", 2, -1)):
        values = sign * change[:, column]
        row = int(np.argmax(values))
        others = np.delete(values, row)
        lead = float(values[row] - others.max()) if len(others) else np.inf
        out[name] = (max(0.0, float(values[row])), ref_labels[row] - pos, lead)
    return out


def net_from_tensors(tensors: Mapping[str, torch.Tensor], prefix: str, spec: dict, dtype=torch.float32) -> Net:
    """A network from parameters named as in a state dict; ``spec`` has blocks (kernel, dilation, is_tapped) and eps."""
    t = {k[len(prefix) :]: v.to(dtype) for k, v in tensors.items() if k.startswith(prefix)}

    def conv(name, dilation=1):
        return Conv(t[f"{name}.weight"][:, :, 0, :], t[f"{name}.bias"], dilation)

    def norm(name):
        return {
            "weight": t[f"{name}.weight"],
            "bias": t[f"{name}.bias"],
            "mean": t[f"{name}.running_mean"],
            "var": t[f"{name}.running_var"],
        }

    tapped = [0] + [i for i, (_, _, is_tapped) in enumerate(spec["blocks"], 1) if is_tapped]
    return Net(
        stem=conv("stem"),
        blocks=[
            (conv(f"blocks.{i}.conv1", d), conv(f"blocks.{i}.conv2", d)) for i, (_, d, _) in enumerate(spec["blocks"])
        ],
        norms=[(norm(f"blocks.{i}.norm1"), norm(f"blocks.{i}.norm2")) for i in range(len(spec["blocks"]))],
        taps={n: conv(f"taps.{i}") for i, n in enumerate(tapped)},
        head=conv("head"),
        eps=spec["eps"],
    )


def nets_from_keras(paths: Sequence[object]) -> list[Net]:
    """The published networks, read from their Keras files."""
    import h5py

    nets = []
    for path in paths:
        with h5py.File(path, "r") as file:
            layers = file["model_weights"]

            def conv(number, dilation=1, layers=layers):
                group = layers[f"conv1d_{number}"][f"conv1d_{number}"]
                kernel = torch.from_numpy(np.array(group["kernel:0"]))
                return Conv(kernel.permute(2, 1, 0).contiguous(), torch.from_numpy(np.array(group["bias:0"])), dilation)

            def norm(number, layers=layers):
                group = layers[f"batch_normalization_{number}"][f"batch_normalization_{number}"]
                keys = {"weight": "gamma", "bias": "beta", "mean": "moving_mean", "var": "moving_variance"}
                return {ours: torch.from_numpy(np.array(group[f"{theirs}:0"])) for ours, theirs in keys.items()}

            dilations = [1] * 4 + [4] * 4 + [10] * 4 + [25] * 4
            numbers = [n for n in range(3, 39) if n not in (11, 20, 29, 38)]
            nets.append(
                Net(
                    stem=conv(1),
                    blocks=[(conv(numbers[2 * i], d), conv(numbers[2 * i + 1], d)) for i, d in enumerate(dilations)],
                    norms=[(norm(2 * i + 1), norm(2 * i + 2)) for i in range(16)],
                    taps={0: conv(2), 4: conv(11), 8: conv(20), 12: conv(29), 16: conv(38)},
                    head=conv(39),
                    eps=1e-3,
                )
            )
    return nets
