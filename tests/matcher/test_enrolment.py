from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from matcher import outbox
from matcher.enrolment import LONGEST, Enrolment, enrol
from matcher.errors import GroupError
from matcher.models import Account, AuditEvent, ConsentGiven, Goal, Group, Member, Message, Request
from matcher.models.people import REQUIRED_CONSENTS
from matcher.pairing import Wish
from matcher.profile import windows_from_json, wishes_from_json
from matcher.spreadsheets.people import read_people
from matcher.states import Consent, MemberState, Visibility
from matcher.vocabulary import Stage, SupportStyle
from tests.builders import hours
from tests.rows import NOW, make_account, make_group, make_member

HEADER = "name,email,zone,languages,goals,availability"
ADA = "Ada,ada@example.org,Europe/London,English; Polish,health: running; reading,Mon 18:00-20:00"
BOB = "Bob,bob@example.org,Europe/Paris,French,sleep,Sun 22:00-01:00"
FULL = """\
id,name,email,zone,languages,goals,availability,writing,experiences,experiences_shown,support_style,channels,rhythm,\
welcomes_three,age,gender,wishes,requests,goes_first,nights_waited
a,Ada,ada@example.org,Europe/London,English; Polish,health: running,"Mon 18:00-20:30; Sun 22:00-01:00",yes,\
grief,carer (looking back),gentle,video; phone,weekly,yes,34,female,same gender (may ask),Bob,yes,3
b,Bob,bob@example.org,Europe/London,English,reading,Mon 18:00-20:30,,,,,,,,41,male,,,,
"""


@pytest.fixture
def session(sessions):
    with sessions.begin() as session:
        yield session


@pytest.fixture
def group(session) -> Group:
    return make_group(session, name="Harbour")


@pytest.fixture
def import_(session, group, tmp_path):
    """Import a sheet that is written here."""

    def run(
        *rows: str, agreed: bool = True, header: str = HEADER, into: Group = group, now: datetime = NOW
    ) -> Enrolment:
        path = Path(tmp_path / "people.csv")
        path.write_text("\n".join([header, *rows]) if header else rows[0], "utf-8")
        return enrol(session, into, read_people(path), now, agreed)

    return run


def member(session, name: str) -> Member:
    session.expire_all()
    return session.scalars(select(Member).where(Member.name == name)).one()


def count(session, kind) -> int:
    return session.scalar(select(func.count()).select_from(kind))


# What is kept


def test_everything_a_sheet_says_of_somebody_is_kept_and_the_sealed_comes_back(session, import_):
    import_(FULL, header="")
    ada = member(session, "Ada")
    assert (ada.account.address, ada.zone, ada.languages) == ("ada@example.org", "Europe/London", ["en", "pl"])
    assert [(goal.area, goal.tag) for goal in ada.goals] == [("health", "running")]
    assert windows_from_json(ada.windows) == hours("Mon 18:00-20:30; Sun 22:00-01:00")
    assert wishes_from_json(ada.wishes) == (Wish("gender", frozenset({"female"}), may_ask=True),)
    assert (ada.writing_is_enough, ada.welcomes_three, ada.goes_first) == (True, True, True)
    assert (ada.support_style, ada.channels, ada.rhythm) == (SupportStyle.GENTLE, ["phone", "video"], "weekly")
    assert ada.about_me == {"gender": "female", "age": "34"}
    assert {(each.tag, each.stage, each.visibility) for each in ada.experiences} == {
        ("grief", None, Visibility.FOR_MATCHING),
        ("carer", Stage.LOOKING_BACK, Visibility.PROPOSED),
    }


def test_an_experience_is_marked_so_that_it_stands_once_and_nobody_can_read_the_mark(session, import_):
    import_(ADA + ",grief", BOB + ",grief", header=HEADER + ",experiences")
    (ada,), (bob,) = member(session, "Ada").experiences, member(session, "Bob").experiences
    assert ada.tag_mark == bob.tag_mark
    assert len(ada.tag_mark) == 64
    assert "grief" not in ada.tag_mark


def test_a_person_asked_for_is_kept_as_a_request(session, import_):
    import_(FULL, header="")
    request = session.scalars(select(Request)).one()
    assert (request.member_id, request.asked_id) == (member(session, "Ada").id, member(session, "Bob").id)


def test_each_new_member_is_in_the_audit_trail_without_a_name_or_address(session, group, import_):
    import_(ADA, BOB)
    events = session.scalars(select(AuditEvent)).all()
    assert [(event.act, event.group_id) for event in events] == [("member imported", group.id)] * 2
    assert events[0].subject == f"members:{member(session, 'Ada').public_id}"
    assert not any(event.values for event in events)


# Consent


def test_with_the_coordinators_word_people_are_ready_and_wait_from_that_day(session, import_):
    import_(ADA)
    ada = member(session, "Ada")
    assert (ada.state, ada.waiting_since) == (MemberState.WAITING, date(2026, 1, 14))
    assert ada.invited_in_person
    assert {each.consent for each in ada.consents} == {Consent.ADULT, Consent.HOUSE_RULES, Consent.PAIRING}
    assert {each.how for each in ada.consents} == {"told the coordinator, imported on 2026-01-14"}


def test_the_coordinators_word_holds_for_experiences_where_some_were_written(session, import_):
    import_(ADA + ",grief", BOB + ",", header=HEADER + ",experiences")
    assert member(session, "Ada").agrees_to(Consent.EXPERIENCES)
    assert not member(session, "Bob").agrees_to(Consent.EXPERIENCES)


def test_without_it_people_join_and_are_not_ready(session, import_):
    assert import_(ADA, agreed=False).joined == 1
    ada = member(session, "Ada")
    assert (ada.state, ada.waiting_since, ada.consents) == (MemberState.NOT_READY, None, [])
    assert not ada.invited_in_person


def test_a_yes_on_the_sheet_itself_is_one_to_being_paired_and_no_more(session, import_):
    import_(ADA + ",yes", BOB + ",no", agreed=False, header=HEADER + ",consent")
    ada = member(session, "Ada")
    assert [(each.consent, each.how) for each in ada.consents] == [
        (Consent.PAIRING, "said yes on the sheet, imported on 2026-01-14")
    ]
    assert ada.state is MemberState.NOT_READY
    assert count(session, Member) == 1


def test_a_day_is_a_day_of_the_groups_own_zone(session, import_):
    import_(ADA, into=make_group(session, zone="Pacific/Auckland"))
    assert member(session, "Ada").waiting_since == date(2026, 1, 15)


def test_somebody_whose_mail_came_back_does_not_wait(session, import_):
    make_account(session, address="ada@example.org", address_failed_at=NOW)
    import_(ADA)
    assert member(session, "Ada").waiting_since is None


# Twice, and elsewhere


def test_a_second_import_changes_nothing_and_counts_who_was_there(session, import_):
    import_(ADA, agreed=False)
    before = member(session, "Ada")
    was = {column.key: getattr(before, column.key) for column in Member.__table__.columns}
    again = import_(ADA.replace("Ada,ada@", "Adele,ADA@").replace("running", "chess"), BOB, now=NOW + timedelta(days=9))

    after = member(session, "Ada")
    assert (again.joined, again.already_there) == (1, 1)
    assert {column.key: getattr(after, column.key) for column in Member.__table__.columns} == was
    assert [(goal.area, goal.tag) for goal in after.goals] == [("health", "running"), ("reading", "")]
    assert (after.consents, after.invited_in_person) == ([], False)


def test_a_member_who_left_is_not_brought_back_by_a_sheet(session, group, import_):
    make_member(session, group, name="Ada", account=make_account(session, address="ada@example.org"), left_at=NOW)
    assert import_(ADA).already_there == 1
    assert member(session, "Ada").state is MemberState.LEFT


def test_a_new_member_may_ask_for_one_who_was_there(session, import_):
    import_(BOB)
    import_(ADA + ",Bob", BOB + ",Ada", header=HEADER + ",requests")
    request = session.scalars(select(Request)).one()
    assert (request.member_id, request.asked_id) == (member(session, "Ada").id, member(session, "Bob").id)


def test_an_account_of_another_group_gets_a_second_member_and_nobody_is_told(session, import_):
    with_account, without = make_group(session), make_group(session)
    make_member(session, make_group(session), name="Robin", account=make_account(session, address="ada@example.org"))
    said = import_(ADA, into=with_account)
    assert count(session, Account) == 1
    session.query(Account).update({"address": None})
    assert said == import_(ADA, into=without)
    assert [each.name for each in session.scalars(select(Member).order_by(Member.id))] == ["Robin", "Ada", "Ada"]


def test_the_word_of_one_groups_coordinator_makes_nobody_ready_in_another(session, group, import_):
    import_(ADA, agreed=False)
    there = member(session, "Ada")
    there.consents = [ConsentGiven(consent=each, how="on a page", given_at=NOW) for each in sorted(REQUIRED_CONSENTS)]
    import_(ADA.replace("Ada,", "Adele,"), into=make_group(session))
    assert member(session, "Adele").state is MemberState.WAITING
    assert member(session, "Ada").missing() == ["a confirmed address"]
    outbox.tell(session, member(session, "Ada"), "alone", "night", NOW)
    assert count(session, Message) == 0


def test_who_runs_into_another_import_of_the_same_account_reads_a_sentence(session, group, import_, monkeypatch):
    account = make_account(session, address="ada@example.org")
    monkeypatch.setattr("matcher.enrolment._known", lambda *_: ({"ada@example.org": account}, {}))  # before theirs
    make_member(session, group, account=account)
    with pytest.raises(GroupError, match="Somebody else is importing some of these people"):
        import_(ADA)


# Set aside and noted


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (ADA.replace("ada@example.org", ""), "no email; a member of a group needs one"),
        (
            ADA.replace("ada@example.org", "ada at home"),
            '"ada at home" is no email; write one such as name@',
        ),
        (ADA.replace("Ada,", ","), "no name; write what this person would like to be called"),
        (ADA.replace("Ada,", "A" * 101 + ","), "has 101 signs; write at most 100"),
        (ADA.replace("reading", "r" * 101), f'the goal area "{"r" * 59}…" has 101 signs; write at most 100'),
        (ADA + "," + "w" * 41, f'the rhythm "{"w" * 41}" has 41 signs; write at most 40'),
    ],
)
def test_a_row_that_no_member_can_be_made_of_is_set_aside_with_its_reason(session, import_, row, reason):
    found = import_(BOB, row, header=HEADER + ",rhythm")
    assert [each.row for each in found.set_aside] == [3]
    assert reason in str(found.set_aside[0])
    assert found.joined == count(session, Member) == 1


def test_an_address_in_several_rows_is_taken_from_none_however_it_is_typed(session, import_):
    found = import_(ADA.replace("ada@", "jos\u00e9@"), BOB.replace("bob@", "jose\u0301@"))
    assert [str(each) for each in found.set_aside] == [
        f'row {row}, the id "jos\u00e9@example.org" stands in several rows; '
        "keep the one that holds, or write different ids"
        for row in (2, 3)
    ]
    assert count(session, Account) == 0


def test_nor_where_the_rows_have_ids_of_their_own(session, import_):
    found = import_("1," + ADA, "2," + BOB.replace("bob@", "ADA@"), header="id," + HEADER)
    assert [str(each) for each in found.set_aside] == [
        f"row {row}, the email stands in several rows; keep the one that holds" for row in (2, 3)
    ]
    assert count(session, Account) == 0


def test_rows_set_aside_by_the_reading_and_here_stand_in_their_order(import_):
    found = import_(ADA.replace("ada@example.org", ""), BOB.replace("Europe/Paris", "Mars"))
    assert [each.row for each in found.set_aside] == [2, 3]


def test_a_request_for_somebody_set_aside_is_noted(session, import_):
    found = import_(ADA + ",Bob", BOB.replace("bob@example.org", "bob") + ",", header=HEADER + ",requests")
    assert "row 2: somebody they ask for was set aside, so that request was not kept." in found.notes
    assert count(session, Request) == 0


def test_nights_waited_elsewhere_are_not_carried_over_and_that_is_said(import_):
    found = import_(ADA + ",3", BOB + ",", header=HEADER + ",nights_waited")
    assert found.notes[-1] == "row 2: nights waited are counted anew from today; who goes first still does."


def test_the_lengths_said_are_those_the_rows_have_room_for():
    room = {"name": Member.__table__.c.name, "goal area": Goal.__table__.c.area, "rhythm": Member.__table__.c.rhythm}
    assert {what: column.type.length for what, column in room.items()} == LONGEST


def test_an_import_takes_its_moment_from_whoever_asks(session, import_):
    then = datetime(2026, 3, 1, 9, tzinfo=UTC)
    import_(ADA, now=then)
    ada = member(session, "Ada")
    assert (ada.joined_at, ada.account.made_at, ada.consents[0].given_at) == (then, then, then)
