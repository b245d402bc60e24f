"""Values base by base, as rows or as files."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

from spliceai_cli.files.output import check_distinct
from spliceai_cli.predict.open import Inputs
from spliceai_cli.predict.provenance import provenance_of_tracks
from spliceai_cli.predict.request import AlleleRequest, Request
from spliceai_cli.predict.run import Source, predict
from spliceai_cli.settings import TrackSettings
from spliceai_cli.summary import Summary
from spliceai_cli.tracks.rows import Rows
from spliceai_cli.tracks.sinks import Destination, choose_format


class Tracks:
    """What a ``Predictor`` was asked for. It computes when it is iterated over or written, each time anew.

    Args:
        source: gives the rows.
        inputs: what they are predicted with.
        request: what was asked for.
        summary: counts of the alleles.

    Attributes:
        columns: names of the values: tracks of the models, with alleles ``_ref``, ``_alt`` and ``_delta`` of each.
        labels: names of what tells rows of one place apart: ``gene``, ``allele``.
        strands: those that rows are on.
        n_bases: positions of all rows; around alleles also those beyond the ends of a contig, which rows leave out.
        summary: counts of the alleles; 0 without alleles.
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
        """Every value, contigs in the order of the FASTA; genes and alleles that overlap have rows each.

        Raises:
            NumericError: the networks gave no number.
        """
        return self._source.rows()

    def write(
        self,
        path: Path | str,
        *,
        output_format: str | None = None,
        min_probability: float = TrackSettings.min_probability,
    ) -> tuple[Path, ...]:
        """Write files as ``spliceai-cli predict -O`` does, with ``PATH.json`` beside them that says what made them.

        Args:
            path: file of a table; of bigWig and bedGraph what the names of the files are made of, one for each track
                and strand.
            output_format: ``"bigwig"``, ``"bedgraph"``, ``"tsv"`` or ``"parquet"``; None to go by the name.
            min_probability: smaller values are left out, 0 to 1.

        Returns:
            The files of values.

        Raises:
            UsageError: the name does not say the format, a file is one of the inputs, or an argument is out of range.
            OutputError: a file cannot be written; none is then left under its name.
        """
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
        """Where values go, with what made them.

        Raises:
            UsageError: the name does not say the format, or an argument is out of range.
        """
        provenance = provenance_of_tracks(self._inputs, self._request, min_probability, self.columns)
        origin = json.dumps(provenance.together(), indent=2).encode() + b"\n"
        return Destination(name, choose_format(name, output_format), origin, min_probability)

    def names(self, destination: Destination) -> list[str]:
        """All files that are written."""
        return [*destination.names(self.columns, self.strands), destination.origin_name]

    def write_to(self, destination: Destination, watch: Callable[[Rows], None] = lambda _: None) -> None:
        """As ``write``; see ``run.predict``."""
        predict(self._source, destination, self._inputs.reference.lengths, watch)
