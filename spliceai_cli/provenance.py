"""Provenance: everything that can change a score, so that equal input and equal provenance give equal bytes."""

from __future__ import annotations

import hashlib
import json
import os
import re
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from importlib import metadata
from pathlib import Path

from spliceai_cli.models.spec import ModelIdentity
from spliceai_cli.settings.scoring import Settings

#: The version in the source, without a commit; the build reads this line.
__version__ = "0.2.0"

#: Key of the VCF header line that this program writes.
PROVENANCE_KEY = "spliceai-annotate"

# Words of names that the header writes in capitals.
_ABBREVIATIONS = frozenset({"id", "nmd", "sha256", "sv"})

_PACKAGE = "spliceai-cli"
_TIMEOUT_S = 5

# ``v0.1.0-12-g1a2b3c4``, ``640-g1a2b3c4`` without a tag, ``1a2b3c4…`` as pip records it.
_DESCRIBED = re.compile(r"(?:(?:v(?P<tag>.+)-)?(?P<n>\d+)-g)?(?P<commit>[0-9a-f]{7,40})(?P<dirty>-dirty)?")
_SUFFIX = re.compile(r"[.]dev[0-9]*$")


@lru_cache(maxsize=1)
def full_version() -> str:
    """``__version__``, with the commit that runs if that is not tagged as this version.

    The commit is that of the checkout that the package is imported from, else the one that pip recorded. Without git,
    or if nothing was recorded, as for a wheel, it is the version alone.
    """
    described = _describe(Path(__file__).parents[1]) or _recorded(__version__)
    return with_commit(__version__, described) if described else __version__


def with_commit(version: str, described: str) -> str:
    """A version by PEP 440.

    >>> with_commit("0.2.0", "v0.2.0-0-g1a2b3c4"), with_commit("0.2.0", "v0.1.0-12-g1a2b3c4")
    ('0.2.0', '0.2.0.dev12+g1a2b3c4')
    >>> with_commit("0.2.0", "v0.2.0-3-g1a2b3c4"), with_commit("0.2.0", "v0.2.0-0-g1a2b3c4-dirty")
    ('0.2.0.post3+g1a2b3c4', '0.2.0+g1a2b3c4.dirty')

    Args:
        version: the version in the source.
        described: what ``_describe`` or pip says of its commit; ``local`` if no commit is known.
    """
    match = _DESCRIBED.fullmatch(described)
    if match is None:
        return f"{version}+local"
    release, n_commits = _SUFFIX.sub("", version), int(match["n"] or 0)
    # A source that still has the number of the release before it is later than that release, any other is earlier.
    stage = f".dev{n_commits}" if match["tag"] != version else f".post{n_commits}" if n_commits else ""
    if match["dirty"] or stage:
        return f"{release}{stage}+g{match['commit'][:7]}{'.dirty' if match['dirty'] else ''}"
    return release


def _describe(root: Path) -> str | None:
    """The commit that is checked out, with the commits since the latest tag, or all of them if there is no tag.

    None if this is not a checkout, or git is not there.
    """
    if not ((root / ".git").exists() and (root / "pyproject.toml").exists()):
        return None
    described = _git(root, "describe", "--long", "--always", "--dirty", "--abbrev=7", "--match=v*")
    if described is None or "-g" in described:
        return described
    n_commits = _git(root, "rev-list", "--count", "HEAD")
    return described if n_commits is None else f"{n_commits}-g{described}"


def _git(root: Path, *arguments: str) -> str | None:
    """What git prints; None if it fails or is not there."""
    # Without the lock, git writes nothing, so that a run disturbs no other git.
    environment = {**os.environ, "GIT_OPTIONAL_LOCKS": "0"}
    command = ["git", "-C", str(root), *arguments]
    try:
        done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=_TIMEOUT_S, check=True)
    except (OSError, subprocess.SubprocessError):
        return None
    return done.stdout.strip()


def _recorded(version: str) -> str | None:
    """The commit that ``pip install git+URL`` recorded (PEP 610); ``local`` after ``pip install FOLDER``."""
    try:
        text = metadata.distribution(_PACKAGE).read_text("direct_url.json")
        origin = json.loads(text or "{}")
    except (metadata.PackageNotFoundError, ValueError):
        return None
    source = origin.get("vcs_info", {})
    if source.get("requested_revision") == f"v{version}":
        return None
    return source.get("commit_id") or ("local" if "dir_info" in origin else None)


@dataclass(frozen=True)
class Provenance:
    """Everything that scores or probabilities were made with; every output that shows provenance is derived from it.

    The FASTA is not part of it, because the records already contain its bases.

    Attributes:
        models: the models, in the order requested.
        genes: the facts about the annotation that can change a score, see ``Annotation.origin``; empty without genes.
        choices: settings, under the names and with the values that JSON has.
        version: version of this program, with the commit if it is not a release.
    """

    models: tuple[ModelIdentity, ...]
    genes: Mapping[str, object]
    choices: Mapping[str, object]
    version: str = field(default_factory=full_version)

    def header_lines(self) -> tuple[str, ...]:
        """VCF header lines, one per model.

        Each line has an ID, the same as the INFO field's, and quoted values: VCF 4.3 requires both in structured lines,
        and htslib keeps such lines when it merges headers.
        """
        keys = (model.key for model in self.models)
        return tuple(map(header_line, keys, self.by_model()))

    def by_model(self) -> list[dict[str, object]]:
        """All facts, repeated for each model."""
        return [{"version": self.version, **_model_facts(model), **self.genes, **self.choices} for model in self.models]

    def together(self) -> dict[str, object]:
        """All facts once, with a list of the models."""
        return {"version": self.version, "models": [*map(_model_facts, self.models)], **self.genes, **self.choices}

    def cache_key(self) -> str:
        """A digest of all facts. Equal keys mean equal scores for the same variant on the same sequence."""
        return hashlib.sha256(json.dumps(self.together(), sort_keys=True).encode()).hexdigest()


def provenance_of(settings: Settings, models: Sequence[ModelIdentity], genes: Mapping[str, object]) -> Provenance:
    """The provenance of scores.

    Args:
        settings: the settings that can change a score.
        models: the models that score, in order.
        genes: the facts about the annotation that can change a score.
    """
    choices: dict[str, object] = {
        "distance": settings.distance,
        "mask": settings.mask,
        "max_allele_length": settings.max_allele_length,
        "max_sv_length": settings.max_sv_length,
        "normalize": settings.normalize,
        "compat": settings.compat,
        "precision": settings.precision,
    }
    return Provenance(tuple(models), genes, choices)


def header_facts(facts: Mapping[str, object]) -> dict[str, str]:
    """Facts under the names and with the texts of the VCF header; the model's key is its ID there.

    >>> header_facts({"model_name": "spliceai", "max_sv_length": 9, "genes_sha256": "c", "normalize": False})
    {'Model': 'spliceai', 'MaxSVLength': '9', 'GenesSHA256': 'c', 'Normalize': 'false'}
    """
    return {_header_name(name): _header_text(value) for name, value in facts.items() if name != "model_key"}


def _model_facts(model: ModelIdentity) -> dict[str, object]:
    return {
        "model_name": model.name,
        "model_key": model.key,
        "weights_sha256": model.weights_sha256,
        "network_sha256": model.network_sha256,
    }


def header_line(key: str, facts: Mapping[str, object]) -> str:
    """The VCF header line that says what made an INFO field."""
    quoted = (f'{name}="{text}"' for name, text in header_facts(facts).items())
    return f"##{PROVENANCE_KEY}=<ID={key},{','.join(quoted)}>"


def _header_name(name: str) -> str:
    """``max_sv_length`` -> ``MaxSVLength``; ``model_name`` is ``Model``."""
    words = name.removesuffix("_name").split("_")
    return "".join(word.upper() if word in _ABBREVIATIONS else word.capitalize() for word in words)


def _header_text(value: object) -> str:
    """A value as the header writes it: ``false`` for False, ``none`` for None."""
    return str(value).lower() if value is None or isinstance(value, bool) else str(value)
