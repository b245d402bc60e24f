"""A consequence in one line of plain words."""

from __future__ import annotations

from spliceai_cli.consequence import events, frame, nmd
from spliceai_cli.scores.consequence import Consequence
from spliceai_cli.text import counted

_FRAMES = {
    frame.IN_FRAME: "in frame",
    frame.FRAMESHIFT: "frameshift",
    frame.STOP_GAINED: "new stop in frame",
    frame.START_LOST: "start lost",
    frame.STOP_LOST: "stop lost",
    frame.UNCHANGED: "protein unchanged",
    frame.NONCODING: "not coding",
    frame.UNKNOWN: "protein unknown",
}
_DECAYS = {
    nmd.EXPECTED: "NMD expected",
    nmd.NO_STOP: "no stop",
    nmd.IN_LAST_EXON: "escapes NMD (last exon)",
    nmd.NEAR_JUNCTION: "escapes NMD (near the last junction)",
    nmd.NEAR_START: "escapes NMD (near the start)",
    nmd.NO_INTRON: "escapes NMD (no intron)",
}


def in_words(consequence: Consequence) -> str:
    """What happens, as in ``skips exon 9 (172 nt): frameshift, stop after 14 codons, NMD expected``."""
    if consequence.event == events.NO_EFFECT:
        return "no effect on splicing predicted"
    stop = consequence.codons_to_stop
    outcome = [
        _FRAMES[consequence.frame],
        *([_stop(stop - 1)] if stop else []),
        *([_DECAYS[consequence.nmd]] if consequence.nmd in _DECAYS else []),
    ]
    return f"{_event(consequence)}: {', '.join(outcome)}"


def _stop(n_before: int) -> str:
    return f"stop after {counted(n_before, 'codons')}" if n_before else "stop at once"


def _event(consequence: Consequence) -> str:
    first, last, size = consequence.first_exon, consequence.last_exon, consequence.size
    exons = f"exon {first}" if first == last else f"exons {first} to {last}"
    kind = consequence.sites[0][0] if consequence.sites else ""
    where = "beginning" if kind == "acceptor" else "end"
    return {
        events.SKIPPING: f"skips {exons} ({size:,} nt)",
        events.RETENTION: f"retains intron {first} ({size:,} nt)",
        events.PARTIAL_RETENTION: f"new {kind} adds {size:,} nt to the {where} of exon {first}",
        events.PARTIAL_DELETION: f"new {kind} removes {size:,} nt from the {where} of exon {first}",
        events.PSEUDOEXON: f"adds an exon of {size:,} nt in intron {first}",
        events.INCLUSION: f"includes exon {first} more often",
        events.FIRST_LOST: "loses the donor of the first exon",
        events.LAST_LOST: "loses the acceptor of the last exon",
    }[consequence.event]
