"""Jobs that run at the same time, and people who act meanwhile: one night, nothing twice, everybody ends well."""

from contextlib import contextmanager
from random import Random

import pytest

from jobs import nightly
from tests.faults.acts import KINDS, Deed, doing, together
from tests.faults.dump import difference
from tests.faults.forks import SOMEBODY_ELSE, at_once, in_child, look, night, one_night, publication

DONE = "5 pairs, 2 trios, 1 alone. (published)"
WAITING = ["Ada", "Bob", "Cyd", "Dee", "Eve", "Fay", "Gus", "Ivy", "Leo", "Mia", "Ned", "Ora", "Pam", "Quy"]


def rounds(number):
    return pytest.mark.parametrize("rounds", [number, pytest.param(100, marks=pytest.mark.full)])


@pytest.fixture
def undisturbed(copies):
    with copies() as url:
        in_child(url, night)
        return in_child(url, look)[0]


def unlocked_night(engine):
    """A night without the lock that saves work; only the rows keep it right."""

    @contextmanager
    def everybody(*_):
        yield True

    nightly.only_one = everybody  # in a fork, so nobody else sees it
    return one_night(engine)


@rounds(10)  # on each of two kinds of database
def test_nights_thatexpect_one_night_are_one_night(copies, undisturbed, rounds):
    expect_one_night(copies, undisturbed, rounds, one_night)


@rounds(4)
def test_without_the_lock_that_saves_work_they_still_are_one_night(copies, undisturbed, rounds):
    """Only the rows keep it right."""
    expect_one_night(copies, undisturbed, rounds, unlocked_night)


def expect_one_night(copies, undisturbed, rounds, job):
    chance = Random(rounds)
    for number in range(rounds):
        jobs = [job] * (2, 5)[number % 2]
        with copies() as url:
            said = at_once(url, jobs, [chance.choice((0, 0, 0.5)) * chance.random() for _ in jobs])
            rows, wrong = in_child(url, look)
        assert difference(undisturbed, rows) + wrong == []
        assert any(DONE in each for each in said)
        assert all(DONE in each or SOMEBODY_ELSE in each for each in said), said


@rounds(5)
def test_drafts_that_are_published_twice_at_once_go_out_once(copies, rounds):
    with copies("drafts") as url:
        assert in_child(url, publication)
        published, wrong = in_child(url, look)
        assert wrong == []
    chance = Random(rounds)
    for _ in range(rounds):
        with copies("drafts") as url:
            gone_out = at_once(url, [publication] * 2, [0, chance.random() / 10])
            rows, wrong = in_child(url, look)
        assert sorted(gone_out) == [False, True]
        assert difference(published, rows) + wrong == []


@rounds(10)
def test_what_somebody_does_while_the_night_is_stored_is_kept_to(copies, rounds):
    """The block, rest or leave comes before or after a step of the night, never into its middle."""
    chance = Random(rounds)
    for number in range(rounds):
        deed = Deed(KINDS[number % len(KINDS)], *chance.sample(WAITING, 2))
        with copies("gathered") as url:
            at_once(url, [one_night, doing(deed)], [0, 0.3 * chance.random()])
            assert in_child(url, together([deed])) == []
            assert in_child(url, look)[1] == [], deed
