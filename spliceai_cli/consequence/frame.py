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

    The stop of REF is the first in frame, wherever the annotation ends its CDS. In a selenoprotein that is a UGA within
    it, and what lies beyond is not looked at. In an incomplete CDS it may lie after it.

    Args:
        ref: the annotated transcript.
        alt: the predicted one.
        coding: first to last coding base of REF, transcript order.
        phase: coding bases before the first whole codon.
        change: the allele.
    """
    ref_start = _first(ref, coding, phase)
    ref_protein = "" if ref_start is None else translate_to_stop(ref.bases[ref_start:])
    if ref_start is None or not ref_protein:
        return Reading(UNKNOWN)
    ref_end = ref_start + 3 * len(ref_protein) - 1
    first, last = ref.position(ref_start), ref.position(ref_end)
    start = _index(alt, change, first)
    is_complete = ref.bases[ref_start : ref_start + 3] == _START
    if start is None or (is_complete and alt.bases[start : start + 3] != _START):
        return Reading(START_LOST, ref_protein)
    end = _index(alt, change, last)
    is_in_frame = end is not None and (end - start - (ref_end - ref_start)) % 3 == 0
    had_stop = ref_protein.endswith(STOP)
    through = translate(alt.bases[start : end + 1]) if end is not None and is_in_frame and had_stop else ""
    protein = translate_to_stop(alt.bases[start:])
    stop = start + 3 * (len(protein) - 1) if protein.endswith(STOP) else None
    is_own_stop = is_in_frame and end is not None and stop == end - 2 and had_stop
    is_new_stop = stop is not None and not is_own_stop
    reading = Reading(UNCHANGED, ref_protein, protein, through, start, stop, is_new_stop)
    return Reading(_frame(reading, is_in_frame, end), ref_protein, protein, through, start, stop, is_new_stop)


def with_stop(ref: Spliced, coding: Interval, phase: int) -> Interval:
    """The coding part with the stop codon, which files without ``stop_codon`` lines may leave out.

    Only the codon after its end is looked at.

    Args:
        ref: the annotated transcript.
        coding: first to last coding base of REF, transcript order.
        phase: coding bases before the first whole codon.
    """
    start, end = _first(ref, coding, phase), ref.index(coding.end - 1)
    if start is None or end is None:
        return coding
    protein = translate_to_stop(ref.bases[start:])
    is_next = protein.endswith(STOP) and start + 3 * len(protein) == end + 4
    return Interval(coding.start, ref.position(end + 3) + 1) if is_next else coding


def _first(ref: Spliced, coding: Interval, phase: int) -> int | None:
    """Index of the first base of the first whole codon."""
    start = ref.index(coding.start)
    return None if start is None else start + phase


def _index(alt: Spliced, change: Change, pos: int) -> int | None:
    moved = change.to_alt(pos)
    return None if moved is None else alt.index(moved)


def _frame(reading: Reading, is_in_frame: bool, end: int | None) -> str:
    had_stop = reading.ref.endswith(STOP)
    if reading.alt == reading.ref:
        return UNCHANGED
    if end is None:
        return STOP_LOST if had_stop and (reading.stop is None or _reaches_end(reading)) else FRAMESHIFT
    if not is_in_frame:
        return FRAMESHIFT
    has_lost_stop = had_stop and reading.stop is None
    if reading.is_new_stop or has_lost_stop:
        return STOP_LOST if had_stop and STOP not in reading.through[:-1] else STOP_GAINED
    return IN_FRAME


def _reaches_end(reading: Reading) -> bool:
    return reading.first_changed >= len(reading.ref) - 1
