"""I11: who was erased is gone."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session

from matcher.models import (
    Account,
    Answer,
    Experience,
    Goal,
    LeftAlone,
    Link,
    Member,
    Milestone,
    PairingRun,
    Proposal,
    RecoveryCode,
    Request,
    SignIn,
    Step,
)
from matcher.quiet_hours import QUIET_FROM, QUIET_UNTIL

_AS_NOBODY_CHOSE = ("former member", QUIET_FROM, QUIET_UNTIL)
_OWN = (
    *(Member.name, Member.zone, Member.languages, Member.rhythm, Member.channels, Member.support_style),
    *(Member.windows, Member.writing_is_enough, Member.welcomes_three),
    *(Member.wishes, Member.preferences, Member.about_me, Member.card),
    *(Member.quiet_from, Member.quiet_until, Member.mails_off),
)
_OF_GOALS = (Goal.area, Goal.tag, Goal.words, Goal.if_this, Goal.then_that)
_SAID_OF_THEM = (Answer.reason, Proposal.reasons, Proposal.points_by_term)
_PLACE_IN_A_NIGHT = {"id", "zone", "waiting"}
"""What a night that is kept may still say of somebody; their zone there is UTC, since a clock must show something."""


def erased_for_good(session: Session, now: datetime) -> Iterator[str]:
    """I11. An erased account has no address and no way in, its members no name, nothing to pair them by, and no words.

    Only an invitation to their address cannot be looked for: nobody knows the address any more.
    """
    erased = Account.erased_at.is_not(None)
    reachable = or_(Account.address.is_not(None), Account.claimed_address.is_not(None))
    for account in session.scalars(select(Account.public_id).where(erased, reachable)):
        yield f"The erased account {account} has an address."
    yield from _ways_in(session)
    for kept in _columns():
        for member, *values in session.execute(kept.where(erased)):
            if any(each for each in values if each not in _AS_NOBODY_CHOSE):
                yield f"The erased member {member} has a name, hours, wishes, or words of their own."
    members = select(Member.id, Member.public_id).join(Account).where(erased)
    gone = {public_id: id_ for id_, public_id in session.execute(members)}
    for what, owner in (("experiences", Experience.member_id), ("requests", Request.member_id)):
        there = set(session.scalars(select(owner)))
        yield from (f"The erased member {member} has {what}." for member, id_ in gone.items() if id_ in there)
    yield from _in_nights(session, set(gone))


def _ways_in(session: Session) -> Iterator[str]:
    opens = or_(
        Account.password_hash.is_not(None),
        Account.code_seed.is_not(None),
        Account.new_code_seed.is_not(None),
        *(Account.id.in_(select(each.account_id)) for each in (SignIn, Link, RecoveryCode)),
    )
    for account in session.scalars(select(Account.public_id).where(Account.erased_at.is_not(None), opens)):
        yield f"The erased account {account} has something that opens it."


def _columns() -> Iterator[Select[Any]]:
    """Every column that may hold what members told, with whose it is."""
    own = select(Member.public_id).join_from(Member, Account)
    yield own.add_columns(*_OWN)
    goals = own.join(Goal)
    yield goals.add_columns(*_OF_GOALS)
    yield goals.join(Milestone).add_columns(Milestone.words)
    yield goals.join(Step).add_columns(Step.words)
    yield own.join(Answer).join(Proposal).add_columns(*_SAID_OF_THEM)
    yield own.join(LeftAlone).add_columns(LeftAlone.could_help, LeftAlone.barriers)


def _in_nights(session: Session, gone: set[str]) -> Iterator[str]:
    for run, snapshot in session.execute(
        select(PairingRun.public_id, PairingRun.snapshot).where(PairingRun.snapshot.is_not(None))
    ):
        for person in snapshot["people"]:
            told = {name for name, value in person.items() if value and name not in _PLACE_IN_A_NIGHT}
            if person["id"] in gone and (told or person["zone"] != "UTC"):
                yield f"The run {run} keeps what the erased member {person['id']} told."
