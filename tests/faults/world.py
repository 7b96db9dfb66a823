"""A group on the eve of a night in which everything happens, the same on every database."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from matcher import blocks, partnerships, proposals
from matcher.audit_trail import record
from matcher.database import sessions_of
from matcher.meeting import explained
from matcher.models import (
    ConsentGiven,
    Coordinator,
    Experience,
    Goal,
    Group,
    Hold,
    Member,
    Message,
    PairingRun,
    PolicyVersion,
    Proposal,
    Request,
)
from matcher.models.people import REQUIRED_CONSENTS
from matcher.states import MessageState, RunState
from tests.rows import make_account, make_group, make_member, make_run

NIGHT = date(2026, 1, 18)
"""A Sunday, on which the group pairs."""
BEGIN = datetime(2026, 1, 18, 3, 30, tzinfo=UTC)
MORNING = datetime(2026, 1, 18, 12, tzinfo=UTC)
"""When nobody sleeps, and every mail may go."""
_SUNDAY, _WEDNESDAY = datetime(2026, 1, 11, 3, 30, tzinfo=UTC), datetime(2026, 1, 14, 3, 30, tzinfo=UTC)
_LONG_AGO = datetime(2025, 12, 1, 12, tzinfo=UTC)
_DAY = timedelta(days=1)


def fill(session: Session) -> None:
    """Write the group; nothing in it is by chance, not even its ids, so that two databases decide alike.

    Tonight pairs, a trio and a guest of an open pair are found and Hal is alone; a draft that was held is overtaken,
    one proposal lapses, one that was declined is told, one is about to lapse; Leo's rest ends; Mia has waited past the
    promise; three pairs are silent for 8, 15 and 22 days, and one is at the end of its term.
    """
    group = _group(session)
    people = {name: _member(session, group, name, **told) for name, told in _WAITING.items()}
    people |= {name: _member(session, group, name) for pair in _SILENT for name in pair}
    people |= {name: _member(session, group, name, languages=["Welsh"], welcomes_three=True) for name in ("Jon", "Kim")}
    people |= {name: _member(session, group, name) for name in ("Zoe", "Abe")}
    record(session, _LONG_AGO, "member", "rest begun", people["Leo"], group)
    _partnerships(session, group, people)
    _past_nights(session, group, people)
    _leave_some_unsent(session)


def fill_twelve(session: Session) -> None:
    """Write the same group with twelve members, so few that the night can be killed at every point.

    Tonight a pair, a trio and a guest of an open pair are found and Hal is alone; one proposal lapses and is told;
    Leo's rest ends. There is something of everything that stands between two members.
    """
    group = _group(session)
    people = {name: _member(session, group, name, **_WAITING[name]) for name in _TWELVE}
    people |= {name: _member(session, group, name, languages=["Welsh"], welcomes_three=True) for name in ("Jon", "Kim")}
    _open_pair(session, group, people)
    run = _run(session, group, _SUNDAY, RunState.PUBLISHED, waiting=2)
    _proposal(session, run, people["Ned"], people["Ora"], _SUNDAY)
    session.add(PolicyVersion(group_id=group.id, version=2, rules={"term_weeks": 8}, made_at=_LONG_AGO))
    ada, bob, leo, ned = (people[name] for name in ("Ada", "Bob", "Leo", "Ned"))
    for member in (ada, bob):
        member.experiences.append(Experience(tag="grief", tag_mark="mark", stage="looking back"))
    session.add(Request(member_id=ada.id, asked_id=bob.id, made_at=_LONG_AGO))
    blocks.block(session, leo.account, ned.account, _LONG_AGO)
    first, second = sorted((bob.id, ned.id))
    session.add(Hold(group_id=group.id, first_id=first, second_id=second, made_at=_LONG_AGO))
    _leave_some_unsent(session)


def _group(session: Session) -> Group:
    group = make_group(session, name="The eve", public_id="group-of-the-eve", publishes_at_once=True, made_at=_LONG_AGO)
    coordinator = make_account(session, public_id="account-coordinator", address="coordinator@example.org")
    session.add(Coordinator(group_id=group.id, account_id=coordinator.id))
    return group


def _leave_some_unsent(session: Session) -> None:
    for number, message in enumerate(session.scalars(select(Message).order_by(Message.account_id, Message.kind))):
        if number % 4:  # the others wait, as if the post had been away
            message.state, message.done_at = MessageState.SENT, message.made_at
    session.flush()


def all_but_six_sent(engine: Engine) -> None:
    """Leave six messages to send, each of another kind."""
    with sessions_of(engine).begin() as session:
        kinds: set[str] = set()
        for message in session.scalars(select(Message).order_by(Message.kind, Message.account_id)):
            if message.kind not in kinds and len(kinds) < 6:
                kinds.add(message.kind)
            else:
                message.state, message.done_at = MessageState.SENT, message.made_at


_TRIO: dict[str, Any] = {"languages": ["Polish"], "welcomes_three": True}
_WAITING: dict[str, dict[str, Any]] = {
    "Ada": {"waiting_since": date(2026, 1, 2)},
    "Bob": {},
    "Cyd": {"area": "sleep"},
    "Dee": {"area": "sleep"},
    "Eve": _TRIO,
    "Fay": _TRIO,
    "Gus": _TRIO,
    "Hal": {"languages": ["Japanese"]},
    "Ivy": {"languages": ["Welsh"], "welcomes_three": True},
    "Leo": {"resting_from": date(2026, 1, 4), "resting_until": NIGHT},
    "Mia": {"waiting_since": date(2025, 12, 10)},
    "Ned": {},
    "Ora": {},
    "Pam": {},
    "Quy": {},
    "Ray": {},
    "Sue": {},
}
_TWELVE = ("Ada", "Bob", "Eve", "Fay", "Gus", "Hal", "Ivy", "Leo", "Ned", "Ora")
"""Who waits among the twelve; Jon and Kim are the others."""
_SILENT = {("Tom", "Una"): 8, ("Vic", "Wyn"): 15, ("Xan", "Yve"): 22}
"""Two partners, and for how many days there was no sign of them."""


def _member(session: Session, group: Group, name: str, area: str = "running", **told: Any) -> Member:
    address = f"{name.lower()}@example.org"
    account = make_account(session, public_id=f"account-{name}", address=address, made_at=_LONG_AGO)
    ready = {"joined_at": _LONG_AGO, "waiting_since": date(2026, 1, 10), "public_id": f"member-{name}", "name": name}
    ready |= {"goals": [Goal(area=area)]}
    consents = [ConsentGiven(consent=each, how="in a test", given_at=_LONG_AGO) for each in sorted(REQUIRED_CONSENTS)]
    return make_member(session, group, account=account, consents=consents, **ready | told)


def _partnerships(session: Session, group: Group, people: dict[str, Member]) -> None:
    for names, days in _SILENT.items():
        together = partnerships.begin(session, group, [people[name] for name in names], 12, _LONG_AGO)
        for partner in together.partners:
            partner.last_sign_at = BEGIN - days * _DAY
    _open_pair(session, group, people)
    over = partnerships.begin(session, group, [people["Zoe"], people["Abe"]], 4, _LONG_AGO)
    for partner in over.partners:
        partner.last_sign_at = BEGIN - _DAY


def _open_pair(session: Session, group: Group, people: dict[str, Member]) -> None:
    together = partnerships.begin(session, group, [people["Jon"], people["Kim"]], 12, _LONG_AGO)
    for partner in together.partners:
        partner.last_sign_at = BEGIN - _DAY
        partner.welcomes_third = True


def _past_nights(session: Session, group: Group, people: dict[str, Member]) -> None:
    went_out = _run(session, group, _SUNDAY, RunState.PUBLISHED, waiting=6)
    _proposal(session, went_out, people["Ned"], people["Ora"], _SUNDAY)
    declined = _proposal(session, went_out, people["Pam"], people["Quy"], _SUNDAY)
    proposals.answer(session, declined, people["Pam"], False, _SUNDAY + _DAY)
    reminded = _proposal(session, went_out, people["Ray"], people["Sue"], _SUNDAY)
    for answer in reminded.answers:
        answer.answer_by = BEGIN + timedelta(hours=20)
    held = _run(session, group, _WEDNESDAY, RunState.HELD, waiting=2)
    _proposal(session, held, people["Ada"], people["Mia"], None)


def _run(session: Session, group: Group, at: datetime, state: RunState, waiting: int) -> PairingRun:
    ready = {"gathered_at": at, "stored_at": at, "published_at": at if state is RunState.PUBLISHED else None}
    ready |= {"public_id": f"run-{at.date()}", "fingerprint": "f" * 64, "told": {"waiting": waiting}}
    run = make_run(session, group, at.date(), state=state, **ready)
    record(session, at, "the night", "run stored", run, group)
    return run


def _proposal(session: Session, run: PairingRun, one: Member, other: Member, opened_at: datetime | None) -> Proposal:
    found = explained(session, run.group, run.group.policy, run.night, [one, other])
    assert found, f"{one.name} and {other.name} should fit"
    proposal = proposals.write(session, run, found, {each.public_id: each for each in (one, other)})
    session.flush()
    if opened_at:
        proposals.open_up(session, proposal, opened_at)
    session.flush()
    return proposal
