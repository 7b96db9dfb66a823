"""The members of a group as its coordinators read them: who they are, and where each stands on the way to a partner.

No hours, no wishes and no words of a goal are here. Whether hours or a goal are there at all is, as what is missing.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, defer, joinedload, load_only, subqueryload
from sqlalchemy.orm.interfaces import ORMOption

from matcher.addresses import masked
from matcher.models import Goal, Group, Member, Partner, Place
from matcher.people import rests_at
from matcher.states import MemberState
from matcher.zones import zone_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One member. ``standing`` says in words what ``state`` and ``is_resting`` say in short.

    ``name`` is empty until they have chosen one; ``address`` is masked, and empty once they are forgotten. Dates are
    those of the group's own calendar.
    """

    public_id: str
    name: str
    state: MemberState
    is_resting: bool
    standing: str
    joined_on: date
    address: str
    languages: tuple[str, ...]


def roster(session: Session, group: Group, now: datetime) -> list[Entry]:
    """Everybody who is or was in a group, in the order of their joining: few statements, however many they are."""
    members = session.scalars(_members(group)).all()
    since = _partnered_since(session, group)
    return [_entry(member, group, since, now) for member in members]


def _members(group: Group) -> Select[Member]:
    """With all that their state is worked out from, and nothing of what is theirs alone but the hours."""
    options: tuple[ORMOption, ...] = (
        joinedload(Member.account),
        joinedload(Member.place),
        subqueryload(Member.goals).options(load_only(Goal.member_id, Goal.reached_at, Goal.let_go_at)),
        subqueryload(Member.consents),
        *(defer(each) for each in (Member.wishes, Member.preferences, Member.about_me, Member.card)),
    )
    return select(Member).where(Member.group_id == group.id).options(*options).order_by(Member.joined_at, Member.id)


def _partnered_since(session: Session, group: Group) -> dict[int, datetime]:
    """When those who have a partner now began to, by the member's number."""
    here = (Place.member_id == Partner.member_id) & (Place.partnership_id == Partner.partnership_id)
    began = select(Partner.member_id, Partner.joined_at).join(Place, here).join(Member, Member.id == Partner.member_id)
    there = began.where(Member.group_id == group.id, Partner.left_at.is_(None))
    return {row[0]: row[1] for row in session.execute(there)}


def _entry(member: Member, group: Group, since: Mapping[int, datetime], now: datetime) -> Entry:
    zone, state = zone_of(group.zone), member.state
    is_resting = state is not MemberState.LEFT and rests_at(member, now)
    began = since[member.id].astimezone(zone).date() if state is MemberState.PARTNERED else member.waiting_since
    return Entry(
        public_id=member.public_id,
        name=member.name,
        state=state,
        is_resting=is_resting,
        standing="; ".join(filter(None, (_standing(member, state, began), _rest(member) if is_resting else ""))),
        joined_on=member.joined_at.astimezone(zone).date(),
        address=masked(member.account.address or member.account.claimed_address or ""),
        languages=() if state is MemberState.LEFT else tuple(member.languages),
    )


def _standing(member: Member, state: MemberState, since: date | None) -> str:
    if state is MemberState.NOT_READY:
        return f"not ready, still missing: {', '.join(member.missing())}"
    if state in (MemberState.WAITING, MemberState.PARTNERED) and since:
        return f"{state} since {_day(since)}"
    return str(state)


def _rest(member: Member) -> str:
    return f"resting until {_day(member.resting_until)}" if member.resting_until else "resting until they are back"


def _day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"
