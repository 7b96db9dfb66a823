"""What somebody has lived: kept with who may see it, used only with a yes, and shown again as it was told."""

import pytest

from matcher.experiences import MOST
from matcher.models import Experience
from matcher.states import Consent, Visibility
from tests.web.filled import filled, send, slip_beside, slips, told_again
from tests.web.pages import words_of
from tests.web.spoilt import spoil
from tests.web.test_memberships import member_of
from web.experiences import AGREES

FIELDS = ("word", "stage", "visibility")


@pytest.fixture
def waiting(visits):
    return visits.by("waiting"), visits.path("/members/{waiting}/experiences")


def row(number, *values):
    return {f"experiences-{number}-{name}": value for name, value in zip(FIELDS, values, strict=True)}


def rows_of(fields):
    """The rows with a word, in their order."""
    there = sorted({int(name.split("-")[1]) for name in fields if name.startswith("experiences-")})
    found = [tuple(fields[f"experiences-{number}-{name}"] for name in FIELDS) for number in there]
    return [each for each in found if each[0]]


def lived(rows, visits, who="waiting"):
    with rows() as session:
        return {each.tag: (each.stage, each.visibility) for each in member_of(session, visits, who).experiences}


def test_what_was_told_is_shown_with_three_rows_more_and_the_words_of_the_group(waiting):
    visit, path = waiting
    page = visit.get(path)
    assert rows_of(filled(page)) == [
        ("a new city", "looking back", Visibility.PROPOSED),
        ("burnout", "steadier", Visibility.FOR_MATCHING),
    ]
    assert 'name="experiences-4-word"' in page.text
    assert 'name="experiences-5-word"' not in page.text
    assert '<option value="grief"></option>' in page.text
    assert filled(page)["agrees"] == "y"


def test_what_is_told_is_kept_and_shown_again_and_what_is_left_empty_is_forgotten(waiting, visits, rows):
    visit, path = waiting
    told = row(0, "", "looking back", Visibility.PROPOSED) | row(2, "Grief <3", "", Visibility.ONLY_ME)
    assert send(visit, path, told).status_code == 303
    assert lived(rows, visits) == {
        "burnout": ("steadier", Visibility.FOR_MATCHING),
        "grief <3": (None, Visibility.ONLY_ME),
    }
    shown = told_again(visit, path)
    assert rows_of(shown) == [
        ("burnout", "steadier", Visibility.FOR_MATCHING),
        ("grief <3", "", Visibility.ONLY_ME),
    ]
    assert send(visit, path).status_code == 303
    assert told_again(visit, path) == shown


def test_what_is_new_helps_to_find_a_partner_and_is_shown_to_nobody(waiting, visits, rows):
    visit, path = waiting
    assert send(visit, path, {"experiences-2-word": "grief"}).status_code == 303
    assert lived(rows, visits)["grief"] == (None, Visibility.FOR_MATCHING)


def test_without_a_yes_it_is_kept_and_not_used_and_the_yes_is_kept_in_its_own_words(waiting, visits, rows):
    visit, path = waiting
    assert send(visit, path, {"agrees": None}).status_code == 303
    assert "agrees" not in told_again(visit, path)
    with rows() as session:
        member = member_of(session, visits, "waiting")
        assert not member.agrees_to(Consent.EXPERIENCES)
        assert len(member.experiences) == 2
    assert send(visit, path, {"agrees": "y"}).status_code == 303
    with rows() as session:
        given = {each.consent: each for each in member_of(session, visits, "waiting").consents}
        assert (given[Consent.EXPERIENCES].how, given[Consent.EXPERIENCES].withdrawn_at) == (AGREES, None)
    assert AGREES in words_of(visit.get(path))


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        (row(2, "Burnout ", "", Visibility.ONLY_ME), "An experience stands there twice"),
        (row(2, "w" * 101, "", Visibility.ONLY_ME), "An experience has 101 signs"),
        (row(2, "grief", "in a tree", Visibility.ONLY_ME), "Choose one of the list."),
        (row(2, "grief", "", "everybody"), "Choose one of the list."),
        (row(2, "grief", "", Visibility.PARTNER), "Choose one of the list."),
        (row(2, "gr\u0007ief", "", Visibility.ONLY_ME), "There is a sign in this that no page can show."),
        (row(MOST, "one too many", "", Visibility.ONLY_ME), None),
    ],
)
def test_a_slip_is_said_and_everything_typed_is_still_there(waiting, visits, rows, typed, said):
    before = lived(rows, visits)
    visit, path = waiting
    many = {}
    if said is None:
        for number in range(MOST):
            many |= row(number, f"experience {number}", "", Visibility.ONLY_ME)
        said = f"Write at most {MOST} experiences"
    answer = send(visit, path, many | row(4, "divorce", "steadier", Visibility.PROPOSED) | typed)
    assert answer.status_code == 422
    assert said in " ".join(slips(answer))
    assert ("divorce", "steadier", Visibility.PROPOSED) in rows_of(filled(answer))
    if "list" not in said and "Write at most" not in said:
        assert typed["experiences-2-word"].replace("\u0007", "\ufffd") in [word for word, *_ in rows_of(filled(answer))]
    assert lived(rows, visits) == before


def test_a_slip_of_one_row_stands_beside_it(waiting):
    visit, path = waiting
    answer = send(visit, path, {"experiences-2-word": ["grief", "loss"]})
    assert "This was sent twice." in slip_beside(answer, "experiences-2-word")


def test_ten_are_kept_and_leave_no_empty_row(waiting, visits, rows):
    visit, path = waiting
    ten = {}
    for number in range(MOST):
        ten |= row(number, f"experience {number}", "", Visibility.ONLY_ME)
    assert send(visit, path, ten).status_code == 303
    assert len(lived(rows, visits)) == MOST
    assert rows_of(told_again(visit, path)) == rows_of(ten)
    assert "experiences-10-word" not in visit.get(path).text


def test_a_stage_that_was_spoilt_does_not_take_its_word_along(waiting, visits, rows):
    spoil(rows, "experiences", "stage")
    visit, path = waiting
    assert [word for word, *_ in rows_of(told_again(visit, path))] == ["a new city", "burnout"]
    assert send(visit, path).status_code == 303
    assert {tag: stage for tag, (stage, _) in lived(rows, visits).items()} == {"a new city": None, "burnout": None}


def test_a_word_that_was_spoilt_stops_no_page(waiting, rows):
    spoil(rows, "experiences", "tag")
    visit, path = waiting
    assert rows_of(told_again(visit, path)) == []
    assert send(visit, path, row(0, "grief", "", Visibility.ONLY_ME)).status_code == 303
    assert rows_of(told_again(visit, path)) == [("grief", "", Visibility.ONLY_ME)]


def test_what_came_from_a_sheet_in_larger_numbers_stops_no_page(waiting, visits, rows):
    """A sheet has no limit of ten, so the page has as many rows as there are, and says when they are too many."""
    with rows.begin() as session:
        member = member_of(session, visits, "waiting")
        member.experiences.extend(Experience(tag=f"tag {each}", tag_mark=f"mark {each}") for each in range(MOST))
    visit, path = waiting
    assert len(rows_of(told_again(visit, path))) == MOST + 2
    answer = send(visit, path)
    assert (answer.status_code, f"Write at most {MOST} experiences" in " ".join(slips(answer))) == (422, True)
    assert len(rows_of(filled(answer))) == MOST + 2
    assert send(visit, path, {"experiences-0-word": "", "experiences-1-word": ""}).status_code == 303
    assert len(lived(rows, visits)) == MOST
