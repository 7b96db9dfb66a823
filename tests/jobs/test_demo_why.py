"""Why three people are where they are, against their rows."""

import pytest
from sqlalchemy import select

from jobs.demo_why import Life, told_people
from matcher.models import Group, LeftAlone, Member
from matcher.states import MemberState


@pytest.fixture
def told(lived):
    with lived.rows() as session:
        yield session, list(told_people(session, session.scalars(select(Group)).one()))


def named(session, name):
    return session.scalars(select(Member).where(Member.name == name)).one()


def test_the_first_has_a_partner_for_the_reasons_of_the_proposal(told):
    session, (first, _, _) = told
    life = Life(session, named(session, first.split()[1]))
    assert life.member.state is MemberState.PARTNERED
    assert life.accepted.reasons
    assert all(reason in first for reason in life.accepted.reasons)


def test_the_second_had_to_begin_anew_before(told):
    session, (_, second, _) = told
    assert Life(session, named(session, second.split()[1])).turns > 1
    assert "it came to nothing" in second or "nobody in this pairing" in second


def test_the_third_waits_and_reads_what_could_help(told):
    session, (*_, third) = told
    member = named(session, third.split()[1])
    rows = session.scalars(select(LeftAlone).where(LeftAlone.member_id == member.id).order_by(LeftAlone.id)).all()
    words = " ".join(third.split())
    assert member.state is MemberState.WAITING
    assert rows[-1].could_help in words
    assert "You go first on Wednesday" in words
