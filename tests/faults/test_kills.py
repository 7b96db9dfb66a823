"""A job that is killed anywhere and run again ends as if nothing had been: no failpoint in it, SIGKILL from outside.

On each push a part of the points; `python3 dev.py check full` takes every one.
"""

from random import Random

import pytest

from tests.faults.acts import KINDS, Deed, doing, together
from tests.faults.dump import difference
from tests.faults.forks import LATER, in_child, kill, look, mails_in, night, points_of, post, some_of

pytestmark = pytest.mark.uncounted

FEW, ALL = "some points", pytest.param("every point", marks=pytest.mark.full)


@pytest.fixture
def undisturbed(copies, folder):
    """The rows and mails of a night that nobody disturbed."""
    with copies() as url:
        in_child(url, night)
        rows, wrong = in_child(url, look)
        in_child(url, post(folder))
    assert wrong == []
    assert len(mails_in(folder)) > 30
    return rows, mails_in(folder)


@pytest.fixture
def points(copies):
    with copies() as url:
        return points_of(url, night)


def amiss(url, undisturbed):
    """What a night that is run again makes different from the one that nobody disturbed."""
    in_child(url, night)
    rows, wrong = in_child(url, look)
    return difference(undisturbed[0], rows) + wrong


@pytest.mark.parametrize("extent", [FEW, ALL])
def test_a_night_killed_anywhere_and_run_again_is_the_same_night(copies, undisturbed, points, extent):
    assert sum("COMMIT" in name for name in points) >= 8
    chosen = some_of(points, 20) if extent == FEW else range(len(points))
    found = {}
    for at in chosen:
        with copies() as url:
            assert kill(url, night, at)
            found[f"{at} {points[at]}"] = amiss(url, undisturbed)
    assert {at: wrong for at, wrong in found.items() if wrong} == {}


@pytest.mark.parametrize("times", [10, pytest.param(150, marks=pytest.mark.full)])
def test_a_night_killed_twice_is_the_same_night_with_the_same_mails(copies, folder, undisturbed, points, times):
    chance = Random(times)
    for number in range(times):
        first, second = chance.randrange(len(points)), chance.randrange(len(points))
        mails = folder.parent / f"mails{number}"
        with copies() as url:
            assert kill(url, night, first)
            kill(url, night, second)  # it finds less to do, and may come to its end before that point
            assert amiss(url, undisturbed) == [], f"killed at {first} and at {second}"
            in_child(url, post(mails))
        assert mails_in(mails) == undisturbed[1]


@pytest.mark.parametrize("times", [10, pytest.param(150, marks=pytest.mark.full)])
def test_what_people_do_between_a_kill_and_the_next_run_is_kept_to(copies, points, times):
    chance = Random(times)
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


@pytest.mark.parametrize("extent", [FEW, ALL])
def test_a_delivery_killed_anywhere_and_run_again_sends_the_same_mails(copies, folder, extent):
    with copies("morning") as url:
        points = points_of(url, post(folder))
        rows, _ = in_child(url, look)
    sent = mails_in(folder)
    assert len(sent) == 6
    chosen = range(0, len(points), 4) if extent == FEW else range(len(points))
    for at in chosen:
        mails = folder.parent / f"mails{at}"
        with copies("morning") as url:
            assert kill(url, post(mails), at)
            in_child(url, post(mails, LATER))
            after, wrong = in_child(url, look)
        assert difference(rows, after) + wrong == [], f"killed at {at} ({points[at]})"
        assert mails_in(mails) == sent, f"killed at {at} ({points[at]})"
