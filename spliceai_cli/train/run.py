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
from spliceai_cli.train.loader import Loader
from spliceai_cli.train.loss import class_weights
from spliceai_cli.train.metrics import Metrics
from spliceai_cli.train.network import copied_network, new_network, state_of, weights_of
from spliceai_cli.train.paralogs import find_paralogs
from spliceai_cli.train.processes import Processes, device_of
from spliceai_cli.train.splits import TEST, TRAIN, VALIDATION, Split, split_genes
from spliceai_cli.train.trainer import Step, Trainer
from spliceai_cli.train.validation import validate
from spliceai_cli.train.windows import Windows, survey

# Steps between lines of metrics.
_EVERY = 10


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
        UsageError: more blocks are to be frozen than there are.
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
        self.checkpoint = self._opened_checkpoint()
        self.split = _split(inputs)
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
            UsageError: the batch cannot be shared equally.
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
        for member in range(len(self.checkpoint.finished), self._config.networks):
            self._train_member(member, metrics)
        weights = weights_of(self._inputs.spec, self.checkpoint.finished)
        sha256 = tensors_sha256(weights.tensors)
        if metrics is not None:
            metrics.close()
            write_file(self._folder / README, card(self._inputs, self.split, metrics.last_validations(), sha256))
            # Last: with this file the folder is a model.
            write_file(self._folder / CONVERTED, weights.to_safetensors())
        return sha256

    def _train_member(self, member: int, metrics: Metrics | None) -> None:
        config, start = self._config, self._inputs.start
        seed = config.seed + member
        ensemble = start.ensemble
        network = copied_network(ensemble, member) if ensemble else new_network(self._inputs.spec, seed)
        loader = Loader(self._train, self.survey.has_site, config, seed, self._processes)
        trainer = Trainer(network, loader, self._weights, self._device, n_frozen=start.n_frozen)
        if self.checkpoint.network:
            trainer.load(self.checkpoint.network, self.checkpoint.optimizer)

        def did(step: Step) -> None:
            self._did(member, trainer, loader, step, metrics)

        trainer.run(self.checkpoint.step, did)
        state = state_of(trainer.network)
        _check_finite(state)
        self.checkpoint = Checkpoint(self.checkpoint.digest, [*self.checkpoint.finished, state])
        self._save()

    def _did(self, member: int, trainer: Trainer, loader: Loader, step: Step, metrics: Metrics | None) -> None:
        self._n_positions += step.n_positions
        done = member + step.number / loader.n_steps
        number = member + 1
        if metrics is not None and (step.number % _EVERY == 0 or step.number == loader.n_steps):
            rates = {"positions_per_s": step.n_positions / step.seconds, "waiting": step.waiting_s / step.seconds}
            metrics.write(number, step.number, "step", {"loss": step.loss, "rate": step.rate, **rates})
        if metrics is not None and step.number % loader.steps_of_epoch == 0:
            metrics.write(number, step.number, "validation", self._validate(trainer.network))
        if step.number % self._config.checkpoint_steps == 0:
            network = {name: tensor.detach().cpu() for name, tensor in trainer.network.state_dict().items()}
            _check_finite(network)
            self.checkpoint = replace(
                self.checkpoint, step=step.number, network=network, optimizer=trainer.optimizer.state_dict()
            )
            self._save()
        share = done / self._config.networks
        self._watch(Progress(number, step, loader.n_steps, self._n_positions, share))

    def _validate(self, network: Network) -> dict[str, float]:
        most = self._config.validation_windows
        return validate(network, self._validation, self._weights, self._device, most=most)

    def _save(self) -> None:
        if self._processes.is_first:
            self.checkpoint.save(self._folder)

    def _write_lines(self, name: str, lines: Iterable[str]) -> None:
        write_file(self._folder / name, "".join(f"{line}\n" for line in lines))


def _split(inputs: Inputs) -> Split:
    split = split_genes(inputs.annotation.genes, inputs.reference, inputs.config)
    if inputs.config.drop_paralogs:
        for likeness in find_paralogs(split.test, split.train, inputs.reference):
            reason = f"resembles {likeness.like.symbol} ({likeness.like.chrom}): {likeness.share:.0%} of its 16-mers"
            split.test.remove(likeness.gene)
            split.left_out.append((likeness.gene, reason))
    return split


def _check_finite(tensors: Mapping[str, Tensor]) -> None:
    for name, tensor in tensors.items():
        if not torch.isfinite(tensor).all():
            raise NumericError(f"{name} of the network is no longer a finite number.", "Lower rate.")
