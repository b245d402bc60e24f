"""A folder belongs to one run: others, and files of the user's, are refused."""

from __future__ import annotations

import fcntl
import shutil

import pytest

from spliceai_cli.errors import OutputError, TrainingError
from spliceai_cli.train.claim import claimed


def test_claimed__makes_the_folder_and_lets_go_of_it(tmp_path):
    for _ in range(2):
        with claimed(tmp_path / "a" / "run"):
            assert (tmp_path / "a" / "run").is_dir()


def test_claimed__refuses_a_second_run(tmp_path):
    with claimed(tmp_path), pytest.raises(TrainingError, match="another run is at work"), claimed(tmp_path):
        pass


@pytest.mark.parametrize(
    "name", ["README.md", "config.toml", "genes.tsv", "train-genes.txt", "weights.safetensors", "metrics.jsonl"]
)
def test_claimed__refuses_files_that_no_run_has_written(tmp_path, name):
    """They used to be replaced: a recipe in the folder of its run lost its comments."""
    (tmp_path / name).write_text("mine")
    with pytest.raises(TrainingError, match=f"contains {name} but no checkpoint"), claimed(tmp_path):
        pass
    (tmp_path / "checkpoint.pt").touch()
    with claimed(tmp_path):
        assert (tmp_path / name).read_text() == "mine"


def test_claimed__removes_what_a_killed_run_left_half_written(tmp_path):
    left = tmp_path / ".checkpoint.pt.0123456789ab.part"
    left.touch()
    (tmp_path / "mine.part").touch()
    with claimed(tmp_path):
        assert not left.exists()
    assert (tmp_path / "mine.part").exists()


def test_claimed__says_what_cannot_be_written_to(tmp_path):
    (tmp_path / "file").touch()
    (tmp_path / "link").symlink_to(tmp_path / "nowhere")
    for name in ("file", "link"):
        with pytest.raises(OutputError, match=f"{name} is not a folder"), claimed(tmp_path / name):
            pass
    for name, reason in (("file/run", "Not a directory"), (300 * "a", "File name too long")):
        with pytest.raises(OutputError, match=f"cannot be written: {reason}"), claimed(tmp_path / name):
            pass


def test_claimed__leaves_no_new_folder_without_content(tmp_path):
    with pytest.raises(KeyboardInterrupt), claimed(tmp_path / "unused"):
        raise KeyboardInterrupt
    assert not (tmp_path / "unused").exists()
    (tmp_path / "own").mkdir()
    with pytest.raises(KeyboardInterrupt), claimed(tmp_path / "own"):
        raise KeyboardInterrupt
    assert (tmp_path / "own").exists()
    with pytest.raises(FileNotFoundError), claimed(tmp_path / "used"):
        shutil.move(shutil.copy(__file__, tmp_path / "used"), tmp_path / "nowhere" / "x")
    assert (tmp_path / "used" / "test_claim.py").exists()


def test_claimed__refuses_a_folder_that_is_removed_meanwhile(tmp_path, monkeypatch):
    """A run that has failed removes its new folder, whose lock another may have opened but not yet locked."""
    folder = tmp_path / "run"
    monkeypatch.setattr(fcntl, "flock", lambda *_: shutil.rmtree(folder))
    with pytest.raises(TrainingError, match="another run has just ended in"), claimed(folder):
        pass


def test_claimed__goes_on_where_there_are_no_locks(tmp_path, monkeypatch):
    def no_locks(*_):
        raise OSError(95, "Operation not supported")

    monkeypatch.setattr(fcntl, "flock", no_locks)
    with claimed(tmp_path), claimed(tmp_path):
        pass
