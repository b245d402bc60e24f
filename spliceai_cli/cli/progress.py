"""The progress of a run on stderr: a line that updates itself on a terminal, a line per minute elsewhere."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import cloup

from spliceai_cli.cli.contention import Contention
from spliceai_cli.cli.messages import is_quiet, say
from spliceai_cli.text import counted, duration, rate
from spliceai_cli.variants.variant import Outcome, SkipReason, Variant

if TYPE_CHECKING:
    from spliceai_cli.tracks.rows import Rows

_TERMINAL_S, _LINE_S = 0.5, 60.0
_MANY_RECORDS = 1 << 10

progress = cloup.option(
    "--progress/--no-progress",
    default=None,
    help="Progress on stderr: a line that updates itself, or a line per minute if stderr is not a terminal.  "
    "[default: on a terminal]",
)


def is_shown(params: Mapping[str, Any]) -> bool:
    """Whether progress is to be shown: by option, else on a terminal unless ``-q`` is given."""
    asked: bool | None = params["progress"]
    return asked if asked is not None else sys.stderr.isatty() and not is_quiet()


class ProgressLine:
    """A line such as ``chr19:38,467,722  24 % |███       |  1,234 alleles, 12.3 alleles/s, 5 min left``.

    Time counts from the first call of ``move``, and the first line appears one interval later, so short runs have none.

    Args:
        unit: what is counted, in the plural.
        shown: whether there is a line at all.
    """

    def __init__(self, unit: str, *, shown: bool) -> None:
        self._unit = unit
        self._shown = shown
        self._every_s = _TERMINAL_S if sys.stderr.isatty() else _LINE_S
        self._started: float | None = None
        self._last = 0.0
        self._bar: Any = None

    def move(self, place: Callable[[], str], n: float, share: float | None) -> None:
        """Show how far the run is, unless the last update was too recent.

        Args:
            place: gives the place in the genome.
            n: units done.
            share: how much of the input is done, from 0 to 1; None if that is unknown.
        """
        if not self._shown:
            return
        now = time.monotonic()
        if self._started is None:
            self._started = self._last = now
        if now - self._last < self._every_s:
            return
        self._last = now
        elapsed_s = now - self._started
        parts = [counted(int(n), self._unit), rate(n, elapsed_s, self._unit)]
        if share:
            parts.append(f"{duration(elapsed_s * (1 - share) / share)} left")
        if sys.stderr.isatty():
            self._draw(place(), share, ", ".join(parts))
        else:
            done = [] if share is None else [f"{share:.0%}"]
            say(f"{place()}: {', '.join([*done, *parts])}")

    def _draw(self, place: str, share: float | None, text: str) -> None:
        from tqdm import tqdm

        if self._bar is None:
            self._bar = tqdm(total=1.0, bar_format="{desc}", file=sys.stderr, leave=False, dynamic_ncols=True)
        done = "" if share is None else "{percentage:.0f} % |{bar:10}|  "
        self._bar.bar_format = f"{place.replace('{', '{{').replace('}', '}}')}  {done}{text}"
        self._bar.n = share or 0.0
        self._bar.refresh()

    def close(self) -> None:
        """Remove the line."""
        if self._bar is not None:
            self._bar.close()


class ScoringProgress:
    """Follows a run of ``Scorer.stream``; a ``Watcher``.

    Args:
        line: shows it.
        n_records: records in all; None if that is unknown.
        contention: judges the use of the CPUs.
        names_unscored: whether to name alleles in genes that have no score.
    """

    def __init__(
        self, line: ProgressLine, n_records: int | None, contention: Contention, *, names_unscored: bool = False
    ) -> None:
        self._line = line
        self._total = n_records
        self._contention = contention
        self._names_unscored = names_unscored
        self._n_records = self._n_alleles = 0
        self._is_computing_here = False

    def computing(self, variant: Variant, n_records: float, n_alleles: float) -> None:
        """Move the line, and measure the use of the CPUs."""
        self._is_computing_here = True
        self._contention.measure(is_start=not n_alleles)
        self._move(variant, n_records, n_alleles)

    def finished(self, outcomes: Sequence[Outcome]) -> None:
        """Count a record."""
        self._n_records += 1
        self._n_alleles += len(outcomes)
        # Of what workers compute, only the finished records are seen.
        is_computed = bool(outcomes and outcomes[0].scores) and not self._is_computing_here
        if outcomes and (is_computed or not self._n_records % _MANY_RECORDS):
            self._move(outcomes[0].variant, 0, 0)
        if self._names_unscored:
            for outcome in outcomes:
                if outcome.reason not in (None, SkipReason.OUTSIDE, SkipReason.KEPT):
                    say(f"unscored: {outcome.variant}: {outcome.reason.code}")

    def _move(self, variant: Variant, n_ahead: float, n_alleles: float) -> None:
        share = min((self._n_records + n_ahead) / self._total, 1.0) if self._total else None
        self._line.move(lambda: f"{variant.chrom}:{variant.pos:,}", self._n_alleles + n_alleles, share)


@contextmanager
def scoring_progress(
    params: Mapping[str, Any], count: Callable[[], int | None], *, names_unscored: bool = False
) -> Iterator[ScoringProgress]:
    """Follow a run of ``Scorer.stream``.

    Args:
        params: the options ``progress`` and ``device``.
        count: counts the records; called only if that is shown.
        names_unscored: whether to name alleles in genes that have no score.
    """
    shown = is_shown(params)
    is_silent = params["progress"] is False or params["device"].startswith(("cuda", "mps"))
    line = ProgressLine("alleles", shown=shown)
    try:
        yield ScoringProgress(
            line, count() if shown else None, Contention(is_silent=is_silent), names_unscored=names_unscored
        )
    finally:
        line.close()


@contextmanager
def track_progress(params: Mapping[str, Any], n_positions: int) -> Iterator[Callable[[Rows], None]]:
    """Follow the rows of ``predict``; yields a function to call with each."""
    line = ProgressLine("positions", shown=is_shown(params))
    n = 0

    def watch(rows: Rows) -> None:
        nonlocal n
        n += len(rows.values)
        line.move(lambda: f"{rows.chrom}:{rows.start + 1:,}", n, n / n_positions if n_positions else None)

    try:
        yield watch
    finally:
        line.close()
