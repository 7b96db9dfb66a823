"""A group, its people and its nights, moved by the domain itself: what the tests of the transitions play on."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from matcher import nights, partnerships, proposals, publishing, runs
from matcher.invariants import INVARIANTS
from matcher.models import Coordinator, Member, Message, Notice, Partnership, Proposal
from matcher.pairing import plan
from matcher.pools import snapshot_of
from matcher.runs import Gathered
from matcher.states import MessageState, ProposalState
from matcher.vocabulary import Barrier
from tests.rows import NOW, make_account, make_group, make_member, make_proposal, make_run

DAY = timedelta(days=1)
WEDNESDAY, SUNDAY = date(2026, 1, 14), date(2026, 1, 18)
"""The pairing night of today, NOW being its noon, and the next."""
_OF_WHOLE_NIGHTS = {"I6", "I8"}
"""Invariants that ask for all of a night and its events, where the stage sets up only a part."""


class Stage:
    """One group with a coordinator, on a Wednesday that is a pairing day."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.group = make_group(session)
        self.coordinator = make_account(session)
        session.add(Coordinator(group_id=self.group.id, account=self.coordinator))
        self._run = None

    def people(self, count: int, **changes: Any) -> list[Member]:
        """Members who wait and fit each other."""
        return [make_member(self.session, self.group, **changes) for _ in range(count)]

    def open(self, *members: Member, **changes: Any) -> Proposal:
        """A proposal that went out just now."""
        self._run = self._run or make_run(self.session, self.group, WEDNESDAY)
        draft = make_proposal(self.session, self._run, members, state=ProposalState.DRAFT, opened_at=None, **changes)
        proposals.open_up(self.session, draft, NOW)
        return draft

    def third(self, *hosts: Member, joins: Member) -> tuple[Partnership, Proposal]:
        """An open pair and a newcomer, who are asked just now."""
        pair = self.together(*hosts)
        for host in hosts:
            partnerships.welcome_third(self.session, host, NOW)
        self._run = self._run or make_run(self.session, self.group, WEDNESDAY)
        asked = [*hosts, joins]
        draft = make_proposal(self.session, self._run, asked, state=ProposalState.DRAFT, opened_at=None)
        draft.partnership = pair
        for each in draft.answers:
            each.joins = each.member is joins
        self.session.flush()
        proposals.open_up(self.session, draft, NOW)
        return pair, draft

    def together(self, *members: Member, now: datetime = NOW) -> Partnership:
        """Partners from now on."""
        return partnerships.begin(self.session, self.group, members, 12, now)

    def night(self, on: date) -> Gathered | None:
        """Run a night of the group as far as its drafts; before and after it, everything is as it must be."""
        now = nights.begin_of(self.group, on)
        self.look(now)
        gathered = runs.open_run(self.session, self.group.id, on, now)
        if gathered:
            assignment = plan(gathered.snapshot.candidates(gathered.policy), gathered.policy)
            runs.store(self.session, gathered, assignment, now)
        self.look(now)
        return gathered

    def quiet_nights(self, first: date, last: date) -> None:
        """Run every night from one to another, and let no draft go out."""
        for days in range((last - first).days + 1):
            self.night(first + days * DAY)

    def publish(self, now: datetime = NOW) -> list[Proposal]:
        """Let the drafts go out; gives what is open now."""
        run = publishing.waiting_to_go_out(self.session, self.group)
        assert run
        gathered = publishing.prepare(self.session, run.id, now)
        anew = (gathered, plan(gathered.snapshot.candidates(gathered.policy), gathered.policy)) if gathered else None
        assert publishing.publish(self.session, run.id, anew, now)
        return [each for each in run.proposals if each.state is ProposalState.OPEN]

    def look(self, now: datetime) -> None:
        """Ask the promises, as far as a stage can keep them."""
        self.session.flush()
        looks = [look for name, look in INVARIANTS.items() if name not in _OF_WHOLE_NIGHTS]
        wrong = [each for look in looks for each in look(self.session, now)]
        assert wrong == [], wrong

    def told(self, member: Member) -> list[tuple[str, dict[str, Any]]]:
        """What a member was told, in order: its kind, and its values."""
        found = select(Notice).where(Notice.member_id == member.id).order_by(Notice.id)
        return [(each.kind, each.values) for each in self.session.scalars(found)]

    def kinds(self, member: Member) -> list[str]:
        """The kinds of what a member was told."""
        return [kind for kind, _ in self.told(member)]

    def mails(self, member: Member) -> dict[str, MessageState]:
        """The mails of a member and how far each has come, by kind."""
        self.session.expire_all()
        found = select(Message).where(Message.member_id == member.id)
        return {each.kind: each.state for each in self.session.scalars(found)}

    def between(self, one: Member, other: Member, on: date = SUNDAY) -> set[tuple[Barrier, date | None]]:
        """What the rows say between two members, with the day it counts from; none counts for ever."""
        self.session.flush()
        self.session.expire_all()
        relations = snapshot_of(self.session, self.group, on, [one.id, other.id]).relations
        return {(each.barrier, each.since) for each in relations}


@pytest.fixture
def session(sessions) -> Iterator[Session]:
    """A session of one unit of work."""
    with sessions.begin() as session:
        yield session


@pytest.fixture
def stage(session) -> Iterator[Stage]:
    """An empty stage. After the test everything on it is as it must be at any time."""
    stage = Stage(session)
    yield stage
    stage.look(NOW + 365 * DAY)


def in_one(proposal: Proposal) -> set[Member]:
    """Who is in a proposal."""
    return {each.member for each in proposal.answers}
