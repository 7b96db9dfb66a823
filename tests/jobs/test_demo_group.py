from random import Random

import pytest

from jobs.demo_group import NAME, is_all_invented, make_group, take_in
from jobs.invented_people import invented_people
from matcher.states import Consent, MemberState
from tests.rows import NOW
from tests.rows import make_group as make_real_group


@pytest.fixture
def session(sessions):
    with sessions.begin() as session:
        yield session


def test_the_invented_group_is_open_and_its_crisis_line_is_no_number(session):
    group = make_group(session, NOW.date(), NOW)
    assert group.name == NAME
    assert group.opened_at == NOW
    assert not any(sign.isdigit() for line in group.crisis_lines for sign in line.name + line.reach)


def test_whoever_is_taken_in_waits_and_is_known_by_the_id_of_the_seed(session):
    group = make_group(session, NOW.date(), NOW)
    for person in invented_people(Random(1))[:20]:
        member = take_in(session, group, person, NOW)
        assert member.public_id == person.member_id
        assert member.state is MemberState.WAITING
        assert member.waiting_since is not None
        assert member.agrees_to(Consent.EXPERIENCES) is person.lets_use_experiences


def test_a_database_is_the_demos_only_if_every_group_in_it_is_invented(session):
    assert not is_all_invented(session)
    make_group(session, NOW.date(), NOW)
    assert is_all_invented(session)
    make_real_group(session)
    assert not is_all_invented(session)
