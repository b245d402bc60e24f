"""Parquet files in bounded memory."""

from __future__ import annotations

import numpy as np
import pyarrow.parquet as pq
import pytest

from spliceai_cli.errors import OutputError
from spliceai_cli.tracks import parquet
from spliceai_cli.tracks.columns import Probabilities
from spliceai_cli.tracks.parquet import ParquetTable
from spliceai_cli.tracks.rows import Rows

COLUMNS = Probabilities(("a", "b"), 0.5)


def rows(start, *values):
    return Rows("x", start, "+", np.array(values, np.float32).reshape(-1, 2), ("GENE",))


def test_parquet__holds_nothing_of_pieces_without_rows(tmp_path):
    """An empty batch used to be held for each."""
    table = ParquetTable(str(tmp_path / "out.parquet"), COLUMNS, ["gene"])
    for start in range(100):
        table.write(rows(start, 0.25, 0.0))
    assert table._held == []
    table.finish()
    table.commit()
    found = pq.read_table(tmp_path / "out.parquet")
    assert found.num_rows == 0
    assert found.column_names == ["chrom", "pos", "strand", "gene", "a", "b"]


def test_parquet__writes_a_group_once_many_pieces_wait(tmp_path, monkeypatch):
    monkeypatch.setattr(parquet, "_MAX_HELD", 3)
    table = ParquetTable(str(tmp_path / "out.parquet"), COLUMNS, ["gene"])
    for start in range(7):
        table.write(rows(start, 0.25, 0.5))
        assert len(table._held) < 3
    table.finish()
    table.commit()
    with pq.ParquetFile(tmp_path / "out.parquet") as found:
        assert [found.metadata.row_group(i).num_rows for i in range(found.num_row_groups)] == [3, 3, 1]
        assert found.read()["pos"].to_pylist() == [1, 2, 3, 4, 5, 6, 7]
        assert set(found.read()["gene"].to_pylist()) == {"GENE"}


def test_parquet__that_cannot_be_opened_leaves_nothing(tmp_path, monkeypatch):
    def fail(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(parquet.pq, "ParquetWriter", fail)
    with pytest.raises(OutputError, match="No space left on device"):
        ParquetTable(str(tmp_path / "out.parquet"), COLUMNS, ["gene"])
    assert list(tmp_path.iterdir()) == []


def test_parquet__that_cannot_be_written_leaves_nothing(tmp_path, monkeypatch):
    table = ParquetTable(str(tmp_path / "out.parquet"), COLUMNS, ["gene"])
    table.write(rows(0, 0.25, 0.5))

    def fail(*_, **__):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(table._writer, "write_table", fail)
    with pytest.raises(OutputError, match="No space left on device"):
        table.finish()
    assert not table._writer.is_open
    table.discard()
    assert list(tmp_path.iterdir()) == []
