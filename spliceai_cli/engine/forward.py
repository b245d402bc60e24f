"""The plain engine: a full forward pass for every sequence.

It is the oracle of the incremental engine, so it is kept as simple as possible.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
import torch

from spliceai_cli.arrays import FloatArray
from spliceai_cli.engine.budget import Budget
from spliceai_cli.engine.cost import PassCost
from spliceai_cli.engine.device import Device
from spliceai_cli.engine.pytorch.computing import computing
from spliceai_cli.engine.pytorch.device import torch_device
from spliceai_cli.engine.pytorch.kernels import UNIT_S
from spliceai_cli.engine.threads import settle
from spliceai_cli.genome.bases import Codes
from spliceai_cli.genome.coords import Interval
from spliceai_cli.models.ensemble import Ensemble
from spliceai_cli.models.network import answers, moved
from spliceai_cli.plan.edit import Edit, Prediction


class _Window(NamedTuple):
    """One sequence to run: the ALT of an edit if ``is_alt``, otherwise its REF."""

    edit: Edit
    is_alt: bool

    def codes(self, flank: int) -> Codes:
        """(L,) codes of the scored positions with ``flank`` bases on both sides."""
        scored = self.edit.alt_scored if self.is_alt else self.edit.ref_scored
        interval = Interval(scored.start - flank, scored.end + flank)
        return self.edit.alt_codes(interval) if self.is_alt else self.edit.ref_codes(interval)


class PlainEngine:
    """Runs REF and ALT windows through every network of an ensemble.

    Alleles of a gene with the same scored positions share one REF pass; windows of equal length run in batches. The
    other sequences of a batch change a score by no more than float rounding.

    Args:
        ensemble: the networks.
        device: where to compute; the networks are moved there.
        batch_size: largest number of sequences at a time.
        memory: bytes that the process may use.
    """

    def __init__(self, ensemble: Ensemble, device: Device, batch_size: int, memory: int) -> None:
        self._spec = ensemble.spec
        self._device = torch_device(device)
        # A forked child that copies weights would wait for the parent's threads.
        settle(torch)
        self._networks = moved(ensemble.networks, self._device)
        self._batch_size = batch_size
        self._budget = Budget(ensemble.spec, memory)
        self._cost = PassCost(ensemble.spec, lambda block: block.kernel, UNIT_S)

    def predict(self, edits: Sequence[Edit], advance: Callable[[float], None] = lambda _: None) -> list[Prediction]:
        """Class probabilities for every edit, in the order given; see ``Engine.predict``."""
        windows: list[_Window] = []
        ref_of: dict[tuple[int, Interval], int] = {}
        rows: list[tuple[int, int]] = []
        for edit in edits:
            key = (id(edit.sequence), edit.ref_scored)
            if key not in ref_of:
                ref_of[key] = len(windows)
                windows.append(_Window(edit, is_alt=False))
            rows.append((ref_of[key], len(windows)))
            windows.append(_Window(edit, is_alt=True))
        with computing(self._device):
            outputs = self._run(windows, lambda n: advance(n * len(edits) / len(windows)))
        return [Prediction(outputs[ref], outputs[alt]) for ref, alt in rows]

    def cost_s(self, edits: Sequence[Edit]) -> float:
        """See ``Engine.cost_s``."""
        refs = {(id(edit.sequence), edit.ref_scored) for edit in edits}
        lengths = [*(scored.length for _, scored in refs), *(edit.alt_scored.length for edit in edits)]
        return sum(map(self._cost.whole_s, lengths))

    def _run(self, windows: Sequence[_Window], advance: Callable[[int], None]) -> list[FloatArray]:
        """(W, outputs) probabilities of each window; calls ``advance`` with the number of windows of each batch."""
        flank = self._spec.flank
        by_length: dict[int, list[int]] = defaultdict(list)
        for i, window in enumerate(windows):
            scored = window.edit.alt_scored if window.is_alt else window.edit.ref_scored
            by_length[scored.length].append(i)
        outputs: list[FloatArray] = [np.empty((0, 0), np.float32)] * len(windows)
        for n_scored, members in by_length.items():
            batch_size = self._budget.batch_size(n_scored + 2 * flank, self._batch_size)
            for start in range(0, len(members), batch_size):
                batch = members[start : start + batch_size]
                codes = np.stack([windows[i].codes(flank) for i in batch])
                for i, output in zip(batch, self._forward(codes), strict=True):
                    outputs[i] = output
                advance(len(batch))
        return outputs

    @torch.inference_mode()
    def _forward(self, codes: Codes) -> FloatArray:
        """(N, L) codes -> (N, W, outputs) probabilities."""
        there = torch.from_numpy(codes).to(self._device)
        return answers(self._networks, there, self._spec.n_averaged).permute(0, 2, 1).contiguous().cpu().numpy()
