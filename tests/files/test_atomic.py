"""Files that get their names only when complete, and the one place that makes temporary names."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from spliceai_cli.files.atomic import Part, scratch_file, scratch_folder, write_whole
from spliceai_cli.files.output import Output


def test_part__gets_its_name_at_commit(tmp_path):
    target = tmp_path / "a.txt"
    target.write_text("older")
    with Part(target) as part:
        part.path.write_text("newer")
        assert target.read_text() == "older"
        part.sync()
        part.commit()
    assert target.read_text() == "newer"
    assert list(tmp_path.iterdir()) == [target]


def test_part__without_commit_leaves_what_was_there(tmp_path):
    target = tmp_path / "a.txt"
    target.write_text("older")
    with Part(target) as part:
        part.path.write_text("newer")
    assert target.read_text() == "older"
    assert list(tmp_path.iterdir()) == [target]


@pytest.mark.parametrize("keeps_link", [True, False])
def test_part__of_a_link_replaces_what_it_leads_to_or_the_link(tmp_path, keeps_link):
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    target, link = elsewhere / "a.txt", tmp_path / "link"
    target.write_text("older")
    link.symlink_to(target)
    with Part(link, keeps_link=keeps_link) as part:
        assert part.path.parent == (elsewhere if keeps_link else tmp_path)
        part.path.write_text("newer")
        part.commit()
    assert link.read_text() == "newer"
    assert link.is_symlink() == keeps_link
    assert target.read_text() == ("newer" if keeps_link else "older")


@pytest.mark.parametrize("name", ["a" * 255, "é" * 127, "遺" * 85, "a" + "🧬" * 63])
def test_part__of_the_longest_names_can_be_written(tmp_path, name):
    """Names were cut after 200 letters, whatever number of bytes those have: "File name too long"."""
    part = Part(tmp_path / name, ".parquet")
    assert len(os.fsencode(part.path.name)) < 255
    with Output(str(tmp_path / name), "v") as output:
        output.write(b"x")
    assert [path.name for path in tmp_path.iterdir()] == [name]


def test_part__of_a_name_that_is_not_utf8_can_be_written(tmp_path):
    target = Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xff.vcf"))
    with Output(str(target), "v") as output:
        output.write(b"x")
    assert os.listdir(os.fsencode(tmp_path)) == [b"\xff.vcf"]  # noqa: PTH208 (as bytes)


def test_write_whole__makes_the_folder(tmp_path):
    write_whole(tmp_path / "new" / "folder" / "a", b"text")
    assert (tmp_path / "new" / "folder" / "a").read_bytes() == b"text"
    assert [path.name for path in (tmp_path / "new" / "folder").iterdir()] == ["a"]


def test_write_whole__that_fails_leaves_what_was_there(tmp_path, monkeypatch):
    target = tmp_path / "a"
    target.write_bytes(b"older")

    def full(_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space left"):
        write_whole(target, b"newer")
    assert target.read_bytes() == b"older"
    assert list(tmp_path.iterdir()) == [target]


def test_scratch__is_gone_afterwards():
    with scratch_file(".vcf") as handle:
        path = Path(handle.name)
        handle.write(b"x")
        assert path.suffix == ".vcf"
        assert path.exists()
    with scratch_folder() as folder:
        (Path(folder) / "a").write_text("x")
    assert not path.exists()
    assert not Path(folder).exists()
