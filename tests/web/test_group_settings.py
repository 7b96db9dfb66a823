"""A group as its coordinators settle it: each slip beside its field, with everything else still in the page."""

from datetime import date, time, timedelta

import pytest
from sqlalchemy import select

from matcher import groups
from matcher.models import AuditEvent, Group
from tests.rows import NOW
from tests.web.pages import words_of
from tests.web.typed import kept, slips, summary_of_slips, typed

SETTINGS = {
    "name": "Side by Side, Thursdays",
    "zone": "Europe/Lisbon",
    "pairing_days": ["Tue", "Thu"],
    "pairing_hour": "04:15",
    "first_pairing_on": "2026-03-01",
    "publishes_at_once": ["y"],
    "open_to_all": ["y"],
    "answer_days": "5",
    "promise_nights": "21",
    "house_rules": "We begin with a cup of tea.\r\n\r\nNobody gives advice unasked.",
}
LINES = {
    "crisis_lines-0-name": "The night line",
    "crisis_lines-0-reach": "0 00 00, every night from eight",
    "crisis_lines-1-name": "The house by the river",
    "crisis_lines-1-reach": "come by, Monday to Friday",
    "review_on": "2026-09-01",
}
WORDS = {"area": "sleep\nwalking", "experience": "a new city", "trait": "gender: woman, man, another"}


@pytest.fixture
def side_by_side(rows):
    """The group as its row is now."""

    def read():
        with rows() as session:
            group = session.scalars(select(Group).where(Group.name.startswith("Side by Side"))).one()
            assert group.crisis_lines is not None
            return group

    return read


@pytest.fixture
def page(visits):
    """The coordinator's page of a name, to be opened and sent."""

    def of(name, sent=None, group="{group}", who="coordinator"):
        path = visits.path(f"/desk/{group}/{name}")
        return visits.by(who).get(path) if sent is None else visits.by(who).post(path, sent)

    return of


def acts_in(rows):
    with rows() as session:
        return session.scalars(select(AuditEvent.act).where(AuditEvent.actor.like("account%"))).all()


# Its row


def test_every_field_is_kept_as_it_was_written_and_stands_in_the_page_again(page, side_by_side):
    answer = page("settings", SETTINGS)
    assert (answer.status_code, answer.location.rpartition("/")[2]) == (303, side_by_side().public_id)
    group = side_by_side()
    assert (group.name, group.zone, group.pairing_days) == ("Side by Side, Thursdays", "Europe/Lisbon", ["Tue", "Thu"])
    assert (group.pairing_hour, group.first_pairing_on) == (time(4, 15), date(2026, 3, 1))
    assert (group.publishes_at_once, group.open_to_all, group.answer_days, group.promise_nights) == (True, True, 5, 21)
    assert group.house_rules == SETTINGS["house_rules"].replace("\r\n", "\n")
    again = typed(page("settings")) | {"house_rules": SETTINGS["house_rules"]}
    assert again == SETTINGS


def test_what_is_shown_can_be_sent_back_unchanged_and_then_nothing_was_settled(page, rows):
    before = acts_in(rows)
    shown = typed(page("settings", group="{new_group}", who="founder"))
    assert page("settings", shown, "{new_group}", "founder").status_code == 303
    assert acts_in(rows) == before


def test_boxes_that_are_not_ticked_are_a_no(page, side_by_side):
    page("settings", SETTINGS)
    page("settings", {name: value for name, value in SETTINGS.items() if value != ["y"]})
    assert (side_by_side().publishes_at_once, side_by_side().open_to_all) == (False, False)


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("name", "", "Write the name of a group in 1 to 200 signs"),
        ("name", "x" * 201, "this one has 201"),
        ("name", "another group", "There is a group another group already"),
        ("name", "a\ufffdb", "There is a sign in this that no page can show."),
        ("pairing_days", [], "A group pairs on at least one day of the week"),
        ("pairing_days", ["Tue", "Someday"], "Choose from the list."),
        ("pairing_hour", "", "Choose a time, such as 03:30."),
        ("pairing_hour", "25:61", "Choose a time, such as 03:30."),
        ("first_pairing_on", "2026-01-13", "2026-01-13 has passed. Choose today or a day to come"),
        ("first_pairing_on", "9999-12-31", "9999-12-31 is far away. Choose a day within a year, or leave it empty."),
        ("first_pairing_on", "tomorrow", "Choose a day, as in 2027-05-01."),
        ("answer_days", "", "Write 1 to 14."),
        ("answer_days", "0", "Choose 1 to 14 days to answer, not 0."),
        ("answer_days", "15", "Choose 1 to 14 days to answer, not 15."),
        ("answer_days", "-1", "Choose 1 to 14 days to answer, not -1."),
        ("answer_days", "three", "Write a whole number, such as 3."),
        ("answer_days", "9" * 5000, "Write a whole number, such as 3."),
        ("answer_days", str(2**64), "Choose 1 to 14 days to answer, not 18446744073709551616."),
        ("promise_nights", "61", "Choose 1 to 60 nights, not 61."),
        ("promise_nights", "1e999", "Write a whole number, such as 3."),
        ("house_rules", "x" * 4001, "The house rules have 4,001 signs; write at most 4,000."),
    ],
)
def test_a_slip_stands_beside_its_field_and_everything_else_is_kept(page, side_by_side, rows, field, value, sentence):
    before, sent = acts_in(rows), SETTINGS | {field: value}
    answer = page("settings", sent)
    assert answer.status_code == 422
    assert list(slips(answer)) == [field]
    assert sentence in slips(answer)[field]
    assert sentence in summary_of_slips(answer)[field]
    assert kept(as_a_browser_reads(sent, but=["Someday"]), answer) == {}
    assert (side_by_side().name, acts_in(rows)) == ("Side by Side", before)


def as_a_browser_reads(sent, but):
    """Line ends are one sign in a page, and what is none of the boxes cannot be ticked."""
    plain = {name: value.replace("\r\n", "\n") if isinstance(value, str) else value for name, value in sent.items()}
    return plain | {"pairing_days": [each for each in sent["pairing_days"] if each not in but]}


def test_several_slips_are_all_said_at_once(page):
    answer = page("settings", SETTINGS | {"pairing_hour": "noon", "answer_days": "", "first_pairing_on": "x"})
    assert set(slips(answer)) == {"pairing_hour", "answer_days", "first_pairing_on"}
    assert "Some things to look at" in words_of(answer)


def test_a_field_that_was_sent_twice_is_not_guessed_at(page, side_by_side):
    answer = page("settings", SETTINGS | {"name": ["One", "Two"]})
    assert answer.status_code == 422
    assert "This was sent twice." in slips(answer)["name"]
    assert side_by_side().name == "Side by Side"


# Its crisis lines


def test_the_lines_are_kept_in_their_order_and_stand_on_the_pages_of_members(page, side_by_side, visits):
    assert page("lines", LINES).status_code == 303
    lines = [(line.name, line.reach) for line in side_by_side().crisis_lines]
    assert lines == [(LINES[f"crisis_lines-{each}-name"], LINES[f"crisis_lines-{each}-reach"]) for each in (0, 1)]
    assert side_by_side().crisis_lines_review_on == date(2026, 9, 1)
    assert "The night line: 0 00 00, every night from eight" in words_of(visits.by("waiting").get("/today"))
    again = typed(page("lines"))
    assert {name: again[name] for name in LINES} == LINES
    assert again["crisis_lines-3-name"] == ""  # two empty rows for more


def test_empty_rows_between_are_left_out(page, side_by_side):
    page("lines", LINES | {"crisis_lines-0-name": " ", "crisis_lines-0-reach": ""})
    assert [line.name for line in side_by_side().crisis_lines] == ["The house by the river"]


@pytest.mark.parametrize(
    ("changes", "field", "sentence"),
    [
        ({"review_on": ""}, "review_on", "Choose a day, as in 2027-05-01."),
        ({"review_on": "soon"}, "review_on", "Choose a day, as in 2027-05-01."),
        ({"review_on": "2026-01-14"}, "review_on", "must be looked at again on a day to come, and 2026-01-14 is none"),
        ({"crisis_lines-1-reach": ""}, "crisis_lines", "Write how to reach it in 1 to 200 signs; this one has 0."),
        ({"crisis_lines-0-name": ""}, "crisis_lines", "Write a crisis line's name in 1 to 200 signs"),
        ({"crisis_lines-0-reach": "x" * 201}, "crisis_lines", "Write how to reach it in 1 to 200 signs"),
        ({name: "" for name in LINES if name != "review_on"}, "crisis_lines", "Write at least one crisis line"),
        ({"crisis_lines-0-name": "a\ufffd"}, "crisis_lines-0-name", "There is a sign in this that no page can show."),
        ({f"crisis_lines-{each}-name": "x" for each in range(9)}, "crisis_lines", "send at most 8."),
    ],
)
def test_a_line_that_cannot_be_kept_is_said_and_nothing_is_lost(page, side_by_side, changes, field, sentence):
    sent = LINES | changes
    answer = page("lines", sent)
    assert answer.status_code == 422
    said = slips(answer) | summary_of_slips(answer)
    assert sentence in said[field]
    shown = {name: value for name, value in sent.items() if "-8-" not in name}
    assert kept(shown, answer) == {}
    assert [line.name for line in side_by_side().crisis_lines] == ["The line of this test"]


# Its words


def test_the_words_are_kept_each_once_and_in_the_order_of_the_alphabet(page, rows, side_by_side):
    assert page("words", WORDS | {"area": "walking\r\n\r\nsleep\r\nSleep\r\n"}).status_code == 303
    with rows() as session:
        assert groups.terms_of(session, side_by_side(), "area") == ["sleep", "walking"]
    assert typed(page("words")) == WORDS


@pytest.mark.parametrize(
    ("field", "text", "sentence"),
    [
        ("area", "\n".join(f"area {each}" for each in range(101)), "Write at most 100 words of a kind; these are 101."),
        ("experience", "x" * 101, "Write each word in at most 100 signs; one has 101."),
        ("trait", "\n".join(f"trait {each}: yes, no" for each in range(101)), "Write at most 100 words of a kind"),
        ("area", "a\ufffd", "There is a sign in this that no page can show."),
    ],
)
def test_a_slip_in_one_kind_keeps_all_three_as_they_were(page, rows, side_by_side, field, text, sentence):
    answer = page("words", WORDS | {field: text})
    assert answer.status_code == 422
    assert list(slips(answer)) == [field]
    assert sentence in slips(answer)[field]
    assert kept(WORDS | {field: text}, answer) == {}
    with rows() as session:
        assert groups.terms_of(session, side_by_side(), "area") == []


# Its opening


def test_a_group_without_lines_does_not_open_and_says_what_is_missing(page, visits, rows):
    answer = page("open", {}, "{new_group}", "founder")
    assert (answer.status_code, answer.location) == (303, visits.path("/desk/{new_group}/lines"))
    founder = visits.by("founder")
    answer = founder.post(visits.path("/desk/{new_group}/open"))
    words = words_of(founder.get(answer.location))
    assert "Harbour cannot open yet: enter at least one crisis line, so that members know whom to call;" in words
    assert "say on which day to come somebody looks whether its crisis lines still hold." in words
    with rows() as session:
        assert session.scalars(select(Group).where(Group.name == "Harbour")).one().opened_at is None


def test_a_group_with_lines_opens_once_and_its_next_pairing_is_told(visits, rows, clock):
    founder, path = visits.by("founder"), visits.path("/desk/{new_group}")
    assert founder.post(f"{path}/lines", LINES).status_code == 303
    answer = founder.post(f"{path}/open")
    assert (answer.status_code, answer.location) == (303, path)
    words = words_of(founder.get(path))
    assert "Harbour is open. Its nights begin." in words
    assert "The next pairing is on Sunday 18 January at 03:30 (Europe/Berlin)." in words
    assert "Open the group" not in words
    clock.now += timedelta(minutes=1)
    assert founder.post(f"{path}/open").status_code == 303
    with rows() as session:
        assert session.scalars(select(Group).where(Group.name == "Harbour")).one().opened_at == NOW
