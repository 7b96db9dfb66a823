"""A small living group in which all is well; each test breaks one row of it."""

from collections.abc import Iterator
from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from matcher.models import Account, AuditEvent, LeftAlone, Member, PairingRun, Partnership, Proposal
from matcher.outbox import tell
from matcher.states import Closing, Ending, PartnershipState, ProposalState
from tests.rows import NOW, make_account, make_group, make_member, make_partnership, make_proposal, make_run

EARLIER = NOW - timedelta(days=400)
STORED = {"fingerprint": "f" * 64}


@pytest.fixture
def session(sessions) -> Iterator[Session]:
    with sessions() as session:
        yield session


@pytest.fixture
def world(session) -> SimpleNamespace:
    """Two who are proposed, two partners, two who were partners last year, one alone, one erased."""
    group = make_group(session)
    ada, bob, cyd, dee, eve = (make_member(session, group) for _ in range(5))
    before = make_partnership(session, [ada, bob], state=PartnershipState.ENDED, ending=Ending.TERM, started_at=EARLIER)
    for partner in before.partners:
        partner.joined_at = partner.last_sign_at = EARLIER
    before.ended_at = EARLIER + timedelta(weeks=12)
    partnership = make_partnership(session, [cyd, dee])
    run = make_run(session, group, date(2026, 1, 14), told={"waiting": 3}, **STORED)
    proposal = make_proposal(session, run, [ada, bob])
    session.add(LeftAlone(run_id=run.id, member=eve, cause="no possible partner", possible_partners=0, barriers={}))
    gone = make_member(
        session,
        group,
        account=make_account(session, address=None, erased_at=NOW),
        name="",
        zone="",
        languages=[],
        windows=[],
        goals=[],
        left_at=NOW,
    )
    tell(session, ada, "proposal", f"pairing_runs:{run.public_id}", NOW)
    add_events(session)
    return SimpleNamespace(
        group=group, ada=ada, bob=bob, cyd=cyd, dee=dee, eve=eve, gone=gone, before=before, partnership=partnership,
        run=run, proposal=proposal,
    )  # fmt: skip


def add_events(session: Session) -> None:
    """What the domain writes down with each change, for all rows that have no event yet."""
    session.flush()
    session.execute(text("DELETE FROM audit_events"))
    for account in session.query(Account).where(Account.erased_at.is_not(None)):
        _add_event(session, "erased", account)
    for member in session.query(Member).where(Member.left_at.is_not(None)):
        _add_event(session, "left", member)
    for run in session.query(PairingRun):
        _add_event(session, "run stored", run)
    for proposal in session.query(Proposal):
        _add_event(session, "proposal opened", proposal)
        if proposal.closed_at:
            _add_event(session, f"proposal {proposal.state}", proposal)
    for partnership in session.query(Partnership):
        _add_event(session, "partnership begun", partnership)
        if partnership.ended_at:
            _add_event(session, "partnership ended", partnership)
    session.flush()


def _add_event(session: Session, act: str, row: Any) -> None:
    session.add(AuditEvent(at=NOW, actor="a test", act=act, subject=f"{row.__tablename__}:{row.public_id}"))


@pytest.fixture
def unbound(session):
    """Make a table lose its constraints, so that rows can stand there that it would refuse; gives the session."""

    def unbind(table: str, *statements: str) -> None:
        session.flush()
        for each in (
            f"CREATE TABLE unbound AS SELECT * FROM {table}",
            f"DROP TABLE {table}",
            f"ALTER TABLE unbound RENAME TO {table}",
            *statements,
        ):
            session.execute(text(each))
        session.expire_all()

    return unbind


@pytest.fixture
def past_proposal(session, world):
    """A proposal to Ada and Bob that came to nothing some days before the night of the world."""

    def make(days: int, closing: Closing, answers: tuple[bool | None, ...]) -> Proposal:
        at = NOW - timedelta(days=days)
        run = make_run(session, world.group, at.date(), gathered_at=at, told={"waiting": 2}, **STORED)
        done = {"state": ProposalState.CLOSED, "opened_at": at, "closed_at": at, "told_at": at, "closing": closing}
        proposal = make_proposal(session, run, [world.ada, world.bob], **done)
        for answer, yes in zip(proposal.answers, answers, strict=True):
            answer.yes, answer.answered_at = yes, None if yes is None else at
        add_events(session)
        return proposal

    return make
