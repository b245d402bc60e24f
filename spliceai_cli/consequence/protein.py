"""HGVS descriptions of predicted proteins."""

from __future__ import annotations

from spliceai_cli.consequence import frame
from spliceai_cli.consequence.frame import Reading
from spliceai_cli.consequence.translate import STOP, three_letters

#: The protein cannot be said.
NOT_KNOWN = "p.?"


def describe_protein(reading: Reading) -> str:
    """The protein of a predicted transcript, in parentheses as every prediction; ``p.?`` if it cannot be said.

    Insertions and deletions lie as far towards the C-terminus as they can.
    """
    if reading.frame == frame.UNCHANGED:
        return "p.(=)"
    if reading.frame == frame.START_LOST:
        return "p.(Met1?)" if reading.ref.startswith("M") else NOT_KNOWN
    if not reading.alt or reading.frame in (frame.UNKNOWN, frame.NONCODING):
        return NOT_KNOWN
    if reading.frame == frame.STOP_LOST:
        return _extended(reading)
    if reading.frame == frame.FRAMESHIFT:
        return _shifted(reading)
    return _changed(reading.ref, reading.through or reading.alt)


def _shifted(reading: Reading) -> str:
    i = reading.first_changed
    if i >= len(reading.ref) or i >= len(reading.alt):
        return NOT_KNOWN
    if reading.alt[i] == STOP:
        return f"p.({_at(reading.ref, i)}Ter)"
    n = reading.codons_to_stop
    return f"p.({_at(reading.ref, i)}{three_letters(reading.alt[i])}fsTer{n if n else '?'})"


def _extended(reading: Reading) -> str:
    i = reading.first_changed
    if i != len(reading.ref) - 1 or i >= len(reading.alt) or reading.ref[i] != STOP:
        return NOT_KNOWN
    n = len(reading.alt) - 1 - i if reading.stop is not None else "?"
    return f"p.({_at(reading.ref, i)}{three_letters(reading.alt[i])}extTer{n})"


def _changed(ref: str, alt: str) -> str:
    """A change that keeps the frame; what follows a stop in it is left out."""
    n_left = next(
        (i for i, (one, two) in enumerate(zip(ref, alt, strict=False)) if one != two), min(len(ref), len(alt))
    )
    n_most = min(len(ref), len(alt)) - n_left
    n_right = next((i for i in range(n_most) if ref[-1 - i] != alt[-1 - i]), n_most)
    gone, new = ref[n_left : len(ref) - n_right], alt[n_left : len(alt) - n_right]
    before_stop, stop, _ = new.partition(STOP)
    new = before_stop + stop
    if new.startswith(STOP) and n_left < len(ref):
        return f"p.({_at(ref, n_left)}Ter)"
    if not gone:
        return _inserted(ref, n_left, new)
    span = _at(ref, n_left) if len(gone) == 1 else f"{_at(ref, n_left)}_{_at(ref, n_left + len(gone) - 1)}"
    if not new:
        return f"p.({span}del)"
    if len(gone) == len(new) == 1:
        return f"p.({span}{three_letters(new)})"
    return f"p.({span}delins{three_letters(new)})"


def _inserted(ref: str, at: int, new: str) -> str:
    if ref[max(0, at - len(new)) : at] == new:
        first = _at(ref, at - len(new))
        return f"p.({first}dup)" if len(new) == 1 else f"p.({first}_{_at(ref, at - 1)}dup)"
    if not 0 < at < len(ref):
        return NOT_KNOWN
    return f"p.({_at(ref, at - 1)}_{_at(ref, at)}ins{three_letters(new)})"


def _at(ref: str, i: int) -> str:
    return f"{three_letters(ref[i])}{i + 1}"
