"""Windows end where no REF pass could be shared, or by a count that begins with a run."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spliceai_cli.genome.coords import Interval
from spliceai_cli.plan import windows as module
from spliceai_cli.plan.blocks import BLOCK_BP
from spliceai_cli.plan.windows import windows


@pytest.fixture(autouse=True)
def limits(monkeypatch):
    """A run has at most 5 edits; blocks cost nothing; two records without edits are handed on together."""
    monkeypatch.setattr(module, "_BLOCK_COST", 0)
    monkeypatch.setattr(module, "_MOST_IDLE", 2)
    monkeypatch.setattr(module, "MAX_EDITS", 5)
    monkeypatch.setattr(module, "MAX_BYTES", 1000)


def _edit(block):
    """An edit in a block that is written ``5+``."""
    index, strand = int(block[:-1]), block[-1]
    start = index * BLOCK_BP + 7
    replaced = Interval(start, start + 1) if strand == "+" else Interval(-start - 1, -start)
    return SimpleNamespace(sequence=SimpleNamespace(chrom="1", strand=strand), replaced=replaced)


def records(text):
    """Records in the order of their numbers; ``0+1-`` has edits in two blocks, ``.`` has none."""
    for i, word in enumerate(text.split()):
        blocks = [] if word == "." else [part + sign for part, sign in zip(*_parts(word), strict=True)]
        yield i, [SimpleNamespace(jobs=[SimpleNamespace(edit=_edit(block)) for block in blocks])]


def _parts(word):
    signs = [letter for letter in word if letter in "+-"]
    return word.replace("-", "+").split("+")[:-1], signs


def divided(planned, size=0, least=3):
    """The records of each window, which may end from ``least`` edits on."""
    cut = list(windows(planned, lambda _tag, _plans: size, least))
    for window in cut:
        assert window.n_jobs == sum(len(_edits(plans)) for _, plans in window.records)
        assert window.n_bytes == (size * len(window.records) if window.n_jobs else 0)
    return [window.records for window in cut]


def cut(text, size=0):
    """What windows hold, as text."""
    words = text.split()
    parts = divided(records(text), size)
    assert [tag for part in parts for tag, _ in part] == list(range(len(words)))
    return " | ".join(" ".join(words[tag] for tag, _ in part) for part in parts)


def test_windows__of_one_edit_are_runs():
    text = "0+ 0+ . 1+ 1- . 2+ 0+ . ."
    words = text.split()
    runs = list(windows(records(text), lambda _tag, _plans: 0, 1))
    assert [" ".join(words[tag] for tag, _ in run.records) for run in runs] == ["0+ 0+ .", "1+", "1- .", "2+", "0+ . ."]


@pytest.mark.parametrize(
    "expected",
    [
        "0+",
        # Fewer than 3 edits: windows go on over runs.
        "0+ 1+",
        "0+ 1+ 2+ | 3+",
        # A run does not end where the window is full.
        "0+ 0+ 0+ 0+ | 1+",
        "0+ 1+ 1+ 1+ | 2+",
        # A record in two blocks joins them.
        "0+ 0+1+ 1+ 1+ | 2+",
        "0+ 0+1- 1- 1- | 2-",
        # A run that has 5 edits is cut, counted from its own first record.
        "0+ 0+ 0+ 0+ 0+ | 0+",
        "0+ 1+ 1+ 1+ 1+ 1+ | 1+",
        "0+ 1+ 2+ 2+ 2+ 2+ 2+ | 2+ 2+ 2+ 2+ 2+ | 2+",
        # One record with more is a window.
        "0+0+0+0+0+0+0+ | 0+",
        # What comes again in a file that is not sorted is not computed with what came before.
        "0+ 1+ | 0+",
        "0+ 0- | 0+ 0- | 0+",
        "0+ 0- 0-1+ 1+ | 0+",
        # Records without edits pass by twos, unless some wait.
        ". . | . | 0+ . 0+ . 1+0+1+ | . . | . | 5+",
        "0+ 1+ . 2+ . . . | 3+",
        "0+ 0+ 0+ 0+ 0+ | . . | 0+ .",
        ". . | . .",
        ".",
    ],
)
def test_windows__end_between_runs(expected):
    assert cut(expected.replace("|", "")) == " ".join(expected.split())


@pytest.mark.parametrize(
    "expected",
    [
        # 300 bytes each, 1000 at most: the fourth fills a run.
        "0+ 0+ 0+ 0+ | 0+ 0+",
        "0+ 0+ . . | 0+",
        # Those before the run do not count for it.
        "1+ 1+ 0+ 0+ 0+ 0+ | 0+",
        # Nor do those without edits while nothing waits.
        ". . | . . | 0+ 0+ 0+ 0+ | 0+",
    ],
)
def test_windows__end_by_bytes(expected):
    assert cut(expected.replace("|", ""), size=300) == expected


@pytest.mark.parametrize(
    "expected",
    [
        # 2 for each block, 1 for each edit.
        "0+ 1+ | 2+ 3+",
        "0+ 1+ 1+ | 2+ 2+ 2+ | 3+",
        "0+1- | 2+",
    ],
)
def test_windows__end_by_cost(expected, monkeypatch):
    monkeypatch.setattr(module, "_BLOCK_COST", 2)
    parts = divided(records(expected.replace("|", "")), least=5)
    words = expected.replace("|", "").split()
    assert " | ".join(" ".join(words[tag] for tag, _ in part) for part in parts) == expected


WORDS = st.sampled_from([".", "0+", "0-", "0+0-", "1+", "1-", "0+1+", "2+2+", "2-", "3+", "3+3+3+"])


def _together(parts):
    """Pairs of edits that share a REF pass: of one window, in one block."""
    return {
        (tags[0][0], tags[1][0], block)
        for part in parts
        for block in {_block(edit) for _, plans in part for edit in _edits(plans)}
        for members in [[tag for tag in part if block in map(_block, _edits(tag[1]))]]
        for tags in zip(members, members[1:], strict=False)
    }


def _edits(plans):
    return [job.edit for plan in plans for job in plan.jobs]


def _block(edit):
    return module.block_of(edit)


@given(words=st.lists(WORDS, max_size=30), least=st.integers(1, 12), size=st.sampled_from([0, 90, 300]))
def test_windows__their_size_does_not_decide_what_shares_a_pass(words, least, size):
    planned = list(records(" ".join(words)))
    assert _together(divided(planned, size, least)) == _together(divided(planned, size))


@given(words=st.lists(WORDS, max_size=30), start=st.integers(0, 30))
def test_windows__nor_does_where_a_part_begins(words, start):
    """A sorted list, divided where no later edit is in a block of an earlier one."""
    order = sorted(range(len(words)), key=lambda i: words[i] if words[i] != "." else "1")
    words = [words[i] for i in order]
    planned = list(records(" ".join(words)))
    start = min(start, len(words))
    first, second = planned[:start], planned[start:]
    blocks = [{_block(edit) for _, plans in part for edit in _edits(plans)} for part in (first, second)]
    if blocks[0].isdisjoint(blocks[1]):
        assert _together(divided(first)) | _together(divided(second)) == _together(divided(planned))
