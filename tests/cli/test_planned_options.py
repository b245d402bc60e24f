"""The options that a plan stores for the runs of its parts."""

from __future__ import annotations

import pytest

from spliceai_cli.cli.planned_options import stored_options


@pytest.mark.parametrize(
    ("name", "word", "is_file"),
    [
        ("transcripts", "all", False),
        ("transcripts", "mane", False),
        ("transcripts", "chosen.txt", True),
        ("annotation", "grch38", False),
        # As in annotate, a file of that name comes before the built-in table.
        ("annotation", "hg38", True),
        ("annotation", "genes.gtf", True),
    ],
)
def test_stored_options__take_a_word_for_a_file_only_where_annotate_does(tmp_path, monkeypatch, name, word, is_file):
    """With a file called ``all`` in the folder, the parts used to read it in place of all transcripts."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / word).touch()
    given = {"reference": "a.fa", "genes_file": None, "weights": None, "annotation": "x", "transcripts": "x"}
    stored = stored_options({**given, "models": ("spliceai",), name: word})
    assert stored[name] == (str(tmp_path / word) if is_file else word)
