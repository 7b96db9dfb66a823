from datetime import date

from sqlalchemy import select

from matcher.models import Block, Hold, Request
from tests.rows import NOW, make_group, make_member


def test_what_stands_between_two_comes_back_as_it_was_said(sessions):
    with sessions.begin() as session:
        group = make_group(session)
        ada, bob = (make_member(session, group) for _ in range(2))
        pair = {"group_id": group.id, "first_id": ada.id, "second_id": bob.id}
        session.add(Hold(**pair, until=date(2026, 3, 1), made_at=NOW))
        session.add(Request(member_id=ada.id, asked_id=bob.id, made_at=NOW))
        session.add(Block(blocker_id=bob.account_id, blocked_id=ada.account_id, made_at=NOW))
    with sessions() as session:
        hold, asked, block = (session.scalars(select(each)).one() for each in (Hold, Request, Block))
    assert (hold.together, hold.until, hold.by_id) == (False, date(2026, 3, 1), None)
    assert (asked.member_id, asked.asked_id) == (ada.id, bob.id)
    assert (block.blocker_id, block.blocked_id) == (bob.account_id, ada.account_id)


def test_two_may_ask_for_each_other(sessions):
    with sessions.begin() as session:
        group = make_group(session)
        ada, bob = (make_member(session, group) for _ in range(2))
        for one, other in ((ada, bob), (bob, ada)):
            session.add(Request(member_id=one.id, asked_id=other.id, made_at=NOW))
    with sessions() as session:
        assert len(session.scalars(select(Request)).all()) == 2
