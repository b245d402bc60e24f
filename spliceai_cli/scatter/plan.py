"""The plan of a scattered run: its parts, and all that their bytes depend on."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from spliceai_cli.errors import ScatterError, UsageError
from spliceai_cli.scatter.folder import Folder
from spliceai_cli.text import counted

# Must be increased when the content changes.
_FORMAT = 1


@dataclass(frozen=True)
class Part:
    """The part of a plan that one run computes.

    Attributes:
        records: number of its records.
        cost_s: predicted seconds on one core, without start-up.
        source_sha256: digest of the file with its records.
        spans: contig, as the FASTA spells it -> start and end of the bases on which scores can depend.
        bases_sha256: digest of these bases.
    """

    records: int
    cost_s: float
    source_sha256: str
    spans: Mapping[str, Sequence[int]]
    bases_sha256: str


@dataclass(frozen=True)
class ScatterPlan:
    """How an input is cut into parts, and what the parts have to be computed with.

    Attributes:
        source: path of the input.
        options: options of ``annotate``, by the names of parameters; paths are absolute.
        layout: one of ``settings.words.LAYOUTS``.
        has_fasta: whether parts write the transcripts and proteins that they predict.
        origins: the provenance of each model's scores, with the version of this program.
        contigs_sha256: digest of the FASTA's contigs with their lengths.
        tiles: longest tile of each model, which depends on the memory.
        memory_bytes: memory with which tiles are as long as in a single run.
        parts: the parts, in order.
    """

    source: str
    options: Mapping[str, Any]
    layout: str
    has_fasta: bool
    origins: Sequence[Mapping[str, object]]
    contigs_sha256: str
    tiles: Sequence[int]
    memory_bytes: int
    parts: tuple[Part, ...]

    def part(self, number: int) -> Part:
        """The part with a number, which counts from 1.

        Raises:
            UsageError: there is no such part.
        """
        if not 1 <= number <= len(self.parts):
            raise UsageError(
                f"there is no part {number}: the plan has {counted(len(self.parts), 'parts')}, numbered from 1."
            )
        return self.parts[number - 1]

    def fingerprint(self, number: int) -> str:
        """Digest of all that the bytes of a part depend on: input, reference, genes, weights, options, version."""
        facts = asdict(self)
        for name in ("source", "options", "memory_bytes", "parts"):
            del facts[name]
        facts["written"] = {name: self.options[name] for name in _WRITTEN if name in self.options}
        facts["part"] = {**asdict(self.part(number)), "cost_s": None}
        return hashlib.sha256(json.dumps(facts, sort_keys=True).encode()).hexdigest()

    def to_json(self) -> bytes:
        """The plan as JSON."""
        return json.dumps({"format": _FORMAT, **asdict(self)}, indent=1).encode() + b"\n"


# Options that change what is written, beside those that origins hold.
_WRITTEN = ("existing", "transcript_id", "ds_max", "raw", "explain", "engine", "kernels")


def read_plan(folder: Folder) -> ScatterPlan:
    """Read the plan of a folder.

    Raises:
        ScatterError: there is none, or it is of another version.
    """
    hint = f"Make one: spliceai-cli scatter plan IN -n N {folder.path}"
    try:
        content = json.loads(folder.plan.read_bytes())
    except FileNotFoundError as error:
        raise ScatterError(f"{folder.path} has no plan.json, which a plan gets last.", hint) from error
    except (OSError, ValueError) as error:
        raise ScatterError(f"{folder.plan} cannot be read as a plan: {error}.", hint) from error
    if not isinstance(content, dict) or content.pop("format", None) != _FORMAT:
        raise ScatterError(f"{folder.plan} is not a plan of this version of the program.", hint)
    try:
        return ScatterPlan(**{**content, "parts": tuple(Part(**part) for part in content["parts"])})
    except (KeyError, TypeError) as error:
        raise ScatterError(f"{folder.plan} is not a plan of this version of the program.", hint) from error


def check_new(folder: Folder) -> None:
    """Refuse a folder that has a plan, whose parts may be running.

    Raises:
        ScatterError: it has one.
    """
    if folder.plan.exists():
        raise ScatterError(
            f"{folder.path} already has a plan.",
            f"Run its parts (spliceai-cli scatter run {folder.path} 1), or delete the folder to plan anew.",
        )
