"""bedGraph files: four columns, 0-based half-open. They have no track line, because some tools do not skip it."""

from __future__ import annotations

from spliceai_cli.arrays import BoolArray, FloatArray
from spliceai_cli.files.text_file import TextFile
from spliceai_cli.tracks.rows import runs
from spliceai_cli.tracks.text import DECIMALS, as_printed


class BedGraphFile(TextFile):
    """One bedGraph file; a ``PartFile``."""

    def add(self, chrom: str, start: int, values: FloatArray, kept: BoolArray) -> None:
        """Append values; neighbours that print the same are merged into one line."""
        merged = runs(start, as_printed(values), kept)
        lines = zip(merged.starts.tolist(), merged.ends.tolist(), merged.values.tolist(), strict=True)
        self.write("".join([f"{chrom}\t{s}\t{e}\t{v:.{DECIMALS}f}\n" for s, e, v in lines]).encode())
