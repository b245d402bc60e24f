"""The output file: whole under its name, or not there."""

from __future__ import annotations

import io
import os
import sys
import threading

import pytest

from spliceai_cli.errors import OutputError
from spliceai_cli.files.bgzf import EOF_BLOCK
from spliceai_cli.files.kinds import guess_type
from spliceai_cli.files.output import Output, check_place


@pytest.mark.parametrize(
    ("name", "output_type"),
    [
        ("-", "v"),
        ("x.vcf", "v"),
        ("x.vcf.gz", "z"),
        ("x.bgz", "z"),
        ("x.bcf", "b"),
        ("gz", "v"),
        ("x.bcf.gz", "b"),
        ("X.VCF.GZ", "z"),
        ("x.tsv.bgz", "z"),
    ],
)
def test_guess_type__is_by_name(name, output_type):
    assert guess_type(name) == output_type


def test_output__has_its_name_only_when_complete(tmp_path):
    path = tmp_path / "out.vcf"
    path.write_text("older")
    with Output(str(path), "v") as output:
        output.write(b"newer")
        assert path.read_text() == "older"
    assert path.read_text() == "newer"
    assert list(tmp_path.iterdir()) == [path]


def fail(path, output_type, failure):
    with Output(str(path), output_type) as output:
        output.write(os.urandom(100_000))
        raise failure


@pytest.mark.parametrize("output_type", ["v", "z", "b", "u"])
@pytest.mark.parametrize("failure", [ValueError, KeyboardInterrupt, SystemExit])
def test_output__of_a_failure_is_the_older_file(tmp_path, output_type, failure):
    path = tmp_path / "out"
    path.write_text("older")
    with pytest.raises(failure):
        fail(path, output_type, failure)
    assert path.read_text() == "older"
    assert list(tmp_path.iterdir()) == [path]


def through_fifo(path, write) -> bytes:
    os.mkfifo(path)
    got = []
    reader = threading.Thread(target=lambda: got.append(path.read_bytes()))
    reader.start()
    write()
    reader.join(timeout=10)
    return got[0]


def test_fifo__is_streamed(tmp_path):
    def write():
        with Output(str(tmp_path / "fifo"), "z") as output:
            output.write(b"text")

    assert through_fifo(tmp_path / "fifo", write).endswith(EOF_BLOCK)
    assert (tmp_path / "fifo").is_fifo()


def test_fifo__of_a_failure_has_no_end_marker(tmp_path):
    def write():
        with pytest.raises(KeyError):
            fail(tmp_path / "fifo", "z", KeyError)

    raw = through_fifo(tmp_path / "fifo", write)
    assert raw
    assert not raw.endswith(EOF_BLOCK)


def test_temporary_folder_missing__leaves_nothing(tmp_path, monkeypatch):
    def no_folder(suffix):
        raise FileNotFoundError(2, "No usable temporary directory found")

    monkeypatch.setattr("tempfile.NamedTemporaryFile", no_folder)
    with pytest.raises(OutputError, match="No usable temporary directory found"):
        Output(str(tmp_path / "out.bcf"), "b")
    assert list(tmp_path.iterdir()) == []


def test_closed_stdout__is_told(monkeypatch):
    monkeypatch.setattr("sys.stdout", None)
    with pytest.raises(OutputError, match="standard output cannot be written: it is closed"):
        Output("-", "v")


class _Notebook(io.TextIOBase):
    """Standard output of a notebook: it has no buffer, and takes text alone."""


def test_output__writes_files_where_standard_output_has_no_buffer(tmp_path, monkeypatch):
    """The file was complete, and then there was an AttributeError."""
    monkeypatch.setattr(sys, "stdout", _Notebook())
    with Output(str(tmp_path / "a"), "v") as output:
        output.write(b"text")
    assert (tmp_path / "a").read_bytes() == b"text"
    with pytest.raises(OutputError, match="standard output cannot be written: it takes only text"):
        Output("-", "v")


def test_check_place__leaves_everything_as_it_is(tmp_path, capsysbinary):
    """A pipe without a reader would wait for one, and one with a reader would end."""
    old = tmp_path / "old.txt"
    old.write_text("old")
    os.mkfifo(tmp_path / "pipe")
    for target in (old, tmp_path / "new.txt", tmp_path / "pipe", "/dev/null", "-", "/dev/stdout"):
        check_place(str(target))
    assert old.read_text() == "old"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["old.txt", "pipe"]
    print("still open")
    assert capsysbinary.readouterr().out == b"still open\n"


@pytest.mark.parametrize(
    ("target", "reason"),
    [
        ("", "Is a directory"),
        ("none/a.txt", "No such file or directory"),
        ("old.txt/a.txt", "Not a directory"),
        (300 * "a", "File name too long"),
        ("/dev/fd/987", "Bad file descriptor"),
    ],
)
def test_check_place__refuses(tmp_path, monkeypatch, target, reason):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "old.txt").touch()
    with pytest.raises(OutputError, match=f"^picture {target} cannot be written: {reason}"):
        check_place(target, label="picture")
