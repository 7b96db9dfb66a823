import pytest
from sqlalchemy import select

from matcher import open_groups
from matcher.errors import LinkError
from matcher.models import AuditEvent, Member
from matcher.states import MemberState
from tests.rows import NOW, make_account, make_group, make_member


@pytest.fixture
def session(sessions):
    with sessions.begin() as session:
        yield session


@pytest.fixture
def group(session):
    return make_group(session, name="Harbour", open_to_all=True)


def test_groups_that_are_open_to_all_are_found_by_their_names(session, group):
    make_group(session, name="Closed")
    make_group(session, name="Not open yet", open_to_all=True, opened_at=None)
    make_group(session, name="Anchor", open_to_all=True)
    assert [each.name for each in open_groups.listed(session)] == ["Anchor", "Harbour"]


def test_a_hundred_groups_are_listed_at_most(session):
    for number in range(101):
        make_group(session, name=f"Group {number:03d}", open_to_all=True)
    assert [each.name for each in open_groups.listed(session)] == [f"Group {number:03d}" for number in range(100)]


def test_who_has_confirmed_an_address_joins_without_an_invitation(session, group):
    account = make_account(session)
    joined = open_groups.join(session, group.public_id, account, NOW)
    session.flush()
    assert (joined.account, joined.group, joined.joined_at) == (account, group, NOW)
    assert (joined.invited_in_person, joined.state) == (False, MemberState.NOT_READY)
    event = session.scalars(select(AuditEvent).where(AuditEvent.act == "joined")).one()
    assert account.public_id in event.actor
    assert joined.public_id in event.subject


@pytest.mark.parametrize("changes", [{"open_to_all": False}, {"opened_at": None}])
def test_any_other_group_is_as_one_that_never_was(session, changes):
    group = make_group(session, **{"open_to_all": True} | changes)
    account = make_account(session)
    assert open_groups.join(session, group.public_id, account, NOW) is None
    assert open_groups.join(session, "never-was", account, NOW) is None
    assert session.scalars(select(Member)).all() == []


@pytest.mark.parametrize("changes", [{"address_confirmed_at": None}, {"address_failed_at": NOW}])
def test_nobody_joins_whose_address_is_not_sure(session, group, changes):
    account = make_account(session, **changes)
    with pytest.raises(LinkError, match="Confirm your mail address first"):
        open_groups.join(session, group.public_id, account, NOW)
    assert session.scalars(select(Member)).all() == []


def test_who_is_in_it_already_is_told_so(session, group):
    member = make_member(session, group)
    with pytest.raises(LinkError, match="You are in Harbour already"):
        open_groups.join(session, group.public_id, member.account, NOW)


def test_who_has_left_comes_back_as_the_same_member(session, group):
    member = make_member(session, group, left_at=NOW)
    assert open_groups.join(session, group.public_id, member.account, NOW) is member
    assert member.left_at is None
