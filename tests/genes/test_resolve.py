"""What -A means."""

from __future__ import annotations

import hashlib
from dataclasses import replace

import builders
import pytest

from spliceai_cli.errors import AnnotationError, AssemblyError, WeightsError, WeightsMissingError
from spliceai_cli.genes.resolve import resolve_annotation
from spliceai_cli.weights.registry import SPLICEAI, Member
from spliceai_cli.weights.store import Store

GRCH37, GRCH38, T2T = ({"chr19": length} for length in (59128983, 58617616, 61707364))


@pytest.fixture
def store(tmp_path):
    """Small tables in place of the published ones, with hashes to match."""
    folder = tmp_path / "home" / "spliceai"
    folder.mkdir(parents=True)
    members = []
    for build in ("grch37", "grch38"):
        path = builders.write_table(folder / f"{build}.txt", [builders.gene(build, "19", "+", 5, 9)])
        members.append(Member(path.name, hashlib.sha256(path.read_bytes()).hexdigest()))
    source = replace(SPLICEAI.source, tables=tuple(members))
    return Store(tmp_path / "home", replace(SPLICEAI, source=source))


def test_built_in_that_was_edited__is_refused(store):
    path = store.table("grch38")
    path.write_text(path.read_text().replace("grch38", "GRCH38"))
    with pytest.raises(WeightsError, match="is not the published file: SHA-256 is"):
        resolve_annotation("grch38", GRCH38, store)


@pytest.mark.parametrize(
    ("name", "lengths", "table"),
    [
        ("gencode", GRCH37, "grch37"),
        ("gencode", GRCH38, "grch38"),
        ("grch37", GRCH37, "grch37"),
        ("grch38", {"chr19": 7}, "grch38"),
    ],
)
def test_built_in__is_found_by_name_or_build(store, name, lengths, table):
    found = resolve_annotation(name, lengths, store)
    assert (found.name, found.genes[0].symbol) == (table, table)


def test_path__is_a_table(store, tmp_path):
    path = builders.write_table(tmp_path / "mine.txt", [builders.gene("MINE", "1", "+", 5, 9)])
    assert resolve_annotation(str(path), GRCH38, store).genes[0].symbol == "MINE"


@pytest.mark.parametrize(
    ("name", "lengths", "error", "said"),
    [
        ("gencode", T2T, AnnotationError, "told by contig lengths; they are T2T-CHM13v2.0's"),
        ("gencode", {"a": 5000}, AnnotationError, "told by contig lengths; first contig: a, 5,000 bp"),
        ("gencode", {}, AnnotationError, "first contig: none, 0 bp"),
        ("grch37", GRCH38, AssemblyError, "-A grch37 does not fit the reference: its contig lengths are GRCh38's"),
        ("grch38", T2T, AssemblyError, "its contig lengths are T2T-CHM13v2.0's"),
        ("GRCh38", GRCH38, AnnotationError, "there is no gene table 'GRCh38'"),
    ],
)
def test_misfit__is_an_error(store, name, lengths, error, said):
    with pytest.raises(error, match=said):
        resolve_annotation(name, lengths, store)


def test_built_in_that_is_not_installed__is_told(tmp_path):
    with pytest.raises(WeightsMissingError, match="the gene table grch38 is not installed"):
        resolve_annotation("gencode", GRCH38, Store(tmp_path, SPLICEAI))
