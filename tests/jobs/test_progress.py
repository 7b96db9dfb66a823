"""Seconds by phase always; bars only for long runs on a terminal."""

import io
from contextlib import redirect_stderr

import pytest

from jobs.progress import Progress


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def follow(members: int, screen: io.StringIO) -> Progress:
    with redirect_stderr(screen):
        progress = Progress(members)
        progress.hear("compare", 5, 10)
        progress.hear("compare", 10, 10)
        progress.hear("solve", 0, 1)
        progress.hear("solve", 1, 1)
        progress.close()
    return progress


def test_every_phase_has_its_seconds():
    progress = follow(3, io.StringIO())
    assert list(progress.seconds) == ["compare", "solve"]
    assert all(spent >= 0 for spent in progress.seconds.values())


def test_a_long_run_on_a_terminal_shows_a_bar_for_each_phase():
    screen = Terminal()
    follow(200, screen)
    assert "looking at every pair" in screen.getvalue()
    assert "100%" in screen.getvalue()
    assert "finding the best pairs" in screen.getvalue()


@pytest.mark.parametrize(("members", "screen"), [(199, Terminal()), (200, io.StringIO())])
def test_a_short_run_and_one_that_nobody_watches_show_none(members, screen):
    follow(members, screen)
    assert screen.getvalue() == ""
