"""The outbox: told once, claimed by one attempt, kept only by the attempt that holds it, never sent too late."""

from datetime import UTC, date, datetime, time, timedelta
from threading import Thread

import pytest
from sqlalchemy import func, select

from matcher import invitations, links, outbox
from matcher.errors import FenceError
from matcher.models import Account, AuditEvent, Coordinator, Fence, Invitation, Message, Notice
from matcher.states import LinkUse, MessageState
from matcher.vocabulary import Topic
from tests.rows import NOW, make_account, make_group, make_member

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def session(sessions):
    with sessions.begin() as session:
        yield session


@pytest.fixture
def member(session):
    return make_member(session, make_group(session))


@pytest.fixture
def message(session, member):
    """A message that waits."""
    return told(session, member)


def told(session, to, kind="started", key="night:1", now=NOW, **values) -> Message:
    outbox.tell(session, to, kind, key, now, values)
    session.flush()
    return session.scalars(select(Message).order_by(Message.id.desc())).first()


def claimed(session, now=NOW, attempt="first") -> Message:
    return outbox.claim(session, now, attempt)


# Telling


def test_the_same_occasion_is_told_once_as_a_notice_and_a_message(session, member):
    assert outbox.tell(session, member, "started", "night:1", NOW)
    assert not outbox.tell(session, member, "started", "night:1", NOW + DAY)
    assert outbox.tell(session, member, "ended", "night:1", NOW)
    assert session.scalar(select(func.count(Notice.id))) == 2
    assert session.scalar(select(func.count(Message.id))) == 2


def test_a_coordinator_sleeps_by_the_clock_of_their_group(session):
    group, account = make_group(session, zone="Australia/Sydney"), make_account(session)
    session.add(Coordinator(group_id=group.id, account_id=account.id))
    night = datetime(2026, 1, 14, 16, 30, tzinfo=UTC)  # half past three in Sydney
    message = told(session, account, "promise_due", now=night)
    assert message.send_after == datetime(2026, 1, 14, 21, tzinfo=UTC)
    assert outbox.reader_of(session, message)[1] == "Australia/Sydney"


def test_a_coordinator_is_told_as_an_account(session):
    message = told(session, make_account(session), "quiet_pair")
    assert message.member_id is None
    assert message.send_after == NOW


def test_without_mail_or_without_an_address_that_works_only_the_notice_is_there(session, member):
    outbox.tell(session, member, "started", "a", NOW, mail=False)
    member.account.address_failed_at = NOW
    outbox.tell(session, member, "started", "b", NOW)
    assert session.scalar(select(func.count(Notice.id))) == 2
    assert session.scalar(select(func.count(Message.id))) == 0


def test_a_mail_waits_for_the_end_of_the_members_own_quiet_hours(session, member):
    member.quiet_from, member.quiet_until = time(11), time(14, 15)
    message = told(session, member)
    assert message.send_after == datetime(2026, 1, 14, 14, 15, tzinfo=UTC)
    assert outbox.awake_at(session, message, NOW + 2 * HOUR) == datetime(2026, 1, 14, 14, 15, tzinfo=UTC)
    assert outbox.awake_at(session, message, NOW + 3 * HOUR) == NOW + 3 * HOUR


def test_of_a_topic_that_is_switched_off_there_is_a_notice_and_no_mail(session, member):
    member.mails_off = [Topic.PARTNER]
    assert outbox.tell(session, member, "started", "a", NOW)
    assert outbox.tell(session, member, "proposal", "a", NOW)
    assert session.scalars(select(Notice.kind).order_by(Notice.id)).all() == ["started", "proposal"]
    assert session.scalars(select(Message.kind)).all() == ["proposal"]


def test_who_is_to_be_forgotten_gets_only_what_is_about_the_account(session, member):
    member.account.erase_at = NOW + DAY
    for to, kind in ((member, "started"), (member.account, "promise_due"), (member.account, "password_changed")):
        assert outbox.tell(session, to, kind, "a", NOW)
    assert session.scalars(select(Message.kind)).all() == ["password_changed"]
    assert session.scalar(select(func.count(Notice.id))) == 3


def test_a_day_is_that_of_the_reader():
    assert outbox.day_of("2026-01-15", "Asia/Tokyo") == date(2026, 1, 15)
    assert outbox.day_of("2026-01-15T16:00:00+00:00", "Asia/Tokyo") == date(2026, 1, 16)
    assert outbox.day_of("2026-01-15T16:00:00+00:00", "") == date(2026, 1, 15)


# Claiming


def test_a_claim_takes_the_oldest_that_is_due_and_names_the_attempt(session, member):
    late, early = told(session, member, key="late"), told(session, member, key="early", now=NOW - HOUR)
    taken = claimed(session)
    assert (taken.id, taken.state, taken.attempt, taken.attempts) == (early.id, MessageState.SENDING, "first", 1)
    assert taken.lease_until == NOW + outbox.LEASE
    assert claimed(session).id == late.id
    assert claimed(session) is None


def test_nothing_is_claimed_before_it_is_due(session, message):
    message.send_after = NOW + MINUTE
    session.flush()
    assert claimed(session) is None
    assert claimed(session, NOW + MINUTE)


def test_what_is_claimed_is_claimed_again_only_after_its_lease(session, message):
    claimed(session)
    assert claimed(session, NOW + outbox.LEASE - MINUTE, "second") is None
    again = claimed(session, NOW + outbox.LEASE, "second")
    assert (again.attempt, again.attempts) == ("second", 2)


@pytest.mark.parametrize("state", [MessageState.SENT, MessageState.FAILED, MessageState.DROPPED])
def test_what_has_come_to_an_end_is_never_claimed(session, message, state):
    message.state = state
    message.lease_until = NOW - DAY
    session.flush()
    assert claimed(session, NOW + DAY) is None


def test_many_claims_at_once_never_win_the_same_message(sessions):
    with sessions.begin() as session:
        member = make_member(session, make_group(session))
        for number in range(20):
            told(session, member, key=str(number))
    won = []

    def take(worker):
        while message := take_one(worker):
            won.append(message.id)

    def take_one(worker):
        with sessions.begin() as session:
            return outbox.claim(session, NOW, worker)

    workers = [Thread(target=take, args=[f"worker {number}"]) for number in range(4)]
    for each in workers:
        each.start()
    for each in workers:
        each.join()
    # An empty-handed worker may go home early, so a message may be left; none is taken twice.
    assert len(won) == len(set(won))
    take("the last one")
    assert sorted(won) == sorted(set(won))
    assert len(won) == 20


# The right to it, asked again before it is sent


def test_a_message_may_go_while_nothing_has_changed(session, message):
    assert outbox.hindrance(session, message, NOW) == ""
    assert outbox.reader_of(session, message) == (message.account.address, "Europe/London")


def test_an_account_by_itself_reads_by_utc(session):
    account = make_account(session)
    message = told(session, account, "quiet_pair")
    assert outbox.reader_of(session, message) == (account.address, "UTC")
    assert outbox.hindrance(session, message, NOW) == ""


def test_an_erased_account_gets_nothing(session, member, message):
    member.account.erased_at = NOW
    assert outbox.hindrance(session, message, NOW) == "the account is erased"
    member.account.erased_at, member.account.address = None, None
    assert outbox.hindrance(session, message, NOW) == "its address was never confirmed"
    assert outbox.reader_of(session, message) == ("", "Europe/London")


def test_an_address_that_failed_gets_nothing(session, member, message):
    member.account.address_failed_at = NOW
    assert outbox.hindrance(session, message, NOW) == "mail to this address came back"


def test_who_has_left_gets_nothing(session, member, message):
    member.left_at = NOW
    assert outbox.hindrance(session, message, NOW) == "the member has left"


def test_what_was_switched_off_meanwhile_is_not_sent(session, member, message):
    member.mails_off = [Topic.PARTNER]
    session.flush()
    assert outbox.hindrance(session, message, NOW) == "mails of this kind are switched off"


def test_who_asked_meanwhile_to_be_forgotten_gets_links_and_what_is_about_the_account(session, member, message):
    member.account.erase_at = NOW + DAY
    links.send(session, member.account, LinkUse.RESET, member.account.address, NOW)
    about_the_account = told(session, member.account, "address_changed")
    link = session.scalars(select(Message).where(Message.kind == "link_reset")).one()
    assert outbox.hindrance(session, message, NOW) == "the account is to be forgotten"
    assert outbox.hindrance(session, about_the_account, NOW) == outbox.hindrance(session, link, NOW) == ""


def test_a_link_goes_out_at_any_hour(session, member):
    links.send(session, member.account, LinkUse.RESET, member.account.address, NOW)
    night = datetime(2026, 1, 15, 3, tzinfo=UTC)
    assert outbox.awake_at(session, session.scalars(select(Message)).one(), night) == night


def test_nobody_is_asked_for_an_answer_after_the_last_day(session, member):
    message = told(session, member, "reminder", answer_by="2026-01-15")
    last_minute = datetime(2026, 1, 15, 23, 59, tzinfo=UTC)
    assert outbox.hindrance(session, message, last_minute) == ""
    assert outbox.hindrance(session, message, last_minute + MINUTE) == "too late to answer"


@pytest.fixture
def invited(session, member):
    """The mail of an invitation to the address of a member."""
    invitations.send(session, member.group, NOW, member.account.address, "a test")
    session.flush()
    return session.scalars(select(Message)).one()


def test_an_invitation_goes_to_its_address_whatever_became_of_an_account_with_it(session, member, invited):
    member.account.address_failed_at = member.left_at = NOW
    assert outbox.hindrance(session, invited, NOW) == ""
    assert outbox.reader_of(session, invited) == (member.account.address, "Europe/London")
    assert outbox.opens_something(invited)
    assert not outbox.holds_link(invited)


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"used_at": NOW}, "the invitation was used"),
        ({"expires_at": NOW}, "the invitation was withdrawn or is over"),
    ],
)
def test_an_invitation_that_works_no_more_is_not_mailed(session, invited, changes, why):
    invitation = session.scalars(select(Invitation)).one()
    for name, value in changes.items():
        setattr(invitation, name, value)
    assert outbox.hindrance(session, invited, NOW) == why


def test_an_invitation_that_was_forgotten_while_its_mail_was_made_is_not_mailed(session):
    gone = Message(invitation_id=99, kind="invitation")
    assert outbox.hindrance(session, gone, NOW) == "the invitation was withdrawn or is over"
    assert outbox.reader_of(session, gone) == ("", "UTC")


def test_an_address_that_refuses_an_invitation_marks_no_account(session, member, invited):
    after(session, outbox.mark_failed, NOW, "550 to RCPT", member.account.address)
    assert session.get(Account, member.account_id, populate_existing=True).reachable


def test_no_retry_of_an_invitation_wakes_anybody(session, member, invited):
    evening = datetime(2026, 1, 14, 20, 59, 30, tzinfo=UTC)
    row = claimed(session, evening)
    outbox.retry_later(session, row, evening, "451")
    session.refresh(row)
    assert row.send_after == datetime(2026, 1, 15, 8, tzinfo=UTC)


def test_what_lost_its_occasion_is_dropped_and_the_rest_stays(session, member):
    other = make_member(session, member.group)
    sent = told(session, member, "reminder", key="sent")
    sent.state = MessageState.SENT
    on_its_way = told(session, member, "reminder", key="on its way", now=NOW - HOUR)
    claimed(session)
    waiting, kept = told(session, member, "reminder", key="waiting"), told(session, member, "ended")
    foreign = told(session, other, "reminder")

    assert outbox.drop(session, NOW, "the proposal is closed", to=member, kinds=["reminder", "proposal"]) == 2

    for each in (sent, on_its_way, waiting, kept, foreign):
        session.refresh(each)
    assert sent.state is MessageState.SENT
    assert on_its_way.state is waiting.state is MessageState.DROPPED
    assert waiting.last_error == "the proposal is closed"
    assert kept.state is foreign.state is MessageState.WAITING
    assert outbox.retry_later(session, on_its_way, NOW, "451") is None


# What came of it


def after(session, mark, *arguments, **changes) -> Message:
    """The row as it is after a mark was kept."""
    message = claimed(session)
    for name, value in changes.items():
        setattr(message, name, value)
    session.flush()
    kept = mark(session, message, *arguments)
    session.refresh(message)
    assert kept is message.state
    assert message.lease_until is None
    return message


def test_sent_is_kept(session, message):
    row = after(session, outbox.mark_sent, NOW)
    assert (row.state, row.done_at, row.last_error) == (MessageState.SENT, NOW, "")


def test_dropped_is_kept_with_its_reason(session, message):
    row = after(session, outbox.mark_dropped, NOW, "the member has left")
    assert (row.state, row.done_at, row.last_error) == (MessageState.DROPPED, NOW, "the member has left")


def test_failed_is_kept_with_its_reason_and_says_nothing_of_the_address(session, member, message):
    row = after(session, outbox.mark_failed, NOW, "554 to DATA")
    assert (row.state, row.done_at, row.last_error) == (MessageState.FAILED, NOW, "554 to DATA")
    assert session.get(Account, member.account_id, populate_existing=True).reachable


def test_a_refused_address_is_not_reachable_until_confirmed_again(session, member, message):
    after(session, outbox.mark_failed, NOW, "550 to RCPT", member.account.address)
    account = session.get(Account, member.account_id, populate_existing=True)
    assert account.address_failed_at == NOW
    assert not account.reachable


def test_a_refused_address_that_was_changed_meanwhile_is_forgotten(session, member, message):
    after(session, outbox.mark_failed, NOW, "550 to RCPT", "an-older-one@example.org")
    assert session.get(Account, member.account_id, populate_existing=True).reachable


@pytest.mark.parametrize(
    ("attempts", "pause"), [(1, MINUTE), (2, 5 * MINUTE), (3, 15 * MINUTE), (4, HOUR), (5, 3 * HOUR), (9, 3 * HOUR)]
)
def test_each_pause_is_longer_than_the_one_before(session, message, attempts, pause):
    row = after(session, outbox.retry_later, NOW, "451", attempts=attempts)
    assert (row.state, row.last_error, row.attempts) == (MessageState.WAITING, "451", attempts)
    assert NOW + pause <= row.send_after <= NOW + pause * 1.25


def test_pauses_differ_from_attempt_to_attempt(session, message):
    pauses = set()
    for number in range(5):
        row = claimed(session, NOW + DAY, f"attempt {number}")
        row.attempts = 1
        outbox.retry_later(session, row, NOW, "451")
        session.refresh(row)
        pauses.add(row.send_after)
    assert len(pauses) == 5


def test_no_retry_falls_into_the_members_own_quiet_hours(session, member, message):
    member.quiet_from, member.quiet_until = time(12), time(14)
    row = claimed(session)
    outbox.retry_later(session, row, NOW, "451")
    session.refresh(row)
    assert row.send_after == datetime(2026, 1, 14, 14, tzinfo=UTC)


def test_no_retry_wakes_anybody(session, message):
    evening = datetime(2026, 1, 14, 20, 30, tzinfo=UTC)
    row = claimed(session, evening)
    row.attempts = 4
    outbox.retry_later(session, row, evening, "451")
    session.refresh(row)
    assert row.send_after == datetime(2026, 1, 15, 8, tzinfo=UTC)


def test_after_five_days_a_message_has_failed(session, message):
    almost = NOW - outbox.TRIED_FOR + 4 * HOUR
    assert after(session, outbox.retry_later, NOW, "451", attempts=5, made_at=almost).state is MessageState.WAITING
    message.send_after = NOW
    session.flush()
    row = after(session, outbox.retry_later, NOW, "451", attempts=5, made_at=almost - 2 * HOUR)
    assert (row.state, row.last_error) == (MessageState.FAILED, "451")


def test_what_could_not_be_tried_is_the_first_of_the_next_run(session, message):
    row = after(session, outbox.put_back, NOW, "nobody listens")
    assert (row.state, row.attempts, row.send_after) == (MessageState.WAITING, 0, NOW)
    assert row.last_error == "nobody listens"
    assert after(session, outbox.put_back, NOW + outbox.TRIED_FOR + MINUTE, "x").state is MessageState.FAILED


def test_what_is_put_off_waits_for_the_morning(session, message):
    row = after(session, outbox.put_off, NOW + DAY)
    assert (row.state, row.attempts, row.send_after) == (MessageState.WAITING, 0, NOW + DAY)


@pytest.mark.parametrize(
    ("mark", "rest"),
    [
        (outbox.mark_sent, [NOW]),
        (outbox.mark_dropped, [NOW, "late"]),
        (outbox.mark_failed, [NOW, "late", "person@example.org"]),
        (outbox.retry_later, [NOW, "late"]),
        (outbox.put_back, [NOW, "late"]),
        (outbox.put_off, [NOW]),
    ],
)
def test_a_late_mark_never_overwrites_what_another_attempt_does(session, member, message, mark, rest):
    late = claimed(session)
    session.expunge(late)
    second = claimed(session, NOW + outbox.LEASE, "second")

    assert mark(session, late, *rest) is None

    session.refresh(second)
    assert (second.state, second.attempt, second.last_error) == (MessageState.SENDING, "second", "")
    assert outbox.mark_sent(session, second, NOW) is MessageState.SENT
    assert mark(session, late, *rest) is None
    assert session.get(Account, member.account_id, populate_existing=True).reachable


# The fence


def test_a_fence_stops_everything_until_it_is_lifted_and_that_is_recorded(session):
    outbox.require_no_fence(session)
    assert outbox.lift_fences(session, NOW, "command line") == 0
    session.add(Fence(since=NOW, why="restored from a backup"))
    session.flush()
    with pytest.raises(FenceError, match=r"since 14 January 2026, 12:00 UTC .*restored from a backup.*--lift-fence"):
        outbox.require_no_fence(session)
    assert outbox.lift_fences(session, NOW, "command line") == 1
    session.flush()
    outbox.require_no_fence(session)
    event = session.scalars(select(AuditEvent)).one()
    assert (event.act, event.actor, event.subject, event.at) == ("fence lifted", "command line", "fence 1", NOW)
