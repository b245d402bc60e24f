"""Whether nonsense-mediated decay is expected, by the place of a new stop."""

from __future__ import annotations

from spliceai_cli.consequence.frame import NONCODING, START_LOST, UNKNOWN, Reading
from spliceai_cli.consequence.sequence import Spliced
from spliceai_cli.settings.consequence import ConsequenceSettings

#: Decay, or why there is none.
EXPECTED, NO_NEW_STOP, NO_STOP = "expected", "no_new_stop", "no_stop"
IN_LAST_EXON, NEAR_JUNCTION, NEAR_START, NO_INTRON = (
    f"escapes_{why}" for why in ("last_exon", "near_junction", "near_start", "no_intron")
)
NOT_KNOWN = "unknown"


def decay(reading: Reading, spliced: Spliced, settings: ConsequenceSettings) -> str:
    """Whether a new stop makes a transcript decay, or why not; the first reason that applies.

    A stop escapes in a transcript without junctions, after the last junction, in the last ``nmd_junction`` bases before
    it, and if fewer than ``nmd_start`` coding bases precede it. The first base of the stop codon counts.

    Sources: Nagy & Maquat 1998 (50 to 55 nt before the last junction); Lindeboom et al. 2016 (start-proximal stops).

    Args:
        reading: the proteins.
        spliced: the predicted transcript.
        settings: the thresholds.
    """
    if reading.frame in (NONCODING, UNKNOWN, START_LOST):
        return NOT_KNOWN
    if reading.stop is None:
        return NO_STOP
    if not reading.is_new_stop:
        return NO_NEW_STOP
    if not spliced.junctions:
        return NO_INTRON
    if reading.stop >= spliced.junctions[-1]:
        return IN_LAST_EXON
    if spliced.junctions[-1] - reading.stop <= settings.nmd_junction:
        return NEAR_JUNCTION
    if reading.stop - reading.start < settings.nmd_start:
        return NEAR_START
    return EXPECTED
