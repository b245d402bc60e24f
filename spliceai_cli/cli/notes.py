"""Messages about an annotation on stderr."""

from __future__ import annotations

from typing import TYPE_CHECKING

from spliceai_cli.cli.messages import say, say_warning

if TYPE_CHECKING:
    from spliceai_cli.genes.annotation import Annotation


def say_notes(annotation: Annotation) -> None:
    """Print the notes of an annotation as warnings."""
    for note in annotation.notes:
        say_warning(note)


def say_chosen(annotation: Annotation) -> None:
    """Print an annotation's notes as warnings, then what its genes are; nothing of a table that is used whole."""
    say_notes(annotation)
    if annotation.content or annotation.rules or annotation.left_out:
        say(annotation.summary())
