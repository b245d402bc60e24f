"""What a predicted transcript does to the protein."""

from __future__ import annotations

from dataclasses import dataclass

from spliceai_cli.consequence.change import Change
from spliceai_cli.consequence.sequence import Spliced
from spliceai_cli.consequence.translate import STOP, translate, translate_to_stop
from spliceai_cli.genome.coords import Interval

#: Effects on the reading frame.
UNCHANGED, IN_FRAME, FRAMESHIFT = "unchanged", "in_frame", "frameshift"
STOP_GAINED, START_LOST, STOP_LOST = "stop_gained", "start_lost", "stop_lost"
NONCODING, UNKNOWN = "noncoding", "unknown"

#: Those after which there is no whole protein.
NULL = (FRAMESHIFT, STOP_GAINED, START_LOST, STOP_LOST)

_START = "ATG"


@dataclass(frozen=True)
class Reading:
    """The protein of REF and of a predicted transcript.

    Attributes:
        frame: one of the words above.
        ref: protein of REF; ends in a stop if the annotation is complete.
        alt: protein of the predicted transcript, up to its first stop; empty if its start is lost.
        through: protein of the predicted transcript as far as the stop of REF, reading through earlier stops; empty if
            that is not reached in frame.
        start: index of the first coding base in the predicted transcript.
        stop: index of the first base of its stop codon; None if there is none.
        is_new_stop: whether that is another stop than REF's.
    """

    frame: str
    ref: str = ""
    alt: str = ""
    through: str = ""
    start: int = 0
    stop: int | None = None
    is_new_stop: bool = False

    @property
    def first_changed(self) -> int:
        """Index of the first amino acid that differs."""
        pairs = zip(self.ref, self.alt, strict=False)
        shared = next((i for i, (one, two) in enumerate(pairs) if one != two), None)
        return min(len(self.ref), len(self.alt)) if shared is None else shared

    @property
    def codons_to_stop(self) -> int | None:
        """Codons from the first amino acid that differs to the new stop, both included; None unless there are both."""
        return len(self.alt) - self.first_changed if self.is_new_stop and self.alt != self.ref else None


def read(ref: Spliced, alt: Spliced, coding: Interval, phase: int, change: Change) -> Reading:
    """Translate REF and a predicted transcript.

    The stop of REF is the first in frame. In a selenoprotein that is a UGA before the end of its CDS; what lies beyond
    is not looked at.

    Args:
        ref: the annotated transcript.
        alt: the predicted one.
        coding: first to last coding base of REF, transcript order.
        phase: coding bases before the first whole codon.
        change: the allele.
    """
    first, last = coding.start + phase, coding.end - 1
    ref_start, ref_end = ref.index(first), ref.index(last)
    if ref_start is None or ref_end is None:
        return Reading(UNKNOWN)
    ref_protein = translate_to_stop(ref.bases[ref_start : ref_end + 1])
    if ref_protein.endswith(STOP):
        ref_end = ref_start + 3 * len(ref_protein) - 1
        last = ref.position(ref_end)
    start = _index(alt, change, first)
    is_complete = ref.bases[ref_start : ref_start + 3] == _START
    if start is None or (is_complete and alt.bases[start : start + 3] != _START):
        return Reading(START_LOST, ref_protein)
    end = _index(alt, change, last)
    is_in_frame = end is not None and (end - start - (ref_end - ref_start)) % 3 == 0
    through = translate(alt.bases[start : end + 1]) if end is not None and is_in_frame else ""
    protein = translate_to_stop(alt.bases[start:])
    stop = start + 3 * (len(protein) - 1) if protein.endswith(STOP) else None
    is_new_stop = stop is not None and not (is_in_frame and end is not None and stop == end - 2)
    reading = Reading(UNCHANGED, ref_protein, protein, through, start, stop, is_new_stop)
    return Reading(_frame(reading, is_in_frame, end), ref_protein, protein, through, start, stop, is_new_stop)


def _index(alt: Spliced, change: Change, pos: int) -> int | None:
    moved = change.to_alt(pos)
    return None if moved is None else alt.index(moved)


def _frame(reading: Reading, is_in_frame: bool, end: int | None) -> str:
    if reading.alt == reading.ref:
        return UNCHANGED
    if end is None:
        return STOP_LOST if reading.stop is None or _reaches_end(reading) else FRAMESHIFT
    if not is_in_frame:
        return FRAMESHIFT
    has_lost_stop = reading.stop is None and reading.ref.endswith(STOP)
    if reading.is_new_stop or has_lost_stop:
        return STOP_GAINED if STOP in reading.through[:-1] else STOP_LOST
    return IN_FRAME


def _reaches_end(reading: Reading) -> bool:
    return reading.first_changed >= len(reading.ref) - 1
