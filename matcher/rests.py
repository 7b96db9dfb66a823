"""Rests: a pause with an end, that stops every reminder and loses nothing."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from matcher import outbox, partnerships, people, proposals
from matcher.audit_trail import record
from matcher.errors import StateError
from matcher.models import Member
from matcher.states import Closing

REST_DAYS, LONGEST_REST_DAYS = 14, 56
REMINDERS = ("silence", "soft_note")


def rest(session: Session, member: Member, now: datetime, days: int = REST_DAYS) -> None:
    """Take a rest that ends by itself after some days. Raises StateError for more than eight weeks.

    Also for who is to be forgotten: they rest until then.
    """
    if not 1 <= days <= LONGEST_REST_DAYS:
        raise StateError(f"A rest lasts 1 to {LONGEST_REST_DAYS} days. Choose an end; you can rest again.", member)
    people.lock_around(session, member)
    _require_stays(member)
    begin(session, member, now, people.today_of(member, now) + timedelta(days=days))


def begin(session: Session, member: Member, now: datetime, until: date | None) -> None:
    """Begin or prolong a rest; without an end it lasts until "I am here again". Its members are locked by the caller.

    An open proposal closes without a bar between its people, partners are told, and every reminder stops.
    """
    was_resting = people.rests_at(member, now)
    if not was_resting:
        _wake(session, member, now)  # a rest that is over, and that no night has ended yet, counts as the rest it was
    people.begin_rest(session, member, now, until)
    _let_go(session, member, now)
    if not was_resting:
        partnerships.tell_rest(session, member, now)


def begin_for_quiet(session: Session, members: Sequence[Member], now: datetime) -> None:
    """Let partners rest of whom there was no sign: they and who stayed are told so. Locked by the caller."""
    for member in members:
        people.rest_until_back(session, member, now)
        _let_go(session, member, now)
    for member in members:
        partnerships.tell_rest(session, member, now, quiet=True)


def come_back(session: Session, member: Member, now: datetime) -> None:
    """End a rest: "I am here again". A pair's term grows by it. Raises StateError for who is to be forgotten."""
    people.lock_around(session, member)
    _require_stays(member)
    _wake(session, member, now)


def end_rests(session: Session, members: Iterable[Member], now: datetime) -> None:
    """End the rests whose last day has passed on the member's own clock, and tell those who are back.

    The members are locked by the caller.
    """
    for member in members:
        if member.resting_until and not people.rests_at(member, now) and not member.left_at:
            since = member.resting_from
            _wake(session, member, now)
            outbox.tell(session, member, "rest_over", f"rest:{since}", now)


def _require_stays(member: Member) -> None:
    """Nobody may be paired with somebody who is about to go."""
    if member.account.erase_at:
        raise StateError("You have asked to be forgotten, and rest until then. To stay, keep your account.", member)


def _let_go(session: Session, member: Member, now: datetime) -> None:
    proposals.close_for(session, member, Closing.RESTED, now)
    outbox.drop(session, now, "the member rests", to=member, kinds=REMINDERS)


def _wake(session: Session, member: Member, now: datetime) -> None:
    began = member.resting_from
    rested = member.wake(people.today_of(member, now))
    if began is None or rested is None:
        return
    outbox.drop(session, now, "the member is here again", to=member, kinds=("resting",))
    partnerships.take_back_rest(session, member, began, now)
    partnerships.after_rest(session, member, rested, now)
    people.start_waiting(member, now)
    record(session, now, "member", "rest ended", member, member.group)
