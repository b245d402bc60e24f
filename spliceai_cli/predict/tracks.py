"""Base-by-base values, as rows or as files."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

from spliceai_cli.files.output import check_distinct
from spliceai_cli.predict.open import Inputs
from spliceai_cli.predict.provenance import provenance_of_tracks
from spliceai_cli.predict.request import AlleleRequest, Request
from spliceai_cli.predict.run import Source, predict
from spliceai_cli.settings.checks import check_path
from spliceai_cli.summary import Summary
from spliceai_cli.tracks.rows import Rows
from spliceai_cli.tracks.sinks import Destination, choose_format


class Tracks:
    """The values requested from a ``Predictor``. They are computed anew each time it is iterated over or written.

    Args:
        source: yields the rows.
        inputs: genome, genes and networks that the values are predicted with.
        request: the contigs, regions, genes or alleles asked for.
        summary: counts of the alleles.

    Attributes:
        columns: names of the values: the tracks of the models; for alleles, ``_ref``, ``_alt`` and ``_delta`` of each.
        labels: names of the label columns, which distinguish rows at the same positions: ``symbol``, ``variant``.
        strands: strands that have rows.
        n_bases: positions of all rows; around alleles it includes positions beyond the contig, which have no rows.
        summary: counts of the alleles; all 0 if the request is not for alleles.
    """

    def __init__(self, source: Source, inputs: Inputs, request: Request, summary: Summary) -> None:
        self.columns: tuple[str, ...] = source.columns.names
        self.labels: tuple[str, ...] = source.labels
        self.strands: tuple[str, ...] = source.strands
        self.n_bases: int = source.n_bases
        self.summary = summary
        self._source = source
        self._inputs = inputs
        self._request = request

    def __iter__(self) -> Iterator[Rows]:
        """All rows, contigs in the order of the FASTA; genes and alleles that overlap have separate rows.

        Raises:
            NumericError: the networks returned a value that is not a finite number.
        """
        return self._source.rows()

    def write(
        self,
        path: Path | str,
        *,
        output_format: str | None = None,
        min_probability: float = 0.0,
    ) -> tuple[Path, ...]:
        """Write files as ``spliceai-cli predict -O`` does, with their provenance beside them in ``PATH.json``.

        Args:
            path: file name of a table; for bigWig and bedGraph, the name from which the file names are derived, one per
                track and strand.
            output_format: ``"bigwig"``, ``"bedgraph"``, ``"tsv"`` or ``"parquet"``; None to detect it from the name.
            min_probability: smaller probabilities are left out, 0 to 1.

        Returns:
            The files that hold values.

        Raises:
            UsageError: the name does not imply a format, a file is one of the inputs, or an argument is out of range.
            OutputError: a file cannot be written; no file is then left under its final name.
        """
        check_path("path", path)
        destination = self.destination(str(path), output_format, min_probability)
        reference = self._inputs.reference.path
        inputs: dict[str, str | Path | None] = {
            "reference": reference,
            "the index of the reference": f"{reference}.fai",
        }
        if isinstance(self._request, AlleleRequest):
            inputs["vcf"] = self._request.vcf
        for name in self.names(destination):
            check_distinct(name, inputs, name="path")
        self.write_to(destination)
        return tuple(map(Path, destination.names(self.columns, self.strands)))

    def destination(self, name: str, output_format: str | None, min_probability: float) -> Destination:
        """The destination for a file name, including the provenance.

        Raises:
            UsageError: the name does not imply a format, or an argument is out of range.
        """
        provenance = provenance_of_tracks(self._inputs, self._request, min_probability, self.columns)
        origin = json.dumps(provenance.together(), indent=2).encode() + b"\n"
        return Destination(name, choose_format(name, output_format), origin, min_probability)

    def names(self, destination: Destination) -> list[str]:
        """Names of all files that will be written."""
        return [*destination.names(self.columns, self.strands), destination.origin_name]

    def write_to(self, destination: Destination, watch: Callable[[Rows], None] = lambda _: None) -> None:
        """Like ``write``, to a destination; see ``run.predict``."""
        predict(self._source, destination, self._inputs.reference.lengths, watch)
