"""Two who change the same, or one in two tabs: the second sees both, and nothing is lost."""

import re

import pytest

from tests.web.filled import filled, form_of, send, slips
from tests.web.pages import words_of

GOALS, SETTINGS = "/members/{waiting}/goals", "/desk/{group}/settings"
CASES = {
    "goals": ("waiting", GOALS, "goals-0-words"),
    "name": ("waiting", "/members/{waiting}/name", "name"),
    "hours": ("waiting", "/members/{waiting}/hours", "parts"),
    "experiences": ("waiting", "/members/{waiting}/experiences", "experiences-0-word"),
    "support": ("waiting", "/members/{waiting}/support", "card"),
    "wishes": ("waiting", "/members/{waiting}/wishes", "traits-0-how_much"),
    "settings": ("coordinator", SETTINGS, "house_rules"),
    "lines": ("coordinator", "/desk/{group}/lines", "crisis_lines-0-reach"),
    "words": ("coordinator", "/desk/{group}/words", "experience"),
}
WORDS = {"parts": ("2-evening", "4-evening"), "traits-0-how_much": ("nice", "must")}


def seen_in(answer):
    return re.search(r'name="seen" value="(\w+)"', answer.text)[1]


def tab(visit, path):
    """A page as it is opened now: what it would send, and where."""
    page = visit.get(path)
    return form_of(page).get("action"), filled(page) | {"seen": seen_in(page)}


@pytest.mark.parametrize("case", CASES)
def test_whoever_saves_second_sees_both_and_what_they_save_then_is_kept(visits, case):
    who, path, field = CASES[case]
    visit, path = visits.by(who), visits.path(path)
    theirs, mine = WORDS.get(field, ("what came first", "what came second"))
    act, before = tab(visit, path)
    before |= {"wishes": {"traits-0-own": "woman"}, "lines": {"review_on": "2026-09-01"}}.get(case, {})
    assert visit.post(act, before | {field: theirs}).status_code == 303
    answer = visit.post(act, before | {field: mine})
    assert answer.status_code == 409
    assert "This was changed meanwhile" in slips(answer)[0]
    assert mine in all_of(filled(answer))
    if field not in WORDS:
        assert theirs in words_of(answer).partition("What stands there now")[2]
    assert theirs in all_of(filled(visit.get(path)))
    assert visit.post(act, filled(answer) | {"seen": seen_in(answer)}).status_code == 303
    assert mine in all_of(filled(visit.get(path)))


def all_of(fields):
    """Every line of every field."""
    values = (value if isinstance(value, list) else value.splitlines() for value in fields.values())
    return [line for lines in values for line in lines]


def test_the_same_words_sent_twice_overtake_nobody(visits):
    visit, path = visits.by("waiting"), visits.path(GOALS)
    act, fields = tab(visit, path)
    twice = fields | {"goals-1-area": "Reading  more"}
    assert [visit.post(act, twice).status_code for _ in range(2)] == [303, 303]
    assert filled(visit.get(path))["goals-1-area"] == "reading more"


def test_a_slip_in_between_forgets_nothing_of_what_was_seen(visits):
    visit, path = visits.by("waiting"), visits.path(GOALS)
    act, fields = tab(visit, path)
    slipped = visit.post(act, fields | {"goals-0-area": ""})
    assert slipped.status_code == 422
    send(visit, path, {"goals-0-words": "from another tab"})
    again = filled(slipped) | {"seen": seen_in(slipped), "goals-0-area": "sleep"}
    assert visit.post(act, again).status_code == 409


def test_another_form_of_the_same_person_is_none_of_its_business(visits):
    visit = visits.by("waiting")
    act, fields = tab(visit, visits.path(GOALS))
    send(visit, visits.path("/members/{waiting}/support"), {"card": "ask me twice"})
    assert visit.post(act, fields).status_code == 303
