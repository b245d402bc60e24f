"""Names of the files of a scattered run."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from spliceai_cli.settings.words import TSV


class Folder(NamedTuple):
    """The folder of a plan: ``plan.json``, the input of each part in ``in/``, and what a part wrote in ``out/``.

    Every file gets its name by a rename when it is complete. Of a part, the marker is the last.

    Attributes:
        path: the folder.
    """

    path: Path

    @property
    def plan(self) -> Path:
        """The plan."""
        return self.path / "plan.json"

    @property
    def inputs(self) -> Path:
        """Folder of the inputs."""
        return self.path / "in"

    @property
    def outputs(self) -> Path:
        """Folder of the outputs."""
        return self.path / "out"

    def source(self, number: int) -> Path:
        """The records of a part."""
        return self.inputs / f"{number}.vcf.gz"

    def annotated(self, number: int, layout: str) -> Path:
        """The annotated records of a part."""
        return self.outputs / f"{number}.{'tsv' if layout == TSV else 'vcf'}.gz"

    def fasta(self, number: int) -> Path:
        """The predicted transcripts and proteins of a part."""
        return self.outputs / f"{number}.fa"

    def marker(self, number: int) -> Path:
        """The marker of a part, which says that it is complete."""
        return self.outputs / f"{number}.json"
