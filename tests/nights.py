"""A group on a database whose nights the tests run step by step, each step in a transaction of its own."""

from datetime import timedelta

from sqlalchemy import select

from matcher import publishing, runs
from matcher.audit_trail import record
from matcher.invariants import broken
from matcher.models import Group, Member, PairingRun
from matcher.nights import begin_of
from matcher.pairing import plan
from matcher.states import ProposalState
from tests.rows import NOW, make_group, make_member

WEDNESDAY = NOW.date()
SUNDAY = WEDNESDAY - timedelta(days=3)
A_DAY = timedelta(days=1)


class Night:
    """A group on one database, and its nights step by step, each in a transaction of its own."""

    def __init__(self, sessions):
        self.sessions = sessions
        with sessions.begin() as session:
            self.group_id = make_group(session, made_at=NOW - 30 * A_DAY).id

    def add(self, *names, **changes):
        with self.sessions.begin() as session:
            group = session.get_one(Group, self.group_id)
            for name in names:
                member = make_member(session, group, name=name, public_id=name, waiting_since=SUNDAY, **changes)
                if member.resting_from:
                    record(session, begin_of(group, SUNDAY), "member", "rest begun", member, group)

    def at(self, night):
        with self.sessions() as session:
            return begin_of(session.get_one(Group, self.group_id), night)

    def gather(self, night=WEDNESDAY):
        with self.sessions.begin() as session:
            return runs.open_run(session, self.group_id, night, self.at(night))

    def store(self, gathered, night=WEDNESDAY):
        assignment = plan(gathered.snapshot.candidates(gathered.policy), gathered.policy)
        with self.sessions.begin() as session:
            return runs.store(session, gathered, assignment, self.at(night))

    def do(self, act):
        """Do something in a transaction, with the members by their names."""
        with self.sessions.begin() as session:
            return act(session, {each.name: each for each in session.scalars(select(Member))})

    def publish(self, run_id, at=None, meanwhile=None, held=False):
        """Let a night go out as the command does; whether it did. Something may happen while it is paired anew."""
        at = at or self.at(WEDNESDAY) + A_DAY / 3
        with self.sessions.begin() as session:
            gathered = publishing.prepare(session, run_id, at, held=held)
        anew = (gathered, plan(gathered.snapshot.candidates(gathered.policy), gathered.policy)) if gathered else None
        if meanwhile:
            self.do(meanwhile)
        with self.sessions.begin() as session:
            return publishing.publish(session, run_id, anew, at, held=held)

    def look(self, night=WEDNESDAY):
        """The state of a night, who is proposed to whom, who is alone and why, its figures; and all invariants hold.

        People stand there by their public ids, which are the names they came with: who leaves loses their name.
        """
        with self.sessions() as session:
            wrong = broken(session, self.at(night) + A_DAY / 2)
            assert wrong == [], wrong
            run = session.scalars(select(PairingRun).where(PairingRun.night == night)).one()
            drafts = [each for each in run.proposals if each.state in (ProposalState.DRAFT, ProposalState.OPEN)]
            pairs = sorted(sorted(answer.member.public_id for answer in each.answers) for each in drafts)
            return run.state, pairs, {each.member.public_id: each.cause for each in run.alone}, run.told
