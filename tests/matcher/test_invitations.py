from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import event, func, select, text

from matcher import invitations, leaving, outbox, sign_ins
from matcher.errors import GroupError, GroupToldError, LinkError, StateError
from matcher.models import Account, AuditEvent, Coordinator, Group, Invitation, Member, Message
from matcher.states import MemberState, MessageState
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


def test_a_slip_in_an_address_can_be_shown_beside_its_field(session, group):
    with pytest.raises(GroupToldError) as refused:
        invitations.send(session, group, NOW, "ada", "a test")
    assert refused.value.field == "address"


def test_only_so_many_are_open_at_once(session, group, monkeypatch):
    monkeypatch.setattr(invitations, "MOST_OPEN", 2)
    invitations.invite(session, group, NOW)
    invitations.send(session, group, NOW, "ada@example.org", "a test")
    with pytest.raises(GroupToldError, match="2 invitations are open, and more are not kept at once"):
        invitations.invite(session, group, NOW)
    assert invitations.invite(session, make_group(session), NOW)
    assert invitations.withdraw(session, group, listed(session, group)[0].public_id, NOW, "a test")
    assert invitations.invite(session, group, NOW)


# By mail


def listed(session, group, now=NOW) -> list[invitations.Invited]:
    session.flush()
    session.expire_all()
    return invitations.of_group(session, group, now)


def test_a_mailed_one_is_a_row_of_the_outbox_without_a_name_an_address_or_a_token(session, group):
    assert invitations.send(session, group, NOW, " Ada@Example.org ", "a test") is None
    session.flush()
    invitation, message = session.scalars(select(Invitation)).one(), session.scalars(select(Message)).one()
    assert (invitation.address, invitation.to_coordinate) == ("ada@example.org", False)
    assert (message.kind, message.invitation_id, message.account_id) == ("invitation", invitation.id, None)
    assert message.values == {"last_day": "2026-01-27"}
    assert "example" not in message.key


def test_its_token_is_made_with_each_mail_and_the_one_before_dies(session, group):
    invitations.send(session, group, NOW, "ada@example.org", "a test")
    session.flush()
    number = session.scalars(select(Invitation.id)).one()
    (to, first), (_, second) = (invitations.renew(session, number, NOW) for _ in range(2))
    assert to == "ada@example.org"
    with pytest.raises(LinkError):
        invitations.look(session, first, NOW)
    account = make_account(session, address="ada@example.org")
    assert invitations.accept(session, second, account, NOW).group is group
    assert invitations.renew(session, number, NOW) is None


def test_none_is_made_for_one_that_is_over_or_is_not_there(session, group):
    invitations.send(session, group, NOW, "ada@example.org", "a test")
    session.flush()
    number = session.scalars(select(Invitation.id)).one()
    assert invitations.renew(session, number, NOW + 14 * A_DAY) is None
    assert invitations.renew(session, number + 1, NOW) is None


def test_nobody_is_woken_by_one(session):
    group = make_group(session, zone="Australia/Sydney")
    night = datetime(2026, 1, 14, 16, 30, tzinfo=UTC)  # half past three in Sydney
    invitations.send(session, group, night, "ada@example.org", "a test")
    session.flush()
    message = session.scalars(select(Message)).one()
    assert message.send_after == datetime(2026, 1, 14, 21, tzinfo=UTC)
    assert outbox.reader_of(session, message) == ("ada@example.org", "Australia/Sydney")


def test_the_answer_and_the_work_are_the_same_whoever_has_the_address(session, group):
    make_account(session, address="account@example.org")
    make_member(session, make_group(session), account=make_account(session, address="elsewhere@example.org"))
    make_member(session, group, account=make_account(session, address="here@example.org"))
    make_account(session, address="failed@example.org", address_failed_at=NOW)
    invitations.send(session, group, NOW, "first@example.org", "a test")  # also begins the day's count
    session.flush()
    said: list[str] = []
    listen = (session.get_bind(), "before_cursor_execute", lambda _, __, words, *___: said.append(words))
    event.listen(*listen)
    work = set()
    for name in ("nobody", "account", "elsewhere", "here", "failed"):
        assert invitations.send(session, group, NOW, f"{name}@example.org", "a test") is None
        session.flush()
        work.add(tuple(said))
        said.clear()
    event.remove(*listen)
    assert len(work) == 1
    assert not any(table in words for words in work.pop() for table in ("FROM accounts", "FROM members"))
    assert {(each.mail, each.is_open) for each in listed(session, group)} == {(MessageState.WAITING, True)}


def test_a_newer_one_to_the_same_address_takes_the_place_of_the_older(session, group):
    other = make_group(session)
    for into, address in ((group, "ada@"), (group, "bob@"), (other, "ada@"), (group, "ada@")):
        invitations.send(session, into, NOW, f"{address}example.org", "a test")
    invitations.send(session, group, NOW, "ada@example.org", "a test", to_coordinate=True)
    assert [(each.to_coordinate, each.is_open, each.mail) for each in listed(session, group)] == [
        (True, True, MessageState.WAITING),
        (False, True, MessageState.WAITING),
        (False, True, MessageState.WAITING),
        (False, False, MessageState.DROPPED),
    ]
    assert [each.is_open for each in listed(session, other)] == [True]


def test_only_so_many_are_mailed_in_a_day(session, group, monkeypatch):
    monkeypatch.setattr(invitations, "MOST_MAILED_A_DAY", 2)
    assert invitations.mails_left(session, group, NOW) == 2
    for name in "ab":
        invitations.send(session, group, NOW, f"{name}@example.org", "a test")
    assert invitations.withdraw(session, group, listed(session, group)[0].public_id, NOW, "a test")
    assert invitations.mails_left(session, group, NOW) == 0
    with pytest.raises(GroupToldError, match="At most 2 invitations are mailed in a day"):
        invitations.send(session, group, NOW, "c@example.org", "a test")
    assert invitations.mails_left(session, group, NOW) == 0
    assert invitations.mails_left(session, make_group(session), NOW) == 2
    invitations.send(session, group, NOW + A_DAY, "c@example.org", "a test")


# What a coordinator sees of them, and takes back


def test_the_list_shows_the_newest_first_and_no_address(session, group, monkeypatch):
    token = invitations.invite(session, group, NOW, address="bob@example.org", to_coordinate=True)
    invitations.accept(session, token, make_account(session, address="bob@example.org"), NOW)
    invitations.invite(session, group, NOW - 15 * A_DAY)
    invitations.send(session, group, NOW + A_DAY, "ada@example.org", "a test")
    invitations.invite(session, make_group(session), NOW)
    found = listed(session, group, NOW + A_DAY)
    assert [(each.to, each.is_used, each.is_open, each.mail) for each in found] == [
        ("a…@e….org", False, True, MessageState.WAITING),
        ("b…@e….org", True, False, None),
        ("handed over", False, False, None),
    ]
    assert (found[0].made_at, found[0].last_day) == (NOW + A_DAY, (NOW + 14 * A_DAY).date())
    assert [each.to_coordinate for each in found] == [False, True, False]
    monkeypatch.setattr(invitations, "MOST_LISTED", 2)
    assert listed(session, group) == invitations.of_group(session, group, NOW)[:2]


def test_one_that_is_withdrawn_opens_nothing_and_is_not_mailed(session, group):
    by = make_account(session)
    invitations.send(session, group, NOW, "ada@example.org", "a test")
    (invited,) = listed(session, group)
    _, token = invitations.renew(session, session.scalars(select(Invitation.id)).one(), NOW)
    assert invitations.withdraw(session, group, invited.public_id, NOW, f"accounts:{by.public_id}")
    with pytest.raises(LinkError):
        invitations.accept(session, token, make_account(session, address="ada@example.org"), NOW)
    message = session.scalars(select(Message)).one()
    assert (message.state, message.last_error) == (MessageState.DROPPED, "the invitation was withdrawn")
    assert not invitations.withdraw(session, group, invited.public_id, NOW, "a test")
    events = session.scalars(select(AuditEvent).where(AuditEvent.act == "invitation withdrawn")).all()
    assert [(each.actor, each.subject) for each in events] == [
        (f"accounts:{by.public_id}", f"invitations:{invited.public_id}")
    ]


def test_one_that_is_used_over_or_of_another_group_is_not_withdrawn(session, group):
    used = invitations.invite(session, group, NOW)
    invitations.accept(session, used, make_account(session), NOW)
    (invited,) = listed(session, group)
    assert not invitations.withdraw(session, group, invited.public_id, NOW, "a test")
    invitations.invite(session, group, NOW + A_DAY)
    invited, _ = listed(session, group)
    assert not invitations.withdraw(session, make_group(session), invited.public_id, NOW, "a test")
    assert not invitations.withdraw(session, group, invited.public_id, NOW + 15 * A_DAY, "a test")
    assert not invitations.withdraw(session, group, "nothing", NOW, "a test")
    assert invitations.withdraw(session, group, invited.public_id, NOW + 2 * A_DAY, "a test")


def test_a_link_that_is_withdrawn_while_somebody_opens_it_opens_nothing(session, group):
    token = invitations.invite(session, group, NOW)
    seen = invitations.look(session, token, NOW)
    session.execute(text("UPDATE invitations SET expires_at = made_at"))  # by a coordinator, after we looked
    with pytest.raises(LinkError, match="does not work any more"):
        invitations.accept(session, token, make_account(session), NOW)
    session.refresh(seen)
    assert seen.used_at is None


def test_who_is_forgotten_is_forgotten_by_the_invitations_to_them_too(session, group):
    account = make_account(session, address="ada@example.org")
    invitations.send(session, group, NOW, "ada@example.org", "a test")
    invitations.send(session, group, NOW, "bob@example.org", "a test")
    leaving.erase(session, account, NOW)
    session.flush()
    assert session.scalars(select(Invitation.address)).all() == ["bob@example.org"]
    assert session.scalar(select(func.count(Message.id))) == 1


# Somebody who will make a group


def test_one_without_a_group_lets_an_account_make_groups(session):
    token, account = invitations.invite_founder(session, NOW), make_account(session)
    assert not sign_ins.is_staff(session, account)
    assert invitations.accept(session, token, account, NOW) is account
    assert account.makes_groups
    assert sign_ins.is_staff(session, account)
    events = session.scalars(select(AuditEvent).order_by(AuditEvent.id)).all()
    assert [(each.act, each.actor) for each in events][-2:] == [
        ("invited", "command line"),
        ("may make groups", f"accounts:{account.public_id}"),
    ]
    assert session.scalar(select(func.count(Coordinator.id))) == 0


def test_who_may_make_groups_already_leaves_the_link_to_somebody_else(sessions):
    with sessions.begin() as session:
        token, number = invitations.invite_founder(session, NOW), make_account(session, makes_groups=True).id
    with sessions() as session, pytest.raises(LinkError, match="You may make groups already"):
        invitations.accept(session, token, session.get_one(Account, number), NOW)
    with sessions.begin() as session:
        assert invitations.accept(session, token, make_account(session), NOW).makes_groups


def test_one_without_a_group_can_be_mailed_too(session, group):
    for _ in range(2):
        invitations.send(session, None, NOW, "ada@example.org", "a test")
    invitations.send(session, group, NOW, "ada@example.org", "a test")
    session.flush()
    found = session.scalars(select(Invitation).order_by(Invitation.id)).all()
    assert [(each.group_id, each.to_coordinate, each.expires_at > NOW) for each in found] == [
        (None, True, False),
        (None, True, True),
        (group.id, False, True),
    ]
    message = session.scalars(select(Message).order_by(Message.id)).first()
    assert outbox.reader_of(session, message) == ("ada@example.org", "UTC")


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


def test_who_is_about_to_be_forgotten_joins_nothing(session):
    group, account = make_group(session), make_account(session, erase_at=NOW + timedelta(days=3))
    token = invitations.invite(session, group, NOW)
    with pytest.raises(StateError, match="Keep it first"):
        invitations.accept(session, token, account, NOW)


def test_a_month_after_it_was_used_or_over_an_invitation_is_no_row_any_more_nor_is_its_mail(session, group):
    used = invitations.invite(session, group, NOW)
    invitations.accept(session, used, make_account(session), NOW)
    session.flush()
    invitations.send(session, group, NOW, "invited@example.org", "a test")
    session.flush()
    assert invitations.sweep(session, NOW + timedelta(days=30) - timedelta(seconds=1)) == 0
    assert invitations.sweep(session, NOW + timedelta(days=30)) == 1
    assert session.scalars(select(Invitation.address)).all() == ["invited@example.org"]
    assert invitations.sweep(session, NOW + timedelta(days=invitations.GOOD_FOR_DAYS + 30)) == 1
    assert session.scalars(select(Invitation)).all() == session.scalars(select(Message)).all() == []


def test_a_link_for_an_address_takes_the_place_of_the_one_before(session, group):
    first = invitations.invite(session, group, NOW, address="ada@example.org")
    other = invitations.invite(session, group, NOW, address="ada@example.org", to_coordinate=True)
    second = invitations.invite(session, group, NOW, address="Ada@example.org")
    with pytest.raises(LinkError):
        invitations.look(session, first, NOW)
    assert invitations.look(session, other, NOW)
    assert invitations.look(session, second, NOW)
