"""What people may do between two steps of a night, and who must not be together with whom afterwards."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from matcher import blocks, changes, leaving, partnerships, people, rests
from matcher.database import reading, sessions_of
from matcher.models import Answer, Block, Member, Proposal
from matcher.states import Consent, ProposalState
from tests.faults.world import BEGIN

KINDS = ("block", "rest", "leave", "withdraw", "find another")
OPEN = (ProposalState.DRAFT, ProposalState.OPEN)


@dataclass(frozen=True)
class Deed:
    """Something that one member does, maybe to another; both are told by the names they had."""

    kind: str
    who: str
    to: str

    def do(self, session: Session, now: datetime) -> None:
        """Do it as the pages would; who has left does nothing more, and who has a place finds nobody."""
        one, other = (session.scalars(_member(name)).one() for name in (self.who, self.to))
        if self.kind == "find another":  # or the night might give them a place between the look and the deed
            people.lock_around(session, one, other)
        if one.left_at or (self.kind == "find another" and (other.left_at or one.place or other.place)):
            return
        if self.kind == "block":
            blocks.block(session, one.account, other.account, now)
        elif self.kind == "rest":
            rests.rest(session, one, now)
        elif self.kind == "leave":
            leaving.leave(session, one, now)
        elif self.kind == "withdraw":
            changes.withdraw(session, one, Consent.PAIRING, now)
        elif not session.scalar(_blocks(one, other)):
            partnerships.begin(session, one.group, [one, other], 12, now)


def wrongly_together(session: Session, deeds: list[Deed], states: tuple[ProposalState, ...]) -> Iterator[str]:
    """Who stands in a proposal of these states although they did something that forbids it."""
    found = select(Proposal).join(Answer).join(Member, Answer.member_id == Member.id)
    for deed in deeds:
        for proposal in session.scalars(
            found.where(Member.public_id == id_of(deed.who), Proposal.state.in_(states))
        ).unique():
            newcomers = {
                each.member.public_id for each in proposal.answers if each.joins or not proposal.partnership_id
            }
            there = {each.member.public_id for each in proposal.answers}
            if deed.kind == "block" and id_of(deed.to) in there:
                yield f"{deed.who} is proposed to {deed.to}, whom they blocked."
            if deed.kind in ("rest", "leave") and id_of(deed.who) in there:
                yield f"{deed.who} is proposed to somebody, and rests or is gone."
            if deed.kind == "withdraw" and id_of(deed.who) in newcomers:
                yield f"{deed.who} is proposed to somebody, and did not agree to it."


def doing(deed: Deed):
    """The deed as a unit of work of its own."""

    def act(engine: Engine) -> None:
        with sessions_of(engine).begin() as session:
            deed.do(session, BEGIN)

    return act


def together(deeds: list[Deed], state: ProposalState = ProposalState.OPEN):
    """Look for people who are wrongly together in what is open, or in drafts."""

    def act(engine: Engine) -> list[str]:
        with reading(engine) as session:
            return [*wrongly_together(session, deeds, (state,))]

    return act


def id_of(name: str) -> str:
    """The public id of a member, who keeps it even after leaving, when the name is gone."""
    return f"member-{name}"


def _member(name: str):
    return select(Member).where(Member.public_id == id_of(name))


def _blocks(one: Member, other: Member):
    both = [one.account_id, other.account_id]
    return select(Block.id).where(Block.blocker_id.in_(both), Block.blocked_id.in_(both))
