"""The desk: whose groups stand there, how a new one is made, and what is said of one that needs a look."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from matcher import sign_ins
from matcher.models import Account, Coordinator, CrisisLine, Group, Member
from tests.rows import NOW
from tests.web.pages import words_of
from tests.web.typed import slips, typed, without_tokens
from tests.web.visits import Visit
from web.policy import POLICY, Who

NEVER = "never-was-a-group-of-this-id"
NEW = {"name": "Anchor", "zone": "Europe/Lisbon"}


@pytest.fixture
def later(app, rows, clock):
    """Somebody's browser on another day: the clock is moved, and they have just signed in."""

    def move(who, by):
        clock.now += by
        with rows.begin() as session:
            account = session.scalars(select(Account).where(Account.address == f"{who}@example.org")).one()
            token = sign_ins.begin(session, account, clock.now, with_code=True)
        return Visit(app, token)

    return move


def paths_of_groups(app, group_id):
    """Every address under a group, with the method of each."""
    for rule in app.url_map.iter_rules():
        if rule.rule.startswith("/desk/<group_id>"):
            method = POLICY[rule.endpoint][0]
            yield method, rule.rule.replace("<group_id>", group_id).replace("<invitation_id>", NEVER)


# Whose groups


def test_whoever_looks_after_groups_sees_them_and_no_other(visits):
    words = words_of(visits.by("coordinator").get("/desk"))
    assert "Side by Side Open" in words
    assert not any(other in words for other in ("Another Group", "Harbour", "Make a group"))


def test_whoever_may_make_groups_sees_the_way_to_it_and_that_theirs_is_not_open(visits):
    words = words_of(visits.by("founder").get("/desk"))
    assert "Harbour Not open yet: it pairs nobody" in words
    assert "Make a group" in words


def test_a_group_of_somebody_else_is_as_one_that_never_was(app, visits, rows):
    coordinator, there = visits.by("coordinator"), visits.path("{other_group}")
    foreign = {path.replace(there, "x"): (method, path) for method, path in paths_of_groups(app, there)}
    never = {path.replace(NEVER, "x", 1): (method, path) for method, path in paths_of_groups(app, NEVER)}
    assert len(foreign) >= 10
    before = everything(rows)
    for name, (method, path) in foreign.items():
        open_ = coordinator.get if method == "GET" else coordinator.post
        theirs, nobodys = open_(path), open_(never[name][1])
        assert (theirs.status_code, nobodys.status_code) == (404, 404), path
        assert without_tokens(theirs) == without_tokens(nobodys), path
    assert everything(rows) == before


def everything(rows):
    with rows() as session:
        return [
            [repr(row) for row in session.execute(select(each.__table__))] for each in (Group, CrisisLine, Coordinator)
        ]


@pytest.mark.parametrize("who", ["waiting", "nobody"])
def test_for_whoever_looks_after_nothing_there_is_no_desk(app, visits, who):
    for method, path in [("GET", "/desk"), ("GET", "/desk/new"), *paths_of_groups(app, visits.path("{group}"))]:
        browser = visits.by(who)
        assert (browser.get if method == "GET" else browser.post)(path).status_code == 404, path


def test_every_door_of_the_desk_is_for_staff_alone():
    of_desk = {name: rule.who for name, (_, rule) in POLICY.items() if name.startswith(("desk", "group_settings"))}
    assert set(of_desk.values()) == {Who.STAFF}


def test_without_a_second_factor_they_are_led_to_set_it_up_and_see_nothing_before(app, visits, rows):
    browser, before = visits.by("coordinator_without_code"), everything(rows)
    for method, path in paths_of_groups(app, visits.path("{group}")):
        answer = (browser.get if method == "GET" else browser.post)(path)
        assert answer.status_code == (303 if method == "GET" else 401), path
        assert method == "POST" or answer.location.startswith("/settings/second-factor?next="), path
        assert "Anybody who confirms" not in answer.text
    assert everything(rows) == before


# Making a group


def test_a_founder_makes_a_group_and_looks_after_it(visits, rows):
    founder = visits.by("founder")
    answer = founder.post("/desk/new", NEW)
    assert answer.status_code == 303
    with rows() as session:
        group = session.scalars(select(Group).where(Group.name == "Anchor")).one()
        assert (group.zone, group.opened_at) == ("Europe/Lisbon", None)
        assert [each.account.address for each in group.coordinators] == ["founder@example.org"]
    assert answer.location == f"/desk/{group.public_id}/lines"
    assert "Anchor is made. It opens once it has crisis lines." in words_of(founder.get(answer.location))


@pytest.mark.parametrize(
    ("field", "text", "sentence"),
    [
        ("name", "", "Write the name of a group in 1 to 200 signs; this one has 0."),
        ("name", "x" * 201, "Write the name of a group in 1 to 200 signs; this one has 201."),
        ("name", "SIDE BY SIDE", "There is a group SIDE BY SIDE already; choose another name."),
        ("name", "An\ufffdchor", "There is a sign in this that no page can show."),
        ("zone", "", 'A group needs a zone; write one such as "Europe/London".'),
        ("zone", "Mars/Olympus", "is no time zone"),
    ],
)
def test_a_slip_stands_beside_its_field_and_the_other_one_is_kept(visits, rows, field, text, sentence):
    sent = NEW | {field: text}
    answer = visits.by("founder").post("/desk/new", sent)
    assert answer.status_code == 422
    assert list(slips(answer)) == [field]
    assert sentence in slips(answer)[field]
    other = "zone" if field == "name" else "name"
    assert typed(answer)[other] == NEW[other]
    with rows() as session:
        assert session.scalar(select(Group).where(Group.name.in_(["Anchor", "SIDE BY SIDE"]))) is None


def test_who_may_make_none_is_told_whom_to_ask_and_keeps_what_they_wrote(visits, rows):
    answer = visits.by("coordinator").post("/desk/new", NEW)
    assert answer.status_code == 422
    assert "Whoever runs this server invites those who make groups." in slips(answer)[""]
    assert typed(answer) == NEW
    with rows() as session:
        assert session.scalar(select(Group).where(Group.name == "Anchor")) is None


# One group


def test_a_group_at_a_glance_counts_those_on_its_roster(visits, rows):
    with rows.begin() as session:
        there = session.scalars(select(Member).join(Group).where(Group.name == "Side by Side")).all()
        waiting = sum(each.state == "waiting" for each in there)
    words = words_of(visits.by("coordinator").get(visits.path("/desk/{group}")))
    assert waiting > 3
    assert f"{waiting} wait" in words
    assert "1 of them rest" in words
    assert "The next pairing is on Sunday 18 January at 03:30 (Europe/London)." in words
    assert "The night has not run" not in words
    assert "look at the crisis lines" not in words


def test_who_is_in_the_group_stands_there_with_where_they_stand_and_no_whole_address(visits):
    answer = visits.by("coordinator").get(visits.path("/desk/{group}/people"))
    words = words_of(answer)
    assert "Not ready, still missing:" in words
    assert "Proposed" in words
    assert "Partnered since 14 January 2026" in words
    assert "w…@e….org" in words
    assert not any(f"{who}@example.org" in answer.text for who in ("waiting", "partner", "newcomer"))
    assert "sleep through the night" not in words


def test_that_the_night_has_not_run_is_said_after_a_day_and_a_half_and_not_before(visits, later):
    path = visits.path("/desk/{group}")
    on_time = words_of(later("coordinator", timedelta(hours=36)).get(path))
    assert "The night has not run" not in on_time
    late = words_of(later("coordinator", timedelta(minutes=1)).get(path))
    assert "The night has not run since on" not in late
    assert "The night has not run since Wednesday 14 January at 12:00 (Europe/London)." in late
    assert "alongside doctor" in late


def test_on_the_day_of_their_review_the_crisis_lines_ask_to_be_looked_at(visits, rows, later):
    with rows.begin() as session:
        group = session.scalars(select(Group).where(Group.name == "Side by Side")).one()
        group.crisis_lines_review_on = NOW.date() + timedelta(days=10)
    path = visits.path("/desk/{group}")
    assert "look at the crisis lines" not in words_of(later("coordinator", timedelta(days=9)).get(path))
    asked = later("coordinator", timedelta(days=1)).get(path)
    assert "It is time to look at the crisis lines again. Do they still hold?" in words_of(asked)
    assert visits.path("/desk/{group}/lines") in asked.text


def test_before_the_first_night_it_says_what_will_stand_there(visits, rows):
    founder, path = visits.by("founder"), visits.path("/desk/{new_group}/night")
    assert "Its nights begin when it is open." in words_of(founder.get(path))
    with rows.begin() as session:
        session.scalars(select(Group).where(Group.name == "Harbour")).one().opened_at = NOW
    assert "Its first pairing is on Sunday 18 January at 03:30 (Europe/Berlin)." in words_of(founder.get(path))
