"""The folder where installed weights and gene tables are kept."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import platformdirs

from spliceai_cli.atomic import part_of
from spliceai_cli.errors import WeightsError, WeightsMissingError
from spliceai_cli.network import Ensemble
from spliceai_cli.weights.convert import convert_keras
from spliceai_cli.weights.fetch import check_wheel, fetch_members, read_members
from spliceai_cli.weights.load import REINSTALL, check_sha256, load_keras, load_safetensors
from spliceai_cli.weights.registry import Model

#: Environment variable that names another folder.
HOME_VARIABLE = "SPLICEAI_CLI_HOME"

_INSTALL = "Install them with one command: spliceai-cli weights install"


def default_home(environ: Mapping[str, str]) -> Path:
    """``$SPLICEAI_CLI_HOME``, else the user's data folder."""
    named = environ.get(HOME_VARIABLE)
    return Path(named) if named else Path(platformdirs.user_data_dir("spliceai-cli", appauthor=False))


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
        """The converted networks."""
        return self.folder / "weights.safetensors"

    def table(self, build: str) -> Path:
        """The built-in gene table ``grch37`` or ``grch38``."""
        return self.folder / f"{build}.txt"

    @property
    def is_installed(self) -> bool:
        """Whether every file is there (not whether it is whole)."""
        return self.weights.exists() and all((self.folder / t.name).exists() for t in self.model.source.tables)

    def install(self, wheel: Path | None = None) -> None:
        """Fetch (or take from ``wheel``), check, convert and keep the model's files.

        Every file appears under its name only when complete: two installs at once, or one that is killed, do no harm.

        Raises:
            WeightsError: fetching failed, a hash differs, or the folder cannot be written.
        """
        source = self.model.source
        members = (*source.networks, *source.tables)
        if wheel is None:
            contents = fetch_members(source.package, source.version, source.sha256, members)
        else:
            check_wheel(wheel, source.sha256)
            contents = read_members(wheel, members)
        n_networks = len(source.networks)
        for member, raw in zip(source.tables, contents[n_networks:], strict=True):
            self._write(self.folder / member.name, raw)
        self._write(self.weights, convert_keras(contents[:n_networks], self.model.spec))

    def load(self) -> Ensemble:
        """The installed networks.

        Raises:
            WeightsMissingError: not installed.
            WeightsError: damaged.
        """
        if not self.weights.exists():
            raise WeightsMissingError(f"the weights are not installed (no {self.weights}).", _INSTALL)
        return load_safetensors(self.weights, expected_sha256=self.model.weights_sha256)

    def verify(self) -> None:
        """Check every installed file against its published hash.

        Raises:
            WeightsError: which file, found and expected hash.
        """
        self.load()
        for member in self.model.source.tables:
            self.require_table(member.name.removesuffix(".txt"))

    def require_table(self, build: str) -> Path:
        """The path of a built-in table that is there and whole.

        Raises:
            WeightsMissingError: not installed.
            WeightsError: not the published table.
        """
        path = self.table(build)
        if not path.exists():
            raise WeightsMissingError(f"the gene table {build} is not installed (no {path}).", _INSTALL)
        member = next(member for member in self.model.source.tables if member.name == path.name)
        try:
            check_sha256(path.read_bytes(), member.sha256, str(path))
        except OSError as error:
            raise WeightsError(f"gene table {path} cannot be read: {error.strerror}.", REINSTALL) from error
        except WeightsError as error:
            raise WeightsError(error.message, REINSTALL) from error
        return path

    def _write(self, path: Path, raw: bytes) -> None:
        part = part_of(path)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            part.write_bytes(raw)
            part.replace(path)
        except OSError as error:
            raise WeightsError(
                f"{path} cannot be written: {error.strerror}.",
                f"Set {HOME_VARIABLE} to a writable folder, or free some space.",
            ) from error
        finally:
            with suppress(OSError):
                part.unlink(missing_ok=True)


def load_folder(folder: Path, model: Model) -> Ensemble:
    """Networks from a folder that the user names: Keras files or a safetensors file.

    Raises:
        WeightsError: neither is there, or damaged.
    """
    converted = folder / "weights.safetensors"
    if converted.exists():
        return load_safetensors(converted)
    if (folder / model.source.networks[0].name).exists():
        return load_keras(folder, model)
    names = ", ".join(member.name for member in model.source.networks)
    raise WeightsError(f"--weights {folder} holds neither weights.safetensors nor {names}.")
