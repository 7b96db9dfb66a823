from datetime import timedelta

import pytest
from sqlalchemy import func, select, text

from matcher import links
from matcher.errors import LinkError
from matcher.models import Link, Message
from matcher.states import LinkUse
from tests.rows import NOW, make_account

A_MOMENT = timedelta(seconds=1)


@pytest.fixture
def account(session):
    return make_account(session)


def mailed(session, account, use=LinkUse.RESET, now=NOW):
    """The token as it stands in the mail that is made a minute later."""
    links.send(session, account, use, account.address, now)
    newest = session.scalars(select(Link).order_by(Link.id.desc())).first()
    return links.renew(session, newest.id, now + 60 * A_MOMENT)[1]


def test_the_mail_of_a_link_is_a_row_without_its_token(session, account):
    links.send(session, account, LinkUse.RESET, account.address, NOW)
    message, link = session.scalars(select(Message)).one(), session.scalars(select(Link)).one()
    assert (message.kind, message.values, message.send_after) == ("link_reset", {"link_id": link.id}, NOW)
    address, token = links.renew(session, link.id, NOW)
    assert address == account.address
    assert links.look(session, LinkUse.RESET, token, NOW) is link
    assert token not in (link.token_hash, message.key)


def test_a_mail_that_is_made_again_holds_another_token_and_the_first_is_dead(session, account):
    token = mailed(session, account)
    link = session.scalars(select(Link)).one()
    _, second = links.renew(session, link.id, NOW)
    assert links.look(session, LinkUse.RESET, second, NOW)
    with pytest.raises(LinkError):
        links.look(session, LinkUse.RESET, token, NOW)


@pytest.mark.parametrize("use", LinkUse)
def test_each_works_until_its_time_is_over_and_for_its_own_use_alone(session, account, use):
    token, last = mailed(session, account, use), NOW + links.GOOD_FOR[use] - A_MOMENT
    assert links.look(session, use, token, last)
    with pytest.raises(LinkError, match="does not work any more, or never did"):
        links.look(session, use, token, last + A_MOMENT)
    for other in set(LinkUse) - {use}:
        with pytest.raises(LinkError):
            links.take(session, other, token, NOW)
    assert links.renew(session, session.scalars(select(Link.id)).one(), last + A_MOMENT) is None


def test_looking_uses_nothing_up_and_taking_does(session, account):
    token = mailed(session, account)
    for _ in range(3):
        links.look(session, LinkUse.RESET, token, NOW)
    assert links.take(session, LinkUse.RESET, token, NOW).account_id == account.id
    with pytest.raises(LinkError):
        links.take(session, LinkUse.RESET, token, NOW)


def test_who_takes_one_that_was_used_a_moment_ago_comes_too_late(session, account):
    token = mailed(session, account)
    link = links.look(session, LinkUse.RESET, token, NOW)
    session.execute(text("UPDATE links SET used_at = made_at"))  # in another browser, after we looked
    with pytest.raises(LinkError):
        links.take(session, LinkUse.RESET, token, NOW)
    session.refresh(link)
    assert link.used_at == NOW


def test_a_newer_one_of_the_same_use_ends_the_older(session, account):
    older, confirms = mailed(session, account), mailed(session, account, LinkUse.CONFIRM)
    newer = mailed(session, account)
    with pytest.raises(LinkError):
        links.look(session, LinkUse.RESET, older, NOW)
    assert links.look(session, LinkUse.RESET, newer, NOW)
    assert links.look(session, LinkUse.CONFIRM, confirms, NOW)


def test_of_who_was_forgotten_none_works(session, account):
    token = mailed(session, account)
    account.erased_at = NOW
    with pytest.raises(LinkError):
        links.look(session, LinkUse.RESET, token, NOW)


def test_a_link_that_is_not_there_is_not_mailed(session):
    assert links.renew(session, 4711, NOW) is None


@pytest.mark.parametrize("use", LinkUse)
def test_what_ran_out_a_month_ago_is_swept_away_with_its_address(session, account, use):
    links.send(session, account, use, account.address, NOW)
    over = NOW + links.GOOD_FOR[use] + links.KEPT
    assert links.sweep(session, over - A_MOMENT) == 0
    assert links.sweep(session, over) == 1
    assert session.scalar(select(func.count(Link.id))) == 0
    message = session.scalars(select(Message)).one()
    assert links.renew(session, message.values["link_id"], NOW) is None


def test_what_was_used_a_month_ago_is_swept_away_and_what_works_stays(session, account):
    links.take(session, LinkUse.CONFIRM, mailed(session, account, LinkUse.CONFIRM), NOW)
    newer = mailed(session, account, LinkUse.CONFIRM, NOW + links.KEPT)
    assert links.sweep(session, NOW + links.KEPT - A_MOMENT) == 0
    assert links.sweep(session, NOW + links.KEPT) == 1
    assert links.look(session, LinkUse.CONFIRM, newer, NOW + links.KEPT)
