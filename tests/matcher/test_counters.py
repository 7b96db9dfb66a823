from datetime import timedelta
from itertools import chain

from sqlalchemy import select, text

from matcher import counters
from matcher.database import sessions_of
from matcher.models import Counter
from tests.faults.forks import at_once
from tests.rows import NOW

A_MINUTE = timedelta(minutes=1)
KEY = "sign-in:ada@example.org"


def tried(session, at, key=KEY):
    return counters.count(session, key, NOW + at * A_MINUTE, 5 * A_MINUTE)


def test_tries_are_counted_until_their_window_is_over_and_then_anew(session):
    assert [tried(session, at) for at in (0, 1, 4)] == [(number, NOW + 5 * A_MINUTE) for number in (1, 2, 3)]
    assert counters.look(session, KEY, NOW + 4 * A_MINUTE) == (3, NOW + 5 * A_MINUTE)
    assert counters.look(session, KEY, NOW + 5 * A_MINUTE) == (0, NOW + 5 * A_MINUTE)
    assert tried(session, 5) == (1, NOW + 10 * A_MINUTE)


def test_each_key_has_a_count_of_its_own_and_stands_nowhere_in_the_database(session):
    assert tried(session, 0)[0] == tried(session, 0, "another")[0] == 1
    assert KEY not in str(session.execute(text("SELECT * FROM counters")).all())


def test_a_key_can_begin_anew_and_old_windows_are_swept_away(session):
    for key in (KEY, "another"):
        tried(session, 0, key)
    counters.forget(session, KEY)
    assert counters.look(session, KEY, NOW) == (0, NOW)
    assert counters.sweep(session, NOW + 4 * A_MINUTE) == 0
    assert counters.sweep(session, NOW + 5 * A_MINUTE) == 1
    assert session.scalars(select(Counter)).all() == []


def test_of_many_tries_at_once_each_gets_a_number_of_its_own(database_url):
    def tries(engine):
        numbers = []
        for _ in range(10):
            with sessions_of(engine).begin() as session:
                numbers.append(tried(session, 0)[0])
        return numbers

    found = at_once(database_url, [tries] * 4, [0] * 4)
    assert sorted(chain(*found)) == list(range(1, 41))
