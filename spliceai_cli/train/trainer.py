"""Trains one network with Adam."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import nullcontext
from typing import Any, NamedTuple

import torch
from torch import Tensor, nn
from torch.nn.parallel import DistributedDataParallel

from spliceai_cli.engine.pytorch.computing import computing
from spliceai_cli.errors import NumericError
from spliceai_cli.models.network import Network
from spliceai_cli.train.config import BF16, HALVING, TrainConfig
from spliceai_cli.train.labels import LEFT_OUT
from spliceai_cli.train.loader import Batch, Loader
from spliceai_cli.train.loss import weighted_loss
from spliceai_cli.train.network import prepare, set_training
from spliceai_cli.train.norm import share_norms

# The paper's 10 epochs, as equal parts of a run; the learning rate is halved from the 7th on.
_N_PARTS, _HALVED_FROM = 10, 6


class Step(NamedTuple):
    """A step that is done.

    Attributes:
        number: from 1.
        loss: mean over the positions of its batch that count, each with the weight of its class.
        learning_rate: of Adam.
        n_positions: number of positions of its batch over all processes, including those that do not count.
        seconds: time that it took.
        waiting_s: part of that time spent waiting for examples.
    """

    number: int
    loss: float
    learning_rate: float
    n_positions: int
    seconds: float
    waiting_s: float


class Trainer:
    """One network with its optimizer.

    Args:
        network: the network; trained in place.
        loader: its batches, with their recipe and processes.
        weights: (3,) weights of the classes.
        device: where to compute.
        n_frozen: number of blocks, counted from the sequence, that keep their weights.
    """

    def __init__(
        self,
        network: Network,
        loader: Loader,
        weights: Tensor,
        device: torch.device,
        *,
        n_frozen: int = 0,
    ) -> None:
        prepare(network, n_frozen)
        self.network = network.to(device)
        self._config = loader.config
        self._loader = loader
        self._device = device
        self._n_processes = loader.processes.n
        self._n_frozen = n_frozen
        self._weights = weights.to(device)
        self._trained: nn.Module = self.network
        if self._n_processes > 1:
            shared = share_norms(self.network, device)
            self._trained = DistributedDataParallel(shared)
        changing = [parameter for parameter in self.network.parameters() if parameter.requires_grad]
        self.optimizer = torch.optim.Adam(changing, lr=self._config.learning_rate)

    def load(self, network: dict[str, Tensor], optimizer: dict[str, Any]) -> None:
        """Continue from a checkpoint: the network's tensors, and the state of the optimizer."""
        self.network.load_state_dict(network)
        self.optimizer.load_state_dict(optimizer)

    def run(self, first: int, did: Callable[[Step], None]) -> None:
        """Train from step ``first`` (from 0) to the end.

        Args:
            first: number of steps already done.
            did: called after each step.

        Raises:
            NumericError: the loss is not finite.
        """
        set_training(self.network, self._n_frozen)
        started = time.monotonic()
        for number, batches in enumerate(self._loader.steps(first), first + 1):
            waiting_s = time.monotonic() - started
            rate = learning_rate(number - 1, self._loader.n_steps, self._config)
            with computing(self._device):
                loss = self._step(batches, rate)
            ended = time.monotonic()
            n_positions = self._loader.batch * self._config.window
            did(Step(number, loss, rate, n_positions, ended - started, waiting_s))
            # Work between steps, such as validation, changes the mode.
            set_training(self.network, self._n_frozen)
            started = time.monotonic()

    def _step(self, batches: list[Batch], rate: float) -> float:
        for group in self.optimizer.param_groups:
            group["lr"] = rate
        self.optimizer.zero_grad(set_to_none=True)
        # The same number for all steps, so that a position weighs as much in each; times the number of processes,
        # because DistributedDataParallel averages their gradients.
        scale = self._n_processes / (self._loader.batch * self._config.window)
        n_counted = sum(int((batch.labels != LEFT_OUT).sum()) for batch in batches)
        # Sum of the loss, number of positions.
        totals = torch.tensor([0.0, n_counted], device=self._device)
        for i, batch in enumerate(batches):
            is_last = i == len(batches) - 1
            with nullcontext() if is_last else self._unsynced():
                loss = self.loss(batch)
                (loss * scale).backward()  # type: ignore[no-untyped-call] # torch has no hint
            totals[0] += loss.detach()
        if self._n_processes > 1:
            torch.distributed.all_reduce(totals)
        sum_of_loss, n_of_all = totals.tolist()
        if not sum_of_loss < float("inf"):
            raise NumericError(
                "the loss is not a finite number.", "Choose a lower learning_rate, or precision = 'float32'."
            )
        self.optimizer.step()
        return float(sum_of_loss / max(1, n_of_all))

    def loss(self, batch: Batch) -> Tensor:
        """The loss of a batch, summed over its positions.

        Args:
            batch: a part of the step's examples.

        Returns:
            A scalar on the network's device.
        """
        codes, labels = (torch.from_numpy(array).to(self._device, non_blocking=True) for array in batch)
        with self._autocast():
            logits = self._trained(codes)
        return weighted_loss(logits, labels, self._weights)

    def _autocast(self) -> Any:  # noqa: ANN401 (one of two context managers)
        if self._config.precision != BF16:
            return nullcontext()
        return torch.autocast(self._device.type, dtype=torch.bfloat16)

    def _unsynced(self) -> Any:  # noqa: ANN401 (one of two context managers)
        if isinstance(self._trained, DistributedDataParallel):
            return self._trained.no_sync()
        return nullcontext()


def learning_rate(step: int, n_steps: int, config: TrainConfig) -> float:
    """The learning rate of a step.

    Exponential: ``learning_rate`` in the first step, ``final_learning_rate`` in the last, and the same factor between
    neighbours. Halving: as in Jaganathan et al. 2019, ``learning_rate`` for six tenths of the steps, then half of the
    previous tenth's.

    Args:
        step: from 0.
        n_steps: number of steps of the network.
        config: gives schedule and rates.
    """
    if config.schedule == HALVING:
        part = step * _N_PARTS // n_steps
        return float(config.learning_rate * 0.5 ** max(0, part - _HALVED_FROM + 1))
    fall = config.final_learning_rate / config.learning_rate
    return float(config.learning_rate * fall ** (step / max(1, n_steps - 1)))
