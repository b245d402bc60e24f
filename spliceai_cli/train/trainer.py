"""Trains one network."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import nullcontext
from typing import Any, NamedTuple

import torch
from torch import Tensor, nn
from torch.nn.parallel import DistributedDataParallel

from spliceai_cli.errors import NumericError
from spliceai_cli.models.network import Network
from spliceai_cli.train.config import BF16, HALVING, TrainConfig
from spliceai_cli.train.loader import Batch, Loader
from spliceai_cli.train.loss import weighted_loss
from spliceai_cli.train.network import prepare, set_training
from spliceai_cli.train.norm import share_norms
from spliceai_cli.train.processes import Processes

# The first of ten equal parts of a run that halves the learning rate, counted from 0.
_N_PARTS, _HALVED_FROM = 10, 6


class Step(NamedTuple):
    """A step that is done.

    Attributes:
        number: from 1.
        loss: mean over the positions of its batch.
        rate: learning rate.
        n_positions: positions of its batch, over all processes.
        seconds: time that it took.
        waiting_s: part of it that was spent waiting for examples.
    """

    number: int
    loss: float
    rate: float
    n_positions: int
    seconds: float
    waiting_s: float


class Trainer:
    """One network with its optimizer.

    Args:
        network: the network; trained in place.
        loader: its batches.
        weights: (3,) weights of the classes.
        config: the recipe.
        device: where to compute.
        processes: the processes that train together.
        n_frozen: blocks that keep their weights.
    """

    def __init__(
        self,
        network: Network,
        loader: Loader,
        weights: Tensor,
        config: TrainConfig,
        device: torch.device,
        processes: Processes,
        *,
        n_frozen: int = 0,
    ) -> None:
        prepare(network, n_frozen)
        self.network = network.to(device)
        self._config = config
        self._loader = loader
        self._device = device
        self._processes = processes
        self._n_frozen = n_frozen
        self._weights = weights.to(device)
        self._trained: nn.Module = self.network
        if processes.n > 1:
            shared = share_norms(self.network, device)
            self._trained = DistributedDataParallel(shared)
        changing = [parameter for parameter in self.network.parameters() if parameter.requires_grad]
        self.optimizer = torch.optim.Adam(changing, lr=config.rate)

    def load(self, network: dict[str, Tensor], optimizer: dict[str, Any]) -> None:
        """Go on from a checkpoint."""
        self.network.load_state_dict(network)
        self.optimizer.load_state_dict(optimizer)

    def run(self, first: int, did: Callable[[Step], None]) -> None:
        """Train from step ``first`` (from 0) to the end.

        Args:
            first: steps that are done.
            did: called after each step.

        Raises:
            NumericError: the loss is not finite.
        """
        set_training(self.network, self._n_frozen)
        started = time.monotonic()
        for number, batches in enumerate(self._loader.steps(first), first + 1):
            waiting_s = time.monotonic() - started
            rate = learning_rate(number - 1, self._loader.n_steps, self._config)
            loss = self._step(batches, rate)
            ended = time.monotonic()
            n_positions = self._loader.batch * self._config.window
            did(Step(number, loss, rate, n_positions, ended - started, waiting_s))
            # What is done between steps, such as validation, changes the mode.
            set_training(self.network, self._n_frozen)
            started = time.monotonic()

    def _step(self, batches: list[Batch], rate: float) -> float:
        for group in self.optimizer.param_groups:
            group["lr"] = rate
        self.optimizer.zero_grad(set_to_none=True)
        total = torch.zeros((), device=self._device)
        for i, batch in enumerate(batches):
            is_last = i == len(batches) - 1
            with nullcontext() if is_last else self._unsynced():
                part = self.loss(batch)
                part.backward()  # type: ignore[no-untyped-call] # torch has no hint
            total += part.detach()
        if self._processes.n > 1:
            torch.distributed.all_reduce(total)
        loss = float(total) / self._processes.n
        if not loss < float("inf"):
            raise NumericError("the loss is not a finite number.", "Lower rate, or choose precision = 'float32'.")
        self.optimizer.step()
        return loss

    def loss(self, batch: Batch) -> Tensor:
        """The part of a step's loss that a batch adds, times the processes, over which gradients are averaged."""
        codes, labels = (torch.from_numpy(array).to(self._device, non_blocking=True) for array in batch)
        with self._autocast():
            logits = self._trained(codes)
        n_positions = self._loader.batch * self._config.window
        return weighted_loss(logits, labels, self._weights) * (self._processes.n / n_positions)

    def _autocast(self) -> Any:  # noqa: ANN401 (one of two context managers)
        if self._config.precision != BF16:
            return nullcontext()
        return torch.autocast(self._device.type, dtype=torch.bfloat16)

    def _unsynced(self) -> Any:  # noqa: ANN401 (one of two context managers)
        if isinstance(self._trained, DistributedDataParallel):
            return self._trained.no_sync()
        return nullcontext()


def learning_rate(step: int, n_steps: int, config: TrainConfig) -> float:
    """The learning rate of a step, counted from 0.

    Exponential: ``rate`` in the first step, ``last_rate`` in the last, by the same factor from each to the next.
    """
    if config.schedule == HALVING:
        part = step * _N_PARTS // n_steps
        return float(config.rate * 0.5 ** max(0, part - _HALVED_FROM + 1))
    return float(config.rate * (config.last_rate / config.rate) ** (step / max(1, n_steps - 1)))
