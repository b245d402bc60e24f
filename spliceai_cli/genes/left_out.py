"""Parts of an annotation file that are not used, counted by reason."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from spliceai_cli.errors import AnnotationError
from spliceai_cli.text import counted


class OddError(Exception):
    """Something in a file that cannot be used; raised where it occurs, counted where lines are read.

    Args:
        reason: category for counting, in the plural (see ``counted``).
        found: the problem here; the message begins with "FILE, line N: ".
        remedy: hint for the user.
    """

    def __init__(self, reason: str, found: str, remedy: str) -> None:
        super().__init__(reason)
        self.reason = reason
        self.found = found
        self.remedy = remedy


class Omission(NamedTuple):
    """Everything left out for one reason.

    Attributes:
        n: how many.
        line, last: numbers of the first and the last line; 0 if the reason is not about a line.
        found, remedy: texts of the first, see ``OddError``; empty if the file is not at fault.
        is_ownerless: whether a line may belong to a transcript that is used, because it names no transcript.
    """

    n: int
    line: int
    last: int
    found: str = ""
    remedy: str = ""
    is_ownerless: bool = False


@dataclass
class LeftOut:
    """Omissions by reason, in the order in which they occurred.

    Attributes:
        omissions: reason -> count and first occurrence.
    """

    omissions: dict[str, Omission] = field(default_factory=dict)

    @classmethod
    def of(cls, omissions: Mapping[str, list[int | str | bool]]) -> LeftOut:
        """Omissions from their JSON form."""
        return cls({reason: Omission(*values) for reason, values in omissions.items()})  # type: ignore[arg-type]  # JSON

    def __bool__(self) -> bool:
        return bool(self.omissions)

    @property
    def counts(self) -> dict[str, int]:
        """Reason -> how many."""
        return {reason: omission.n for reason, omission in self.omissions.items()}

    @property
    def problems(self) -> list[Omission]:
        """Omissions that ``--strict-annotation`` refuses, by line."""
        faults = [omission for omission in self.omissions.values() if omission.found]
        return sorted(faults, key=lambda omission: omission.line)

    def add(self, reason: str, line: int, found: str = "", remedy: str = "") -> None:
        """Count one more."""
        before = self.omissions.get(reason)
        if before is None:
            self.omissions[reason] = Omission(1, line, line, found, remedy)
        elif line < before.line:
            self.omissions[reason] = Omission(before.n + 1, line, before.last, found, remedy, before.is_ownerless)
        else:
            self.omissions[reason] = before._replace(n=before.n + 1, last=max(before.last, line))

    def add_odd(self, odd: OddError, line: int, *, is_ownerless: bool = False) -> None:
        """Count an error that was raised; see ``Omission``."""
        self.add(odd.reason, line, odd.found, odd.remedy)
        if is_ownerless:
            self.omissions[odd.reason] = self.omissions[odd.reason]._replace(is_ownerless=True)

    @property
    def has_ownerless(self) -> bool:
        """Whether transcripts that are used may lack something that was left out."""
        return any(omission.is_ownerless for omission in self.omissions.values())

    def __or__(self, other: LeftOut) -> LeftOut:
        return LeftOut({**self.omissions, **other.omissions})

    def refuse(self, name: str) -> None:
        """Raise the first problem, if there is one.

        Args:
            name: file name, for messages.

        Raises:
            AnnotationError: something is wrong with the file.
        """
        if self.problems:
            first = self.problems[0]
            raise AnnotationError(f"{name}, line {first.line}: {first.found}", first.remedy or None)

    def texts(self) -> list[str]:
        """One text per reason, such as ``2 exons without Parent (first: line 7)``."""
        return [
            f"{counted(omission.n, reason)}{f' (first: line {omission.line:,})' if omission.line else ''}"
            for reason, omission in self.omissions.items()
        ]

    def rows(self) -> Iterator[str]:
        """One tab-separated line per reason: the reason, the count, the first line and its problem."""
        for reason, omission in self.omissions.items():
            where = f"line {omission.line:,}" if omission.line else ""
            yield f"left out: {reason}\t{omission.n:,}\t{': '.join(filter(None, (where, omission.found)))}"
