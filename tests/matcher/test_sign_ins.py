from datetime import timedelta

import pytest
from sqlalchemy import func, select

from matcher import sign_ins
from matcher.models import AuditEvent, Coordinator, SignIn
from matcher.tokens import hash_of
from tests.rows import NOW, make_account, make_group

A_MOMENT, A_DAY = timedelta(seconds=1), timedelta(days=1)


@pytest.fixture
def account(session):
    return make_account(session)


@pytest.fixture
def staff(session, account):
    session.add(Coordinator(group_id=make_group(session).id, account=account))
    session.flush()
    return account


def test_a_browser_is_known_by_its_token_of_which_only_the_hash_is_kept(session, account):
    token = sign_ins.begin(session, account, NOW, device="Firefox on Linux " * 20)
    found = sign_ins.find(session, token, NOW)
    assert (found.account, len(found.device)) == (account, 100)
    assert found.token_hash != token
    assert sign_ins.find(session, token[:-1], NOW) is None
    assert session.scalars(select(AuditEvent.act)).all() == ["signed in"]


LIMITS = [
    ("a member", sign_ins.MEMBER, timedelta(hours=24), 14 * A_DAY),
    ("a device of one's own", sign_ins.OWN_DEVICE, 30 * A_DAY, 90 * A_DAY),
    ("staff", sign_ins.STAFF, timedelta(minutes=30), timedelta(hours=12)),
]


@pytest.mark.parametrize(("who", "limits", "idle", "total"), LIMITS, ids=[each[0] for each in LIMITS])
def test_a_browser_that_is_left_alone_or_old_is_signed_out(session, account, who, limits, idle, total):
    if who == "staff":
        session.add(Coordinator(group_id=make_group(session).id, account=account))
    token = sign_ins.begin(session, account, NOW, own_device=who == "a device of one's own")
    assert limits == sign_ins.Limits(idle=idle, total=total)
    seen = NOW + idle - A_MOMENT
    sign_ins.note_seen(session, sign_ins.find(session, token, seen).id, seen)
    assert sign_ins.find(session, token, seen + idle) is None
    while seen + idle / 2 < NOW + total:
        seen += idle / 2
        sign_ins.note_seen(session, sign_ins.find(session, token, seen).id, seen)
    assert sign_ins.find(session, token, NOW + total) is None


def test_the_browsers_of_now_are_those_that_nobody_left_alone_for_too_long(session, account):
    begun = [sign_ins.begin(session, account, NOW + timedelta(hours=hours)) for hours in (0, 2)]
    there = sign_ins.of_now(session, account, NOW + timedelta(hours=24))
    assert [each.token_hash for each in there] == [hash_of(begun[1])]
    assert len(sign_ins.of_account(session, account)) == 2


def test_a_new_coordinator_has_the_shorter_limits_at_once_even_on_a_device_of_their_own(session, account):
    token = sign_ins.begin(session, account, NOW, own_device=True)
    session.add(Coordinator(group_id=make_group(session).id, account=account))
    assert sign_ins.find(session, token, NOW + timedelta(minutes=31)) is None


def test_who_may_make_groups_has_the_shorter_limits_too(session, account):
    token = sign_ins.begin(session, account, NOW, own_device=True)
    account.makes_groups = True
    assert sign_ins.find(session, token, NOW + timedelta(minutes=31)) is None


def test_that_it_is_used_is_noted_once_a_minute(session, account):
    here = sign_ins.find(session, sign_ins.begin(session, account, NOW), NOW)
    assert not sign_ins.is_seen_long_ago(here, NOW + 59 * A_MOMENT)
    assert sign_ins.is_seen_long_ago(here, NOW + 60 * A_MOMENT)
    sign_ins.note_seen(session, here.id, NOW + 60 * A_MOMENT)
    assert here.seen_at == NOW + 60 * A_MOMENT
    sign_ins.note_seen(session, here.id, NOW)
    assert here.seen_at == NOW + 60 * A_MOMENT


def test_who_was_forgotten_is_signed_in_nowhere(session, account):
    token = sign_ins.begin(session, account, NOW)
    account.erased_at = NOW
    assert sign_ins.find(session, token, NOW) is None


def test_the_browser_that_was_seen_longest_ago_makes_room_for_one_too_many(session, account):
    tokens = [sign_ins.begin(session, account, NOW + number * A_MOMENT) for number in range(10)]
    seen = sign_ins.find(session, tokens[0], NOW + timedelta(minutes=5))
    sign_ins.note_seen(session, seen.id, NOW + timedelta(minutes=5))
    tokens.append(sign_ins.begin(session, account, NOW + timedelta(minutes=6)))
    there = [bool(sign_ins.find(session, token, NOW + timedelta(minutes=7))) for token in tokens]
    assert there == [True, False, *[True] * 9]


def test_one_browser_can_be_signed_out_by_its_owner_alone(session, account):
    token = sign_ins.begin(session, account, NOW)
    row = sign_ins.find(session, token, NOW)
    assert not sign_ins.end(session, make_account(session), row.public_id, NOW)
    assert sign_ins.end(session, account, row.public_id, NOW)
    assert not sign_ins.end(session, account, row.public_id, NOW)
    assert sign_ins.find(session, token, NOW) is None


def test_all_others_are_signed_out_at_once(session, account):
    here, *others = [sign_ins.begin(session, account, NOW) for _ in range(3)]
    somebody_elses = sign_ins.begin(session, make_account(session), NOW)
    assert sign_ins.end_all(session, account, but=sign_ins.find(session, here, NOW)) == 2
    assert [sign_ins.find(session, token, NOW) is None for token in others] == [True, True]
    assert sign_ins.find(session, here, NOW)
    assert sign_ins.end_all(session, account) == 1
    assert sign_ins.find(session, somebody_elses, NOW)


def test_the_password_counts_as_typed_just_now_for_five_minutes(session, account):
    row = sign_ins.find(session, sign_ins.begin(session, account, NOW), NOW)
    assert sign_ins.is_fresh(row, NOW + 299 * A_MOMENT)
    assert not sign_ins.is_fresh(row, NOW + 300 * A_MOMENT)


def test_a_browser_that_proves_itself_anew_gets_a_new_token_and_the_old_one_is_dead(session, account):
    old = sign_ins.begin(session, account, NOW, own_device=True)
    row = sign_ins.find(session, old, NOW)
    later = NOW + A_DAY
    new = sign_ins.renew(row, later)
    session.flush()
    assert sign_ins.find(session, old, later) is None
    assert sign_ins.find(session, new, later) is row
    assert row.token_hash != new
    assert sign_ins.is_fresh(row, later)
    assert (row.begun_at, row.is_own_device, row.code_at) == (NOW, True, None)


def test_that_a_code_was_shown_is_noted_and_stays_noted(session, account):
    without, with_code = (
        sign_ins.find(session, sign_ins.begin(session, account, NOW, with_code=shown), NOW) for shown in (False, True)
    )
    assert (without.code_at, with_code.code_at) == (None, NOW)
    for row in (without, with_code):
        sign_ins.renew(row, NOW + A_MOMENT)
    assert (without.code_at, with_code.code_at) == (None, NOW)
    for row in (without, with_code):
        sign_ins.renew(row, NOW + A_DAY, with_code=True)
    assert (without.code_at, with_code.code_at) == (NOW + A_DAY, NOW + A_DAY)


def test_what_no_limit_lets_live_any_more_is_swept_away(session, account):
    for own_device in (True, False):
        sign_ins.begin(session, account, NOW, own_device=own_device)
    assert sign_ins.sweep(session, NOW + 90 * A_DAY - A_MOMENT) == 0
    assert sign_ins.sweep(session, NOW + 90 * A_DAY) == 2
    assert session.scalar(select(func.count(SignIn.id))) == 0
