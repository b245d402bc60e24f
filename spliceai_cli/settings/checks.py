"""Checks of values that a user gives."""

from __future__ import annotations

import operator
from collections.abc import Collection
from pathlib import Path
from typing import SupportsFloat

from spliceai_cli.errors import UsageError
from spliceai_cli.text import shown

_TYPE_NAMES = {str: "a text", bool: "True or False"}


def check_word(name: str, word: object, words: Collection[str]) -> None:
    """Refuse a word that is not in a vocabulary.

    Raises:
        UsageError: ``word`` is not one of ``words``.
    """
    if not isinstance(word, str) or word not in words:
        said = f"'{word}'" if isinstance(word, str) else shown(word)
        raise UsageError(f"there is no {name} {said}; choose from {', '.join(words)}.")


def whole_number(name: str, value: object, least: int = 0) -> int:
    """A value of any integer type as an ``int``; booleans are not numbers.

    Raises:
        UsageError: the value is not a whole number, or is below ``least``.
    """
    number = None if isinstance(value, bool) or not hasattr(value, "__index__") else operator.index(value)
    if number is None or number < least:
        said = number if number is not None else shown(value)
        raise UsageError(f"{name} is {said}; a whole number, {least} or more, expected.")
    return number


def number_within(name: str, value: object, least: float, most: float) -> float:
    """A number of any type as a ``float``; booleans are not numbers.

    Raises:
        UsageError: the value is not a number, or is out of range.
    """
    number = float(value) if isinstance(value, SupportsFloat) and not isinstance(value, bool) else None
    if number is None or not least <= number <= most:
        said = shown(value) if number is None else f"{number:g}"
        raise UsageError(f"{name} is {said}; {least:g} to {most:g} expected.")
    return number


def check_type(name: str, value: object, kind: type, *, is_optional: bool = False) -> None:
    """Refuse a value of another type.

    Args:
        name: name of the argument, for the message.
        value: the value.
        kind: the type expected.
        is_optional: whether None is accepted.

    Raises:
        UsageError: the value is of another type.
    """
    if not isinstance(value, kind) and not (is_optional and value is None):
        raise UsageError(f"{name} is {shown(value)}; {_TYPE_NAMES.get(kind, f'a {kind.__name__}')} expected.")


def check_path(name: str, value: object) -> None:
    """Refuse a value that is not a path.

    Raises:
        UsageError: the value is neither a text nor a ``Path``, or is empty.
    """
    if not isinstance(value, (str, Path)) or not str(value):
        raise UsageError(f"{name} is {shown(value)}; a path expected, as text or Path.")


def check_texts(name: str, values: object) -> None:
    """Refuse a value that is not a tuple of texts; a single text would be read letter by letter.

    Raises:
        UsageError: the value is of another type, or an element is.
    """
    if not isinstance(values, tuple) or not all(isinstance(value, str) and value for value in values):
        raise UsageError(f"{name} is {shown(values)}; a tuple of texts expected.")


def put(frozen: object, name: str, value: object) -> None:
    """Set a field of a frozen dataclass from its own ``__post_init__``."""
    object.__setattr__(frozen, name, value)
