from datetime import timedelta

import pytest
from sqlalchemy import func, select, text

from matcher import invitations, leaving
from matcher.errors import GroupError, LinkError
from matcher.models import AuditEvent, Group, Invitation, Member
from matcher.states import MemberState
from matcher.tokens import hash_of
from tests.rows import NOW, make_account, make_group, make_member

A_DAY = timedelta(days=1)


@pytest.fixture
def group(session) -> Group:
    return make_group(session, name="Harbour")


# Inviting


def test_of_an_invitation_only_the_hash_is_kept_and_it_expires(session, group):
    token = invitations.invite(session, group, NOW, address=" Ada@Example.org", to_coordinate=True)
    invitation = session.scalars(select(Invitation)).one()
    assert invitation.token_hash == hash_of(token) != token
    assert (invitation.address, invitation.to_coordinate) == ("ada@example.org", True)
    assert invitation.expires_at - NOW == timedelta(days=invitations.GOOD_FOR_DAYS)
    events = session.scalars(select(AuditEvent)).all()
    assert events[-1].values == {"to_coordinate": True}
    assert token not in str([(event.subject, event.values) for event in events])


def test_no_two_invitations_have_one_token_and_an_address_is_not_needed(session, group):
    assert invitations.invite(session, group, NOW) != invitations.invite(session, group, NOW)
    assert session.scalars(select(Invitation.address)).all() == ["", ""]


def test_an_invitation_to_what_is_no_address_is_refused(session, group):
    with pytest.raises(GroupError, match='"ada" is no mail address; write one such as name@example'):
        invitations.invite(session, group, NOW, address="ada")


# What it opens


def test_who_opens_one_becomes_a_member_who_is_not_ready_and_the_link_is_used_up(session, group):
    token, account = invitations.invite(session, group, NOW), make_account(session, address_confirmed_at=None)
    assert invitations.look(session, token, NOW).group_id == group.id
    member = invitations.accept(session, token, account, NOW)
    assert (member.group, member.name, member.invited_in_person, member.state) == (
        group,
        "",
        True,
        MemberState.NOT_READY,
    )
    assert member.reachable
    with pytest.raises(LinkError, match="does not work any more, or never did"):
        invitations.accept(session, token, make_account(session), NOW)
    joined = session.scalars(select(AuditEvent).where(AuditEvent.act == "joined")).one()
    assert (joined.actor, joined.subject) == (f"accounts:{account.public_id}", f"members:{member.public_id}")


def test_who_opens_one_that_somebody_used_a_moment_ago_comes_too_late(session, group):
    token, account = invitations.invite(session, group, NOW), make_account(session)
    invitation = invitations.look(session, token, NOW)
    session.execute(text("UPDATE invitations SET used_at = made_at"))  # by another, after we looked
    with pytest.raises(LinkError, match="does not work any more"):
        invitations.accept(session, token, account, NOW)
    session.refresh(invitation)
    assert invitation.used_at == NOW


def test_one_for_a_coordinator_makes_a_coordinator(session, group):
    token, account = invitations.invite(session, group, NOW, to_coordinate=True), make_account(session)
    invitations.accept(session, token, account, NOW)
    assert [each.account for each in group.coordinators] == [account]
    assert session.scalar(select(func.count(Member.id))) == 0


@pytest.mark.parametrize(("after", "works"), [(13.999, True), (14, False), (400, False)])
def test_it_works_for_fourteen_days(session, group, after, works):
    token, account = invitations.invite(session, group, NOW), make_account(session)
    if works:
        assert invitations.accept(session, token, account, NOW + after * A_DAY)
    else:
        with pytest.raises(LinkError, match="for 14 days"):
            invitations.accept(session, token, account, NOW + after * A_DAY)


def test_one_for_an_address_is_for_nobody_else(session, group):
    token = invitations.invite(session, group, NOW, address="ada@example.org")
    with pytest.raises(LinkError, match="for another address"):
        invitations.accept(session, token, make_account(session, address="bob@example.org"), NOW)
    assert invitations.accept(session, token, make_account(session, address="ada@example.org"), NOW)


@pytest.mark.parametrize("to_coordinate", [True, False])
def test_who_is_there_already_is_told_so_and_the_link_is_for_somebody_else(sessions, to_coordinate):
    with sessions.begin() as session:
        group, account = make_group(session, name="Harbour"), make_account(session)
        first, second = (invitations.invite(session, group, NOW, to_coordinate=to_coordinate) for _ in range(2))
        invitations.accept(session, first, account, NOW)
        number = account.id
    with sessions() as session, pytest.raises(LinkError, match="You are in Harbour already"):
        invitations.accept(session, second, session.get_one(type(account), number), NOW)
    with sessions.begin() as session:
        assert invitations.accept(session, second, make_account(session), NOW)


def test_who_left_comes_back_by_a_new_one_and_agrees_anew(session, group):
    member = make_member(session, group, name="Robin")
    leaving.leave(session, member, NOW)
    token = invitations.invite(session, group, NOW + A_DAY)
    assert invitations.accept(session, token, member.account, NOW + A_DAY) is member
    assert (member.left_at, member.name, member.joined_at) == (None, "", NOW + A_DAY)
    assert member.state is MemberState.NOT_READY
    assert [goal.area for goal in member.goals] == ["running"]
