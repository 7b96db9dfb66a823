"""Members by themselves: who they are today, what they agree to, and how they are locked against a race."""

from collections.abc import Collection
from datetime import date, datetime

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session

from matcher import outbox
from matcher.audit_trail import record
from matcher.models import Answer, ConsentGiven, Group, Member, Partner, Partnership, Place, Proposal
from matcher.states import Consent, MemberState, PartnershipState
from matcher.zones import zone_of


def lock(session: Session, member_ids: Collection[int]) -> None:
    """Lock members against everybody else who changes them; what is read afterwards is fresh.

    Whoever changes what stands between members locks them first. So of a block and a night that pairs the two, one
    comes first, and the other sees it. Two never wait for each other, since all lock in one order: groups, a run,
    members, each by their numbers. So a change that waits in the session is written only once its locks are held.
    """
    with session.no_autoflush:
        in_order = select(Member.id).where(Member.id.in_(member_ids)).order_by(Member.id)
        session.execute(in_order.with_for_update(key_share=True)).all()  # may still be pointed to: see lock_groups
    session.flush()
    session.expire_all()


def lock_groups(session: Session, group_ids: Collection[int]) -> None:
    """Lock groups, before anything in them, against their nights and everybody who changes something between members.

    The lock leaves their keys alone: a row that points to a group, such as an audit event, waits for nobody.
    """
    with session.no_autoflush:
        in_order = select(Group.id).where(Group.id.in_(group_ids)).order_by(Group.id)
        session.execute(in_order.with_for_update(key_share=True)).all()


def lock_around(session: Session, *members: Member) -> None:
    """Lock these members and all with whom they share a proposal or a partnership that is not over.

    Their groups come first: while those are locked no night brings anybody together, so nobody is missed.
    """
    with session.no_autoflush:
        lock_groups(session, {member.group_id for member in members})
        ids = {member.id for member in members}
        beside = or_(Member.id.in_(_proposed_with(ids)), Member.id.in_(_partners_of(ids)))
        around = session.scalars(select(Member.id).where(beside)).all()
    lock(session, {*ids, *around})


def _proposed_with(ids: Collection[int]) -> Select[int]:
    """Also in a draft that may still go out; one that was dropped is nothing to anybody."""
    mine = select(Answer.proposal_id).join(Proposal)
    mine = mine.where(Answer.member_id.in_(ids), ~Answer.dropped, Proposal.told_at.is_(None))
    return select(Answer.member_id).where(Answer.proposal_id.in_(mine))


def _partners_of(ids: Collection[int]) -> Select[int]:
    mine = select(Partner.partnership_id).join(Partnership)
    mine = mine.where(Partner.member_id.in_(ids), Partnership.state == PartnershipState.ACTIVE)
    return select(Partner.member_id).where(Partner.partnership_id.in_(mine))


def today_of(member: Member, now: datetime) -> date:
    """The date on the member's own calendar."""
    return now.astimezone(zone_of(member.zone, member.group.zone)).date()


def rests_at(member: Member, now: datetime) -> bool:
    """Whether the member rests, on their own calendar: a night of the group may come while theirs shows the day before.

    All duties of a night ask this, so that who was not woken yet is not found waiting, or quiet for weeks.
    """
    return member.is_resting(today_of(member, now))


def start_waiting(member: Member, now: datetime) -> None:
    """Count nights alone from today on, if the member waits and has not been waiting; in a rest, once it is over."""
    if member.state is MemberState.WAITING and member.waiting_since is None and not rests_at(member, now):
        member.waiting_since = today_of(member, now)


def begin_rest(session: Session, member: Member, now: datetime, until: date | None, by: str = "member") -> None:
    """Begin a rest, or give the one that is on another end, and write it down. What else it stops: see rests.begin."""
    member.rest(today_of(member, now), until)
    record(session, now, by, "rest begun", member, member.group)


def rest_until_back(session: Session, member: Member, now: datetime) -> None:
    """Begin a rest that nobody asked for, and say so: it lasts until "I am here again"."""
    begin_rest(session, member, now, None, by="the night")
    outbox.tell(session, member, "resting", f"rest:{member.resting_from}", now)


def agree(session: Session, member: Member, consent: Consent, how: str, now: datetime) -> None:
    """Say yes to something, or say it again after taking it back. Who is ready by it starts to wait."""
    given = next((each for each in member.consents if each.consent is consent), None)
    if given is None:
        given = ConsentGiven(consent=consent)
        member.consents.append(given)
    given.how, given.given_at, given.withdrawn_at = how, now, None
    start_waiting(member, now)
    record(session, now, "member", "consent given", member, member.group, consent=consent)


def sign_of_life(session: Session, member: Member, now: datetime) -> None:
    """Note that the member was there, without what they did."""
    mine = select(Partner).where(Partner.member_id == member.id, Partner.left_at.is_(None))
    for partner in session.scalars(mine):
        partner.last_sign_at = now


def give_place(
    session: Session, member: Member, *, proposal: Proposal | None = None, partnership: Partnership | None = None
) -> None:
    """Put a member into a proposal or a partnership. They have one place; a second is refused by the database."""
    session.add(
        Place(member=member, proposal_id=proposal and proposal.id, partnership_id=partnership and partnership.id)
    )


def take_place(session: Session, member: Member) -> None:
    """Set a member free."""
    if member.place:
        session.delete(member.place)
        session.flush()
        session.expire(member, ["place"])


def lock_group(session: Session, group: Group) -> list[Member]:
    """Lock everybody in a group, which is locked by the caller; returns them in the order of their joining."""
    with session.no_autoflush:
        ids = session.scalars(select(Member.id).where(Member.group_id == group.id)).all()
    lock(session, ids)
    return list(session.scalars(select(Member).where(Member.group_id == group.id).order_by(Member.id)))


def by_public_id(session: Session, ids: Collection[str]) -> dict[str, Member]:
    """Members by the ids that the pairing knows them by."""
    return {member.public_id: member for member in session.scalars(select(Member).where(Member.public_id.in_(ids)))}
