"""A job that is killed anywhere and run again ends as if nothing had been: no failpoint in it, SIGKILL from outside.

On each push the night of twelve is killed wherever a database could tell, on both; `python3 dev.py check full` kills
the night in which everything happens at each of its points, between two reads too.
"""

from random import Random

import pytest

from tests.faults.acts import KINDS, Deed, doing, together
from tests.faults.dump import difference
from tests.faults.forks import LATER, in_child, kill, look, mails_in, night, points_of, post, telling


class Undisturbed:
    """A night of which nothing was killed: its points, rows and mails."""

    def __init__(self, copies, folder, name):
        """Live through it twice, once to count."""
        with copies(name) as url:
            self.points = points_of(url, night)
        with copies(name) as url:
            in_child(url, night)
            self.rows, wrong = in_child(url, look)
            in_child(url, post(folder))
        self.mails = mails_in(folder)
        assert wrong == []

    def amiss(self, url):
        """What a night that is run again makes different from this one."""
        in_child(url, night)
        rows, wrong = in_child(url, look)
        return difference(self.rows, rows) + wrong


@pytest.fixture
def undisturbed(copies, folder):
    return Undisturbed(copies, folder, "eve")


@pytest.mark.parametrize(
    "name", ["twelve", pytest.param("eve", marks=pytest.mark.full)], ids=["twelve members", "everything at once"]
)
def test_a_night_killed_anywhere_and_run_again_is_the_same_night(copies, folder, name):
    undisturbed = Undisturbed(copies, folder, name)
    points = undisturbed.points
    assert sum("COMMIT" in each for each in points) >= 8
    assert len(undisturbed.mails) > 10
    found = {}
    for number, at in enumerate(telling(points) if name == "twelve" else range(len(points))):
        with copies(name) as url:
            if name == "twelve" and number % 2 == url.startswith("sqlite"):
                continue  # on each push every point is killed at on one of the two kinds of database
            assert kill(url, night, at)
            found[f"{at} {points[at]}"] = undisturbed.amiss(url)
    assert {at: wrong for at, wrong in found.items() if wrong} == {}


@pytest.mark.parametrize("times", [5, pytest.param(150, marks=pytest.mark.full)])
def test_a_night_killed_twice_is_the_same_night_with_the_same_mails(copies, folder, undisturbed, times):
    chance, points = Random(times), undisturbed.points
    for number in range(times):
        first, second = chance.randrange(len(points)), chance.randrange(len(points))
        mails = folder.parent / f"mails{number}"
        with copies() as url:
            assert kill(url, night, first)
            kill(url, night, second)  # it finds less to do, and may come to its end before that point
            assert undisturbed.amiss(url) == [], f"killed at {first} and at {second}"
            in_child(url, post(mails))
        assert mails_in(mails) == undisturbed.mails


@pytest.mark.parametrize("times", [6, pytest.param(150, marks=pytest.mark.full)])
def test_what_people_do_between_a_kill_and_the_next_run_is_kept_to(copies, times):
    chance = Random(times)
    with copies() as url:
        points = points_of(url, night)
    for number in range(times):
        at = chance.randrange(len(points))
        names = chance.sample(["Ada", "Bob", "Cyd", "Dee", "Eve", "Fay", "Ivy", "Jon", "Leo", "Mia", "Pam", "Quy"], 4)
        deeds = [Deed(KINDS[number % len(KINDS)], *names[:2]), Deed(chance.choice(KINDS), *names[2:])]
        with copies() as url:
            assert kill(url, night, at)
            for deed in deeds:
                in_child(url, doing(deed))
            in_child(url, night)
            assert in_child(url, together(deeds)) == [], f"killed at {at} ({points[at]}), then {deeds}"
            assert in_child(url, look)[1] == [], f"killed at {at} ({points[at]}), then {deeds}"


@pytest.mark.parametrize(
    "steps", [8, pytest.param(1, marks=pytest.mark.full)], ids=["every eighth point", "every point"]
)
def test_a_delivery_killed_anywhere_and_run_again_sends_the_same_mails(copies, folder, steps):
    with copies("morning") as url:
        points = points_of(url, post(folder))
        rows, _ = in_child(url, look)
    sent = mails_in(folder)
    assert len(sent) == 6
    for at in range(0, len(points), steps):
        mails = folder.parent / f"mails{at}"
        with copies("morning") as url:
            assert kill(url, post(mails), at)
            in_child(url, post(mails, LATER))
            after, wrong = in_child(url, look)
        assert difference(rows, after) + wrong == [], f"killed at {at} ({points[at]})"
        assert mails_in(mails) == sent, f"killed at {at} ({points[at]})"
