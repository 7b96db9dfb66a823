"""The steps into the next pairing: each is kept by itself, each slip stands beside its field, no word is lost."""

import pytest
from sqlalchemy import select

from matcher.models import Answer, Goal, Proposal
from matcher.states import Consent, ProposalState, Visibility
from tests.rows import NOW
from tests.web.filled import form_of, send, slip_beside, slips, told_again
from tests.web.pages import words_of
from tests.web.spoilt import spoil
from tests.web.test_memberships import member_of
from web.forms import zones
from web.joining import SHOWS_WORDS

ALL_YES = {"is_adult": "y", "to_rules": "y", "to_pairing": "y"}


@pytest.fixture
def newcomer(visits):
    return visits.by("newcomer"), visits.path("/members/{newcomer}")


@pytest.fixture
def waiting(visits):
    return visits.by("waiting"), visits.path("/members/{waiting}")


# The house rules


def test_the_rules_of_the_group_stand_beside_ours(newcomer, visits, rows):
    with rows.begin() as session:
        member_of(session, visits, "newcomer").group.house_rules = "No <b>politics</b>\nafter nine."
    visit, path = newcomer
    page = visit.get(f"{path}/rules")
    assert "No &lt;b&gt;politics&lt;/b&gt;" in page.text
    assert "What is said here stays here." in words_of(page)


def test_three_yeses_are_kept_each_by_itself(newcomer, visits, rows):
    visit, path = newcomer
    assert send(visit, f"{path}/rules", ALL_YES).status_code == 303
    assert told_again(visit, f"{path}/rules") == ALL_YES
    with rows() as session:
        given = member_of(session, visits, "newcomer").consents
        assert {each.consent for each in given} == {Consent.ADULT, Consent.HOUSE_RULES, Consent.PAIRING}
        assert {each.how for each in given} == {"on the page with the house rules"}


@pytest.mark.parametrize(
    ("left_out", "said"), [("is_adult", "Alongside is for adults."), ("to_rules", "The rules keep everybody safe")]
)
def test_without_a_yes_to_what_must_be_the_page_says_why_and_keeps_the_others(newcomer, visits, rows, left_out, said):
    visit, path = newcomer
    answer = send(visit, f"{path}/rules", ALL_YES | {left_out: None})
    assert answer.status_code == 422
    assert said in slip_beside(answer, left_out)
    assert [said in line for line in slips(answer)] == [True]
    assert answer.text.count(" checked") == 2
    with rows() as session:
        assert member_of(session, visits, "newcomer").consents == []


def test_a_no_to_being_paired_is_kept_too(newcomer):
    visit, path = newcomer
    answer = send(visit, f"{path}/rules", ALL_YES | {"to_pairing": None})
    assert answer.location == "/today"
    assert told_again(visit, f"{path}/rules") == {"is_adult": "y", "to_rules": "y"}


def test_a_yes_to_being_paired_may_be_taken_back_and_closes_what_is_open(visits, rows):
    visit, path = visits.by("proposed"), visits.path("/members/{proposed}")
    answer = send(visit, f"{path}/rules", {"to_pairing": None})
    assert (answer.status_code, answer.location) == (303, f"{path}/settings")
    with rows() as session:
        member = member_of(session, visits, "proposed")
        assert not member.agrees_to(Consent.PAIRING)
        assert open_proposals(session, visits) == 0
    assert "to_pairing" not in told_again(visit, f"{path}/rules")


# Name, zone and languages


def test_zone_and_language_are_guessed_for_who_has_told_none(newcomer):
    visit, path = newcomer
    page = visit.get(f"{path}/name", headers={"Accept-Language": "xx, de-AT;q=0.9, en;q=0.8"})
    assert 'value="German"' in page.text
    assert 'data-guess="yes"' in page.text
    assert told_again(visit, f"{path}/name") == {"name": "", "zone": "Europe/London", "languages": ""}


def test_what_was_told_is_shown_again_in_words(waiting):
    visit, path = waiting
    told = {"name": "Ròbin 🙂", "zone": "Asia/Tokyo", "languages": "German; Portuguese"}
    assert send(visit, f"{path}/name", told).status_code == 303
    assert told_again(visit, f"{path}/name") == told
    assert "data-guess" not in visit.get(f"{path}/rules").text


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("name", "  ", "Write what you would like to be called"),
        ("name", "Coordinator", "would be taken for somebody who looks after the group"),
        ("name", "R\x07bin", "There is a sign in this that no page can show."),
        ("name", ["Robin", "Robin too"], "This was sent twice."),
        ("zone", "", "Choose the place whose clock you live by"),
        ("zone", "Middle-earth/Shire", "Choose the place whose clock you live by"),
        ("languages", "", "Write at least one language"),
        ("languages", "any", "write the languages themselves"),
    ],
)
def test_a_slip_stands_beside_its_field_and_the_rest_is_kept(waiting, visits, rows, field, typed, said):
    visit, path = waiting
    told = {"name": "Robin <&", "zone": "Asia/Tokyo", "languages": "German; Klingon"}
    answer = send(visit, f"{path}/name", told | {field: typed})
    assert answer.status_code == 422
    assert said in slip_beside(answer, field)
    (line,) = slips(answer)
    assert said in line
    assert "Nothing was saved yet, and what you wrote is still here." in words_of(answer)
    kept = {element.get("name"): element.get("value") for element in form_of(answer).iter("input")}
    for name in {"name", "languages"} - {field}:
        assert kept[name] == told[name]
    assert field == "zone" or 'selected value="Asia/Tokyo"' in answer.text
    with rows() as session:
        member = member_of(session, visits, "waiting")
        assert (member.name, member.zone, member.languages) == ("Waiting", "Europe/London", ["en"])


@pytest.mark.parametrize("zone", ["UTC", "Etc/GMT+1"])
def test_a_zone_that_is_no_place_as_on_a_sheet_is_shown_and_stays(waiting, visits, rows, zone):
    with rows.begin() as session:
        member_of(session, visits, "waiting").zone = zone
    visit, path = waiting
    assert told_again(visit, f"{path}/name")["zone"] == zone
    assert send(visit, f"{path}/name", {"name": "Robin"}).status_code == 303
    with rows() as session:
        assert member_of(session, visits, "waiting").zone == zone


def test_only_places_are_offered_as_zones():
    assert "Europe/Berlin" in zones()
    assert not {"UTC", "GMT", "Etc/UTC", "localtime"} & set(zones())


# Goals

A_GOAL = {
    "goals-0-area": "sleep",
    "goals-0-words": "Sleep through,\nmost nights <3",
    "goals-0-visibility": Visibility.PROPOSED,
    "goals-0-milestones": "a week\na month",
    "goals-0-if_this": "I lie awake",
    "goals-0-then_that": "get up & read",
}


def test_a_goal_is_shown_again_as_it_was_told(newcomer, visits, rows):
    visit, path = newcomer
    assert send(visit, f"{path}/goals", A_GOAL | {"goals-2-area": "Moving More"}).status_code == 303
    shown = told_again(visit, f"{path}/goals")
    assert {name: shown[name] for name in A_GOAL} == A_GOAL
    assert (shown["goals-1-area"], shown["goals-1-visibility"]) == ("moving more", Visibility.PARTNER)
    assert shown["goals-2-area"] == ""
    assert send(visit, f"{path}/goals").status_code == 303
    assert told_again(visit, f"{path}/goals") == shown
    with rows() as session:
        assert len(member_of(session, visits, "newcomer").goals) == 2


@pytest.mark.parametrize("visibility", [value for value, _ in SHOWS_WORDS])
def test_who_may_read_the_words_is_the_members_choice(newcomer, visits, rows, visibility):
    visit, path = newcomer
    assert send(visit, f"{path}/goals", A_GOAL | {"goals-0-visibility": visibility}).status_code == 303
    with rows() as session:
        assert member_of(session, visits, "newcomer").goals[0].visibility is visibility


def test_a_goal_is_changed_in_place_and_one_left_empty_is_put_down(waiting, visits, rows):
    visit, path = waiting
    answer = send(visit, f"{path}/goals", {"goals-0-words": "Six hours", "goals-1-area": "work"})
    assert answer.location == f"{path}/settings"
    with rows() as session:
        first, _ = member_of(session, visits, "waiting").goals
        assert (first.words, first.is_open) == ("Six hours", True)
    emptied = dict.fromkeys([f"goals-0-{each}" for each in ("area", "words", "milestones", "if_this", "then_that")], "")
    assert send(visit, f"{path}/goals", emptied).status_code == 303
    with rows() as session:
        assert [(each.area, each.let_go_at) for each in member_of(session, visits, "waiting").goals] == [
            ("sleep", NOW),
            ("work", None),
        ]
    assert told_again(visit, f"{path}/goals")["goals-0-area"] == "work"


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"goals-0-area": "", "goals-0-words": "", "goals-0-milestones": "", "goals-0-if_this": ""}, "needs an area"),
        ({"goals-1-words": "Something new"}, "Goal 2 needs an area"),
        ({"goals-1-milestones": "a first step"}, "Goal 2 needs an area"),
        ({"goals-1-then_that": "I will write"}, "Goal 2 needs an area"),
        ({"goals-0-words": "w" * 1001}, "The own words of goal 1 has 1,001 signs"),
        ({"goals-0-milestones": "\n".join("abcdefgh")}, "Goal 1 has 8 milestones"),
        ({"goals-0-words": "Sleep\ufffd"}, "There is a sign in this that no page can show."),
        ({"goals-0-visibility": "everybody"}, "Choose one of the list."),
        ({"goals-1-area": "another", "goals-3-area": "a fourth"}, "Write one to 3 goals."),
        ({"goals-0-id": "somebody-elses"}, "not yours, or is over"),
    ],
)
def test_what_is_amiss_with_a_goal_is_said_and_no_word_is_lost(waiting, visits, rows, typed, said):
    visit, path = waiting
    answer = send(visit, f"{path}/goals", A_GOAL | {"goals-2-area": "work"} | typed)
    assert answer.status_code == 422
    assert said in " ".join(slips(answer))
    page = words_of(answer)
    for field, text in (A_GOAL | {"goals-2-area": "work"} | typed).items():
        if "words" in field or "milestones" in field:
            assert " ".join(text.split()) in page, field
        elif not field.startswith("goals-0-visibility"):
            assert f'value="{text.replace("&", "&amp;")}"' in answer.text, field
    with rows() as session:
        (goal,) = member_of(session, visits, "waiting").goals
        assert goal.words.startswith("I would like to sleep")


def test_a_goal_of_another_is_never_changed(waiting, visits, rows):
    with rows() as session:
        foreign = member_of(session, visits, "proposed").goals[0].public_id
    visit, path = waiting
    answer = send(visit, f"{path}/goals", {"goals-0-id": foreign, "goals-0-area": "stolen"})
    assert (answer.status_code, "not yours, or is over" in " ".join(slips(answer))) == (422, True)
    with rows() as session:
        assert "stolen" not in session.scalars(select(Goal.area)).all()


def test_a_field_number_that_is_none_is_no_field_of_ours(waiting):
    visit, path = waiting
    assert send(visit, f"{path}/goals", {"goals-²-area": "x", f"goals-{'9' * 5000}-area": "x"}).status_code == 303


def test_more_goals_than_three_as_from_a_sheet_are_shown_and_some_must_go(waiting, visits, rows):
    with rows.begin() as session:
        member = member_of(session, visits, "waiting")
        member.goals.extend(Goal(area=f"area {each}") for each in range(40))
    visit, path = waiting
    shown = told_again(visit, f"{path}/goals")
    assert [shown[f"goals-{number}-area"] for number in (0, 1, 40)] == ["sleep", "area 0", "area 39"]
    few = {f"goals-{number}-area": "" for number in range(3, 41)}
    assert "send at most 30" in " ".join(slips(send(visit, f"{path}/goals")))
    with rows.begin() as session:
        member = member_of(session, visits, "waiting")
        for goal in member.goals[5:]:
            goal.let_go_at = NOW
    assert "Write one to 3 goals." in " ".join(slips(send(visit, f"{path}/goals")))
    assert send(visit, f"{path}/goals", dict(list(few.items())[:2])).status_code == 303


def test_a_goal_that_was_spoilt_stops_no_page_and_can_be_written_anew(waiting, visits, rows):
    spoil(rows, "goals", "words", "if_this", "then_that")
    spoil(rows, "milestones", "words")
    visit, path = waiting
    shown = told_again(visit, f"{path}/goals")
    assert (shown["goals-0-area"], shown["goals-0-words"], shown["goals-0-milestones"]) == ("sleep", "", "")
    assert send(visit, f"{path}/goals", {"goals-0-words": "Anew"}).status_code == 303
    assert told_again(visit, f"{path}/goals")["goals-0-words"] == "Anew"


# What would close an open proposal


def test_a_change_that_would_close_a_proposal_is_asked_about_once_and_then_done(visits, rows):
    visit, path = visits.by("proposed"), visits.path("/members/{proposed}")
    told = {"name": "Robin", "languages": "Japanese"}
    asked = send(visit, f"{path}/name", told)
    assert asked.status_code == 422
    assert "This would close the open proposal. Save anyway?" in slips(asked)
    assert "both of you read only “no match this time”" in words_of(asked)
    assert '<button name="anyway" value="yes">Save anyway</button>' in asked.text
    assert 'value="Robin"' in asked.text
    assert 'value="Japanese"' in asked.text
    with rows() as session:
        assert member_of(session, visits, "proposed").name == "Proposed"
        assert open_proposals(session, visits) == 1
    told_to_us = {"zone": "Europe/London"} | told
    assert visit.post(f"{path}/name", told_to_us | {"anyway": "yes"}).location == f"{path}/settings"
    with rows() as session:
        assert member_of(session, visits, "proposed").languages == ["ja"]
        assert open_proposals(session, visits) == 0


def test_a_change_that_closes_nothing_is_not_asked_about(visits, rows):
    visit, path = visits.by("proposed"), visits.path("/members/{proposed}")
    assert send(visit, f"{path}/name", {"name": "Robin", "languages": "English; Japanese"}).status_code == 303
    assert send(visit, f"{path}/goals", {"goals-0-area": "sleep"}).status_code == 303
    with rows() as session:
        assert open_proposals(session, visits) == 1


def open_proposals(session, visits):
    """How many there are to the one who changes something here."""
    asked = select(Answer.proposal_id).where(Answer.member_id == member_of(session, visits, "proposed").id)
    found = select(Proposal).where(Proposal.id.in_(asked), Proposal.state == ProposalState.OPEN)
    return len(session.scalars(found).all())
