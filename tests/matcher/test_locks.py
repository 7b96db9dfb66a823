"""One at a time, also between programs; whoever is killed lets go."""

import subprocess
import sys
from pathlib import Path

import pytest

from matcher.locks import only_one

ROOT = Path(__file__).parents[2]
HOLDER = """
import sys, time
from matcher.database import engine_for
from matcher.locks import only_one
with only_one(engine_for(sys.argv[1]), "night-1") as nobody_else:
    print(nobody_else, flush=True)
    time.sleep(600)
"""


@pytest.fixture
def holder(database_url):
    """Somebody else who holds the lock, in a program of their own."""
    started = subprocess.Popen(
        [sys.executable, "-c", HOLDER, database_url],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert started.stdout.readline() == "True\n"
    yield started
    started.kill()
    started.communicate()


def test_a_second_one_is_told_at_once_and_another_lock_is_free(engine):
    with (
        only_one(engine, "night-1") as first,
        only_one(engine, "night-1") as second,
        only_one(engine, "night-2") as third,
    ):
        assert (first, second, third) == (True, False, True)


def test_a_lock_is_free_again_afterwards_also_after_an_error(engine):
    with pytest.raises(ZeroDivisionError), only_one(engine, "night-1"):
        raise ZeroDivisionError
    with only_one(engine, "night-1") as again:
        assert again


def test_who_came_second_takes_nothing_from_who_came_first(engine):
    with only_one(engine, "night-1"):
        with only_one(engine, "night-1") as second:
            assert not second
        with only_one(engine, "night-1") as third:
            assert not third


def test_a_program_that_is_killed_lets_go(engine, holder):
    with only_one(engine, "night-1") as while_held:
        assert not while_held
    holder.kill()
    holder.wait()
    assert any(_is_free(engine) for _ in range(1000))


def _is_free(engine) -> bool:
    with only_one(engine, "night-1") as nobody_else:
        return nobody_else
