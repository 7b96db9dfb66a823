"""Who sits together, as plain values: the way most invariants read the rows."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, groupby
from typing import Any

from sqlalchemy import ColumnElement, Select, String, literal, null, or_, select, type_coerce
from sqlalchemy.orm import Session

from matcher.models import Answer, Member, Partner, Partnership, Proposal
from matcher.states import PartnershipState, ProposalState


@dataclass(frozen=True, slots=True)
class Seat:
    """One member's part in a proposal or a partnership; a newcomer is anybody but the host of an open pair."""

    member_id: int
    member: str
    account_id: int
    is_newcomer: bool


Pair = tuple[Seat, Seat]
Parts = Select[str, int, str, int, bool]
"""Of what, by public id; who, by number and public id; the account; whether a newcomer."""


def word(state: Any) -> ColumnElement[str]:
    """A state as it is stored, even when it is none of our words."""
    return type_coerce(state, String)


def open_proposals() -> Parts:
    """The parts in proposals that are open now, as :func:`tables` takes them.

    Who said no is out of it: of three the other two may go on, whatever the one does then.
    """
    return asked_in_open_proposals().where(Answer.yes.is_not(False))


def asked_in_open_proposals() -> Parts:
    """The same with whoever said no."""
    return proposals().where(Proposal.state == ProposalState.OPEN)


def proposals() -> Parts:
    """The parts in all proposals, but for those that were dropped."""
    is_newcomer = or_(Answer.joins, Proposal.partnership_id.is_(null()))
    return (
        select(Proposal.public_id, Member.id, Member.public_id, Member.account_id, is_newcomer)
        .join_from(Proposal, Answer)
        .join(Member)
        .where(~Answer.dropped)
        .order_by(Proposal.id, Member.id)
    )


def active_partnerships() -> Parts:
    """The parts in active partnerships of the partners who are still there, as :func:`tables` takes them."""
    return (
        select(Partnership.public_id, Member.id, Member.public_id, Member.account_id, literal(True))
        .join_from(Partnership, Partner)
        .join(Member)
        .where(Partnership.state == PartnershipState.ACTIVE, Partner.left_at.is_(null()))
        .order_by(Partnership.id, Member.id)
    )


def tables(session: Session, parts: Parts) -> Iterator[tuple[str, list[Seat]]]:
    """The public id of each proposal or partnership, and who sits in it."""
    for public_id, rows in groupby(session.execute(parts), key=lambda row: row[0]):
        yield public_id, [Seat(row[1], row[2], row[3], bool(row[4])) for row in rows]


def pairs(seats: Sequence[Seat]) -> Iterator[Pair]:
    """Every two of them."""
    return combinations(seats, 2)


def new_pairs(seats: Sequence[Seat]) -> Iterator[Pair]:
    """Every two of them who do not sit together already, as the two of an open pair do."""
    return (pair for pair in pairs(seats) if pair[0].is_newcomer or pair[1].is_newcomer)
