"""A run of training: from a genome, its genes and a recipe to a folder with a model."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import torch
from torch import Tensor

from spliceai_cli.engine.device import Device
from spliceai_cli.engine.pytorch.device import torch_device
from spliceai_cli.errors import NumericError, TrainingError, UsageError
from spliceai_cli.genes.index import GeneIndex
from spliceai_cli.models.load import tensors_sha256
from spliceai_cli.models.network import Network
from spliceai_cli.models.published import CONVERTED
from spliceai_cli.train.card import card
from spliceai_cli.train.checkpoint import Checkpoint, load_checkpoint
from spliceai_cli.train.folder import CONFIG, GENES, README, TEST_GENES, TRAIN_GENES, VALIDATION_GENES, write_file
from spliceai_cli.train.inputs import Inputs
from spliceai_cli.train.loader import Loader, check_batch
from spliceai_cli.train.loss import class_weights
from spliceai_cli.train.metrics import Metrics
from spliceai_cli.train.network import copied_network, new_network, state_of, weights_of
from spliceai_cli.train.processes import Processes, device_of
from spliceai_cli.train.splits import TEST, TRAIN, VALIDATION, split_genes
from spliceai_cli.train.trainer import Step, Trainer
from spliceai_cli.train.validation import validate
from spliceai_cli.train.windows import Windows, survey

# Steps between lines of metrics.
_RECORDED_STEPS = 10


class Progress(NamedTuple):
    """How far a run is.

    Attributes:
        network: number of the network, from 1.
        step: the last step.
        n_steps: number of steps of each network.
        n_positions: number of positions done since this process began.
        share: share of the whole run that is done, from 0 to 1.
    """

    network: int
    step: Step
    n_steps: int
    n_positions: int
    share: float


class Run:
    """A run in its folder: a new one, or one that was stopped and continues from its last checkpoint.

    Args:
        inputs: what it is made from.
        folder: its folder, see ``claim.claimed``. Only the first process reads or writes it.
        device: where to compute.
        processes: the processes that train together.
        watch: called after each step.

    Raises:
        UsageError: more blocks are to be frozen than there are, or the batch cannot be shared equally.
        TrainingError: the folder has another run, its checkpoint is damaged, or processes have different inputs.
        AnnotationError: no gene is left for training or validation, or the training genes lack a kind of site.
    """

    def __init__(
        self,
        inputs: Inputs,
        folder: Path,
        device: Device,
        processes: Processes,
        watch: Callable[[Progress], None] = lambda _: None,
    ) -> None:
        self._inputs = inputs
        self._config = inputs.config
        self._folder = folder
        self._device = device_of(processes, torch_device(device))
        self._processes = processes
        self._watch = watch
        self._n_positions = 0
        n_blocks = len(inputs.spec.blocks)
        if inputs.start.n_frozen > n_blocks:
            raise UsageError(f"{inputs.start.n_frozen} blocks cannot be frozen: the network has {n_blocks}.")
        check_batch(inputs.config, processes.n)
        self.checkpoint = self._opened_checkpoint()
        self.split = split_genes(inputs.annotation.genes, inputs.reference, inputs.config)
        index = (
            GeneIndex(inputs.annotation.genes, inputs.reference.lengths) if self._config.reverse_complement else None
        )
        flank = inputs.spec.flank
        self._train = Windows(self.split.train, inputs.reference, self._config, flank, index)
        self._validation = Windows(self.split.validation, inputs.reference, self._config, flank)
        self.survey = survey(self._train, inputs.config.empty)
        self._weights = torch.from_numpy(class_weights(self.survey.counts, inputs.config.weighting))

    def _opened_checkpoint(self) -> Checkpoint:
        """The checkpoint of the first process, which all continue from: other machines may not see its folder."""
        digest = self._inputs.sha256
        own = Checkpoint(digest)
        if self._processes.is_first:
            own = load_checkpoint(self._folder, digest)
        checkpoint = self._processes.of_first(own, self._device)
        if checkpoint.digest != digest:
            raise TrainingError(
                f"process {self._processes.rank} has another recipe, reference or annotation than process 0.",
                "Give all machines the same files.",
            )
        return checkpoint

    def train(self) -> str:
        """Train the networks that are not done, and write the model.

        Returns:
            SHA-256 of the tensors.

        Raises:
            OutputError: a file cannot be written.
            NumericError: the loss or a weight is not finite.
            UsageError: there are fewer examples than processes.
        """
        if self._processes.is_first:
            # First of all: it marks the folder as that of a run.
            self.checkpoint.save(self._folder)
            write_file(self._folder / CONFIG, self._config.to_toml())
            self._write_lines(GENES, self.split.lines())
            for name, part in ((TRAIN_GENES, TRAIN), (VALIDATION_GENES, VALIDATION), (TEST_GENES, TEST)):
                self._write_lines(name, self.split.names(part))
        metrics = None
        if self._processes.is_first:
            metrics = Metrics(self._folder, len(self.checkpoint.finished) + 1, self.checkpoint.step)
        for index in range(len(self.checkpoint.finished), self._config.networks):
            self._train_member(index, metrics)
        weights = weights_of(self._inputs.spec, self.checkpoint.finished)
        sha256 = tensors_sha256(weights.tensors)
        if metrics is not None:
            metrics.close()
            write_file(self._folder / README, card(self._inputs, self.split, metrics.last_validations(), sha256))
            # Last: with this file the folder is a model.
            write_file(self._folder / CONVERTED, weights.to_safetensors())
        return sha256

    def _train_member(self, index: int, metrics: Metrics | None) -> None:
        config, start = self._config, self._inputs.start
        seed = config.seed + index
        ensemble = start.ensemble
        network = copied_network(ensemble, index) if ensemble else new_network(self._inputs.spec, seed)
        loader = Loader(self._train, self.survey.has_site, config, seed, self._processes)
        trainer = Trainer(network, loader, self._weights, self._device, n_frozen=start.n_frozen)
        if self.checkpoint.network:
            trainer.load(self.checkpoint.network, self.checkpoint.optimizer)
        member = _Member(index + 1, trainer, loader, metrics)
        trainer.run(self.checkpoint.step, lambda step: self._after(member, step))
        state = state_of(trainer.network)
        _check_finite(state)
        self.checkpoint = Checkpoint(self.checkpoint.digest, [*self.checkpoint.finished, state])
        self._save()

    def _after(self, member: _Member, step: Step) -> None:
        """Record a step, validate at the end of an epoch, save a checkpoint when it is due, and report."""
        self._n_positions += step.n_positions
        n_steps = member.loader.n_steps
        if member.metrics is not None:
            if step.number % _RECORDED_STEPS == 0 or step.number == n_steps:
                member.metrics.write(member.number, step.number, "step", _values(step))
            if step.number % member.loader.steps_of_epoch == 0:
                measures = self._validate(member.trainer.network)
                member.metrics.write(member.number, step.number, "validation", measures)
        if step.number % self._config.checkpoint_steps == 0:
            self._save_step(member.trainer, step)
        share = (member.number - 1 + step.number / n_steps) / self._config.networks
        self._watch(Progress(member.number, step, n_steps, self._n_positions, share))

    def _save_step(self, trainer: Trainer, step: Step) -> None:
        network = {name: tensor.detach().cpu() for name, tensor in trainer.network.state_dict().items()}
        _check_finite(network)
        self.checkpoint = replace(
            self.checkpoint, step=step.number, network=network, optimizer=trainer.optimizer.state_dict()
        )
        self._save()

    def _validate(self, network: Network) -> dict[str, float]:
        most = self._config.validation_windows
        return validate(network, self._validation, self._weights, self._device, most=most)

    def _save(self) -> None:
        if self._processes.is_first:
            self.checkpoint.save(self._folder)

    def _write_lines(self, name: str, lines: Iterable[str]) -> None:
        write_file(self._folder / name, "".join(f"{line}\n" for line in lines))


class _Member(NamedTuple):
    """A network of the ensemble while it is trained.

    Attributes:
        number: from 1.
        trainer: trains it.
        loader: its batches.
        metrics: where its course is written; None in all processes but the first.
    """

    number: int
    trainer: Trainer
    loader: Loader
    metrics: Metrics | None


def _values(step: Step) -> dict[str, float]:
    """What is recorded of a step."""
    return {
        "loss": step.loss,
        "learning_rate": step.learning_rate,
        "positions_per_s": step.n_positions / step.seconds,
        "waiting": step.waiting_s / step.seconds,
    }


def _check_finite(tensors: Mapping[str, Tensor]) -> None:
    for name, tensor in tensors.items():
        if not torch.isfinite(tensor).all():
            raise NumericError(f"{name} of the network is no longer a finite number.", "Choose a lower learning_rate.")
