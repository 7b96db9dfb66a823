import json

from hypothesis import given
from hypothesis import strategies as st

from matcher.pairing import Wish
from matcher.pairing.week import QUARTERS, Window
from matcher.profile import windows_from_json, windows_to_json, wishes_from_json, wishes_to_json
from tests.builders import hours

windows = st.builds(
    lambda start, length: Window(start, start + length), st.integers(0, QUARTERS - 1), st.integers(1, QUARTERS)
)
words = st.text(max_size=8)
wishes = st.builds(Wish, words, st.frozensets(words, max_size=3), st.booleans())


def test_a_window_is_its_day_and_minutes_of_that_day():
    assert windows_to_json(hours("Mon 18:00-20:30; Sun 22:00-01:00")) == [[0, 1080, 1230], [6, 1320, 1500]]


def test_a_wish_keeps_its_values_in_order():
    wish = Wish("age", frozenset({"30-34", "25-29"}), may_ask=True)
    assert wishes_to_json([wish]) == [{"trait": "age", "accepted": ["25-29", "30-34"], "may_ask": True}]


@given(st.lists(windows, max_size=4))
def test_windows_come_back_exactly_as_they_were(given_windows):
    written = json.loads(json.dumps(windows_to_json(given_windows)))
    assert windows_from_json(written) == tuple(given_windows)


@given(st.lists(wishes, max_size=3))
def test_wishes_come_back_exactly_as_they_were(given_wishes):
    written = json.loads(json.dumps(wishes_to_json(given_wishes)))
    assert wishes_from_json(written) == tuple(given_wishes)
