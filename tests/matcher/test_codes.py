from datetime import timedelta

import pyotp
import pytest
from sqlalchemy import func, select, text

from matcher import codes
from matcher.errors import LinkError
from matcher.models import AuditEvent, Message, RecoveryCode
from tests.rows import NOW, make_account

HALF_A_MINUTE = timedelta(seconds=30)


@pytest.fixture
def account(session):
    return make_account(session)


def shown(seed, at=NOW):
    return pyotp.TOTP(seed).at(at)


@pytest.fixture
def phone(session, account):
    """What a phone shows at a moment, once the second factor is on; and the recovery codes."""
    seed = codes.begin(session, account, NOW)
    kept = codes.confirm(session, account, shown(seed, NOW - HALF_A_MINUTE), NOW)
    return lambda at: shown(seed, at), kept


def test_it_is_on_once_the_first_code_was_typed(session, account):
    assert not codes.is_on(account)
    assert not codes.fits(session, account, "000000", NOW)
    seed = codes.begin(session, account, NOW)
    assert not codes.is_on(account)
    with pytest.raises(LinkError, match="does not fit"):
        codes.confirm(session, account, "12345", NOW)
    assert len(codes.confirm(session, account, f" {shown(seed)[:3]} {shown(seed)[3:]} ", NOW)) == 10
    assert codes.is_on(account)


def test_without_a_seed_no_code_fits(session, account):
    with pytest.raises(LinkError):
        codes.confirm(session, account, "000000", NOW)
    assert not codes.is_on(account)


@pytest.mark.parametrize(("steps", "taken"), [(-2, False), (0, True), (1, True), (2, False)])
def test_a_clock_may_be_half_a_minute_off(session, account, phone, steps, taken):
    at = NOW + 10 * HALF_A_MINUTE
    assert codes.fits(session, account, phone[0](at + steps * HALF_A_MINUTE), at) is taken


def test_a_code_works_once_however_it_is_typed(session, account, phone):
    code = phone[0](NOW)
    assert codes.fits(session, account, code, NOW)
    assert not codes.fits(session, account, f"{code[:3]} {code[3:]}", NOW)
    assert codes.fits(session, account, phone[0](NOW + HALF_A_MINUTE), NOW + HALF_A_MINUTE)


@pytest.mark.parametrize("strange", ["", "\0", "１２３４５６", "x" * 10_000, "\ud800"])
def test_what_is_no_code_fits_never(session, account, phone, strange):
    assert not codes.fits(session, account, strange, NOW)


def test_each_recovery_code_works_once_and_only_its_hash_is_kept(session, account, phone):
    first, second, *_ = phone[1]
    assert codes.fits(session, account, f"{first[:4]}-{first[4:]} ".upper(), NOW)
    assert not codes.fits(session, account, first, NOW)
    assert codes.fits(session, account, second, NOW)
    assert not {*phone[1]} & {*session.scalars(select(RecoveryCode.code_hash))}
    assert session.scalars(select(AuditEvent.act)).all().count("recovery code used") == 2


def test_a_new_phone_has_a_seed_and_recovery_codes_of_its_own(session, account, phone):
    seed = codes.begin(session, account, NOW)
    again = codes.confirm(session, account, shown(seed, NOW + HALF_A_MINUTE), NOW)
    assert not {*again} & {*phone[1]}
    assert not codes.fits(session, account, phone[1][0], NOW)
    assert session.scalar(select(func.count(RecoveryCode.id))) == 10


def test_until_its_first_code_was_typed_a_new_phone_counts_for_nothing_and_the_old_one_for_all(session, account, phone):
    seed = codes.begin(session, account, NOW)
    assert codes.is_on(account)
    assert not codes.fits(session, account, shown(seed), NOW)
    assert codes.fits(session, account, phone[0](NOW), NOW)
    codes.confirm(session, account, shown(seed, NOW + HALF_A_MINUTE), NOW)
    later = NOW + 4 * HALF_A_MINUTE
    assert not codes.fits(session, account, phone[0](later), later)
    assert codes.fits(session, account, shown(seed, later), later)


def test_recovery_codes_are_made_anew_and_those_before_work_no_more(session, account, phone):
    assert codes.fits(session, account, phone[1][0], NOW)
    assert codes.recovery_codes_left(session, account) == 9
    again = codes.new_recovery_codes(session, account, NOW)
    assert codes.recovery_codes_left(session, account) == 10
    assert not codes.fits(session, account, phone[1][1], NOW)
    assert codes.fits(session, account, again[0], NOW)


def test_whatever_changes_about_it_is_told_to_the_mailbox(session, account, phone):
    def told():
        return session.scalar(select(func.count(Message.id)).where(Message.kind == "second_factor_changed"))

    assert told() == 1
    codes.fits(session, account, phone[0](NOW), NOW)
    codes.begin(session, account, NOW)
    assert told() == 1
    codes.fits(session, account, phone[1][0], NOW)
    codes.new_recovery_codes(session, account, NOW + HALF_A_MINUTE)
    codes.turn_off(session, account, NOW)
    assert told() == 4


def test_turned_off_it_forgets_everything(session, account, phone):
    codes.begin(session, account, NOW)
    codes.turn_off(session, account, NOW)
    assert (account.code_seed, account.new_code_seed) == (None, None)
    assert not codes.fits(session, account, phone[1][0], NOW)
    assert session.scalar(select(func.count(RecoveryCode.id))) == 0


def test_the_seed_is_sealed_and_its_address_names_nobody(session, account):
    seed = codes.begin(session, account, NOW)
    session.flush()
    for column in ("new_code_seed", "code_seed"):
        (stored,) = session.execute(text(f"SELECT {column} FROM accounts")).one()
        assert seed.encode() not in bytes(stored)
        codes.confirm(session, account, shown(seed), NOW) if column == "new_code_seed" else None
        session.flush()
    address = codes.address_of(seed)
    assert address.startswith("otpauth://totp/Alongside:your%20account?secret=")
    assert account.address not in address
