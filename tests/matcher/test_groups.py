import re
from datetime import date, time, timedelta

import pytest
from sqlalchemy import select

from matcher import invitations
from matcher.errors import GroupError, GroupToldError, PolicyError
from matcher.groups import (
    change_policy,
    create_group,
    found,
    group_named,
    of_coordinator,
    open_group,
    set_crisis_lines,
    set_terms,
    settle,
    terms_of,
)
from matcher.models import AuditEvent, Coordinator, Group, GroupTerm, Invitation, PolicyVersion
from matcher.pairing import Policy
from tests.rows import NOW, make_account, make_group

LINES = [("Samaritans", "116 123"), ("Emergency", "999")]
NEXT_YEAR = date(2027, 1, 1)


@pytest.fixture
def session(sessions):
    with sessions.begin() as session:
        yield session


@pytest.fixture
def group(session) -> Group:
    return create_group(session, "Harbour", "Europe/London", NOW)


def acts(session) -> list[str]:
    session.flush()
    return list(session.scalars(select(AuditEvent.act).order_by(AuditEvent.id)))


# Making a group


def test_a_group_is_made_with_the_defaults_of_the_rules_and_is_not_open(session, group):
    assert (group.pairing_days, group.pairing_hour) == (["Wed", "Sun"], time(3, 30))
    assert (group.opened_at, group.publishes_at_once, group.policy) == (None, False, Policy())
    assert acts(session) == ["group made"]


def test_a_group_may_choose_its_own_nights_and_its_start(session):
    group = create_group(
        session,
        "  The   quiet harbour ",
        "europe/london",
        NOW,
        pairing_days=["friday", "Mon"],
        pairing_hour=time(2),
        first_pairing_on=date(2026, 2, 1),
        publishes_at_once=True,
    )
    assert (group.name, group.zone, group.pairing_days) == ("The quiet harbour", "Europe/London", ["Mon", "Fri"])
    assert (group.pairing_hour, group.first_pairing_on, group.publishes_at_once) == (time(2), date(2026, 2, 1), True)


def test_two_groups_never_have_one_name_and_what_was_done_before_stays(session, group):
    with pytest.raises(GroupError, match="There is a group Harbour already; choose another name"):
        create_group(session, "Harbour", "Europe/London", NOW)
    assert session.scalars(select(Group.name)).all() == ["Harbour"]
    assert acts(session) == ["group made"]


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"name": " \n"}, "Write the name of a group in 1 to 200 signs; this one has 0."),
        ({"name": "x" * 201}, "this one has 201."),
        ({"zone": "Europe/Lodnon"}, '"Europe/Lodnon" is no time zone; write for example "Europe/London" or'),
        ({"zone": ""}, 'A group needs a zone; write one such as "Europe/London".'),
        ({"pairing_days": ["Sun", "Fooday"]}, '"Fooday" is no day of the week; write Mon, Tue'),
        ({"pairing_days": []}, "A group pairs on at least one day of the week"),
        ({"first_pairing_on": NOW.date() - timedelta(days=1)}, "has passed. Choose today or a day to come"),
        ({"first_pairing_on": date(9999, 1, 1)}, "is far away. Choose a day within a year"),
    ],
)
def test_what_no_group_can_be_made_of_is_a_sentence(session, changes, sentence):
    with pytest.raises(GroupError, match=re.escape(sentence)):
        create_group(session, **{"name": "Harbour", "zone": "Europe/London", "now": NOW} | changes)


def test_who_may_make_groups_makes_one_and_looks_after_it(session):
    account = make_account(session, makes_groups=True)
    group = found(session, account, NOW, name="Harbour", zone="Europe/London", pairing_days=["Mon"])
    assert [each.account for each in group.coordinators] == [account]
    assert group.pairing_days == ["Mon"]
    made, joined = session.scalars(select(AuditEvent).order_by(AuditEvent.id)).all()
    assert (made.act, joined.act, made.actor) == ("group made", "joined", f"accounts:{account.public_id}")


def test_who_was_not_invited_to_make_groups_makes_none(session):
    with pytest.raises(GroupError, match="Ask them for such an invitation"):
        found(session, make_account(session), NOW, name="Harbour", zone="Europe/London")
    assert session.scalars(select(Group)).all() == []


def test_an_account_sees_the_groups_it_looks_after(session):
    account, other = make_account(session, makes_groups=True), make_account(session, makes_groups=True)
    for name, whose in (("Harbour", account), ("Anchor", account), ("Buoy", other)):
        found(session, whose, NOW, name=name, zone="Europe/London")
    assert [each.name for each in of_coordinator(session, account)] == ["Anchor", "Harbour"]
    assert of_coordinator(session, make_account(session)) == []


# Settling one

SETTLED = {
    "name": "Harbour",
    "zone": "Europe/London",
    "pairing_days": ["Wed", "Sun"],
    "pairing_hour": time(3, 30),
    "first_pairing_on": None,
    "publishes_at_once": False,
    "open_to_all": False,
    "answer_days": 3,
    "promise_nights": 14,
    "house_rules": "",
}


def test_everything_of_a_group_can_be_settled_anew(session, group):
    anew = {
        "name": "The harbour",
        "zone": "Europe/Paris",
        "pairing_days": ["Mon"],
        "pairing_hour": time(5, 15),
        "first_pairing_on": date(2026, 1, 14),
        "publishes_at_once": True,
        "open_to_all": True,
        "answer_days": 14,
        "promise_nights": 60,
        "house_rules": "Be kind.\n\nBe on time.",
    }
    settle(session, group, NOW, "a test", **anew)
    session.flush()
    session.expire_all()
    assert {field: getattr(group, field) for field in anew} == anew
    event = session.scalars(select(AuditEvent).order_by(AuditEvent.id.desc())).first()
    assert (event.act, event.actor, event.values) == ("group settled", "a test", {"changed": list(anew)})


def test_what_stays_as_it_was_is_no_act(session, group):
    settle(session, group, NOW, "a test", **SETTLED)
    assert acts(session) == ["group made"]


def test_a_group_may_change_the_capitals_of_its_own_name(session, group):
    settle(session, group, NOW, "a test", **SETTLED | {"name": "HARBOUR"})
    assert group.name == "HARBOUR"


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("name", " anchor ", "There is a group anchor already"),
        ("name", "", "Write the name of a group in 1 to 200 signs"),
        ("zone", "Mars", '"Mars" is no time zone'),
        ("pairing_days", [], "at least one day of the week"),
        ("pairing_days", ["Fooday"], '"Fooday" is no day of the week'),
        ("pairing_hour", time(3, 30, 1), "in whole minutes"),
        ("first_pairing_on", date(2026, 1, 13), "2026-01-13 has passed"),
        ("first_pairing_on", date(2027, 1, 16), "2027-01-16 is far away. Choose a day within a year"),
        ("first_pairing_on", date.max, "9999-12-31 is far away."),
        ("answer_days", 0, "Choose 1 to 14 days to answer, not 0."),
        ("answer_days", 15, "not 15"),
        ("promise_nights", 61, "Choose 1 to 60 nights, not 61."),
        ("house_rules", "x" * 4001, "The house rules have 4,001 signs; write at most 4,000."),
    ],
)
def test_a_slip_is_a_sentence_beside_its_field_and_nothing_is_changed(session, group, field, value, sentence):
    make_group(session, name="Anchor")
    with pytest.raises(GroupToldError, match=re.escape(sentence)) as refused:
        settle(session, group, NOW, "a test", **SETTLED | {"answer_days": 5} | {field: value})
    assert refused.value.field == field
    assert (group.name, group.answer_days) == ("Harbour", 3)


def test_a_first_pairing_that_has_come_may_stay(session, group):
    start = date(2026, 1, 10)
    group.first_pairing_on = start
    settle(session, group, NOW, "a test", **SETTLED | {"first_pairing_on": start, "answer_days": 4})
    assert (group.first_pairing_on, group.answer_days) == (start, 4)


def test_of_two_who_take_a_name_at_once_one_is_told(session, group, monkeypatch):
    make_group(session, name="Anchor")
    monkeypatch.setattr("matcher.groups._alike", lambda *_: None)  # as if the other came after we looked
    with pytest.raises(GroupToldError, match="There is a group Anchor already"):
        settle(session, group, NOW, "a test", **SETTLED | {"name": "Anchor"})
    assert group.name == "Harbour"


# Its own words


def test_a_groups_own_words_replace_those_before(session, group):
    set_terms(session, group, "area", ["running", "Art", "running", " sleep "], NOW)
    set_terms(session, group, "trait", ["gender"], NOW, "a test")
    kept = session.scalars(select(GroupTerm.id).where(GroupTerm.word == "Art")).one()
    set_terms(session, group, "area", ["Art", "work"], NOW)
    assert terms_of(session, group, "area") == ["Art", "work"]
    assert terms_of(session, group, "trait") == ["gender"]
    assert session.scalars(select(GroupTerm.id).where(GroupTerm.word == "Art")).one() == kept
    assert terms_of(session, make_group(session), "area") == []
    values = session.scalars(select(AuditEvent.values).where(AuditEvent.act == "words set").order_by(AuditEvent.id))
    assert values.all()[-1] == {"kind": "area", "words": 2}


def test_the_same_words_again_are_no_act(session, group):
    set_terms(session, group, "area", ["sleep"], NOW)
    set_terms(session, group, "area", ["sleep"], NOW)
    set_terms(session, group, "experience", [], NOW)
    assert acts(session) == ["group made", "words set"]
    set_terms(session, group, "area", [], NOW)
    assert terms_of(session, group, "area") == []


def test_of_two_who_set_the_words_at_once_one_is_told(session, group, monkeypatch):
    set_terms(session, group, "area", ["sleep"], NOW)
    monkeypatch.setattr("matcher.groups.set", lambda each: frozenset(each) - {"sleep"}, raising=False)  # it came after
    with pytest.raises(GroupToldError, match="Somebody else changed these words just now") as refused:
        set_terms(session, group, "area", ["sleep", "work"], NOW)
    assert refused.value.field == "area"


# Finding one


def test_a_group_is_found_by_its_name_or_its_public_id(session, group):
    assert group_named(session, " Harbour") is group
    assert group_named(session, group.public_id) is group


def test_a_group_that_is_not_there_is_told_with_those_that_are(session, group):
    make_group(session, name="Anchor")
    with pytest.raises(GroupError, match="there are: Anchor, Harbour"):
        group_named(session, "Harbor")


def test_where_there_is_no_group_at_all_the_sentence_says_how_to_make_one(session):
    with pytest.raises(GroupError, match="and no other; make one: alongside create-group NAME"):
        group_named(session, "Harbour")


# Crisis lines and opening


def test_crisis_lines_come_in_their_order_and_replace_those_before(session, group):
    set_crisis_lines(session, group, [("Old", "1"), ("Older", "2"), ("Oldest", "3")], NEXT_YEAR, NOW)
    set_crisis_lines(session, group, LINES, NEXT_YEAR, NOW)
    session.expire_all()
    assert [(line.place, line.name, line.reach) for line in group.crisis_lines] == [
        (1, "Samaritans", "116 123"),
        (2, "Emergency", "999"),
    ]
    assert group.crisis_lines_review_on == NEXT_YEAR


@pytest.mark.parametrize(
    ("lines", "review_on", "sentence"),
    [
        ([], NEXT_YEAR, "Write at least one crisis line"),
        ([("Samaritans", " ")], NEXT_YEAR, "Write how to reach it in 1 to 200 signs"),
        ([("", "116 123")], NEXT_YEAR, "Write a crisis line's name in 1 to 200 signs"),
        (LINES, NOW.date(), "on a day to come, and 2026-01-14 is none."),
    ],
)
def test_crisis_lines_that_help_nobody_are_refused(session, group, lines, review_on, sentence):
    with pytest.raises(GroupToldError, match=re.escape(sentence)) as refused:
        set_crisis_lines(session, group, lines, review_on, NOW)
    assert refused.value.field == ("crisis_lines" if review_on == NEXT_YEAR else "review_on")


def test_a_group_opens_once_it_has_crisis_lines_and_an_invited_coordinator(session, group):
    set_crisis_lines(session, group, LINES, NEXT_YEAR, NOW)
    invitations.invite(session, group, NOW, address="ada@example.org", to_coordinate=True)
    open_group(session, group, NOW)
    assert group.opened_at == NOW
    assert acts(session) == ["group made", "crisis lines set", "invited", "group opened"]


def test_a_group_opens_with_a_coordinator_who_is_there(session, group):
    set_crisis_lines(session, group, LINES, NEXT_YEAR, NOW)
    session.add(Coordinator(group_id=group.id, account=make_account(session)))
    open_group(session, group, NOW)
    assert group.opened_at == NOW


def test_a_group_that_lacks_everything_is_told_everything(session, group):
    with pytest.raises(GroupError) as refused:
        open_group(session, group, NOW)
    assert str(refused.value) == (
        "Harbour cannot open yet: enter at least one crisis line, so that members know whom to call; "
        "say on which day to come somebody looks whether its crisis lines still hold; "
        "name a coordinator, or invite one."
    )
    assert group.opened_at is None


def test_crisis_lines_that_are_overdue_for_a_look_keep_a_group_closed(session, group):
    set_crisis_lines(session, group, LINES, date(2026, 1, 15), NOW)
    invitations.invite(session, group, NOW, to_coordinate=True)
    with pytest.raises(GroupError, match="say on which day to come"):
        open_group(session, group, NOW + timedelta(days=1))


@pytest.mark.parametrize(
    "amiss", [{"to_coordinate": False}, {"used_at": NOW}, {"expires_at": NOW}, {"group_id": "of another"}]
)
def test_an_invitation_that_nobody_can_use_to_coordinate_does_not_open_a_group(session, group, amiss):
    set_crisis_lines(session, group, LINES, NEXT_YEAR, NOW)
    invitations.invite(session, group, NOW, to_coordinate=True)
    invitation = session.scalars(select(Invitation)).one()
    for name, value in amiss.items():
        setattr(invitation, name, make_group(session).id if name == "group_id" else value)
    with pytest.raises(GroupError, match="cannot open yet: name a coordinator, or invite one"):
        open_group(session, group, NOW)


def test_an_open_group_stays_open_since_when_it_was(session):
    group = make_group(session)
    opened_at = group.opened_at
    open_group(session, group, NOW + timedelta(days=1))
    assert group.opened_at == opened_at
    assert acts(session) == []


def test_the_day_of_the_review_is_a_day_of_the_groups_own_zone(session):
    group = create_group(session, "Pacific", "Pacific/Auckland", NOW)
    with pytest.raises(GroupError, match="2026-01-15 is none"):  # there it is tomorrow already
        set_crisis_lines(session, group, LINES, date(2026, 1, 15), NOW)


# The policy


def test_a_changed_policy_is_the_next_version_and_older_ones_stay(session, group):
    author = make_account(session)
    change_policy(session, group, {"least_blocks": 4, "version": 99}, author, "evenings are long", NOW)
    change_policy(session, group, {"mode": "best_fit", "weights": {"stage": {"each": 5}}}, None, "", NOW)
    assert [(each.version, each.rules) for each in group.policies] == [
        (2, {"least_blocks": 4}),
        (3, {"mode": "best_fit", "weights": {"stage": {"each": 5}}}),
    ]
    assert (group.policy.version, group.policy.least_blocks) == (3, Policy().least_blocks)
    assert (group.policies[0].note, group.policies[0].author_id) == ("evenings are long", author.id)
    actors = session.scalars(select(AuditEvent.actor).where(AuditEvent.act == "policy changed")).all()
    assert actors == [f"accounts:{author.public_id}", "command line"]


def test_values_that_no_night_could_use_change_nothing(session, group):
    with pytest.raises(PolicyError, match="term_weeks must be a whole number from 1 to 520, not 0"):
        change_policy(session, group, {"term_weeks": 0}, None, "", NOW)
    assert group.policies == []


def test_of_two_who_change_the_policy_at_once_one_is_told(session, group):
    assert group.policy.version == 1  # what this session has read, before another writes
    session.add(PolicyVersion(group_id=group.id, version=2, rules={"least_blocks": 3}, made_at=NOW))
    with pytest.raises(GroupError, match="Somebody else changed these rules just now"):
        change_policy(session, group, {"least_blocks": 4}, None, "", NOW)
    session.expire_all()
    assert [each.rules for each in group.policies] == [{"least_blocks": 3}]


def test_two_names_that_differ_in_capitals_alone_are_one(session):
    group = create_group(session, "Tuesday Runners", "Europe/London", NOW)
    with pytest.raises(GroupError, match="There is a group tuesday RUNNERS already"):
        create_group(session, " tuesday RUNNERS", "Europe/London", NOW)
    assert group_named(session, "TUESDAY runners") is group
