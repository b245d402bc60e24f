"""bedGraph files: four columns, 0-based half-open; no track line, which not every tool passes over."""

from __future__ import annotations

from spliceai_cli.arrays import BoolArray, FloatArray
from spliceai_cli.files.text_file import TextFile
from spliceai_cli.tracks.rows import runs
from spliceai_cli.tracks.text import DECIMALS, as_printed


class BedGraphFile(TextFile):
    """Lines of one bedGraph."""

    def add(self, chrom: str, start: int, values: FloatArray, kept: BoolArray) -> None:
        """Add values behind those that are there; neighbours that print the same are one line."""
        found = runs(start, as_printed(values), kept)
        lines = zip(found.starts.tolist(), found.ends.tolist(), found.values.tolist(), strict=True)
        self.write("".join([f"{chrom}\t{s}\t{e}\t{v:.{DECIMALS}f}\n" for s, e, v in lines]).encode())
