"""Objects that cannot be sent to another process or copied."""

from __future__ import annotations

from typing import NoReturn, SupportsIndex

from spliceai_cli.errors import UsageError


class ProcessBound:
    """Base of objects that refuse to be pickled or copied; the error says what to do instead.

    Subclasses hold networks or open files. Threads may share an object; each process must open its own.
    """

    def __reduce_ex__(self, protocol: SupportsIndex) -> NoReturn:
        """Always refuses.

        Raises:
            UsageError: always.
        """
        name = type(self).__name__
        raise UsageError(
            f"a {name} cannot be pickled or copied.",
            f"Share it between threads as it is; in another process open a new {name}, once, e.g. in the pool's "
            "initializer.",
        )
