"""Parquet tables with one row per position and strand."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from spliceai_cli.errors import OutputError
from spliceai_cli.files.output_part import OutputPart
from spliceai_cli.tracks.columns import Columns
from spliceai_cli.tracks.rows import Rows
from spliceai_cli.tracks.table import PLACE

# Rows of a group, which is the unit that readers unpack.
_GROUP_ROWS = 1 << 17

# Largest number of pieces that wait for a group to fill; each takes about 5 KB in addition to its rows.
_MAX_HELD = 1 << 13

_NAME = pa.dictionary(pa.int32(), pa.string())


class ParquetTable:
    """A Parquet file; a ``PartFile``.

    ``pos`` is int64, values are float32, everything else is dictionary-encoded text.

    Args:
        name: file name.
        columns: columns of the values.
        labels: names of the columns between the position and the values.

    Raises:
        OutputError: the file cannot be written.
    """

    def __init__(self, name: str, columns: Columns, labels: Sequence[str]) -> None:
        self._part = OutputPart(name, ".parquet")
        self._columns = columns
        kinds = {**dict.fromkeys((*PLACE, *labels), _NAME), "pos": pa.int64()}
        self._schema = pa.schema([*kinds.items(), *((column, pa.float32()) for column in columns.names)])
        try:
            self._writer = pq.ParquetWriter(str(self._part.path), self._schema)
        except OSError as error:
            self._part.discard()
            raise self._part.failure(error.strerror or str(error)) from error
        self._held: list[pa.RecordBatch] = []
        self._n_held = 0

    def write(self, rows: Rows) -> None:
        """Add a row for each position that has a value worth writing."""
        at = np.flatnonzero(self._columns.kept(rows.values).any(axis=1))
        if not len(at):
            return
        texts = [_repeated(text, len(at)) for text in (rows.chrom, rows.strand, *rows.labels)]
        values = [pa.array(np.ascontiguousarray(column)) for column in rows.values[at].T]
        arrays = [texts[0], pa.array(rows.start + 1 + at), *texts[1:], *values]
        self._held.append(pa.record_batch(arrays, schema=self._schema))
        self._n_held += len(at)
        if self._n_held >= _GROUP_ROWS or len(self._held) >= _MAX_HELD:
            self._flush()

    def finish(self) -> None:
        """Write the remaining rows and the file's index."""
        try:
            if self._held:
                self._flush()
        finally:
            self._close()
        self._part.sync()

    def commit(self) -> None:
        """Rename the temporary file to its final name."""
        self._part.commit()

    def discard(self) -> None:
        """Close the temporary file; remove it unless it was renamed."""
        # On a full disk, closing fails as well, which adds no information.
        with suppress(OutputError):
            self._close()
        self._part.discard()

    def _flush(self) -> None:
        table = pa.Table.from_batches(self._held, self._schema)
        try:
            self._writer.write_table(table.unify_dictionaries(), row_group_size=_GROUP_ROWS)
        except OSError as error:
            raise self._part.failure(error.strerror or str(error)) from error
        self._held, self._n_held = [], 0

    def _close(self) -> None:
        try:
            self._writer.close()
        except OSError as error:
            raise self._part.failure(error.strerror or str(error)) from error


def _repeated(text: str, n: int) -> Any:  # noqa: ANN401 (pyarrow is not typed)
    return pa.DictionaryArray.from_arrays(pa.array(np.zeros(n, np.int32)), pa.array([text]))
