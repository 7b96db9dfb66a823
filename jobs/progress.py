"""Where a run is: seconds by phase, and a progress bar for a person who waits."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import click

_WORDS = {
    "compare": "looking at every pair",
    "solve": "finding the best pairs",
    "trios": "seating who is left over",
    "advice": "asking what could have helped",
    "audit": "checking the answer",
}
_LONG_FROM = 200
"""Members from whom on a run lasts long enough for a bar."""


class Progress:
    """Follows a run by the clock. Bars go to standard error, and only where that is a terminal."""

    def __init__(self, members: int) -> None:
        """Start the clock of the first phase."""
        self.seconds: dict[str, float] = {}
        self._shown = members >= _LONG_FROM and sys.stderr.isatty()
        self._bar: Any = None
        self._phase = ""
        self._since = time.perf_counter()

    def hear(self, phase: str, done: int, total: int) -> None:
        """Note how far a phase is; time between two phases belongs to the one that begins."""
        if phase != self._phase:
            self._begin(phase, total)
        now = time.perf_counter()
        self.seconds[phase] = self.seconds.get(phase, 0.0) + now - self._since
        self._since = now
        if self._bar is not None:
            self._bar.update(max(0, done - self._bar.pos))

    @contextmanager
    def timed(self, phase: str) -> Iterator[None]:
        """Note how long something takes that tells nothing meanwhile."""
        started = time.perf_counter()
        yield
        self.seconds[phase] = time.perf_counter() - started
        self._since = time.perf_counter()

    def close(self) -> None:
        """Leave the line below the last bar."""
        if self._bar is not None:
            self._bar.render_finish()
            self._bar = None

    def _begin(self, phase: str, total: int) -> None:
        self._phase = phase
        if self._shown:
            self.close()
            label = f"{_WORDS[phase]:30}"
            self._bar = click.progressbar(length=total, label=label, file=sys.stderr, show_eta=total > 1)
            self._bar.render_progress()
