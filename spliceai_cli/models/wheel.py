"""Downloads wheels from the package index with pip."""

from __future__ import annotations

import hashlib
import importlib.util
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterable
from pathlib import Path

from spliceai_cli.errors import WeightsError
from spliceai_cli.files.atomic import scratch_folder
from spliceai_cli.models.digest import check_sha256
from spliceai_cli.models.published import Member

_BLOCK_BYTES = 1 << 20


def download_wheel(package: str, version: str, folder: Path) -> Path:
    """Download the wheel of ``package`` into ``folder`` with pip; nothing is installed.

    pip brings the user's own index, proxy and certificate settings. If this environment has no pip (uv makes such
    ones), pip on PATH or uv's pip is used: the wheel is only unpacked, so it need not fit that Python.

    Raises:
        WeightsError: no pip is available, or it failed.
    """
    requirement = f"{package}=={version}"
    by_hand = (
        f"On a machine with pip and network: pip download --no-deps --only-binary=:all: {requirement}\n"
        f"then here: spliceai-cli weights install {package} --wheel FILE.whl"
    )
    pip = _find_pip()
    if pip is None:
        raise WeightsError(
            "the weights cannot be fetched: there is no pip in this environment, nor pip or uv on PATH.", by_hand
        )
    folder.mkdir(parents=True, exist_ok=True)
    command = [*pip, "download", "--quiet", "--disable-pip-version-check", "--no-deps", "--only-binary=:all:"]
    done = subprocess.run(
        [*command, "--dest", str(folder), requirement], capture_output=True, text=True, check=False, shell=False
    )
    wheels = sorted(folder.glob("*.whl"))
    if done.returncode != 0 or not wheels:
        messages = done.stderr.strip().splitlines()
        raise WeightsError(f"pip could not fetch {requirement}: {messages[-1] if messages else 'no message'}", by_hand)
    return wheels[0]


def check_wheel(wheel: Path, sha256: str) -> None:
    """Make sure that a wheel is the published one.

    Raises:
        WeightsError: the wheel is unreadable, or its SHA-256 differs.
    """
    digest = hashlib.sha256()
    try:
        with wheel.open("rb") as handle:
            while data := handle.read(_BLOCK_BYTES):
                digest.update(data)
    except OSError as error:
        raise WeightsError(f"wheel {wheel} cannot be read: {error.strerror}.") from error
    if digest.hexdigest() != sha256:
        raise WeightsError(
            f"{wheel} is not the published wheel: SHA-256 is {digest.hexdigest()}, {sha256} expected.",
            "Fetch it again; if it persists, your package index serves another file.",
        )


def read_members(wheel: Path, members: Iterable[Member]) -> list[bytes]:
    """Read files inside a wheel, checking the hash of each.

    Raises:
        WeightsError: a file is missing, or its SHA-256 differs.
    """
    contents = []
    try:
        with zipfile.ZipFile(wheel) as archive:
            for member in members:
                raw = archive.read(member.path)
                check_sha256(raw, member.sha256, f"{member.path} in {wheel.name}")
                contents.append(raw)
    except (zipfile.BadZipFile, KeyError) as error:
        raise WeightsError(f"wheel {wheel} is damaged: {error}.") from error
    return contents


def fetch_members(package: str, version: str, sha256: str, members: Iterable[Member]) -> list[bytes]:
    """Download a wheel to a temporary folder, check it, and read files from it."""
    with scratch_folder() as folder:
        wheel = download_wheel(package, version, Path(folder))
        check_wheel(wheel, sha256)
        return read_members(wheel, members)


def _find_pip() -> list[str] | None:
    if importlib.util.find_spec("pip") is not None:
        return [sys.executable, "-m", "pip"]
    for name in ("pip", "pip3"):
        if (path := shutil.which(name)) is not None:
            return [path]
    if (uv := shutil.which("uv")) is not None:
        return [uv, "tool", "run", "pip"]
    return None
