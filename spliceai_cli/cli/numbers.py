"""Types of options that take a number."""

from __future__ import annotations

import re
from typing import Any

import click

from spliceai_cli.text import counted

# As people write them; Python's own readers also take 1_000, nan and inf.
_WHOLE = re.compile(r"[+-]?[0-9]{1,18}", re.ASCII)
_DECIMAL = re.compile(r"[+-]?(?:[0-9]{1,18}\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]{1,2})?", re.ASCII)
_SIZE = re.compile(r"(\d{1,15}(?:\.\d{1,15})?)\s*([KMGTkmgt]?)(?:i?[Bb])?", re.ASCII)

# Less memory than this is a forgotten unit.
_LEAST_BYTES = 1 << 20


class WholeNumber(click.ParamType):  # type: ignore[type-arg]  # not generic in older versions of click
    """A whole number.

    Args:
        least: the smallest that is allowed.
        most: the largest; None for no limit.
        other: words for what else the option takes, for the message.
    """

    name = "whole number"

    def __init__(self, least: int, most: int | None = None, other: str = "") -> None:
        self._least = least
        self._most = most
        self._other = other

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:  # noqa: ANN401 (as click's)
        """The number."""
        text = str(value).strip()
        number = int(text) if _WHOLE.fullmatch(text) else None
        if number is None or number < self._least or (self._most is not None and number > self._most):
            limits = f", {self._least} or more" if self._most is None else f" from {self._least} to {self._most:,}"
            self.fail(f"'{value}' is not {self._other}a whole number{limits}.", param, ctx)
        return number


class Number(click.ParamType):  # type: ignore[type-arg]  # as above
    """A number.

    Args:
        least: the smallest that is allowed.
        most: the largest.
        unit: sign that may follow it.
    """

    name = "number"

    def __init__(self, least: float, most: float, unit: str = "") -> None:
        self._least = least
        self._most = most
        self._unit = unit

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:  # noqa: ANN401 (as click's)
        """The number, without the unit."""
        text = str(value).strip().removesuffix(self._unit).strip()
        number = float(text) if _DECIMAL.fullmatch(text) else None
        if number is None or not self._least <= number <= self._most:
            self.fail(f"'{value}' is not a number from {self._least:g} to {self._most:g}.", param, ctx)
        return number


class MemorySize(click.ParamType):  # type: ignore[type-arg]  # as above
    """A memory size with K, M, G or T (powers of 1024), of 1 MB or more; ``1.5G`` -> 1610612736 bytes."""

    name = "size"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:  # noqa: ANN401 (as click's)
        """The size in bytes."""
        match = _SIZE.fullmatch(str(value).strip())
        if match is None:
            self.fail(f"'{value}' is not a size; write a number with K, M, G or T, e.g. 1.5G.", param, ctx)
        n_bytes = int(float(match[1]) * 1024 ** " KMGT".index((match[2] or " ").upper()))
        if n_bytes < _LEAST_BYTES:
            self.fail(
                f"'{value}' is {counted(n_bytes, 'bytes')}; write a number with M, G or T, e.g. {match[1]}G.",
                param,
                ctx,
            )
        return n_bytes
