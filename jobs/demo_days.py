"""What happens in the invented group, day by day: all of it through the real jobs and the domain's own functions.

The clock is an argument everywhere, so that weeks pass in seconds.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from jobs.deliver import deliver
from jobs.demo_group import ZONE, make_group, take_in
from jobs.invented_people import Invented
from jobs.mail.folder import FolderPost
from jobs.nightly import run_night
from jobs.publish import publish_run
from matcher import blocks, leaving, partnerships, people, proposals, publishing, rests
from matcher.database import sessions_of
from matcher.models import Answer, Partner, Partnership, Proposal
from matcher.nights import moment_of
from matcher.settings import Settings
from matcher.states import Ending, PartnershipState

NIGHTS = 8
FIRST_COME = 76
"""How many are there before the first night; the others come over the weeks."""
_PAIRING_DAYS = (6, 2)  # Sunday and Wednesday
_ANSWERS_TODAY, _SAYS_YES = 0.5, 0.92
_A_SIGN_EVERY, _SELDOM_EVERY = timedelta(days=3), timedelta(days=9)
_A_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Chapter:
    """A pairing night, and what follows until the next begins; ``arrived`` came since the night before."""

    night: date
    begins: datetime
    ends: datetime
    arrived: int


class Days:
    """The weeks of one invented group, up to and with a last day."""

    def __init__(self, engine: Engine, settings: Settings, to_come: Sequence[Invented], chance: Random) -> None:
        """Take where rows and mails go, who will come, and the generator of the seed."""
        self._engine, self._sessions, self._settings = engine, sessions_of(engine), settings
        self._post = FolderPost(settings.mail_folder)
        self._to_come, self._chance = list(to_come), chance
        self._quiet: set[int] = set()
        self._thought_over: int | None = None

    def chapters(self, until: date) -> Iterator[Chapter]:
        """Live through the weeks, and stop after each chapter so that it can be told."""
        nights = pairing_nights(until)
        first = nights[0]
        with self._sessions.begin() as session:
            self.group = make_group(session, first, _at(first - 2 * _A_DAY, 10))
        arrived = self._arrive(FIRST_COME, _at(first - _A_DAY, 10))
        for night, next_night in zip(nights, [*nights[1:], until + _A_DAY], strict=True):
            before, arrived = arrived, 0
            is_last = night == nights[-1]
            for number in range((night - first).days, (next_night - first).days):
                arrived += self._live(first + number * _A_DAY, number, (until - first).days - number, is_last)
            yield Chapter(night, _at(night, 0), _at(next_night, 0), before)

    def _live(self, day: date, number: int, days_left: int, is_last: bool) -> int:
        """One day from its night to its evening; returns how many arrived."""
        run_night(self._engine, self.group, None, lambda: _at(day, 4))
        arrived = self._arrive(-(-len(self._to_come) // max(1, days_left - 1)), _at(day, 9))
        self._publish(_at(day, 12))
        deliver(self._sessions, self._post, self._settings, lambda: _at(day, 13))
        self._answer(_at(day, 15), is_last)
        self._act(number, _at(day, 17))
        self._show_signs(_at(day, 19))
        deliver(self._sessions, self._post, self._settings, lambda: _at(day, 20))
        return arrived

    def _arrive(self, how_many: int, now: datetime) -> int:
        coming, self._to_come = self._to_come[:how_many], self._to_come[how_many:]
        with self._sessions.begin() as session:
            session.add(self.group)
            for person in coming:
                take_in(session, self.group, person, now)
        return len(coming)

    def _publish(self, now: datetime) -> None:
        with self._sessions.begin() as session:
            run = publishing.waiting_to_go_out(session, self.group)
            due = run.id if run and publishing.is_due(run, now) else None
        if due:
            publish_run(self._engine, due, now)

    def _answer(self, now: datetime, is_last: bool) -> None:
        """Everybody who is asked answers today, or later, or never; most say yes.

        Of the last night one proposal is thought over until the end, so that there is one to look at.
        """
        asked = select(Answer.id, Answer.proposal_id).join(Proposal)
        asked = asked.where(Answer.yes.is_(None), Answer.withdrew.is_(False))
        asked = asked.where(Proposal.told_at.is_(None), Answer.answer_by > now).order_by(Answer.id)
        with self._sessions.begin() as session:
            waiting = session.execute(asked).all()
        if is_last and waiting and self._thought_over is None:
            self._thought_over = waiting[-1].proposal_id
        for answer_id, proposal_id in waiting:
            if proposal_id != self._thought_over and self._chance.random() < _ANSWERS_TODAY:
                with self._sessions.begin() as session:
                    own = session.get_one(Answer, answer_id)
                    proposals.answer(session, own.proposal, own.member, self._chance.random() < _SAYS_YES, now)

    def _show_signs(self, now: datetime) -> None:
        """Partners write to each other; a few of them seldom, the quiet ones not at all."""
        with self._sessions.begin() as session:
            for partner in session.scalars(_ACTIVE.order_by(Partner.id)):
                every = _SELDOM_EVERY if partner.member_id % 11 == 0 else _A_SIGN_EVERY
                may_write = partner.member_id not in self._quiet and not partner.member.is_resting(now.date())
                if may_write and partner.last_sign_at + every <= now:
                    people.sign_of_life(session, partner.member, now)

    def _act(self, number: int, now: datetime) -> None:
        """What the script holds for this day, with people to whom it can happen."""
        for act in _SCRIPT.get(number, ()):
            with self._sessions.begin() as session:
                pairs = [each for each in session.scalars(_ACTIVE_PAIRS) if self._is_lively(each, now)]
                if pairs:
                    act(self, session, self._chance.choice(pairs), now)

    def _is_lively(self, pair: Partnership, now: datetime) -> bool:
        two = [partner.member for partner in pair.present]
        awake = not any(member.is_resting(now.date()) or member.id in self._quiet for member in two)
        return len(two) == 2 and awake and not pair.is_open_pair

    def fall_silent(self, session: Session, pair: Partnership, now: datetime) -> None:
        """Two from whom no sign comes from now on."""
        self._quiet |= {partner.member_id for partner in pair.present}

    def welcome_third(self, session: Session, pair: Partnership, now: datetime) -> None:
        """Two who say, each for themselves, that a third would be welcome."""
        for partner in pair.present:
            partnerships.welcome_third(session, partner.member, now)

    def rest(self, session: Session, pair: Partnership, now: datetime) -> None:
        """One of two takes a rest of eight days."""
        rests.rest(session, self._one_of(pair).member, now, days=8)

    def block(self, session: Session, pair: Partnership, now: datetime) -> None:
        """One of two never wants to meet the other again."""
        blocker, blocked = (partner.member.account for partner in pair.present)
        blocks.block(session, blocker, blocked, now)

    def leave(self, session: Session, pair: Partnership, now: datetime) -> None:
        """One of two leaves the group."""
        leaving.leave(session, self._one_of(pair).member, now)

    def end(self, session: Session, pair: Partnership, now: datetime) -> None:
        """Two end what they had together."""
        people.lock(session, [partner.member_id for partner in pair.present])
        partnerships.end(session, pair, Ending.TOGETHER, now)

    def _one_of(self, pair: Partnership) -> Partner:
        return self._chance.choice(pair.present)


_ACTIVE = select(Partner).join(Partnership)
_ACTIVE = _ACTIVE.where(Partnership.state == PartnershipState.ACTIVE, Partner.left_at.is_(None))
_ACTIVE_PAIRS = select(Partnership).where(Partnership.state == PartnershipState.ACTIVE).order_by(Partnership.id)

Act = Callable[[Days, Session, Partnership, datetime], None]
_SCRIPT: Mapping[int, Sequence[Act]] = {
    0: (Days.fall_silent,),
    1: (Days.welcome_third,) * 4,
    3: (Days.welcome_third,) * 2,
    5: (Days.rest,),
    6: (Days.welcome_third,) * 2,
    8: (Days.block, Days.welcome_third),
    9: (Days.welcome_third,) * 2,
    11: (Days.leave,),
    12: (Days.welcome_third,) * 2,
    14: (Days.end,),
    18: (Days.rest,),
}
"""What happens how many days after the first night."""


def pairing_nights(until: date) -> list[date]:
    """The last pairing nights up to a day, the oldest first."""
    days = [until - number * _A_DAY for number in range(7 * NIGHTS)]
    return [day for day in days if day.weekday() in _PAIRING_DAYS][:NIGHTS][::-1]


def _at(day: date, hour: int) -> datetime:
    return moment_of(day, time(hour), ZONE)
