"""Ready-made rows for the tests: say what matters to the test, the rest is there. Builders flush, none commits."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any, TypeVar

from sqlalchemy.orm import Session

from matcher.models import (
    Account,
    Answer,
    Base,
    ConsentGiven,
    CrisisLine,
    Goal,
    Group,
    Member,
    PairingRun,
    Partner,
    Partnership,
    Place,
    Proposal,
)
from matcher.models.people import REQUIRED_CONSENTS
from matcher.states import PartnershipState, ProposalState, RunState

NOW = datetime(2026, 1, 14, 12, tzinfo=UTC)
"""Noon of an ordinary Wednesday, which is a pairing day."""
_NUMBERS = count(1)
Row = TypeVar("Row", bound=Base)


def make_group(session: Session, **changes: Any) -> Group:
    """A group in London with one crisis line, open since it was made; name it if the test reads its name."""
    ready = {"name": f"Group {next(_NUMBERS)}", "zone": "Europe/London", "made_at": NOW}
    ready |= {"opened_at": changes.get("made_at", NOW)}
    lines = [CrisisLine(place=1, name="The line of this test", reach="never called")]
    return _added(session, Group(**ready | {"crisis_lines": lines} | changes))


def make_account(session: Session, **changes: Any) -> Account:
    """An account whose address is confirmed."""
    ready = {"address": f"person{next(_NUMBERS)}@example.org", "address_confirmed_at": NOW, "made_at": NOW}
    return _added(session, Account(**ready | changes))


def make_member(session: Session, group: Group, **changes: Any) -> Member:
    """A member who is ready and waits: reachable, with consents, one goal and free on Monday evening."""
    ready: dict[str, Any] = {
        "name": f"Member {next(_NUMBERS)}",
        "zone": "Europe/London",
        "languages": ["en"],
        "windows": [[0, 18 * 60, 20 * 60]],
        "goals": [Goal(area="running")],
        "consents": [ConsentGiven(consent=each, how="in a test", given_at=NOW) for each in sorted(REQUIRED_CONSENTS)],
        "waiting_since": NOW.date(),
        "joined_at": NOW,
    }
    account = changes.pop("account", None) or make_account(session)
    return _added(session, Member(account=account, group=group, **ready | changes))


def make_partnership(session: Session, members: Sequence[Member], **changes: Any) -> Partnership:
    """A partnership in the first of its twelve weeks; while it is active its partners have their places in it."""
    monday = NOW.date() - timedelta(days=NOW.weekday())
    ready = {"started_at": NOW, "first_week": monday, "term_ends_on": monday + timedelta(weeks=12)}
    partners = [Partner(member=each, joined_at=NOW, last_sign_at=NOW) for each in members]
    row = Partnership(group=members[0].group, partners=partners, **ready | changes)
    _added(session, row)
    if row.state is PartnershipState.ACTIVE:
        _take_places(session, members, partnership_id=row.id)
    return row


def make_run(session: Session, group: Group, night: date, **changes: Any) -> PairingRun:
    """A night that was published."""
    ready = {"state": RunState.PUBLISHED, "gathered_at": NOW, "stored_at": NOW, "published_at": NOW}
    return _added(session, PairingRun(group=group, night=night, **ready | changes))


def make_proposal(session: Session, run: PairingRun, members: Sequence[Member], **changes: Any) -> Proposal:
    """An open proposal that nobody has answered; while it is open the proposed have their places in it."""
    ready = {"state": ProposalState.OPEN, "opened_at": NOW, "overlap_minutes": 120, "reasons": ["You are both free."]}
    points = {"points": 40, "points_by_term": {"common_time": 40}}
    row = _added(session, Proposal(run=run, **ready | points | changes))
    is_open = row.state is ProposalState.OPEN
    answer_by = NOW + timedelta(days=3) if is_open else None
    row.answers.extend(Answer(run_id=run.id, member=each, answer_by=answer_by) for each in members)
    if is_open:
        _take_places(session, members, proposal_id=row.id)
    session.flush()
    return row


def _take_places(session: Session, members: Sequence[Member], **where: int) -> None:
    session.add_all(Place(member=each, **where) for each in members)
    session.flush()


def _added(session: Session, row: Row) -> Row:
    session.add(row)
    session.flush()
    return row
