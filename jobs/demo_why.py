"""Why three people of the invented group are where they are, from nothing but their rows."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import groupby
from textwrap import fill

from sqlalchemy import select
from sqlalchemy.orm import Session

from jobs.demo_story import WIDTH, short
from jobs.mail.letters import day_in_words
from matcher.left_alone import why
from matcher.models import Answer, Group, LeftAlone, Member, PairingRun, Partner, Proposal
from matcher.nights import next_pairing_night
from matcher.states import MemberState, ProposalState
from matcher.wording import counted, listed


def told_people(session: Session, group: Group) -> Iterator[str]:
    """One who got a partner, one whom it took longer, one who waits; of each kind the one with most to tell."""
    members = session.scalars(select(Member).where(Member.group_id == group.id).order_by(Member.name)).all()
    lives = [Life(session, member) for member in members]
    partnered = [life for life in lives if life.accepted and life.member.state is MemberState.PARTNERED]
    if partnered:
        at_once = min(partnered, key=lambda life: (life.turns, -len(life.reasons)))
        later = max(partnered, key=lambda life: (life.turns, len(life.reasons)))
        yield from ("\n".join(life.with_partner()) for life in (at_once, later))
    waiting = [life for life in lives if life.alone and life.member.state is MemberState.WAITING]
    if waiting:
        longest = max(waiting, key=lambda life: (bool(life.alone[-1][1].could_help), len(life.alone)))
        yield "\n".join(longest.waits(group))


class Life:
    """What happened to one member, in the order of time."""

    def __init__(self, session: Session, member: Member) -> None:
        """Gather it from the rows."""
        self.member = member
        nights = select(PairingRun, LeftAlone).join(LeftAlone, LeftAlone.run_id == PairingRun.id)
        nights = nights.where(LeftAlone.member_id == member.id, PairingRun.published_at.is_not(None))
        asked = select(Proposal).join(Answer).where(Answer.member_id == member.id, Proposal.told_at.is_not(None))
        self.alone = session.execute(nights.order_by(PairingRun.night)).all()
        self.asked = session.scalars(asked.order_by(Proposal.opened_at)).all()
        self.parts = session.scalars(
            select(Partner).where(Partner.member_id == member.id).order_by(Partner.joined_at)
        ).all()

    @property
    def turns(self) -> int:
        """How often it began anew: nights alone, proposals that came to nothing, partnerships that ended."""
        closed = sum(not self._began(each) for each in self.asked)
        return len(self.alone) + closed + sum(each.left_at is not None for each in self.parts)

    @property
    def accepted(self) -> Proposal | None:
        """The proposal that led to the partner of today."""
        return next((each for each in reversed(self.asked) if self._began(each)), None)

    @property
    def reasons(self) -> Sequence[str]:
        """What the two read about why."""
        return self.accepted.reasons if self.accepted else ()

    def with_partner(self) -> Iterator[str]:
        """How it went, why these people, and what a coordinator sees of it."""
        proposal = self.accepted
        if proposal is None:
            return
        yield f"Why {self.member.name} is with {self._others(proposal)}"
        yield from self._history()
        yield "  What all of them read before they said yes:"
        yield from (f"    - {reason}" for reason in proposal.reasons or ["Nothing stands between you."])
        terms = [f"{term.replace('_', ' ')} {points}" for term, points in proposal.points_told.items() if points]
        yield _wrapped(f"The coordinator sees {counted(proposal.points, 'point')}: {', '.join(terms)}.")

    def waits(self, group: Group) -> Iterator[str]:
        """How it went, why there was nobody, and what could help."""
        run, last = self.alone[-1]
        upcoming = next_pairing_night(group, run.night)
        yield f"Why {self.member.name} waits"
        yield from self._history()
        when = f"on {day_in_words(upcoming)}" if upcoming else "next time"
        yield _wrapped(
            "They read: There was nobody for you in this pairing. That is about hours and numbers, not about you. "
            f"You go first {when}. {last.could_help}"
        )
        yield _wrapped(f"The coordinator reads: {' '.join(why(last))}")

    def _history(self) -> Iterator[str]:
        """A line for each turn; nights alone that follow each other are one."""
        for words, turns in groupby(sorted(self._happened()), key=lambda turn: turn[1]):
            first, *more = [moment.date() for moment, _ in turns]
            again = f" ({len(more) + 1} nights, to {short(more[-1])})" if more else ""
            yield fill(f"{short(first):11} {words}{again}", WIDTH, initial_indent="  ", subsequent_indent=" " * 14)

    def _happened(self) -> Iterator[tuple[datetime, str]]:
        yield self.member.joined_at, "came"
        for run, _ in self.alone:
            yield run.published_at or run.gathered_at, "nobody in this pairing"
        for proposal in self.asked:
            outcome = "all said yes" if self._began(proposal) else "it came to nothing"
            yield proposal.opened_at or self.member.joined_at, f"proposed: {self._others(proposal)}; {outcome}"
        for part in self.parts:
            if part.left_at:
                yield part.left_at, "the partnership ended"

    def _began(self, proposal: Proposal) -> bool:
        own = next(each for each in proposal.answers if each.member is self.member)
        return proposal.state is ProposalState.ACCEPTED and own.yes is True

    def _others(self, proposal: Proposal) -> str:
        return listed(sorted(each.member.name for each in proposal.answers if each.member is not self.member))


def _wrapped(text: str) -> str:
    return fill(text, WIDTH, initial_indent="  ", subsequent_indent="  ")
