"""The folder where installed weights and gene tables are kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import platformdirs

from spliceai_cli.errors import WeightsError, WeightsMissingError
from spliceai_cli.files.atomic import write_whole
from spliceai_cli.models.digest import check_sha256
from spliceai_cli.models.published import CONVERTED, SPLICEAI, Model
from spliceai_cli.models.spec import is_key
from spliceai_cli.models.wheel import check_wheel, fetch_members, read_members

if TYPE_CHECKING:
    from spliceai_cli.models.ensemble import Ensemble
    from spliceai_cli.models.tensors import Weights

#: Environment variable that overrides the default folder.
HOME_VARIABLE = "SPLICEAI_CLI_HOME"


def default_home(environ: Mapping[str, str]) -> Path:
    """``$SPLICEAI_CLI_HOME``, else the user's data folder."""
    named = environ.get(HOME_VARIABLE)
    return Path(named) if named else Path(platformdirs.user_data_dir("spliceai-cli", appauthor=False))


def installed_names(home: Path) -> list[str]:
    """Names of the models in a folder, sorted; their files are not looked at."""
    return sorted(path.parent.name for path in home.glob(f"*/{CONVERTED}") if is_key(path.parent.name))


@dataclass(frozen=True)
class Store:
    """The installed files of one model.

    Attributes:
        home: folder of all models.
        model: the model.
    """

    home: Path
    model: Model

    @property
    def folder(self) -> Path:
        """Where this model's files are."""
        return self.home / self.model.spec.name

    @property
    def weights(self) -> Path:
        """Path of the converted weights."""
        return self.folder / CONVERTED

    def table(self, build: str) -> Path:
        """Path of the built-in gene table ``grch37`` or ``grch38``."""
        return self.folder / f"{build}.txt"

    @property
    def install_command(self) -> str:
        """The command that installs this model."""
        return f"spliceai-cli weights install {self.model.spec.name}".removesuffix(f" {SPLICEAI.spec.name}")

    @property
    def _remedy(self) -> str:
        return f"Install them with one command: {self.install_command}"

    @property
    def _reinstall(self) -> str:
        return f"Install them again: {self.install_command} --force"

    @property
    def is_installed(self) -> bool:
        """Whether every file exists; contents are not checked."""
        return self.weights.exists() and all((self.folder / t.name).exists() for t in self.model.source.tables)

    def install(self, wheel: Path | None = None) -> None:
        """Fetch (or take from ``wheel``), check, convert and store the model's files.

        Every file appears under its name only when complete: two simultaneous installs, or a killed one, do no harm.

        Raises:
            WeightsError: fetching failed, a hash differs, or the folder cannot be written.
        """
        from spliceai_cli.models.readers.detect import read_published

        source = self.model.source
        members = (*source.networks, *source.tables)
        if wheel is None:
            contents = fetch_members(source.package, source.version, source.sha256, members)
        else:
            check_wheel(wheel, source.sha256)
            contents = read_members(wheel, members)
        n_networks = len(source.networks)
        for member, raw in zip(source.tables, contents[n_networks:], strict=True):
            _keep(self.folder / member.name, raw)
        _keep(self.weights, read_published(self.model, contents[:n_networks]).to_safetensors())

    def load(self) -> Ensemble:
        """Load the installed networks.

        Raises:
            WeightsMissingError: the model is not installed.
            WeightsError: the weights are damaged.
        """
        # Imported late: commands that need only the gene tables need not wait for it.
        from spliceai_cli.models.load import load_safetensors

        if not self.weights.exists():
            raise WeightsMissingError(
                f"the weights of {self.model.spec.name} are not installed (no {self.weights}).", self._remedy
            )
        ensemble = load_safetensors(self.weights, expected_sha256=self.model.weights_sha256, remedy=self._reinstall)
        if ensemble.spec.sha256 != self.model.spec.sha256:
            raise WeightsError(
                f"weights {self.weights} describe a different network from the published one.", self._reinstall
            )
        return ensemble

    def verify(self) -> None:
        """Check every installed file against its published hash.

        Raises:
            WeightsError: a file differs; the message gives its name and both hashes.
        """
        self.load()
        for member in self.model.source.tables:
            self.require_table(member.name.removesuffix(".txt"))

    def require_table(self, build: str) -> Path:
        """Check that a built-in table is installed and intact, and return its path.

        Raises:
            WeightsMissingError: the table is not installed.
            WeightsError: the file is not the published table.
        """
        path = self.table(build)
        if not path.exists():
            raise WeightsMissingError(f"the gene table {build} is not installed (no {path}).", self._remedy)
        member = next(member for member in self.model.source.tables if member.name == path.name)
        try:
            check_sha256(path.read_bytes(), member.sha256, str(path))
        except OSError as error:
            raise WeightsError(f"gene table {path} cannot be read: {error.strerror}.", self._reinstall) from error
        except WeightsError as error:
            raise WeightsError(error.message, self._reinstall) from error
        return path


def keep_weights(weights: Weights, name: str, home: Path) -> Path:
    """Install weights that the user supplies, and return their folder.

    Args:
        weights: weights of any model.
        name: name to install them under.
        home: folder of all models.

    Raises:
        WeightsError: the folder cannot be written.
    """
    _keep(home / name / CONVERTED, weights.to_safetensors())
    return home / name


def _keep(path: Path, raw: bytes) -> None:
    try:
        write_whole(path, raw)
    except OSError as error:
        raise WeightsError(
            f"{path} cannot be written: {error.strerror}.",
            f"Set {HOME_VARIABLE} to a writable folder, or free some space.",
        ) from error
