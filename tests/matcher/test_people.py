from datetime import UTC, date, datetime

import pytest
from sqlalchemy.exc import IntegrityError

from matcher import people
from matcher.models import Group, Member, Partner
from matcher.states import Consent, MemberState
from tests.rows import NOW
from tests.stage import DAY


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


def all_ids(stage):
    return [each.public_id for each in people.lock_group(stage.session, stage.group)]


def give_a_second_place(stage, member, partnership):
    with stage.session.begin_nested():
        people.give_place(stage.session, member, partnership=partnership)
        stage.session.flush()
