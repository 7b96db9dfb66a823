"""The weeks of the invented group, told from its rows: a few calm lines a night, and where everybody is in the end."""

from collections import Counter
from collections.abc import Iterator
from datetime import date
from textwrap import fill
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from jobs.demo_days import Chapter
from jobs.demo_group import ZONE
from matcher import runs
from matcher.models import Answer, AuditEvent, Group, Member, Message, Notice, Partner, Partnership, Proposal
from matcher.states import Ending, MemberState, MessageState, PartnershipState, ProposalState
from matcher.wording import counted, listed

WIDTH = 78
_INDENT = " " * 12
_NIGHT_IS_OVER = 6


def told_chapter(session: Session, group: Group, chapter: Chapter) -> str:
    """One night in a few lines: who came, what was proposed, and what happened until the next."""
    night = " ".join([*_arrivals(chapter), _night(session, group, chapter), *_closings(session, chapter)])
    days = " ".join([*_answers(session, chapter), *_acts(session, chapter), *_silence(session, chapter)])
    return "\n".join([_wrapped(night, f"{short(chapter.night):12}"), _wrapped(days or "Quiet days.", _INDENT), ""])


def told_end(session: Session, group: Group, until: date) -> str:
    """Where everybody is on the last day, and how many mails went out."""
    members = session.scalars(select(Member).where(Member.group_id == group.id)).all()
    resting = [each for each in members if each.is_resting(until) and not each.left_at]
    states = Counter(each.state for each in members if each not in resting)
    active = select(Partnership).where(Partnership.state == PartnershipState.ACTIVE)
    threes = sum(len(each.present) == 3 for each in session.scalars(active))
    mails = _how_many(session, Message.state == MessageState.SENT)
    text = (
        f"On {short(until)}, of {len(members)} people {states[MemberState.PARTNERED]} have a partner, "
        f"{counted(threes, 'partnership')} of three among them; {states[MemberState.PROPOSED]} have a proposal to "
        f"answer, {states[MemberState.WAITING]} wait, {len(resting)} rest, {states[MemberState.LEFT]} left. "
        f"{mails} mails were written, with no name and no goal in any of them."
    )
    return fill(text, WIDTH)


def short(day: date) -> str:
    """A day at the head of a line: "Sun 1 Nov"."""
    return f"{day:%a} {day.day} {day:%b}"


def _wrapped(text: str, first: str) -> str:
    return fill(text, WIDTH, initial_indent=first, subsequent_indent=_INDENT)


def _arrivals(chapter: Chapter) -> Iterator[str]:
    if chapter.arrived:
        yield f"{chapter.arrived} came."


def _closings(session: Session, chapter: Chapter) -> Iterator[str]:
    """What came to nothing since the night before is told now, to all at one moment."""
    closed = _how_many(session, _within(Proposal.told_at, chapter), Proposal.state == ProposalState.CLOSED)
    if closed:
        yield f"{counted(closed, 'proposal')} had come to nothing, told to all tonight."


def _night(session: Session, group: Group, chapter: Chapter) -> str:
    run = runs.run_of(session, group, chapter.night)
    if run is None:
        return "Nobody was paired."
    sizes = Counter(len(proposal.answers) for proposal in run.proposals if proposal.opened_at)
    made = [counted(size, word) for size, word in ((sizes[2], "pair"), (sizes[3], "trio")) if size]
    return f"{run.told['waiting']} waited: {', '.join([*made, f'{len(run.alone)} alone'])}."


def _answers(session: Session, chapter: Chapter) -> Iterator[str]:
    """Answers, and how many partnerships began."""
    said = Counter(session.scalars(select(Answer.yes).where(_within(Answer.answered_at, chapter))))
    silent = _how_many(session, _within(Answer.answer_by, chapter), Answer.yes.is_(None), Answer.withdrew.is_(False))
    began = _how_many(session, _within(Partnership.started_at, chapter))
    if said or silent:
        answers = {"yes": said[True], "no": said[False], "no answer": silent}
        told = ", ".join(f"{number} {answer}" for answer, number in answers.items() if number)
        yield f"Then {told}; {counted(began, 'partnership')} began."


def _acts(session: Session, chapter: Chapter) -> Iterator[str]:
    """Thirds, rests, leaves, blocks and endings, as the audit trail has them."""
    yield from _thirds(session, chapter)
    if resting := _names(session, chapter, "rest begun"):
        yield f"{listed(resting)} rests for eight days; the partner is told."
    if back := _names(session, chapter, "rest ended", by_day=False):
        yield f"The rest of {listed(back)} ended by itself."
    if _acted(session, chapter, "left"):
        yield "Somebody left the group; the partner goes first."
    if _acted(session, chapter, "block"):
        yield "Somebody blocked a partner: it ended at once, and nobody is told why."
    ended = select(Partnership).where(_within(Partnership.ended_at, chapter), Partnership.ending == Ending.TOGETHER)
    for pair in session.scalars(ended):
        yield f"{listed([partner.member.name for partner in pair.partners])} ended what they had, together."


def _thirds(session: Session, chapter: Chapter) -> Iterator[str]:
    later = select(Partner).join(Partnership).where(Partner.joined_at > Partnership.started_at)
    for partner in session.scalars(later.where(_within(Partner.joined_at, chapter)).order_by(Partner.id)):
        two = [each.member.name for each in partner.partnership.partners if each is not partner]
        yield f"{partner.member.name} joined {listed(two)}, who had said that a third is welcome."


def _silence(session: Session, chapter: Chapter) -> Iterator[str]:
    """The steps of silence, and the promise."""
    told = Counter(session.scalars(select(Notice.kind).where(_within(Notice.made_at, chapter))))
    if told["silence"]:
        yield f"{counted(told['silence'], 'partner')} quiet for a week: a reminder."
    if told["soft_note"]:
        yield f"{counted(told['soft_note'], 'partner')} quiet for two weeks: a soft note."
    if told["quiet_pair"]:
        yield "Three weeks: the coordinator sees a quiet pair; it rests until somebody is back."
    if told["promise_due"]:
        yield f"{counted(told['promise_due'], 'person', 'people')} waited two weeks: the coordinator is asked to write."


def _names(session: Session, chapter: Chapter, act: str, *, by_day: bool = True) -> list[str]:
    """The members of an act of a person's own; what the night did itself has its own words."""
    own = [each for each in _acted(session, chapter, act) if (_hour(each) >= _NIGHT_IS_OVER) is by_day]
    ids = [each.subject.partition(":")[2] for each in own]
    return list(session.scalars(select(Member.name).where(Member.public_id.in_(ids)).order_by(Member.id)))


def _acted(session: Session, chapter: Chapter, act: str) -> list[AuditEvent]:
    return list(session.scalars(select(AuditEvent).where(AuditEvent.act == act, _within(AuditEvent.at, chapter))))


def _hour(event: AuditEvent) -> int:
    return event.at.astimezone(ZoneInfo(ZONE)).hour


def _how_many(session: Session, *which: ColumnElement[bool]) -> int:
    return session.scalar(select(func.count()).where(*which)) or 0


def _within(column: InstrumentedAttribute[Any], chapter: Chapter) -> ColumnElement[bool]:
    return column.between(chapter.begins, chapter.ends)
