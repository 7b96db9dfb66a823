"""Five people of the invented group as whom one can sign in and look around; nobody else there has a password."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import pyotp
from sqlalchemy import select
from sqlalchemy.orm import Session

from matcher import accounts, codes, passwords
from matcher.models import Account, Answer, Group, Member, Partnership, Proposal
from matcher.people import rests_at
from matcher.states import MemberState, PartnershipState, ProposalState

PASSWORD = "lantern otter maple ferry"  # noqa: S105  # of nobody: these people do not exist
_HALF_A_MINUTE = timedelta(seconds=codes.STEP_SECONDS)


@dataclass(frozen=True, slots=True)
class SignsIn:
    """One who can sign in: who they are, and the address they do it with."""

    who: str
    address: str


def let_sign_in(session: Session, group: Group, now: datetime) -> list[SignsIn]:
    """Give five people a password, and the coordinator a second factor. Where nobody is of a kind, it is left out.

    Members get an address that can be typed, too.
    """
    there = [SignsIn("The coordinator", coordinator_of(group).address or "")]
    for stands, member, name in _members(session, group, now):
        member.account.address = f"{name}@invented.invalid"
        _give_password(session, member.account, now)
        there.append(SignsIn(f"{member.name}, who {stands}", member.account.address))
    _give_password(session, coordinator_of(group), now)
    _turn_on_code(session, coordinator_of(group), now)
    return there


def told_sign_ins(there: Sequence[SignsIn]) -> str:
    """Who can sign in, as a table."""
    width = max(len(each.who) for each in there)
    return "\n".join(f"  {each.who:{width}}  {each.address}" for each in there)


def coordinator_of(group: Group) -> Account:
    """Who looks after the group."""
    return group.coordinators[0].account


def seed_of(group: Group) -> str:
    """From which an app makes the coordinator's codes; "" before anybody was let in."""
    return coordinator_of(group).code_seed or ""


def code_of(group: Group, now: datetime) -> str:
    """The coordinator's code of this half minute."""
    return pyotp.TOTP(seed_of(group)).at(now)


def _give_password(session: Session, account: Account, now: datetime) -> None:
    accounts.require_strong(session, account, PASSWORD)
    account.password_hash, account.address_confirmed_at = passwords.hash_of(PASSWORD), now


def _turn_on_code(session: Session, account: Account, now: datetime) -> None:
    seed = codes.begin(session, account, now)
    codes.confirm(session, account, pyotp.TOTP(seed).at(now - _HALF_A_MINUTE), now)  # so that this moment's is unused


def _members(session: Session, group: Group, now: datetime) -> Iterator[tuple[str, Member, str]]:
    here = select(Member).where(Member.group_id == group.id).order_by(Member.id)
    awake = [member for member in session.scalars(here) if not rests_at(member, now)]
    waiting = [member for member in awake if member.state is MemberState.WAITING]
    yield from (("waits for a partner", member, "waits") for member in waiting[:1])
    asked = [each for each in session.scalars(_ASKED) if each in awake and each.state is MemberState.PROPOSED]
    yield from (("has a proposal", member, "proposed") for member in asked[:1])
    pairs = [[each.member for each in pair.present] for pair in session.scalars(_ACTIVE)]
    two = next((pair for pair in pairs if len(pair) == 2 and all(each in awake for each in pair)), [])
    for member, name in zip(two, ("partner", "other-partner"), strict=False):
        yield "has a partner", member, name


_ASKED = select(Member).join(Answer, Answer.member_id == Member.id).join(Proposal).where(Proposal.told_at.is_(None))
_ASKED = _ASKED.order_by(Proposal.state == ProposalState.CLOSED, Answer.yes.is_not(None), Answer.id)
"""Who was asked and has not been told what came of it: first those whose proposal is open, and who did not answer."""
_ACTIVE = select(Partnership).where(Partnership.state == PartnershipState.ACTIVE).order_by(Partnership.id.desc())
"""The newest first: partners of whom many signs come."""
