from datetime import timedelta

import pyotp
import pytest
from sqlalchemy import func, select

from matcher import accounts, codes, links, passwords, sign_ins
from matcher.errors import AddressError, LinkError, PasswordError
from matcher.models import Account, AuditEvent, Coordinator, Link, Message, Notice
from matcher.states import LinkUse
from tests.rows import NOW, make_account, make_group, make_member

GOOD, BETTER = "seven herons over the weir", "four kettles on a slow train"
A_MINUTE = timedelta(minutes=1)


@pytest.fixture
def account(session):
    return make_account(session, address="ada@example.org", password_hash=passwords.hash_of(GOOD))


def mailed(session, now=NOW):
    """The use and the token of the newest link, as its mail would hold it."""
    link = session.scalars(select(Link).order_by(Link.id.desc())).first()
    return link.use, links.renew(session, link.id, now)[1]


def signed_in(session, account, now=NOW):
    return sign_ins.find(session, sign_ins.begin(session, account, now), now)


def mails(session):
    return session.scalars(select(Message.kind).order_by(Message.id)).all()


# Opening


def test_signing_up_sets_nothing_before_somebody_has_read_the_mail(session):
    accounts.sign_up(session, " Ada@Example.org ", NOW)
    account = session.scalars(select(Account)).one()
    assert (account.address, account.password_hash, account.address_confirmed_at) == ("ada@example.org", None, None)
    use, token = mailed(session)
    assert accounts.set_password(session, use, token, GOOD, NOW) is account
    assert (use, account.address_confirmed_at) == (LinkUse.CONFIRM, NOW)
    assert accounts.with_password(session, "ADA@example.org", GOOD) is account


def test_who_has_an_account_and_signs_up_gets_a_way_into_it(session, account):
    accounts.sign_up(session, "ada@example.org", NOW)
    assert session.scalar(select(func.count(Account.id))) == 1
    assert mails(session) == ["link_reset"]


@pytest.mark.parametrize("wrong", ["", "ada", "ada@example", "a@x.org, b@x.org", "a@x.org\r\nBcc: b@x.org"])
def test_what_is_no_address_is_refused_with_how_one_looks(session, wrong):
    with pytest.raises(AddressError, match=r"Write one such as name@example\.org"):
        accounts.sign_up(session, wrong, NOW)
    with pytest.raises(AddressError):
        accounts.open_by_invitation(session, wrong, GOOD, [], NOW)


def test_an_invitation_opens_an_account_before_its_address_is_confirmed(session):
    account = accounts.open_by_invitation(session, "ada@example.org", GOOD, ["Harbour"], NOW)
    assert accounts.with_password(session, "ada@example.org", GOOD) is account
    assert account.address_confirmed_at is None
    assert mails(session) == ["link_confirm"]


def test_its_password_may_not_be_close_to_the_address_or_the_group(session):
    for weak in ("ada.lovelace1815", "tuesdayrunners"):
        with pytest.raises(PasswordError, match="would be guessed soon"):
            accounts.open_by_invitation(session, "ada.lovelace@example.org", weak, ["Tuesday Runners"], NOW)
    assert session.scalar(select(func.count(Account.id))) == 0


def test_an_invitation_does_not_tell_whether_an_address_has_an_account(session, account):
    other = accounts.open_by_invitation(session, "ADA@example.org", BETTER, [], NOW)
    assert (other.address, other.claimed_address, mails(session)) == (None, "ada@example.org", ["link_confirm"])
    assert accounts.with_password(session, "ada@example.org", GOOD) is account
    assert accounts.with_password(session, "ada@example.org", BETTER) is other


def test_only_the_mailbox_learns_that_a_claimed_address_is_taken(session, account):
    other = accounts.open_by_invitation(session, "ada@example.org", BETTER, [], NOW)
    _, token = mailed(session)
    with pytest.raises(AddressError, match="You have another account with this address"):
        accounts.confirm_here(session, token, other, NOW)


def test_nor_does_a_new_password_take_an_address_that_is_another_accounts(session, account):
    accounts.open_by_invitation(session, "ada@example.org", BETTER, [], NOW)
    use, token = mailed(session)
    with pytest.raises(AddressError, match="You have another account with this address"):
        accounts.set_password(session, use, token, "six geese on the frozen lake", NOW)


def test_a_claimed_address_is_the_accounts_own_once_it_is_confirmed(session):
    claimed = accounts.open_by_invitation(session, "ada@example.org", GOOD, [], NOW)
    accounts.confirm_here(session, mailed(session)[1], claimed, NOW)
    assert (claimed.address, claimed.claimed_address, claimed.address_confirmed_at) == ("ada@example.org", None, NOW)


def test_whoever_reads_the_mail_ends_what_another_has_opened_with_their_address(session):
    """Somebody opens an account with a stranger's address and waits; the stranger confirms, and is alone in it."""
    account = accounts.open_by_invitation(session, "ada@example.org", GOOD, [], NOW)
    token = sign_ins.begin(session, account, NOW)
    accounts.ask_for_reset(session, "ada@example.org", NOW)
    use, link = mailed(session)
    accounts.set_password(session, use, link, BETTER, NOW)
    assert sign_ins.find(session, token, NOW) is None
    assert accounts.with_password(session, "ada@example.org", GOOD) is None
    assert accounts.with_password(session, "ada@example.org", BETTER) is account


def test_whoever_claims_an_address_of_another_account_learns_so_from_its_mailbox_before_they_choose(session, account):
    claims = accounts.open_by_invitation(session, account.address, BETTER, [], NOW)
    link = session.scalars(select(Link).where(Link.account_id == claims.id)).one()
    with pytest.raises(AddressError, match="another account with this address"):
        accounts.require_free(session, link)
    link.address = "bob@example.org"
    accounts.sign_up(session, link.address, NOW)  # an address that somebody only typed gives way
    accounts.require_free(session, link)


def test_a_second_factor_that_was_begun_does_not_outlive_the_password(session, account):
    """Somebody with the old password may have begun it, and kept its seed."""
    codes.begin(session, account, NOW)
    accounts.ask_for_reset(session, account.address, NOW)
    accounts.set_password(session, *mailed(session), BETTER, NOW)
    assert account.new_code_seed is None
    here = sign_ins.find(session, sign_ins.begin(session, account, NOW), NOW)
    codes.begin(session, account, NOW)
    accounts.change_password(session, here, BETTER, GOOD, NOW)
    assert account.new_code_seed is None


@pytest.mark.parametrize(("fewest", "password"), [(12, "gulls at six"), (20, "gulls at six in may")])
def test_who_is_to_look_after_a_group_needs_a_longer_password_from_the_start(session, fewest, password):
    with pytest.raises(PasswordError, match=str(fewest)):
        accounts.open_by_invitation(session, "ada@example.org", password[: fewest - 1], [], NOW, fewest=fewest)
    assert accounts.open_by_invitation(session, "ada@example.org", GOOD, [], NOW, fewest=fewest).password_hash


# Coming in


def test_only_the_right_password_of_a_known_address_comes_in(session, account):
    assert accounts.with_password(session, " ADA@example.org", GOOD) is account
    for address, password in (
        ("ada@example.org", BETTER),
        ("bob@example.org", GOOD),
        ("", ""),
        ("ada@example.org", ""),
    ):
        assert accounts.with_password(session, address, password) is None


def test_an_account_without_a_password_lets_nobody_in(session):
    make_account(session, address="ada@example.org")
    assert accounts.with_password(session, "ada@example.org", "") is None


def test_an_old_hash_is_made_anew_with_todays_costs(session, account, monkeypatch):
    old = account.password_hash
    monkeypatch.setattr(passwords, "is_outdated", lambda kept: kept == old)
    assert accounts.with_password(session, "ada@example.org", GOOD) is account
    assert account.password_hash != old
    assert passwords.fits(GOOD, account.password_hash)


# What only the mailbox can do


def test_a_reset_sets_a_new_password_signs_out_everywhere_and_is_told(session, account):
    token = sign_ins.begin(session, account, NOW)
    accounts.ask_for_reset(session, "ADA@example.org", NOW)
    use, link = mailed(session)
    accounts.set_password(session, use, link, BETTER, NOW)
    assert sign_ins.find(session, token, NOW) is None
    assert mails(session) == ["link_reset", "password_changed"]
    with pytest.raises(LinkError):
        accounts.set_password(session, use, link, GOOD, NOW)


def test_a_weak_password_leaves_the_link_good(session, account):
    accounts.ask_for_reset(session, "ada@example.org", NOW)
    use, link = mailed(session)
    with pytest.raises(PasswordError):
        accounts.set_password(session, use, link, "short", NOW)
    assert accounts.set_password(session, use, link, BETTER, NOW)


def test_a_reset_for_an_unknown_address_is_as_good_as_none(session):
    accounts.ask_for_reset(session, "nobody@example.org", NOW)
    assert session.scalar(select(func.count(Account.id))) == 0
    assert mails(session) == []


def test_a_mail_that_came_back_is_forgotten_once_its_address_is_confirmed_again(session, account):
    account.address_failed_at = NOW
    accounts.ask_for_reset(session, "ada@example.org", NOW)
    accounts.set_password(session, *mailed(session), BETTER, NOW + A_MINUTE)
    assert (account.address_failed_at, account.address_confirmed_at) == (None, NOW + A_MINUTE)


def test_where_the_owner_is_signed_in_confirming_leaves_the_password_alone(session):
    account = accounts.open_by_invitation(session, "ada@example.org", GOOD, [], NOW)
    _, link = mailed(session)
    with pytest.raises(LinkError, match="for another account"):
        accounts.confirm_here(session, link, make_account(session), NOW)
    accounts.confirm_here(session, link, account, NOW + A_MINUTE)
    assert account.address_confirmed_at == NOW + A_MINUTE
    assert accounts.with_password(session, "ada@example.org", GOOD) is account
    with pytest.raises(LinkError):
        accounts.confirm_here(session, link, account, NOW)


def test_who_confirms_twice_was_confirmed_the_first_time(session, account):
    accounts.sign_up(session, "ada@example.org", NOW)
    accounts.set_password(session, *mailed(session), BETTER, NOW + A_MINUTE)
    assert session.scalars(select(AuditEvent.act)).all().count("address confirmed") == 0
    assert account.address_confirmed_at == NOW


# What takes the password again


def test_a_new_password_takes_the_old_one_and_ends_every_other_browser(session, account):
    here, elsewhere = signed_in(session, account), sign_ins.begin(session, account, NOW)
    with pytest.raises(PasswordError, match="old password is another one"):
        accounts.change_password(session, here, BETTER, BETTER, NOW + A_MINUTE)
    with pytest.raises(PasswordError, match="at least 12 signs"):
        accounts.change_password(session, here, GOOD, "short", NOW + A_MINUTE)
    accounts.change_password(session, here, GOOD, BETTER, NOW + A_MINUTE)
    assert here.password_at == NOW + A_MINUTE
    assert sign_ins.find(session, elsewhere, NOW) is None
    assert accounts.with_password(session, "ada@example.org", BETTER) is account
    assert session.scalars(select(Notice.kind)).all() == ["password_changed"]


def test_a_coordinator_needs_a_longer_one_and_own_words_count(session, account):
    member = make_member(session, make_group(session, name="Tuesday Runners"), account=account, name="Robin Goodfellow")
    fourteen = "herons & weirs"
    accounts.require_strong(session, account, fourteen)
    with pytest.raises(PasswordError, match="guessed soon"):
        accounts.require_strong(session, account, "robingoodfellow")
    session.add(Coordinator(group_id=member.group_id, account=account))
    session.flush()
    with pytest.raises(PasswordError, match="at least 15 signs"):
        accounts.require_strong(session, account, fourteen)


def test_who_may_make_groups_needs_a_longer_one(session, account):
    account.makes_groups = True
    with pytest.raises(PasswordError, match="at least 15 signs"):
        accounts.require_strong(session, account, "herons & weirs")


def test_a_new_address_counts_once_its_own_mail_was_read_and_the_old_one_is_told(session, account):
    here, elsewhere = signed_in(session, account), sign_ins.begin(session, account, NOW)
    accounts.ask_for_address(session, account, "Ada@New.example", NOW)
    link = session.scalars(select(Link)).one()
    address, token = links.renew(session, link.id, NOW)
    assert (address, account.address) == ("ada@new.example", "ada@example.org")
    accounts.change_address(session, here, token, NOW + A_MINUTE)
    assert (account.address, account.address_confirmed_at) == ("ada@new.example", NOW + A_MINUTE)
    assert sign_ins.find(session, elsewhere, NOW) is None
    assert session.scalars(select(Notice.kind)).all() == ["address_changed"]
    assert mails(session) == ["link_change", "link_take_back", "address_changed"]


def test_whoever_reads_the_old_mailbox_can_take_it_back_for_a_week(session, account):
    """Somebody who was signed in elsewhere has changed the address; its owner gets it back, and they are out."""
    here = signed_in(session, account)
    accounts.ask_for_address(session, account, "thief@new.example", NOW)
    accounts.change_address(session, here, mailed(session)[1], NOW)
    use, token = mailed(session)
    assert use is LinkUse.TAKE_BACK
    accounts.set_password(session, use, token, BETTER, NOW + 6 * 24 * 60 * A_MINUTE)
    assert account.address == "ada@example.org"
    assert sign_ins.of_account(session, account) == []
    assert accounts.with_password(session, "ada@example.org", BETTER) is account


def test_a_link_to_a_new_address_is_for_the_account_that_asked(session, account):
    accounts.ask_for_address(session, account, "ada@new.example", NOW)
    _, token = mailed(session)
    with pytest.raises(LinkError, match="for another account"):
        accounts.change_address(session, signed_in(session, make_account(session)), token, NOW)
    assert account.address == "ada@example.org"


def test_an_address_that_somebody_took_meanwhile_stays_theirs(session, account):
    accounts.ask_for_address(session, account, "ada@new.example", NOW)
    make_account(session, address="ada@new.example")
    _, token = mailed(session)
    with pytest.raises(AddressError, match="another account with this address already, so nothing was changed"):
        accounts.change_address(session, signed_in(session, account), token, NOW)
    session.refresh(account)
    assert account.address == "ada@example.org"


# The link once more


def test_who_has_not_confirmed_an_address_may_ask_for_the_link_again_and_only_the_newest_works(session):
    account = accounts.open_by_invitation(session, "ada@example.org", GOOD, [], NOW)
    _, first = mailed(session)
    accounts.ask_to_confirm(session, account, NOW)
    use, second = mailed(session)
    assert (use, mails(session)) == (LinkUse.CONFIRM, ["link_confirm", "link_confirm"])
    with pytest.raises(LinkError):
        accounts.confirm_here(session, first, account, NOW)
    accounts.confirm_here(session, second, account, NOW)
    assert (account.address, account.address_confirmed_at) == ("ada@example.org", NOW)


def test_an_address_whose_mails_came_back_is_confirmed_anew(session, account):
    account.address_failed_at = NOW
    accounts.ask_to_confirm(session, account, NOW)
    accounts.confirm_here(session, mailed(session)[1], account, NOW + A_MINUTE)
    assert (account.address_confirmed_at, account.address_failed_at) == (NOW + A_MINUTE, None)


def test_where_nothing_is_to_be_confirmed_no_link_goes_out(session, account):
    accounts.ask_to_confirm(session, account, NOW)
    accounts.ask_to_confirm(session, make_account(session, address=None, address_confirmed_at=None), NOW)
    assert mails(session) == []


# Links and claims that outlive what they were for


def test_a_link_that_went_to_an_address_the_account_has_no_more_opens_nothing(session):
    """Somebody mistyped: the stranger who reads that mailbox has a link, and the account another address by now."""
    account = accounts.open_by_invitation(session, "stranger@example.org", GOOD, [], NOW)
    use, stale = mailed(session)
    accounts.ask_for_address(session, account, "ada@example.org", NOW)
    accounts.change_address(session, signed_in(session, account), mailed(session)[1], NOW)
    assert account.address == "ada@example.org"
    with pytest.raises(LinkError, match="an address that the account does not have any more"):
        accounts.set_password(session, use, stale, BETTER, NOW)
    with pytest.raises(LinkError, match="an address that the account does not have any more"):
        accounts.confirm_here(session, stale, account, NOW)
    assert accounts.with_password(session, "ada@example.org", GOOD) is account


def test_a_claimed_address_has_no_owner_who_could_take_it_back(session):
    account = accounts.open_by_invitation(session, "stranger@example.org", GOOD, [], NOW)
    accounts.ask_for_address(session, account, "ada@example.org", NOW)
    accounts.change_address(session, signed_in(session, account), mailed(session)[1], NOW)
    assert "link_take_back" not in mails(session)


def test_changing_the_address_twice_leaves_the_first_owner_the_way_back(session, account):
    for address in ("one@example.org", "two@example.org"):
        accounts.ask_for_address(session, account, address, NOW)
        newest = session.scalars(select(Link).where(Link.use == LinkUse.CHANGE).order_by(Link.id.desc())).first()
        accounts.change_address(session, signed_in(session, account), links.renew(session, newest.id, NOW)[1], NOW)
    back = session.scalars(select(Link).where(Link.use == LinkUse.TAKE_BACK)).one()
    token = links.renew(session, back.id, NOW)[1]
    assert accounts.set_password(session, LinkUse.TAKE_BACK, token, BETTER, NOW).address == "ada@example.org"


def test_a_new_password_ends_every_other_link(session, account):
    accounts.ask_for_address(session, account, "one@example.org", NOW)
    change = mailed(session)[1]
    accounts.ask_for_reset(session, "ada@example.org", NOW)
    use, token = mailed(session)
    accounts.set_password(session, use, token, BETTER, NOW)
    with pytest.raises(LinkError):
        links.look(session, LinkUse.CHANGE, change, NOW)


def test_the_second_factor_of_who_only_claimed_an_address_keeps_its_owner_out_of_nothing(session):
    claimer = accounts.open_by_invitation(session, "ada@example.org", GOOD, [], NOW)
    seed = codes.begin(session, claimer, NOW)
    codes.confirm(session, claimer, pyotp.TOTP(seed).at(NOW), NOW)
    accounts.ask_for_reset(session, "ada@example.org", NOW)
    use, token = mailed(session)
    assert not codes.is_on(accounts.set_password(session, use, token, BETTER, NOW))


def test_an_account_that_nobody_ever_came_into_gives_its_address_way(session):
    accounts.sign_up(session, "ada@example.org", NOW)
    empty = accounts.of_address(session, "ada@example.org")
    claimer = accounts.open_by_invitation(session, "ada@example.org", GOOD, [], NOW)
    accounts.confirm_here(session, mailed(session)[1], claimer, NOW)
    assert (claimer.address, empty.address, empty.erased_at) == ("ada@example.org", None, NOW)


def test_two_who_claim_an_address_both_come_in_by_their_own_passwords(session):
    first = accounts.open_by_invitation(session, "ada@example.org", GOOD, [], NOW)
    second = accounts.open_by_invitation(session, "ada@example.org", BETTER, [], NOW)
    assert accounts.with_password(session, "ada@example.org", GOOD) is first
    assert accounts.with_password(session, "ada@example.org", BETTER) is second


def test_of_two_who_sign_up_at_once_the_second_finds_what_the_first_has_made(session, account):
    assert accounts._new_unless_there(session, "ada@example.org", NOW) is account
    assert session.scalar(select(func.count(Account.id))) == 1
