"""How a run is followed from outside: the engine says where it is, the caller owns the clock and the screen.

Nobody can stop a run here yet: networkx has no rounds at whose end it could be left.
"""

from typing import Protocol


class Watch(Protocol):
    """Somebody who follows a run."""

    def hear(self, phase: str, done: int, total: int) -> None:
        """A phase (compare, solve, trios, advice, audit) has done so many of its steps; the last call has done all."""


class Unwatched:
    """Nobody follows this run."""

    def hear(self, phase: str, done: int, total: int) -> None:
        """Let it pass."""
