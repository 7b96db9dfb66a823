"""From rows to a pool: who waits in a group, and what stands between them. The pairing sees nothing else."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace
from datetime import date
from itertools import combinations
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, and_, or_, select, true
from sqlalchemy.orm import Session, selectinload

from matcher import nights, people
from matcher.errors import AlongsideError
from matcher.models import Answer, Block, Group, Hold, Member, PairingRun, Partner, Partnership, Proposal, Request
from matcher.pairing import Candidate
from matcher.pairing.candidate import Experience, Goal, Relation
from matcher.profile import windows_from_json, wishes_from_json
from matcher.snapshots import Pair, Snapshot
from matcher.spreadsheets.cells import wish_among
from matcher.states import Closing, Consent, Ending, MemberState, PartnershipState, ProposalState, Visibility
from matcher.vocabulary import Barrier, Stage
from matcher.zones import UNKNOWN

_BAR_BY_ENDING = {
    Ending.TERM: (Barrier.RECENT_PARTNERS, False),
    Ending.TOGETHER: (Barrier.RECENT_PARTNERS, False),
    Ending.COORDINATOR: (Barrier.RECENT_PARTNERS, False),
    Ending.ALONE: (Barrier.RECENT_PARTNERS, True),
    Ending.LEFT: (Barrier.RECENT_PARTNERS, True),
    Ending.BLOCKED: (Barrier.BLOCKED, True),
    Ending.SAFETY: (Barrier.BLOCKED, True),
}
"""What an ending leaves between two partners, and whether for ever."""

WHOLE = tuple(
    selectinload(each) for each in (Member.account, Member.goals, Member.experiences, Member.consents, Member.place)
)
"""How to load members whole, in a few statements however many they are."""


def snapshot_of_waiting(
    session: Session, group: Group, on: date, only: Collection[str] | None = None, drafted_in: PairingRun | None = None
) -> Snapshot:
    """Everybody who waits on a day, or those of them whose public ids are given, with the open pairs.

    Open pairs that are asked about somebody already are not in it, unless by a draft of the given run.
    """
    waiting = [
        member
        for member in _members(session, Member.group_id == group.id, Member.left_at.is_(None), ~Member.place.has())
        if member.state is MemberState.WAITING
        and not _rests(member, group, on)
        and (only is None or member.public_id in only)
    ]
    open_pairs = _open_pairs(session, group, on, drafted_in)
    hosts = [partner.member for partnership in open_pairs for partner in partnership.present]
    pairs = [_in_order(*(partner.member for partner in partnership.present)) for partnership in open_pairs]
    return _snapshot(session, group, on, [*waiting, *hosts], tuple(sorted(pairs)))


def snapshot_of(session: Session, group: Group, on: date, member_ids: Collection[int]) -> Snapshot:
    """These members as the pairing would see them, wherever they stand on their way to a partner.

    Who may not be paired at all (left, resting, no consent) is not in it.
    """
    members = _members(session, Member.id.in_(member_ids), Member.left_at.is_(None))
    there = [member for member in members if not member.missing() and not _rests(member, group, on)]
    return _snapshot(session, group, on, there, ())


def snapshot_of_profiles(session: Session, group: Group, on: date, member_ids: Collection[int]) -> Snapshot:
    """These members by what they have told alone: also who rests, left or agreed to nothing; with nothing between them.

    Who was forgotten told nothing, and is not in it.
    """
    found = _snapshot(session, group, on, _members(session, Member.id.in_(member_ids)), ())
    return replace(found, relations=(), together=())


def candidate_of(member: Member, group: Group, on: date, *, hosts: bool = False) -> Candidate:
    """One member as the pairing sees them on a day, without whom they ask for; who ``hosts`` welcomes a third now."""
    nights = (on - member.waiting_since).days if member.waiting_since else 0
    return Candidate(
        id=member.public_id,
        zone=ZoneInfo(member.zone).key,
        languages=frozenset(member.languages),
        goals=frozenset(Goal(goal.area, goal.tag) for goal in member.goals if goal.is_open),
        windows=windows_from_json(member.windows),
        writing_is_enough=member.writing_is_enough,
        experiences=tuple(_experiences(member)),
        support_style=member.support_style,
        channels=frozenset(member.channels),
        rhythm=member.rhythm,
        welcomes_three=member.welcomes_three or hosts,
        traits=dict(member.about_me),
        wishes=wishes_from_json(member.wishes),
        preferences=wishes_from_json(member.preferences),
        past_promise=nights >= group.promise_nights,
        goes_first=member.goes_first,
        nights_waited=max(0, nights),
    )


def _experiences(member: Member) -> Iterator[Experience]:
    """In the order of their words, so that the same member is always the same candidate."""
    if member.agrees_to(Consent.EXPERIENCES):
        for each in sorted(member.experiences, key=lambda each: str(each.tag)):
            if each.visibility is not Visibility.ONLY_ME:
                shown = each.visibility is Visibility.PROPOSED
                yield Experience(each.tag, Stage(each.stage) if each.stage else None, shown)


def _members(session: Session, *conditions: ColumnElement[bool]) -> list[Member]:
    return list(session.scalars(select(Member).where(*conditions).order_by(Member.public_id).options(*WHOLE)))


def _open_pairs(session: Session, group: Group, on: date, drafted_in: PairingRun | None) -> list[Partnership]:
    """Active pairs who both welcome a third, are both there, and are not asked about somebody already.

    Nor while the end of a question is not told: a second one would tell that somebody said no to the first.
    """
    untold = and_(Proposal.opened_at.is_not(None), Proposal.told_at.is_(None))
    asked = select(Proposal.partnership_id).where(
        Proposal.partnership_id.is_not(None),
        or_(Proposal.state == ProposalState.DRAFT, untold),
        Proposal.run_id != drafted_in.id if drafted_in else true(),
    )
    active = select(Partnership).where(
        Partnership.group_id == group.id,
        Partnership.state == PartnershipState.ACTIVE,
        Partnership.id.not_in(asked),
        Partnership.partners.any(Partner.welcomes_third),
    )
    hosts = selectinload(Partnership.partners).selectinload(Partner.member).options(*WHOLE)
    return [
        partnership
        for partnership in session.scalars(active.options(hosts))
        if partnership.is_open_pair and all(_may_host(partner.member, group, on) for partner in partnership.present)
    ]


def _may_host(member: Member, group: Group, on: date) -> bool:
    return not member.missing() and not _rests(member, group, on)


def _rests(member: Member, group: Group, on: date) -> bool:
    """Whether the member rests when the night of this date begins, on their own calendar."""
    return people.rests_at(member, nights.begin_of(group, on))


def _snapshot(
    session: Session, group: Group, on: date, members: list[Member], open_pairs: tuple[Pair, ...]
) -> Snapshot:
    hosts = {id_ for pair in open_pairs for id_ in pair}
    found = {member: _as_told(member, group, on, hosts) for member in members}
    between = _Between(session, [member for member in members if found[member]])
    requests = between.requests()
    people = [replace(told, requests=frozenset(requests.get(member.id, ()))) for member, told in found.items() if told]
    there = {person.id for person in people}
    return Snapshot(
        on=on,
        people=tuple(_among_each_other(people)),
        relations=tuple(between.relations(on, requests)),
        together=tuple(between.kept_together(on)),
        open_pairs=tuple(pair for pair in open_pairs if there.issuperset(pair)),
        set_aside=tuple(member.public_id for member in members if not found[member]),
    )


def _as_told(member: Member, group: Group, on: date, hosts: Collection[str]) -> Candidate | None:
    """The member as a candidate, or None for a row that cannot be read: it must not stop everybody else's night."""
    try:
        return candidate_of(member, group, on, hosts=member.public_id in hosts)
    except (AlongsideError, *UNKNOWN, TypeError, AttributeError):  # not those of the database
        return None


def _among_each_other(people: list[Candidate]) -> Iterator[Candidate]:
    """The people, now that all of them are known: a wish for "30-39" means who joined later and wrote "34", too."""
    ages = {person.traits.get("age", "") for person in people}
    for person in people:
        musts, nice = ([wish_among(each, ages) for each in told] for told in (person.wishes, person.preferences))
        yield replace(person, wishes=tuple(musts), preferences=tuple(nice))


class _Between:
    """What the rows say of some members, two by two."""

    def __init__(self, session: Session, members: Iterable[Member]) -> None:
        self._session = session
        self._public = {member.id: member.public_id for member in members}
        self._by_account = {member.account_id: member.public_id for member in members}

    def requests(self) -> dict[int, set[str]]:
        found: dict[int, set[str]] = {}
        for each in self._session.scalars(select(Request).where(Request.member_id.in_(self._public))):
            if each.asked_id in self._public:
                found.setdefault(each.member_id, set()).add(self._public[each.asked_id])
        return found

    def relations(self, on: date, requests: dict[int, set[str]]) -> Iterator[Relation]:
        """Everything that stands between two of them; nothing between the partners of one active partnership."""
        own = {public: requests.get(id_, set()) for id_, public in self._public.items()}
        active, past = self._partners()
        yield from self._blocks()
        for relation in (*self._answers(), *self._holds(on), *past):
            ends_if_both_ask = relation.barrier is Barrier.RECENT_PARTNERS
            both_ask = relation.second in own[relation.first] and relation.first in own[relation.second]
            if (relation.first, relation.second) not in active and not (ends_if_both_ask and both_ask):
                yield relation

    def kept_together(self, on: date) -> Iterator[Pair]:
        for each in self._standing_holds(on):
            if each.together:
                yield self._pair(each.first_id, each.second_id)

    def _blocks(self) -> Iterator[Relation]:
        for each in self._session.scalars(select(Block).where(Block.blocker_id.in_(self._by_account))):
            if each.blocked_id in self._by_account:
                first, second = self._by_account[each.blocker_id], self._by_account[each.blocked_id]
                yield Relation(first, second, Barrier.BLOCKED)

    def _answers(self) -> Iterator[Relation]:
        """A no keeps two apart for good, a silence for a while; a rest or a change leaves nothing between them."""
        told = select(Proposal).where(
            Proposal.state.in_([ProposalState.CLOSED, ProposalState.ACCEPTED]),
            Proposal.answers.any(Answer.member_id.in_(self._public)),
            Proposal.answers.any(or_(Answer.yes.is_(False), Answer.yes.is_(None))),
            Proposal.opened_at.is_not(None),
        )
        for proposal in self._session.scalars(told.options(selectinload(Proposal.answers))):
            for one, other in combinations(proposal.answers, 2):
                bar = _bar_of_answers(proposal, one, other)
                if bar and {one.member_id, other.member_id} <= self._public.keys() and proposal.closed_at:
                    since = None if bar is Barrier.DECLINED_BEFORE else proposal.closed_at.date()
                    yield Relation(*self._pair(one.member_id, other.member_id), bar, since)

    def _partners(self) -> tuple[set[Pair], list[Relation]]:
        """Who are partners now, and what is left between those who were."""
        mine = select(Partner.partnership_id).where(Partner.member_id.in_(self._public))
        past = select(Partnership).where(Partnership.id.in_(mine)).options(selectinload(Partnership.partners))
        active: set[Pair] = set()
        found: list[Relation] = []
        for partnership in self._session.scalars(past):
            known = [partner for partner in partnership.partners if partner.member_id in self._public]
            for one, other in combinations(known, 2):
                if one.member_id == other.member_id:
                    continue  # somebody who left three and joined them again
                pair = self._pair(one.member_id, other.member_id)
                ended = _ended(partnership, one, other)
                if ended is None:
                    active.add(pair)
                else:
                    barrier, for_ever = _BAR_BY_ENDING[ended[0]]
                    found.append(Relation(*pair, barrier, None if for_ever else ended[1]))
        return active, found

    def _holds(self, on: date) -> Iterator[Relation]:
        for each in self._standing_holds(on):
            if not each.together:
                yield Relation(*self._pair(each.first_id, each.second_id), Barrier.HELD)

    def _standing_holds(self, on: date) -> Iterator[Hold]:
        for each in self._session.scalars(select(Hold).where(Hold.first_id.in_(self._public))):
            if each.second_id in self._public and (each.until is None or on < each.until):
                yield each

    def _pair(self, one: int, other: int) -> Pair:
        first, second = sorted((self._public[one], self._public[other]))
        return first, second


def _bar_of_answers(proposal: Proposal, one: Answer, other: Answer) -> Barrier | None:
    if proposal.partnership_id and one.joins == other.joins:
        return None  # two partners who were asked about a third
    if one.yes is False or other.yes is False:
        return Barrier.DECLINED_BEFORE
    lapsed = proposal.closing is Closing.UNANSWERED or proposal.state is ProposalState.ACCEPTED
    return Barrier.UNANSWERED_RECENTLY if lapsed and (one.yes is None or other.yes is None) else None


def _ended(partnership: Partnership, one: Partner, other: Partner) -> tuple[Ending, date] | None:
    """How and when two partners parted: when the first of them left, or the partnership ended; None: they have not."""
    partings = [(each.left_at, each.left_by) for each in (one, other) if each.left_at and each.left_by]
    if not partings:
        return None
    left_at, left_by = min(partings)
    if left_by is Ending.BLOCKED and left_at != partnership.ended_at:
        left_by = Ending.ALONE  # they left three, of whom they blocked one: the block itself bars that one
    return left_by, left_at.date()


def _in_order(one: Member, other: Member) -> Pair:
    first, second = sorted((one.public_id, other.public_id))
    return first, second
