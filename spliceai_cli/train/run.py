"""A run of training: from a genome, its genes and a recipe to a folder with a model."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NamedTuple

import torch
from torch import Tensor

from spliceai_cli.errors import NumericError, OutputError, TrainingError, UsageError
from spliceai_cli.files.atomic import write_whole
from spliceai_cli.genes.annotation import Annotation
from spliceai_cli.genes.index import GeneIndex
from spliceai_cli.genome.fasta import Reference
from spliceai_cli.genome.fingerprint import fingerprint
from spliceai_cli.models.load import tensors_sha256
from spliceai_cli.models.network import Ensemble, Network
from spliceai_cli.models.published import CONVERTED
from spliceai_cli.models.spec import NetworkSpec
from spliceai_cli.train.card import card
from spliceai_cli.train.checkpoint import Checkpoint, load_checkpoint
from spliceai_cli.train.config import TrainConfig
from spliceai_cli.train.folder import CONFIG, GENES, README, TEST_GENES, VALIDATION_GENES
from spliceai_cli.train.loader import Loader
from spliceai_cli.train.loss import class_weights
from spliceai_cli.train.metrics import Metrics
from spliceai_cli.train.network import copied_network, new_network, state_of, weights_of
from spliceai_cli.train.paralogs import find_paralogs
from spliceai_cli.train.processes import Processes, device_of
from spliceai_cli.train.splits import TEST, VALIDATION, Split, split_genes
from spliceai_cli.train.trainer import Step, Trainer
from spliceai_cli.train.validation import validate
from spliceai_cli.train.windows import Windows, survey

# Steps between lines of metrics.
_EVERY = 10


class Start(NamedTuple):
    """What training begins with.

    Attributes:
        ensemble: a model; None for random weights.
        n_frozen: blocks of it that keep their weights.
        name: the model as the user named it.
    """

    ensemble: Ensemble | None = None
    n_frozen: int = 0
    name: str = ""


class Progress(NamedTuple):
    """How far a run is.

    Attributes:
        network: number of the network, from 1.
        step: the last step.
        n_steps: steps of a network.
        n_positions: positions done in this run.
        share: done of the whole, from 0 to 1.
    """

    network: int
    step: Step
    n_steps: int
    n_positions: int
    share: float


@dataclass(frozen=True)
class Inputs:
    """What a run is made from.

    Attributes:
        reference: the FASTA.
        annotation: the genes.
        config: the recipe.
        start: what it begins with.

    Raises:
        UsageError: the model to start from has fewer blocks than are to be frozen.
    """

    reference: Reference
    annotation: Annotation
    config: TrainConfig
    start: Start = Start()

    def __post_init__(self) -> None:
        n_frozen, n_blocks = self.start.n_frozen, len(self.spec.blocks)
        if n_frozen > n_blocks:
            raise UsageError(f"{n_frozen} blocks cannot be frozen: the network has {n_blocks}.")

    @property
    def spec(self) -> NetworkSpec:
        """The model that is trained: that of the recipe, or with the networks of the one that it begins with."""
        ensemble, config = self.start.ensemble, self.config
        if ensemble is None:
            return config.spec
        return replace(
            ensemble.spec, name=config.name, key=config.name, licence=config.licence, n_networks=config.networks
        )

    @property
    def sha256(self) -> str:
        """Digest of everything that changes the weights; of the FASTA, see ``genome.fingerprint``."""
        ensemble = self.start.ensemble
        facts = (
            self.config.sha256,
            self.annotation.origin,
            fingerprint(self.reference),
            ensemble.sha256 if ensemble else "",
            self.start.n_frozen,
        )
        return hashlib.sha256(json.dumps(facts, sort_keys=True).encode()).hexdigest()


class Run:
    """A run in its folder; begins it, or goes on with one that was stopped.

    Args:
        inputs: what it is made from.
        folder: where it is, see ``folder.claimed``; made if missing.
        device: where to compute.
        processes: the processes that train together.
        watch: called after each step.

    Raises:
        TrainingError: the folder has another run, or processes see different ones.
        AnnotationError: too few genes.
        NumericError: a weight is not a finite number.
        OutputError: a file cannot be written.
    """

    def __init__(
        self,
        inputs: Inputs,
        folder: Path,
        device: torch.device,
        processes: Processes,
        watch: Callable[[Progress], None] = lambda _: None,
    ) -> None:
        self._inputs = inputs
        self._config = inputs.config
        self._folder = folder
        self._device = device_of(processes, device)
        self._processes = processes
        self._watch = watch
        self._n_positions = 0
        digest = inputs.sha256
        self.checkpoint = load_checkpoint(folder, digest)
        state = (int(digest[:15], 16), len(self.checkpoint.finished), self.checkpoint.step)
        if not processes.agree_on(state, self._device):
            raise TrainingError(
                f"{folder} is not the same for all processes: they see other checkpoints, recipes or genomes.",
                "Choose a folder that all machines share.",
            )
        self.split = _split(inputs)
        index = (
            GeneIndex(inputs.annotation.genes, inputs.reference.lengths) if self._config.reverse_complement else None
        )
        flank = inputs.spec.flank
        self._train = Windows(self.split.train, inputs.reference, self._config, flank, index)
        self._validation = Windows(self.split.validation, inputs.reference, self._config, flank)
        self.survey = survey(self._train, inputs.config.empty)
        self._weights = torch.from_numpy(class_weights(self.survey.counts, inputs.config.weighting))

    def train(self) -> str:
        """Train the networks that are not done, and write the model.

        Returns:
            SHA-256 of the tensors.
        """
        if self._processes.is_first:
            # First of all: it marks the folder as that of a run.
            self.checkpoint.save(self._folder)
            self._write(CONFIG, self._config.to_toml())
            self._write_lines(GENES, self.split.lines())
            self._write_lines(VALIDATION_GENES, self.split.names(VALIDATION))
            self._write_lines(TEST_GENES, self.split.names(TEST))
        metrics = None
        if self._processes.is_first:
            metrics = Metrics(self._folder, len(self.checkpoint.finished) + 1, self.checkpoint.step)
        for member in range(len(self.checkpoint.finished), self._config.networks):
            self._train_member(member, metrics)
        weights = weights_of(self._inputs.spec, self.checkpoint.finished)
        sha256 = tensors_sha256(weights.tensors)
        if metrics is not None:
            metrics.close()
            self._write(README, self._card(metrics, sha256))
            self._write(CONVERTED, weights.to_safetensors())
        return sha256

    def _train_member(self, member: int, metrics: Metrics | None) -> None:
        config, start = self._config, self._inputs.start
        seed = config.seed + member
        ensemble = start.ensemble
        network = copied_network(ensemble, member) if ensemble else new_network(self._inputs.spec, seed)
        loader = Loader(self._train, self.survey.has_site, config, seed, self._processes)
        trainer = Trainer(
            network, loader, self._weights, config, self._device, self._processes, n_frozen=start.n_frozen
        )
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

    def _card(self, metrics: Metrics, sha256: str) -> str:
        inputs = self._inputs
        return card(
            self._config,
            inputs.spec,
            inputs.reference,
            inputs.annotation,
            self.split,
            metrics.last_validations(),
            sha256,
            inputs.start.name,
        )

    def _write_lines(self, name: str, lines: Iterable[str]) -> None:
        self._write(name, "".join(f"{line}\n" for line in lines))

    def _write(self, name: str, content: str | bytes) -> None:
        try:
            write_whole(self._folder / name, content if isinstance(content, bytes) else content.encode())
        except OSError as error:
            raise OutputError(f"{self._folder / name} cannot be written: {error.strerror}.") from error


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
