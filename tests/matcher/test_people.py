from datetime import UTC, date, datetime

import pytest
from sqlalchemy import event
from sqlalchemy.exc import IntegrityError

from matcher import people, proposals
from matcher.models import Group, Member, Partner
from matcher.states import Closing, Consent, MemberState, ProposalState, RunState
from tests.rows import NOW, make_proposal, make_run
from tests.stage import DAY, SUNDAY


def test_today_is_the_members_own_and_the_groups_until_they_say():

    late = datetime(2026, 1, 14, 20, tzinfo=UTC)
    group = Group(zone="Europe/London")
    assert people.today_of(Member(zone="Asia/Tokyo", group=group), late) == date(2026, 1, 15)
    assert people.today_of(Member(zone="", group=group), late) == date(2026, 1, 14)


def test_nights_count_from_the_first_day_of_waiting(stage):
    waiting, not_ready = stage.people(1)[0], stage.people(1, languages=[], waiting_since=None)[0]
    people.start_waiting(waiting, NOW + 5 * DAY)
    people.start_waiting(not_ready, NOW)
    assert (waiting.waiting_since, not_ready.waiting_since) == (NOW.date(), None)


def test_a_yes_of_a_new_kind_is_kept_beside_the_others(stage):
    (member,) = stage.people(1)
    people.agree(stage.session, member, Consent.EXPERIENCES, "on a page", NOW)
    assert member.agrees_to(Consent.EXPERIENCES)
    assert len(member.consents) == 4


def test_a_sign_of_life_counts_in_the_partnership_that_is_on(stage):
    one, other = stage.people(2)
    pair = stage.together(one, other)
    people.sign_of_life(stage.session, one, NOW + DAY)
    signs: list[Partner] = pair.partners
    assert [each.last_sign_at for each in signs] == [NOW + DAY, NOW]


def test_a_second_place_is_refused_by_the_database(stage):
    one, other = stage.people(2)
    pair = stage.together(one, other)
    people.take_place(stage.session, stage.people(1)[0])
    with pytest.raises(IntegrityError):
        give_a_second_place(stage, one, pair)
    stage.session.expire_all()
    assert one.state is MemberState.PARTNERED


def test_whoever_locks_a_member_locks_their_proposed_and_partners_and_reads_afresh(stage):
    one, other, asked = stage.people(3)
    stage.together(one, other)
    stage.open(*stage.people(1), asked)
    one.name = "Robin"
    people.lock_around(stage.session, one, asked)
    assert one.name == "Robin"
    assert [each.id for each in people.lock_group(stage.session, stage.group)] == sorted(
        each.id for each in people.by_public_id(stage.session, all_ids(stage)).values()
    )


@pytest.fixture
def statements(stage):
    """The statements to the database, as they come."""
    seen = []
    connection = stage.session.connection()
    event.listen(connection, "before_cursor_execute", lambda *given: seen.append(given[2:4]))
    return seen


def test_who_was_in_a_draft_that_never_went_out_is_locked_with_nobody(stage, statements):
    one, other = stage.people(2)
    run = make_run(stage.session, stage.group, SUNDAY - 7 * DAY, state=RunState.SUPERSEDED)
    draft = make_proposal(stage.session, run, [one, other], state=ProposalState.DRAFT, opened_at=None)
    assert locked_around(stage, statements, one) == {one.id, other.id}
    proposals.drop(draft, Closing.SUPERSEDED, NOW)
    assert locked_around(stage, statements, one) == {one.id}


def locked_around(stage, statements, member):
    """The numbers in the statement that locks."""
    stage.session.flush()
    statements.clear()
    people.lock_around(stage.session, member)
    values = statements[-1][1]
    return set(values.values() if isinstance(values, dict) else values)


def test_a_change_is_written_once_its_locks_are_held_the_group_before_its_members(stage, statements):
    (member,) = stage.people(1)
    statements.clear()
    member.name = "Robin"
    people.lock_around(stage.session, member)
    first = [words.split("\nFROM ")[-1].split()[0] for words, _ in statements]
    assert (first[0], first[-2:]) == ("groups", ["members", "UPDATE"])
    assert member.name == "Robin"


def all_ids(stage):
    return [each.public_id for each in people.lock_group(stage.session, stage.group)]


def give_a_second_place(stage, member, partnership):
    with stage.session.begin_nested():
        people.give_place(stage.session, member, partnership=partnership)
        stage.session.flush()
